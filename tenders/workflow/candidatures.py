"""The examination of a candidature, as a table."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.clock import database_now
from foundation.errors import Reason
from foundation.workflow import Transition, Workflow
from tenders import rules
from tenders.enums import CandidatureState, Piece
from tenders.legal import candidatures as law
from tenders.models import Award, Candidature


def list_is_open(candidature, at):
    """Once the list is closed every candidate was told: it does not change any more."""
    if candidature.settled_at:
        yield Reason(
            _("La liste des candidatures est arrêtée : chaque candidat en a été informé."), code="conflict"
        )


def complements_had_their_time(candidature, at):
    """Nobody decides before the answers came, or before the date that all were given (R2144-2)."""
    if candidature.state != CandidatureState.TO_COMPLETE:
        return
    waiting = candidature.asked.filter(answers__isnull=True).order_by("-request__due_at").first()
    if waiting and database_now() < waiting.request.due_at:
        yield Reason(
            _("Le candidat peut encore répondre à votre demande : décidez après la date limite."),
            article=law.COMPLEMENTS.cited,
            code="too_early",
        )


def candidate_was_heard(candidature, at):
    """An exclusion at the buyer's discretion comes after the candidate could explain himself (L2141-11)."""
    if candidature.ground not in law.NEEDS_OBSERVATIONS:
        return
    if not candidature.asked.filter(piece=Piece.OBSERVATIONS).exists():
        yield Reason(
            _(
                "Demandez d'abord ses observations au candidat : il peut montrer qu'il a corrigé ses manquements."
            ),
            field="ground",
            article=law.OBSERVATIONS.cited,
        )


def candidatures_were_settled(tender, at):
    """Nothing is awarded while the list of candidatures is open (R2144-3); a consultation that awards nothing, or
    that no readable bid came to, has no list to close.
    """
    waiting = Candidature.objects.filter(bid__tender=tender, settled_at__isnull=True).select_related(
        "bid__bidder"
    )
    if not waiting or not Award.objects.filter(lot__tender=tender).exists():
        return
    left = [str(one.bid.bidder) for one in waiting if one.state in _UNDECIDED]
    if left:
        message = _("Examinez d'abord chaque candidature, puis arrêtez leur liste. Il reste : %(names)s.") % {
            "names": ", ".join(left)
        }
    else:
        message = _("Toutes les candidatures sont examinées : arrêtez leur liste avant d'attribuer.")
    yield Reason(message, article=law.BEFORE_AWARD.cited, code="conflict")


_UNDECIDED = (CandidatureState.RECEIVED, CandidatureState.TO_COMPLETE)

CANDIDATURE = Workflow(
    gettext_lazy("Candidature"),
    CandidatureState,
    (
        Transition(
            name="ask",
            label=gettext_lazy("Demander des compléments"),
            sources=_UNDECIDED,
            target=CandidatureState.TO_COMPLETE,
            who=rules.can_examine_candidature,
            conditions=(list_is_open,),
        ),
        Transition(
            name="admit",
            label=gettext_lazy("Admettre"),
            sources=_UNDECIDED,
            target=CandidatureState.ADMITTED,
            who=rules.can_examine_candidature,
            conditions=(list_is_open, complements_had_their_time),
        ),
        Transition(
            name="exclude",
            label=gettext_lazy("Rejeter"),
            sources=_UNDECIDED,
            target=CandidatureState.EXCLUDED,
            who=rules.can_examine_candidature,
            conditions=(list_is_open, complements_had_their_time, candidate_was_heard),
        ),
        Transition(
            name="reconsider",
            label=gettext_lazy("Reprendre l'examen"),
            sources=(CandidatureState.ADMITTED, CandidatureState.EXCLUDED),
            target=CandidatureState.RECEIVED,
            who=rules.can_examine_candidature,
            conditions=(list_is_open,),
        ),
    ),
)
