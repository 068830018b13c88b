"""What the evaluators settle together, each difference with its reason; ties decided in writing."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import judging, legal, rules
from tenders.models import (
    ConsensusMark,
    ConsensusSession,
    Criterion,
    Lot,
    Offer,
    Score,
    Tender,
    TieBreak,
)
from tenders.models.analysis import MAX_POINTS
from tenders.ranking import ranking
from tenders.services.locking import locked_tender


@transaction.atomic
def consensus_open(*, lot: Lot, by, at) -> ConsensusSession:
    """Bring together the evaluators who have submitted their marks on a lot. Raises Refusal.

    Refused while an evaluator still has marks to submit: the others' would no longer be unknown to him.
    """
    tender = _together(lot, by)
    given = Score.objects.filter(offer__lot=lot).select_related("evaluator")
    waiting = sorted({str(score.evaluator) for score in given if score.submitted_at is None})
    present = {score.evaluator for score in given if score.submitted_at}
    if waiting:
        raise Refusal(
            _("Attendez que chacun ait rendu ses notes. Il manque : %(names)s.")
            % {"names": ", ".join(waiting)}
        )
    if len(present) < 2:
        raise Refusal(
            _("Une séance de consensus réunit au moins deux évaluateurs qui ont rendu leurs notes.")
        )
    if judging.open_session(lot):
        raise Refusal(_("Une séance de consensus est déjà ouverte sur ce lot."), code="conflict")
    session = ConsensusSession.objects.create(lot=lot, opened_by=by, opened_at=at)
    session.participants.set(present)
    after = {"lot": lot.number, "participants": sorted(person.pk for person in present)}
    _journal(tender, "tenders.consensus_open", by, at, reason=str(lot), after=after)
    return session


def _together(lot: Lot, by) -> Tender:
    tender = locked_tender(lot.tender)
    lot.tender = tender
    if not rules.can_hold_consensus(by, lot):
        raise Refusal(
            _("Seuls les évaluateurs qui ont rendu leurs notes sur ce lot arrêtent les notes ensemble."),
            code="forbidden",
        )
    return tender


@transaction.atomic
def consensus_settle(
    *, session: ConsensusSession, offer: Offer, criterion: Criterion, points, reason: str, by, at
) -> ConsensusMark:
    """Settle the mark of a criterion of an offer; the marks given one by one stay as they are. Raises Refusal.

    A mark that differs from one of theirs, or from the mark settled before, has its reason (G5): the database
    refuses it too.
    """
    tender = _together(session.lot, by)
    session = ConsensusSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    points, reason = Decimal(points), reason.strip()
    _check_place(session, offer, criterion, points)
    given = list(Score.objects.filter(offer=offer, criterion=criterion, submitted_at__isnull=False))
    former = ConsensusMark.objects.filter(offer=offer, criterion=criterion, replaced_at__isnull=True).first()
    if not given:
        raise Refusal(_("Personne n'a noté ce critère de cette offre."), field="points")
    if not reason and (former or any(score.points != points for score in given)):
        raise Refusal(
            _("Écrivez pourquoi la note retenue s'écarte de celles que chacun avait données."),
            field="reason",
            article=legal.ART.format("R2181-3"),
        )
    if former:
        former.replaced_at = at
        former.save(update_fields=["replaced_at"])
    mark = ConsensusMark.objects.create(
        session=session,
        offer=offer,
        criterion=criterion,
        points=points,
        reason=reason,
        settled_by=by,
        settled_at=at,
    )
    _journal(
        tender,
        "tenders.consensus_settle",
        by,
        at,
        reason=reason,
        before={"points": str(former.points) if former else [str(score.points) for score in given]},
        after={"offer": offer.pk, "criterion": criterion.pk, "points": str(points)},
    )
    return mark


def _check_place(session, offer, criterion, points) -> None:
    if session.closed_at:
        raise Refusal(_("La séance est close : ouvrez-en une autre pour corriger une note."), code="conflict")
    is_elsewhere = session.lot_id not in (offer.lot_id, criterion.lot_id) or offer.lot_id != criterion.lot_id
    if is_elsewhere or criterion.is_scored_by_formula:
        raise Refusal(_("Ce critère ne se note pas ici."), field="points")
    if not 0 <= points <= MAX_POINTS:
        raise Refusal(_("La note va de 0 à 5."), field="points")


@transaction.atomic
def consensus_close(*, session: ConsensusSession, summary: str, by, at) -> ConsensusSession:
    """End the session, once every difference is settled, with what was discussed. Raises Refusal."""
    tender = _together(session.lot, by)
    session = ConsensusSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if session.closed_at:
        raise Refusal(_("La séance est déjà close."), code="conflict")
    if not summary.strip():
        raise Refusal(_("Résumez en quelques phrases ce qui a été discuté."), field="summary")
    left = judging.left_to_settle(session.lot)
    if left:
        names = ", ".join(f"{row.offer.bidder} / {row.criterion.label}" for row in left)
        raise Refusal(_("Il reste des notes à arrêter ensemble : %(names)s.") % {"names": names})
    session.summary, session.closed_at = summary.strip(), at
    session.save(update_fields=["summary", "closed_at"])
    _journal(
        tender, "tenders.consensus_close", by, at, reason=session.summary, after={"lot": session.lot.number}
    )
    return session


@transaction.atomic
def tie_break(*, lot: Lot, order: list[Offer], reason: str, by, at) -> TieBreak:
    """Decide between offers of equal score, the best first, with the written reason. Raises Refusal."""
    tender = locked_tender(lot.tender)
    lot.tender = tender
    if not rules.can_award_lot(by, lot):
        raise Refusal(_("Seuls les acheteurs de l'organisation départagent des offres."), code="forbidden")
    if not reason.strip():
        raise Refusal(
            _("Écrivez ce qui départage ces offres : les entreprises peuvent le demander."), field="reason"
        )
    former = lot.tie_breaks.filter(replaced_at__isnull=True).first()
    tied = {row.offer.pk for group in judging.tied_groups(ranking(lot)) for row in group}
    tied |= set(former.order) if former else set()
    if len(order) < 2 or not {offer.pk for offer in order} <= tied:
        raise Refusal(_("Seules des offres de même note se départagent."), field="order")
    if former:
        former.replaced_at = at
        former.save(update_fields=["replaced_at"])
    decided = TieBreak.objects.create(
        lot=lot, order=[offer.pk for offer in order], reason=reason.strip(), decided_by=by, decided_at=at
    )
    _journal(
        tender,
        "tenders.tie_break",
        by,
        at,
        reason=decided.reason,
        before={"order": former.order if former else []},
        after={"lot": lot.number, "order": decided.order},
    )
    return decided


def _journal(tender: Tender, action: str, by, at, **facts) -> None:
    journal.record(by=by, action=action, obj=tender, at=at, organisation=tender.buyer, **facts)
