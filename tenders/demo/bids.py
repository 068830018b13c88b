"""Bids of the demonstration.

While a consultation receives answers they go through the service like any other. A consultation already
closed when the story is told needs bids received in the past, which the database refuses to the platform: only the
owner of the tables, who tells the story, writes them, for the insertion alone, with the same seal, and the journal
says « a écrit des lignes de démonstration ».
"""

import io

from concierge import selectors as concierge
from foundation.clock import now
from foundation.database.roles import as_owner
from tenders import services
from tenders.documents import request_receipt
from tenders.enums import BidState
from tenders.services.bids import deposit_journal, seal_content, store_files, write_bid

MEMOIR = """Mémoire technique (démonstration)

Notre équipe : une coach, deux développeuses, un designer, disponibles dès la notification.
Notre méthode : itérations de deux semaines, démonstration publique, mesure de l'usage dès la première
version. Notre hébergement : centre de données alimenté à 100 % par des énergies renouvelables, pages de
moins de 200 ko.
"""


def fill_envelope(tender, bidder, by):
    """An envelope with the technical memoir of a firm."""
    envelope = services.envelope_for(tender=tender, bidder=bidder, by=by)
    text = f"{bidder.name}\n\n{MEMOIR}".encode()
    envelope.seal_file("memoire-technique.txt", [text])
    return envelope


def deposit_now(tender, bidder, by, prices, *, is_backup=False):
    """Answer a consultation that receives answers, or leave a backup copy beside the answer."""
    envelope = fill_envelope(tender, bidder, by)
    candidature = candidature_of(bidder)
    return services.bid_deposit(
        envelope=envelope, prices=prices, candidature=candidature, is_backup=is_backup, by=by
    )


def begin_sending(tender, bidder, by) -> None:
    """A memoir already sent, sealed, for an answer that nobody has deposited yet."""
    content = f"{bidder.name}\n\n{MEMOIR}".encode()
    session = services.upload_open(tender=tender, bidder=bidder, by=by)
    lot = tender.lots.first()
    file = services.upload_add_file(
        session=session, name="memoire-technique.txt", size=len(content), lot=lot, by=by
    )
    services.upload_receive(file=file, offset=0, stream=io.BytesIO(content), length=len(content), by=by)


def candidature_of(bidder) -> services.CandidatureDraft:
    """What a firm declares, with the papers of its file."""
    papers = concierge.usable_certificates(concierge.supplier_file(bidder), concierge.day_of(now()))
    return services.CandidatureDraft(
        is_declared=True, declared_quality="Gérance", certificates=[paper.pk for paper in papers]
    )


def deposit_in_the_past(tender, bidder, by, prices, *, received_at):
    """Write a bid as it would have been received then, late if the deadline was past."""
    envelope = fill_envelope(tender, bidder, by)
    names: dict = {}
    seal_content(envelope, prices, candidature_of(bidder), by)
    store_files(envelope, names)
    state = BidState.LATE if received_at >= tender.submission_due_at else BidState.DEPOSITED
    with as_owner():
        bid = write_bid(envelope, names, by=by, received_at=received_at, state=state)
    envelope.discard()
    deposit_journal(bid, request_receipt(bid, bid.sealed_parts, envelope.seats, received_at), by)
    return bid
