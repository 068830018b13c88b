"""Forms of the second factor, in our look, over allauth's flows."""

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.recovery_codes.internal.flows import can_generate_recovery_codes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation import clock
from foundation.accounts import lockout
from foundation.accounts.second_factor import codes
from foundation.screens import forms

PENDING_SECRET = "second_factor.pending"  # noqa: S105  a key of the session


class CodeForm(forms.Form):
    """One code; `user` is who signs in or is signed in."""

    code = django_forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=django_forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_code(self):
        """The code without its spaces, once it was accepted; tries are counted."""
        attempt = codes.limit_tries(self.user, at=clock.now())
        code = "".join(self.cleaned_data["code"].split())
        self.accept(code)
        lockout.succeed(attempt)
        return code

    def accept(self, code):
        """Raise ValidationError when `code` does not fit."""
        self.authenticator = codes.code_use(user=self.user, code=code)
        if self.authenticator is None:
            raise codes.incorrect()
        self.authenticator.user = self.user


class AuthenticateForm(CodeForm):
    """The code asked after the password."""

    def save(self):
        """Write in the session that the second factor was given."""
        post_authentication(context.request, self.authenticator)


class ReauthenticateForm(CodeForm):
    """The code asked again before a sensitive act."""

    def save(self):
        """Write in the session that the second factor was given now."""
        post_authentication(context.request, self.authenticator, reauthenticated=True)


class EnrolForm(CodeForm):
    """The first code of a new application: it proves that the key was copied.

    The key waits in the session, encrypted, until the code comes; it stays the same when the page is shown again.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.secret = pending_secret(context.request)

    def accept(self, code):
        validate_can_add_authenticator(self.user)
        self.counter = codes.matching_counter(self.secret, code)
        if self.counter is None:
            raise codes.incorrect()


def pending_secret(request) -> str:
    """The key shown to the person who enrols; made once for the session."""
    kept = request.session.get(PENDING_SECRET)
    if kept is None:
        kept = request.session[PENDING_SECRET] = encrypt(generate_totp_secret())
    return decrypt(kept)


class RemoveForm(forms.Form):
    """Nothing to type: the removal is refused or confirmed."""

    def __init__(self, *args, authenticator, **kwargs):
        super().__init__(*args, **kwargs)
        self.authenticator = authenticator

    def clean(self):
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.authenticator):
            raise adapter.validation_error("cannot_delete_authenticator")
        return super().clean()


class RenewCodesForm(forms.Form):
    """Nothing to type: the old recovery codes stop working."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self):
        if not can_generate_recovery_codes(self.user):
            raise ValidationError(_("Activez d’abord votre application de codes."))
        return super().clean()
