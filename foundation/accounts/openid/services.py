"""Writes that follow a sign-in through the provider."""

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts import notifications
from foundation.accounts.models import JoinRequest, Organisation
from foundation.accounts.openid import PROVIDER_ID
from foundation.errors import Refusal
from foundation.journal import services as journal
from foundation.notifications.services import notify


@transaction.atomic
def account_opened(*, user, at):
    """Write in the journal that a sign-in opened this account."""
    journal.record(by=user, action="accounts.create_user", obj=user, at=at, after={"user": user.pk})


@transaction.atomic
def identity_linked(*, user, url, at):
    """Write in the journal that the account is now opened through the provider too, and tell its owner."""
    journal.record(by=user, action="accounts.link_proconnect", obj=user, at=at)
    notify(kind="accounts.proconnect_linked", recipients=[user], obj=user, context={}, url=url, at=at)


@transaction.atomic
def identity_unlinked(*, by, at):
    """Take the link away. Raises Refusal when it is the only way to sign in."""
    if not by.has_usable_password():
        raise Refusal(
            _("Choisissez d’abord un mot de passe : sans lui, vous ne pourriez plus vous connecter.")
        )
    SocialAccount.objects.filter(user=by, provider=PROVIDER_ID).delete()
    journal.record(by=by, action="accounts.unlink_proconnect", obj=by, at=at)


def proposed_organisation(user) -> Organisation | None:
    """The organisation whose SIRET the provider gave, when `user` neither belongs to it nor has asked to."""
    account = SocialAccount.objects.filter(user=user, provider=PROVIDER_ID).first()
    siret = "".join(str(account.extra_data.get("siret", "")).split()) if account else ""
    if not siret:
        return None
    asked = JoinRequest.objects.filter(user=user, state="pending").values("organisation_id")
    found = Organisation.objects.filter(siret=siret).exclude(pk__in=asked)
    return found.exclude(memberships__user=user).first()


@transaction.atomic
def organisation_ask(*, by, at) -> JoinRequest:
    """Ask to belong to the organisation that the provider names: its administrators answer and choose the roles."""
    organisation = proposed_organisation(by)
    if organisation is None:
        raise Refusal(_("Aucune organisation n’est à rejoindre, ou votre demande est déjà transmise."))
    message = _("SIRET donné par ProConnect")
    request = JoinRequest.objects.create(organisation=organisation, user=by, message=message, asked_at=at)
    facts = {"user": by.pk, "state": request.state}
    journal.record(
        by=by,
        action="accounts.ask_to_join",
        obj=organisation,
        at=at,
        reason=str(by),
        after=facts,
        organisation=organisation,
    )
    notifications.tell_join_asked(request, at=at)
    return request
