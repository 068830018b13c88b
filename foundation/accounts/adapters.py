"""What we ask django-allauth to do differently."""

import logging
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation import clock
from foundation.accounts import devices, fresh, lockout
from foundation.accounts.models import User

logger = logging.getLogger("jalon.accounts")


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail; the only open registration is a firm's."""

    def format_email_subject(self, subject):
        """« [Jalon] … », whatever the host name."""
        return f"[Jalon] {subject}"

    def send_mail(self, template_prefix, email, context_data):
        """A mail server that is away is said to the person, who can ask again; it is not an error page."""
        try:
            super().send_mail(template_prefix, email, context_data)
        except (SMTPException, OSError) as error:
            logger.warning(
                "accounts.mail_not_sent template=%s error=%s", template_prefix, type(error).__name__
            )
            if context.request is not None:
                messages.error(
                    context.request,
                    _("Le message n’a pas pu partir : réessayez dans quelques minutes."),
                )

    def authenticate(self, request, **credentials):
        """Count the try before the password is looked at; past the limit it is not looked at any more.

        An address without an account is counted and answered as any other.
        """
        at = clock.now()
        attempt = lockout.begin(self._keys(request, credentials), at=at)
        if attempt.locked_until_at:
            raise self._locked(attempt.locked_until_at, at)
        user = super().authenticate(request, **credentials)
        if user is not None:
            lockout.succeed(attempt)
        elif attempt.just_locked:
            self._tell_owner(attempt, credentials, at)
            raise self._locked(at + lockout.LOCKED_FOR, at)
        return user

    def _keys(self, request, credentials):
        """What this try is counted against: a device of the owner has its own count, which strangers do not fill."""
        email = credentials.get("email", "").strip().lower()
        token = request.COOKIES.get(devices.COOKIE, "")
        known = devices.is_known(token, email)
        account = lockout.Key("device", f"{token}:{email}") if known else lockout.Key("account", email)
        return [account, lockout.Key("address", self.get_client_ip(request))]

    def _locked(self, until, at):
        return ValidationError(lockout.words(until, at=at), code="locked")

    def _tell_owner(self, attempt, credentials, at):
        email = credentials.get("email", "").strip().lower()
        owner = User.objects.filter(email=email, is_active=True).first()
        if owner is not None and attempt.just_locked & {"account", "device"}:
            lockout.tell_owner(owner=owner, url=reverse("accounts:profile"), at=at)

    def post_login(self, request, user, **kwargs):
        """Remember the browser; a new one is told to the owner."""
        response = super().post_login(request, user, **kwargs)
        token = request.COOKIES.get(devices.COOKIE) or devices.new_token()
        devices.device_seen(
            user=user,
            token=token,
            label=self.get_http_user_agent(request),
            url=reverse("accounts:profile"),
            at=clock.now(),
        )
        response.set_cookie(
            devices.COOKIE,
            token,
            max_age=devices.COOKIE_AGE,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return response

    def is_reauthentication_required(self, *, app, **kwargs):
        """allauth's own sensitive pages ask as ours do: after ten minutes, a sign-in counting as a proof."""
        return not fresh.is_fresh(context.request)

    def get_reauthentication_methods(self, user):
        """The ways to prove again who one is, in French."""
        words = {
            "reauthenticate": _("Avec le mot de passe"),
            "mfa_reauthenticate": _("Avec un code de l’application ou un code de secours"),
        }
        methods = super().get_reauthentication_methods(user)
        return [
            {**method, "description": words.get(method["id"], method["description"])} for method in methods
        ]
