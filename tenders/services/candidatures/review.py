"""The examination of candidatures: admitted, rejected with its reason, and the list closed for all at once."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import legal, rules
from tenders.enums import CandidatureState, RejectionGround
from tenders.legal import candidatures as law
from tenders.models import Candidature, Tender
from tenders.notifications.candidatures import tell_admitted, tell_excluded
from tenders.services.locking import locked_tender
from tenders.workflow import CANDIDATURE

DECIDED = (CandidatureState.ADMITTED, CandidatureState.EXCLUDED)


def candidatures_locked(tender: Tender, *, by) -> tuple[Tender, list[Candidature]]:
    """The consultation and its candidatures, locked in this order. Raises Refusal (forbidden)."""
    tender = locked_tender(tender)
    if not rules.can_examine_candidatures(by, tender):
        raise Refusal(
            _("Seuls les acheteurs de l'organisation examinent les candidatures."), code="forbidden"
        )
    rows = Candidature.objects.filter(bid__tender=tender).select_related("bid__bidder", "bid__tender__buyer")
    return tender, list(rows.select_for_update(of=("self",)).order_by("pk"))


def taken(candidature: Candidature, *, by) -> Candidature:
    """One locked candidature, among those of its consultation."""
    _tender, found = candidatures_locked(candidature.bid.tender, by=by)
    return next(one for one in found if one.pk == candidature.pk)


@transaction.atomic
def candidature_admit(*, candidature: Candidature, by, at) -> Candidature:
    """Admit a candidature. Raises Refusal: while complements are awaited, once the list is closed."""
    return _decide(taken(candidature, by=by), "admit", by=by, at=at)


@transaction.atomic
def candidature_exclude(*, candidature: Candidature, ground: str, reason: str, by, at) -> Candidature:
    """Reject a candidature, with its ground and its reasons. The candidate is told when the list is closed.

    Raises Refusal: no reason, complements awaited, no chance given to answer before (L2141-11), or a short list
    where the procedure makes none.
    """
    candidature = taken(candidature, by=by)
    selects = legal.PROCEDURES[candidature.bid.tender.procedure].selects_candidates
    if ground == RejectionGround.NOT_SELECTED and not selects:
        raise Refusal(
            _("Cette procédure n'a pas de liste restreinte : toute candidature recevable est admise."),
            field="ground",
            article=law.SELECTION.cited,
        )
    candidature.ground, candidature.reason = RejectionGround(ground), reason.strip()
    if not candidature.reason:
        raise Refusal(
            _("Écrivez les raisons : le candidat les lira."), field="reason", article=law.TELLING.cited
        )
    return _decide(candidature, "exclude", by=by, at=at)


def _decide(candidature: Candidature, act: str, *, by, at) -> Candidature:
    previous = CANDIDATURE.apply(candidature, act, by=by, at=at)
    candidature.decided_by, candidature.decided_at = by, at
    _save(candidature, f"tenders.candidature_{act}", previous, by=by, at=at)
    return candidature


@transaction.atomic
def candidature_reconsider(*, candidature: Candidature, by, at) -> Candidature:
    """Take a decision back, until the list is closed."""
    candidature = taken(candidature, by=by)
    previous = CANDIDATURE.apply(candidature, "reconsider", by=by, at=at)
    candidature.decided_by = candidature.decided_at = None
    candidature.ground = candidature.reason = ""
    _save(candidature, "tenders.candidature_reconsider", previous, by=by, at=at)
    return candidature


def _save(candidature: Candidature, action: str, previous: str, *, by, at) -> None:
    candidature.save(update_fields=["state", "decided_by", "decided_at", "ground", "reason"])
    journal.record(
        by=by,
        action=action,
        obj=candidature,
        at=at,
        reason=candidature.reason,
        before={"state": previous},
        after={"state": candidature.state, "ground": candidature.ground},
        organisation=candidature.bid.tender.buyer,
    )


@transaction.atomic
def candidatures_settle(*, tender: Tender, by, at) -> list[Candidature]:
    """Close the list: every candidate is told at the same instant. Returns the admitted ones.

    Raises Refusal while a candidature is not decided, or when the list is already closed.
    """
    tender, found = candidatures_locked(tender, by=by)
    if not found or any(one.settled_at for one in found):
        raise Refusal(_("Il n'y a pas de liste à arrêter, ou elle l'est déjà."), code="conflict")
    waiting = [str(one.bid.bidder) for one in found if one.state not in DECIDED]
    if waiting:
        message = _("Décidez d'abord de chaque candidature. Il reste : %(names)s.")
        raise Refusal(message % {"names": ", ".join(waiting)}, code="conflict")
    _check_short_list(tender, found)
    Candidature.objects.filter(pk__in=[one.pk for one in found]).update(settled_at=at)
    for one in found:
        (tell_admitted if one.state == CandidatureState.ADMITTED else tell_excluded)(one, at)
    admitted = [one for one in found if one.state == CandidatureState.ADMITTED]
    journal.record(
        by=by,
        action="tenders.candidatures_settle",
        obj=tender,
        at=at,
        after={"admitted": [one.pk for one in admitted], "all": [one.pk for one in found]},
        organisation=tender.buyer,
    )
    return admitted


def _check_short_list(tender: Tender, found: list[Candidature]) -> None:
    """No more admitted than the notice announced."""
    admitted = sum(1 for one in found if one.state == CandidatureState.ADMITTED)
    most = tender.max_candidates
    if most and admitted > most:
        message = ngettext(
            "L'avis annonce %(most)d candidat au plus et vous en admettez %(admitted)d : laissez hors de la liste "
            "les moins bien classés.",
            "L'avis annonce %(most)d candidats au plus et vous en admettez %(admitted)d : laissez hors de la liste "
            "les moins bien classés.",
            most,
        )
        raise Refusal(
            message % {"most": most, "admitted": admitted}, code="conflict", article=law.SELECTION.cited
        )
