"""The row of a sending: whose it is, the key it was dealt, what happened to it."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from tenders import rules, sealing
from tenders.enums import SealedBy, UploadState
from tenders.envelopes import Envelope, dealing_of, dealt_rows
from tenders.models import UploadEvent, UploadSession
from tenders.services.journalled import journalled_seats
from tenders.shares import Dealing, DealtShare


@transaction.atomic
def upload_deal(
    *, session: UploadSession, sealed_by: str, public_key: bytes, dealt: list[DealtShare], by
) -> UploadSession:
    """Keep the key of the bid that the device of the bidder, or his program, drew: its public half and its shares.

    Said again, it changes nothing. Raises Refusal when another key was dealt, or when a custodian has no share.
    """
    session = locked_session(session, by)
    offered = Dealing(public_key, sealed_by, tuple(sorted(dealt, key=lambda one: one.seat)))
    if session.sealed_by:
        if dealing_of(session) != offered:
            raise Refusal(
                _("Cet envoi est déjà scellé pour une autre clé : commencez-en un autre."), code="conflict"
            )
        return session
    persons = {seat.pk: str(seat.custodian_id) for seat in journalled_seats(session.round)}
    if {one.seat: one.person for one in dealt} != persons or len({one.x for one in dealt}) != len(dealt):
        raise Refusal(
            _("Il faut une part de la clé pour chaque dépositaire : rechargez la page."), field="shares"
        )
    if not sealing.seals(public_key):
        raise Refusal(_("Cette clé ne scelle rien : rechargez la page."), field="public_key")
    return keep_dealing(session, offered)


def keep_dealing(session: UploadSession, dealing: Dealing) -> UploadSession:
    """Write the key of a sending, each share under the mark of the platform."""
    session.sealed_by, session.public_key = dealing.sealed_by, dealing.public_key
    session.dealt_shares = dealt_rows(session, dealing.public_key, dealing.shares)
    session.save(update_fields=["sealed_by", "public_key", "dealt_shares"])
    return session


def sealed_by_server(session: UploadSession) -> UploadSession:
    """The locked row of a sending that the server seals, its key being dealt at the first file. Raises Refusal."""
    if not session.sealed_by:
        envelope = Envelope(
            tender=session.round.tender,
            round=session.round,
            bidder=session.bidder,
            seats=journalled_seats(session.round),
            bid_id=session.pk,
        )
        return keep_dealing(session, envelope.dealing)
    if session.sealed_by != SealedBy.SERVER:
        raise Refusal(
            _("Cet envoi est scellé par votre appareil : il ne reçoit pas de fichier en clair."),
            code="conflict",
        )
    dealing_of(session)
    return session


def still_open(pk) -> UploadSession:
    """The locked row of a sending that no deposit, nor anybody, has closed meanwhile. Raises Refusal."""
    session = UploadSession.objects.select_for_update(of=("self",)).get(pk=pk)
    if session.state != UploadState.OPEN:
        raise Refusal(_("Cet envoi est fini : commencez-en un autre."), code="conflict")
    return session


def open_session(session: UploadSession, by) -> UploadSession:
    """The sending, which is this person's and still open. Raises Refusal."""
    return _own_open(UploadSession.objects.select_related("round__tender", "bidder").get(pk=session.pk), by)


def locked_session(session: UploadSession, by) -> UploadSession:
    """The same, its row locked until the end of the transaction. Raises Refusal."""
    rows = UploadSession.objects.select_for_update(of=("self",))
    rows = rows.select_related("round__tender", "round__custody", "bidder")
    return _own_open(rows.get(pk=session.pk), by)


def _own_open(session: UploadSession, by) -> UploadSession:
    if not rules.can_submit_bid(by, session.bidder) or session.opened_by_id != by.pk:
        raise Refusal(_("Seule la personne qui a commencé cet envoi le continue."), code="forbidden")
    if session.state != UploadState.OPEN:
        raise Refusal(_("Cet envoi est fini : commencez-en un autre."), code="conflict")
    return session


def note(session, kind, file=None, *, offset=0, size=0, milliseconds=0) -> None:
    """Write a line of what happened to a sending."""
    UploadEvent.objects.create(
        session=session,
        file=file.pk if file else None,
        kind=kind,
        offset=offset,
        size=size,
        milliseconds=milliseconds,
    )
