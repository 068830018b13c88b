"""Invite firms to a consultation that publishes no notice."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.enums import OrganisationKind
from foundation.accounts.models import Organisation
from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import legal
from tenders.models import Tender
from tenders.services.locking import draft_to_edit


@transaction.atomic
def firm_invite(*, tender: Tender, firm: Organisation, by, at) -> Tender:
    """Add a firm to those that will answer. Raises Refusal: a published notice invites everybody, not a firm."""
    tender = draft_to_edit(tender, by=by)
    rule = legal.PROCEDURES[tender.procedure]
    if rule.publishes:
        raise Refusal(
            _("Cette procédure publie un avis : toute entreprise répond, on n'en invite pas."),
            article=rule.article,
        )
    if firm.kind != OrganisationKind.SUPPLIER:
        raise Refusal(_("On invite une entreprise, pas une administration."), field="firm")
    tender.invited.add(firm)
    _record(tender, firm, by=by, at=at, is_invited=True)
    return tender


@transaction.atomic
def firm_uninvite(*, tender: Tender, firm: Organisation, by, at) -> Tender:
    """Take a firm out of the list while the consultation is a draft. Raises Refusal."""
    tender = draft_to_edit(tender, by=by)
    tender.invited.remove(firm)
    _record(tender, firm, by=by, at=at, is_invited=False)
    return tender


def _record(tender: Tender, firm: Organisation, *, by, at, is_invited: bool) -> None:
    journal.record(
        by=by,
        action="tenders.invite",
        obj=tender,
        at=at,
        reason=str(firm),
        after={"firm": firm.pk, "invited": is_invited},
        organisation=tender.buyer,
    )
