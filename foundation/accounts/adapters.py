"""What we ask django-allauth to do differently."""

import logging
from smtplib import SMTPException
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation import clock
from foundation.accounts import devices, fresh, lockout, services, sessions
from foundation.accounts.models import JoinRequest, User
from foundation.accounts.openid import PROVIDER_ID, is_configured
from foundation.accounts.openid.adapters import LEAVE, note_sign_in
from foundation.errors import Refusal

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
        """What this try is counted against: a device of the owner has its own count, which strangers do not fill,
        neither from elsewhere nor from behind the same network address.
        """
        email = credentials.get("email", "").strip().lower()
        token = request.COOKIES.get(devices.COOKIE, "")
        known = devices.is_known(token, email)
        if known:
            return [lockout.Key("device", f"{token}:{email}")]
        return [lockout.Key("account", email), lockout.Key("address", self.get_client_ip(request))]

    def _locked(self, until, at):
        return ValidationError(lockout.words(until, at=at), code="locked")

    def _tell_owner(self, attempt, credentials, at):
        email = credentials.get("email", "").strip().lower()
        owner = User.objects.filter(email=email, is_active=True).first()
        if owner is not None and attempt.just_locked & {"account", "device"}:
            lockout.tell_owner(owner=owner, url=reverse("accounts:profile"), at=at)

    def post_login(self, request, user, **kwargs):
        """Register the firm that waited for the proof of the address; remember the browser, a new one is told."""
        response = super().post_login(request, user, **kwargs)
        note_sign_in(request, user, (kwargs.get("signal_kwargs") or {}).get("sociallogin"))
        self._complete_registration(request, user)
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

    def set_password(self, user, password):
        """A new password closes the other sessions at once."""
        super().set_password(user, password)
        request = context.request
        current = request.session.session_key if request is not None and request.user == user else None
        sessions.close_all(user, but=current)

    def _complete_registration(self, request, user):
        """Whoever signs in has proven the address: what was typed about the firm takes effect."""
        outcome = services.registration_complete(user=user, at=clock.now())
        if isinstance(outcome, Refusal):
            messages.warning(request, str(outcome))
        elif isinstance(outcome, JoinRequest):
            messages.info(
                request,
                _("Cette entreprise est déjà inscrite : ses administrateurs répondront à votre demande."),
            )
        elif outcome is not None:
            messages.success(request, _("%(firm)s est inscrite ; vous l’administrez.") % {"firm": outcome})

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
        if is_configured() and SocialAccount.objects.filter(user=user, provider=PROVIDER_ID).exists():
            words[PROVIDER_ID] = _("Avec %(name)s") % {"name": settings.PROCONNECT_NAME}
            url = reverse("proconnect_login", query={"process": "redirect"})
            methods.append({"id": PROVIDER_ID, "description": "", "url": url})
        return [
            {**method, "description": words.get(method["id"], method["description"])} for method in methods
        ]

    def get_logout_redirect_url(self, request):
        """Whoever came through the provider leaves it too: a shared computer stays closed."""
        leave = request.session.get(LEAVE)
        home = super().get_logout_redirect_url(request)
        if not leave:
            return home
        back = {
            "id_token_hint": leave["id_token"],
            "post_logout_redirect_uri": request.build_absolute_uri("/"),
        }
        return f"{leave['url']}?{urlencode(back)}"
