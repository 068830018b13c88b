"""Rounds: the first comes with the publication, the next ones follow the opening of the former."""

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.accounts.models import Organisation
from foundation.clock import database_now
from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import checklist, legal, rules, selectors
from tenders.enums import BidState, RoundKind, RoundState
from tenders.models import Round, Tender
from tenders.notifications import tell_invited
from tenders.services.custody import custody_create
from tenders.services.locking import locked_tender


def first_round_create(tender: Tender, by, at) -> Round:
    """The round that a publication opens, with its custody. Called inside its transaction, under its lock.

    Without a notice, the invited firms alone answer, and are told.
    """
    rule = legal.PROCEDURES[tender.procedure]
    round = Round.objects.create(
        tender=tender,
        number=1,
        kind=rule.first_step.kind,
        due_at=tender.submission_due_at,
        is_restricted=not rule.publishes,
        created_at=at,
    )
    custody_create(round, by, at)
    if not rule.publishes:
        round.invited.set(tender.invited.all())
        tell_invited(round, at)
    return round


@transaction.atomic
def round_open_next(*, tender, kind: str, due_at, invited: list[Organisation], by, at) -> Round:
    """Ask the invited candidates for new bids, sealed like the first ones.

    `kind`: offers after the candidatures, or final offers after the negotiation. `due_at` becomes the announced
    deadline of the consultation. Raises Refusal: the round before is not opened, nobody is invited or somebody
    without an opened bid, the deadline is past, custodians miss.
    """
    tender = locked_tender(tender)
    if not rules.can_open_next_round(by, tender):
        raise Refusal(_("Seul un acheteur de l'organisation demande de nouvelles offres."), code="forbidden")
    former = selectors.round_in_force(tender)
    _check_next(tender, former, kind, due_at, invited)
    _check_delay(tender, kind, due_at, at)
    round = Round.objects.create(
        tender=tender,
        number=former.number + 1,
        kind=kind,
        due_at=due_at,
        is_restricted=True,
        created_at=at,
    )
    round.invited.set(invited)
    custody_create(round, by, at)
    tender.submission_due_at = due_at
    tender.save(update_fields=["submission_due_at"])
    tell_invited(round, at)
    journal.record(
        by=by,
        action="tenders.round",
        obj=tender,
        at=at,
        reason=f"{round.get_kind_display()}, {_when(due_at)}",
        after={"round": round.number, "kind": kind, "due_at": due_at, "invited": [o.pk for o in invited]},
        organisation=tender.buyer,
    )
    return round


def _when(instant) -> str:
    """An instant in Paris, in words."""
    return date_format(instant.astimezone(legal.PARIS), r"j F Y à G \h i")


def _check_next(tender: Tender, former: Round, kind: str, due_at, invited: list) -> None:
    if former.state != RoundState.OPENED:
        raise Refusal(_("Ouvrez d'abord les plis du tour en cours."), code="conflict")
    if kind not in (RoundKind.OFFER, RoundKind.FINAL_OFFER):
        raise Refusal(_("Un nouveau tour demande des offres ou des offres finales."), field="kind")
    _check_step(tender, kind)
    if due_at <= database_now():
        raise Refusal(_("La date limite est passée : choisissez-en une plus tardive."), field="due_at")
    if not invited:
        raise Refusal(_("Invitez au moins un candidat."), field="invited")
    answered = set(
        tender.bids.filter(state=BidState.OPENED, round=former).values_list("bidder_id", flat=True)
    )
    strangers = [str(one) for one in invited if one.pk not in answered]
    if strangers:
        message = _("Seuls les candidats dont le pli est ouvert sont invités, pas : %(names)s.")
        raise Refusal(message % {"names": ", ".join(strangers)}, field="invited")
    if checklist.custodians_with_key(tender).count() < tender.custodian_threshold:
        raise Refusal(
            _("Il ne reste pas assez de dépositaires avec une clé pour sceller de nouvelles offres."),
            article=legal.CONFIDENTIALITY.cited,
            code="conflict",
        )


def _check_step(tender: Tender, kind: str) -> None:
    try:
        legal.step_of(tender.procedure, kind)
    except LookupError as error:
        rule = legal.PROCEDURES[tender.procedure]
        message = _("La procédure choisie (%(procedure)s) ne prévoit pas ce tour.")
        raise Refusal(
            message % {"procedure": tender.get_procedure_display()}, field="kind", article=rule.article
        ) from error


def _check_delay(tender: Tender, kind: str, due_at, at) -> None:
    earliest = legal.earliest_due_at(tender.procedure, at, kind, tender.delay_ground)
    if earliest is None or due_at >= earliest:
        return
    rule = legal.minimum_delay(tender.procedure, at.astimezone(legal.PARIS).date(), kind, tender.delay_ground)
    message = _(
        "Le délai est trop court : il faut au moins %(days)s jours francs, soit une date limite au plus tôt le "
        "%(earliest)s."
    )
    words = {"days": rule.value, "earliest": _when(earliest)}
    raise Refusal(message % words, field="due_at", article=rule.cited)


def deadline_move(round: Round, due_at, by, at) -> None:
    """Move the deadline of the round in force and what the consultation announces, later only.

    Called inside a transaction that holds the lock of the consultation; the database refuses an earlier date.
    """
    round.due_at = due_at
    round.save(update_fields=["due_at"])
    Tender.objects.filter(pk=round.tender_id).update(submission_due_at=due_at)
    journal.record(
        by=by,
        action="tenders.round_deadline",
        obj=round,
        at=at,
        facts={"round": str(round.pk), "due_at": due_at.isoformat()},
        organisation=round.tender.buyer,
    )
