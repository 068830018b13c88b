"""What is missing in candidatures: asked to all those concerned at once, answered on line until one date for all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.clock import database_now
from foundation.errors import Refusal
from foundation.files import services as files
from foundation.files.services import Checked
from foundation.journal import services as journal
from tenders import rules, selectors
from tenders.enums import CandidatureState, Piece
from tenders.legal import candidatures as law
from tenders.models import ComplementAnswer, ComplementItem, ComplementRequest, Tender
from tenders.notifications.candidatures import tell_answered, tell_asked
from tenders.profiles import COMPLEMENT_FILE
from tenders.services.candidatures.review import candidatures_locked
from tenders.workflow import CANDIDATURE


@dataclass(frozen=True)
class Wanted:
    """One thing asked from one candidate."""

    candidature_id: int
    piece: str
    words: str


@transaction.atomic
def complements_ask(
    *, tender: Tender, wanted: Iterable[Wanted], due_at, by, at, message: str = ""
) -> ComplementRequest:
    """Ask every candidate concerned to complete, with one deadline. Raises Refusal.

    Refused: nothing asked; too short a delay; a candidature that misses a piece and is left out, for the others
    would be favoured (R2144-2); a paper that the candidate already gave and is still valid (R2143-14).
    """
    tender, found = candidatures_locked(tender, by=by)
    wanted, known = list(wanted), {one.pk: one for one in found}
    _check_request(tender, wanted, known, due_at, at)
    request = ComplementRequest.objects.create(
        tender=tender, message=message.strip(), due_at=due_at, asked_by=by, asked_at=at
    )
    ComplementItem.objects.bulk_create(
        ComplementItem(
            request=request, candidature=known[one.candidature_id], piece=Piece(one.piece), wanted=one.words
        )
        for one in wanted
    )
    previous = {}
    for pk in dict.fromkeys(one.candidature_id for one in wanted):
        candidature = known[pk]
        previous[pk] = CANDIDATURE.apply(candidature, "ask", by=by, at=at)
        candidature.save(update_fields=["state"])
        tell_asked(request, candidature, at)
    journal.record(
        by=by,
        action="tenders.complements_ask",
        obj=tender,
        at=at,
        before={"candidatures": previous},
        after={"due_at": due_at.isoformat(), "candidatures": sorted(previous)},
        organisation=tender.buyer,
    )
    return request


def _check_request(tender: Tender, wanted: list[Wanted], known: dict, due_at, at) -> None:
    if not wanted or any(one.candidature_id not in known or not one.words.strip() for one in wanted):
        raise Refusal(_("Cochez au moins une pièce à demander, et dites ce qui est attendu."), field="wanted")
    if due_at < at + timedelta(hours=law.COMPLEMENT_HOURS):
        raise Refusal(
            _("Laissez au moins %(hours)d heures : le délai est approprié, et le même pour tous.")
            % {"hours": law.COMPLEMENT_HOURS},
            field="due_at",
            article=law.COMPLEMENTS.cited,
        )
    if {one.piece for one in wanted} != {Piece.OBSERVATIONS}:
        rows = selectors.candidature_table(tender, at)
        _check_only_once(rows, wanted)
        _check_nobody_is_left_out(rows, {one.candidature_id for one in wanted})


def _check_only_once(rows: list[selectors.CandidatureRow], wanted: list[Wanted]) -> None:
    """What a firm gave in its candidature, and still holds, is not asked again; « autre pièce » asks a precision."""
    asked = {(one.candidature_id, one.piece) for one in wanted}
    given = [
        f"{check.label} ({row.candidature.bid.bidder})"
        for row in rows
        for check in row.checks
        if check.is_there and (row.candidature.pk, check.piece) in asked
    ]
    if given:
        raise Refusal(
            _(
                "Déjà fourni et encore valable : %(pieces)s. Ne le redemandez pas ; pour une précision, choisissez "
                "« Autre pièce ou information »."
            )
            % {"pieces": ", ".join(given)},
            field="wanted",
            article=law.ONLY_ONCE.cited,
        )


def _check_nobody_is_left_out(rows: list[selectors.CandidatureRow], asked: set[int]) -> None:
    incomplete = [
        row.candidature for row in rows if row.missing and row.candidature.state == CandidatureState.RECEIVED
    ]
    left = [str(one.bid.bidder) for one in incomplete if one.pk not in asked]
    if left:
        raise Refusal(
            _("Une demande va à tous les candidats concernés : ajoutez %(names)s.")
            % {"names": ", ".join(left)},
            field="wanted",
            article=law.COMPLEMENTS.cited,
        )


def complement_answer(*, item: ComplementItem, by, at, words: str = "", upload=None) -> ComplementAnswer:
    """Answer one thing asked: words, a file or both. Raises Refusal: not for this person, too late on the database's
    clock, nothing said, a file that the checks refuse (it is not kept, and the journal says so).
    """
    _check_answer(_item(item.pk), words, upload, by)
    checked = _checked(item, upload, by, at) if upload else None
    return _write_answer(item, words, upload, checked, by=by, at=at)


def _item(pk: int, *, lock: bool = False) -> ComplementItem:
    rows = ComplementItem.objects.select_related(
        "request__tender__buyer", "request__asked_by", "candidature__bid__bidder", "candidature__bid__tender"
    )
    return (rows.select_for_update(of=("candidature",)) if lock else rows).get(pk=pk)


def _checked(item: ComplementItem, upload, by, at) -> Checked:
    try:
        return files.check_upload(upload, profile=COMPLEMENT_FILE, field="upload")
    except Refusal as refusal:
        with transaction.atomic():
            journal.record(
                by=by,
                action="tenders.complement_refused",
                obj=item.candidature,
                at=at,
                reason=str(refusal),
                organisation=item.candidature.bid.bidder,
            )
        raise


@transaction.atomic
def _write_answer(item: ComplementItem, words: str, upload, checked, *, by, at) -> ComplementAnswer:
    item = _item(item.pk, lock=True)
    _check_answer(item, words, upload, by)
    answer = ComplementAnswer(item=item, words=words.strip(), sent_by=by, sent_at=at)
    if checked:
        _attach(answer, upload, checked)
    answer.save()
    tell_answered(answer, at)
    journal.record(
        by=by,
        action="tenders.complement_answer",
        obj=item.candidature,
        at=at,
        after={"piece": item.piece, "sha256": answer.sha256},
        organisation=item.candidature.bid.bidder,
    )
    return answer


def _check_answer(item: ComplementItem, words: str, upload, by) -> None:
    if not rules.can_answer_complement(by, item):
        raise Refusal(_("Seul un fournisseur de l'entreprise concernée répond."), code="forbidden")
    if database_now() >= item.request.due_at:
        raise Refusal(
            _("Le délai de réponse est passé : il est le même pour tous les candidats."),
            article=law.COMPLEMENTS.cited,
            code="too_late",
        )
    if item.candidature.state != CandidatureState.TO_COMPLETE:
        raise Refusal(_("Cette candidature n'attend plus de complément."), code="conflict")
    if not words.strip() and not upload:
        raise Refusal(_("Écrivez une réponse, ou joignez un fichier."), field="words")


def _attach(answer: ComplementAnswer, upload, checked: Checked) -> None:
    folder = f"tenders/complements/{answer.item.candidature_id}"
    answer.name, answer.content_type = checked.name, checked.media_type
    answer.size, answer.sha256 = checked.size, checked.sha256
    answer.content.name = files.store(upload, folder=folder, name=checked.name)
