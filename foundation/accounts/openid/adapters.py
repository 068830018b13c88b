"""Which account an identity opens."""

import logging
import time

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse

from foundation import clock
from foundation.accounts import fresh
from foundation.accounts.enums import Role
from foundation.accounts.models import User
from foundation.accounts.openid import PROVIDER_ID, is_configured, services
from foundation.accounts.openid.fetching import IssuerSession

logger = logging.getLogger("jalon.accounts")
LEAVE = "proconnect.leave"
"""Key of the session: what the provider needs to close its own session."""
RECENT = 300
"""Seconds: how old a proof made again at the provider may be."""


class ProConnectAdapter(DefaultSocialAccountAdapter):
    """Named by SOCIALACCOUNT_ADAPTER."""

    def list_apps(self, request, provider=None, client_id=None):
        """The provider of the settings, or none: nothing is kept in the database."""
        if not is_configured():
            return []
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=PROVIDER_ID,
                name=settings.PROCONNECT_NAME,
                client_id=settings.PROCONNECT_CLIENT_ID,
                secret=settings.PROCONNECT_CLIENT_SECRET,
                settings={"server_url": settings.PROCONNECT_ISSUER},
            )
        ]

    def get_requests_session(self):
        """A session that reaches the issuer only."""
        return IssuerSession(settings.PROCONNECT_ISSUER)

    def pre_social_login(self, request, sociallogin):
        """Known by its subject, an identity opens its account. Otherwise an account of the same address is linked
        when both sides have verified that address, and never when it administers the platform."""
        process = sociallogin.state.get("process")
        if process == "redirect":
            self._prove_again(request, sociallogin)
        elif process == "connect":
            self._link_by_hand(request, sociallogin)
        elif not sociallogin.is_existing:
            self._link(request, sociallogin)

    def _link(self, request, sociallogin):
        (address,) = sociallogin.email_addresses
        user = User.objects.filter(email=address.email.lower()).first()
        if user is None:
            return
        if not (address.verified and _may_be_linked(user)):
            raise ImmediateHttpResponse(_refused(request, "link"))
        sociallogin.connect(request, user)
        services.identity_linked(user=user, url=reverse("accounts:profile"), at=clock.now())

    def _link_by_hand(self, request, sociallogin):
        """Asked from the profile, by a fresh session, for an identity that opens no other account."""
        user = request.user
        if not user.is_authenticated or not fresh.is_fresh(request):
            raise ImmediateHttpResponse(_refused(request, "again"))
        if sociallogin.is_existing and sociallogin.user != user:
            raise ImmediateHttpResponse(_refused(request, "other"))
        if not sociallogin.is_existing:
            sociallogin.connect(request, user)
            services.identity_linked(user=user, url=reverse("accounts:profile"), at=clock.now())
        raise ImmediateHttpResponse(redirect("proconnect_link"))

    def _prove_again(self, request, sociallogin):
        """A fresh sign-in at the provider: it must be the same person, and now."""
        same = sociallogin.is_existing and sociallogin.user == request.user
        age = time.time() - sociallogin.identity["auth_time"]
        if not same or age > RECENT:
            raise ImmediateHttpResponse(_refused(request, "again"))
        record_authentication(request, request.user, "socialaccount", reauthenticated=True)

    def is_auto_signup_allowed(self, request, sociallogin):
        """Nothing more is asked: the name and the address come from the provider."""
        return True

    def populate_user(self, request, sociallogin, data):
        """The account's name and address."""
        user = sociallogin.user
        user.email = data["email"].strip().lower()
        user.full_name = f"{data['first_name']} {data['last_name']}".strip()[:150] or user.email
        return user

    def save_user(self, request, sociallogin, form=None):
        """A new account, without role: its organisation is proposed, never given."""
        user = super().save_user(request, sociallogin, form)
        services.account_opened(user=user, at=clock.now())
        return user

    def get_connect_redirect_url(self, request, socialaccount):
        """After a link made from the profile."""
        services.identity_linked(user=request.user, url=reverse("accounts:profile"), at=clock.now())
        return reverse("accounts:profile")

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        """The reason goes to the log, without any claim; the person gets a page."""
        logger.warning("accounts.proconnect_refused reason=%s", exception or error)


def note_sign_in(request, user, sociallogin) -> None:
    """What the session remembers of the provider: whether it asked a second factor, and how to leave it.

    A second factor given there counts only if the level of assurance (`acr`) of the identity token says so.
    """
    if getattr(sociallogin, "identity", None) is None:
        return
    if sociallogin.identity["acr"] in settings.PROCONNECT_MFA_ACRS:
        record_authentication(request, user, "mfa", type=PROVIDER_ID)
    if sociallogin.to_leave["url"]:
        request.session[LEAVE] = sociallogin.to_leave


def _may_be_linked(user):
    verified = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()
    linked = SocialAccount.objects.filter(user=user, provider=PROVIDER_ID).exists()
    administers = user.memberships.filter(role=Role.PLATFORM_ADMIN).exists()
    return user.is_active and verified and not linked and not administers


def _refused(request, why):
    context = {"why": why, "name": settings.PROCONNECT_NAME}
    return render(request, "socialaccount/authentication_error.html", context, status=403)
