"""One release for each public act of a consultation."""

from datetime import datetime

from foundation.open_data.models import Release
from foundation.open_data.services import ocid_of, release_publish
from tenders.models import Tender
from tenders.ocds import competition, notice, parties, results


def ocid(tender: Tender) -> str:
    """The identifier of the contracting process of a consultation."""
    return ocid_of(tender.reference)


def publish(tender: Tender, *, tag: str, at: datetime) -> Release | None:
    """Publish what may be known of the consultation from now on; `tag` is the act, in OCDS's closed list.

    None when the procedure publishes no notice: what only invited firms read is told to nobody else.

    Called last but the journal by the service that does the act, in its transaction. Nothing of a bid is told before
    the award, but their number once they are opened.
    """
    if not tender.is_public:
        return None
    return release_publish(ocid=ocid(tender), tags=[tag], body=body_of(tender), at=at)


def body_of(tender: Tender) -> dict:
    """Every section, without those that have nothing to say."""
    awards = results.decided(tender)
    sections = {
        "parties": parties.parties(tender, awards),
        "buyer": parties.reference(tender.buyer),
        "tender": {
            **notice.of(tender),
            **competition.of(tender),
            "lots": notice.lots(tender, awards),
            "items": notice.items(tender),
            "documents": notice.documents(tender),
            "amendments": notice.amendments(tender),
        },
        "bids": results.statistics(tender),
        "awards": results.awards(tender, awards),
        "contracts": results.contracts(tender, awards),
    }
    return without_silence(sections)


def without_silence(value):
    """The same without empty texts, lists and objects: OCDS asks to leave out what is not known."""
    if isinstance(value, dict):
        kept = {key: without_silence(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [without_silence(inner) for inner in value]
    return value
