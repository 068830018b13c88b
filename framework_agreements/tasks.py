"""Doors without a person: what the events of the rooms below call."""

from foundation.clock import now
from framework_agreements import services
from tenders.events import AwardReversed, TenderAwarded
from tenders.legal import ORDERING
from tenders.models import Tender


def on_tender_awarded(event: TenderAwarded) -> None:
    """Draft the agreement of a framework consultation as it is awarded, for its administrator to review; when it was
    awarded again, the draft follows.

    If this fails, the award stays listed on the administrator's dashboard, where a button does the same.
    """
    tender = Tender.objects.get(pk=event.tender_id)
    if tender.technique in ORDERING and not services.agreement_follow_awards(
        tender=tender, by=None, at=now()
    ):
        services.agreement_create_from_award(tender=tender, by=None, at=now())


def on_award_reversed(event: AwardReversed) -> None:
    """A firm whose award was taken back leaves the draft agreement."""
    services.agreement_follow_awards(tender=Tender.objects.get(pk=event.tender_id), by=None, at=now())
