"""Erasing a person, as an act that a second person confirms."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.accounts.approvals import registry as approvals
from foundation.accounts.approvals.registry import ApprovalAction
from foundation.accounts.enums import Role
from foundation.accounts.personal import registry, services


def _state_of(user, change):
    """No name: these facts are kept."""
    roles = user.memberships.order_by("organisation", "role").values_list("organisation", "role")
    return {"is_active": user.is_active, "roles": [list(pair) for pair in roles]}


def _describe(facts):
    yield _now("Motif"), facts["change"]["reason"]
    gone = [str(one.label) for one in registry.sections() if not one.kept_because]
    yield _now("Effacé"), ", ".join([_now("nom et adresse du compte"), *gone])
    for section in registry.sections():
        if section.kept_because:
            yield _now("Conservé : %(section)s") % {"section": section.label}, section.kept_because


def _perform(approval, user, *, by, at):
    services.user_erase(user=user, reason=approval.facts["change"]["reason"], by=by, at=at)


def declare() -> None:
    """Fill the registry of what waits for a second person."""
    approvals.register(
        ApprovalAction(
            code=services.ERASE_ACCOUNT,
            label=_("Effacer les données d’une personne qui part"),
            roles=(Role.PLATFORM_ADMIN,),
            state_of=_state_of,
            describe=_describe,
            perform=_perform,
        )
    )
