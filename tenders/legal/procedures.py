"""Procedures as data: their steps with minimum delays, what they allow, what they must say why.

Nothing else of this app compares a procedure with a name: it asks `PROCEDURES[procedure]`. Delays are counted
for answers received electronically, as all are here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from tenders.enums import DelayGround, Procedure, Publicity, RoundKind, Technique
from tenders.legal.calendar import PARIS, clear_days_end
from tenders.legal.numbers import (
    ART,
    CODE,
    FORMAL_THRESHOLD_OTHERS,
    FORMAL_THRESHOLD_STATE,
    NATIONAL_PUBLICITY_THRESHOLD,
    NO_PUBLICITY_THRESHOLD,
    STANDSTILL_DAYS,
    Rule,
    in_force,
)

CODE_2019 = date(2019, 4, 1)
"""The code of public procurement came into force on this day."""
AMP = "https://ampconsultants.fr/les-principaux-delais-dans-une-procedure-de-marche-public"
JURIBLIO = (
    "https://juriblio.fr/codes/code-de-la-commande-publique/partie-reglementaire/deuxieme-partie/livre-ier/"
    "titre-vi/chapitre-ier/section-2/sous-section-1"
)
DELAYS = "https://www.code-commande-publique.com/delais-de-reception-des-offres/"
LEGIFRANCE = "https://www.legifrance.gouv.fr/codes/id/LEGITEXT000037701019/"
NEGOTIATION = "https://french-business-law.com/french-legislation-art/article-r2161-17-of-the-french-public-procurement-code"


def _days(days: int, article: str, source: str, *, to_confirm: bool = False) -> tuple[Rule, ...]:
    return (Rule(days, CODE_2019, f"art. {article} {CODE}", source, to_confirm),)


@dataclass(frozen=True)
class Step:
    """A round of answers of a procedure: what is received, and the shortest delay by its ground.

    An absent ground is not permitted; an empty tuple means that the law fixes no number (« suffisant »).
    """

    kind: RoundKind
    delays: Mapping[DelayGround, tuple[Rule, ...]] = field(default_factory=dict)
    is_optional: bool = False

    def delay(self, on: date, ground: str = DelayGround.ORDINARY) -> Rule | None:
        """The minimum delay on a day; None when the law fixes none."""
        ordinary = self.delays.get(DelayGround.ORDINARY, ())
        return in_force(self.delays.get(DelayGround(ground), ordinary), on)


@dataclass(frozen=True)
class ProcedureRule:
    """What a procedure asks and allows.

    `steps`: rounds in their order. `negotiates`: the buyer may talk with candidates between two rounds.
    `has_standstill`: a wait between the notices and the signature (L41). `formal`: a formal procedure.
    `publishes`: a notice calls for competition; otherwise the invited firms alone answer.
    `ceiling`, `state_ceiling`: from this value on the procedure is no longer permitted, for anybody or for
    the State and its bodies. `justified_by`: the article that lists the cases where it is permitted; the
    buyer writes which one. `minimum_candidates`: the fewest invited to the second step when the buyer limits
    their number. `techniques`: the only ones permitted; empty when all are.
    """

    procedure: Procedure
    steps: tuple[Step, ...]
    summary: str
    article: str
    negotiates: bool = False
    has_standstill: bool = True
    formal: bool = True
    publishes: bool = True
    ceiling: tuple[Rule, ...] = ()
    state_ceiling: tuple[Rule, ...] = ()
    above: str = ""
    justified_by: Rule | None = None
    minimum_candidates: Rule | None = None
    techniques: tuple[Technique, ...] = ()

    @property
    def first_step(self) -> Step:
        """What a published notice calls for."""
        return self.steps[0]

    @property
    def selects_candidates(self) -> bool:
        """Whether candidates are chosen before they send an offer."""
        return self.first_step.kind == RoundKind.CANDIDATURE

    @property
    def grounds(self) -> tuple[DelayGround, ...]:
        """The grounds of a delay that one of its steps knows."""
        known = [ground for step in self.steps for ground in step.delays]
        return tuple(ground for ground in DelayGround if ground in known)


def _candidature(article: str, source: str, urgent: tuple[Rule, ...], *, to_confirm: bool = False) -> Step:
    delays = {DelayGround.ORDINARY: _days(30, article, source, to_confirm=to_confirm)}
    if urgent:
        delays[DelayGround.URGENT] = urgent
    return Step(RoundKind.CANDIDATURE, delays)


FINAL_OFFER = Step(RoundKind.FINAL_OFFER)
"""Final offers: the buyer fixes a sufficient delay, the same for everybody (R2161-17)."""

_RULES = (
    ProcedureRule(
        Procedure.OPEN,
        steps=(
            Step(
                RoundKind.OFFER,
                {
                    # L10: 35 days, less 5 because answers are received electronically.
                    DelayGround.ORDINARY: _days(30, "R2161-2 et R2161-3", AMP),
                    DelayGround.PRIOR_NOTICE: _days(15, "R2161-3", AMP),
                    DelayGround.URGENT: _days(15, "R2161-3", DELAYS, to_confirm=True),
                },
            ),
        ),
        summary="Toute entreprise répond, en une seule fois : candidature et offre. Sans négociation.",
        article=ART.format("L2124-2"),
    ),
    ProcedureRule(
        Procedure.RESTRICTED,
        steps=(
            _candidature("R2161-6", AMP, _days(15, "R2161-6", LEGIFRANCE, to_confirm=True)),
            Step(
                RoundKind.OFFER,
                {
                    DelayGround.ORDINARY: _days(25, "R2161-7 et R2161-8", DELAYS),
                    DelayGround.PRIOR_NOTICE: _days(10, "R2161-8", DELAYS),
                    DelayGround.URGENT: _days(10, "R2161-8", LEGIFRANCE, to_confirm=True),
                },
            ),
        ),
        summary="Les candidats retenus remettent une offre. Sans négociation.",
        article=ART.format("L2124-2"),
        minimum_candidates=_days(5, "R2142-17", LEGIFRANCE, to_confirm=True)[0],
    ),
    ProcedureRule(
        Procedure.NEGOTIATED,
        steps=(
            _candidature("R2161-12", JURIBLIO, _days(15, "R2161-12", JURIBLIO)),
            Step(
                RoundKind.OFFER,
                {
                    DelayGround.ORDINARY: _days(25, "R2161-14 et R2161-15", JURIBLIO, to_confirm=True),
                    DelayGround.PRIOR_NOTICE: _days(10, "R2161-15", JURIBLIO),
                    DelayGround.URGENT: _days(10, "R2161-15", JURIBLIO, to_confirm=True),
                },
            ),
            FINAL_OFFER,
        ),
        summary="Les candidats retenus remettent une offre, la négocient, puis remettent l'offre finale.",
        article=ART.format("L2124-3"),
        negotiates=True,
        justified_by=Rule(1, CODE_2019, ART.format("R2124-3"), LEGIFRANCE, to_confirm=True),
        minimum_candidates=_days(3, "R2142-17", LEGIFRANCE, to_confirm=True)[0],
    ),
    ProcedureRule(
        Procedure.DIALOGUE,
        steps=(
            _candidature("R2161-25", LEGIFRANCE, (), to_confirm=True),
            Step(RoundKind.OFFER),
            FINAL_OFFER,
        ),
        summary="Les candidats retenus proposent des solutions, en dialoguent, puis remettent l'offre finale.",
        article=ART.format("L2124-4"),
        negotiates=True,
        justified_by=Rule(1, CODE_2019, ART.format("R2124-5"), LEGIFRANCE, to_confirm=True),
        minimum_candidates=_days(3, "R2142-17", LEGIFRANCE, to_confirm=True)[0],
    ),
    ProcedureRule(
        Procedure.INNOVATION,
        steps=(
            _candidature("R2161-12 et R2172-22", LEGIFRANCE, (), to_confirm=True),
            Step(
                RoundKind.OFFER,
                {DelayGround.ORDINARY: _days(25, "R2161-14 et R2172-22", LEGIFRANCE, to_confirm=True)},
            ),
            FINAL_OFFER,
        ),
        summary="Rechercher, développer puis acheter ce qui n'existe pas encore, avec négociation.",
        article=ART.format("L2172-3"),
        negotiates=True,
        justified_by=Rule(1, CODE_2019, ART.format("L2172-3"), LEGIFRANCE, to_confirm=True),
        minimum_candidates=_days(3, "R2142-17", LEGIFRANCE, to_confirm=True)[0],
    ),
    # L14: no fixed minimum, the delay must be sufficient for the purchase.
    ProcedureRule(
        Procedure.ADAPTED,
        steps=(Step(RoundKind.OFFER), Step(RoundKind.FINAL_OFFER, is_optional=True)),
        summary="Vous fixez les étapes et un délai suffisant ; vous négociez si l'avis l'annonce.",
        article=ART.format("L2123-1"),
        negotiates=True,
        has_standstill=False,
        formal=False,
        ceiling=FORMAL_THRESHOLD_OTHERS,
        state_ceiling=FORMAL_THRESHOLD_STATE,
        above="La procédure adaptée n'est plus permise : choisissez une procédure formalisée.",
    ),
    ProcedureRule(
        Procedure.BELOW_THRESHOLD,
        steps=(Step(RoundKind.OFFER), Step(RoundKind.FINAL_OFFER, is_optional=True)),
        summary="Vous invitez les entreprises de votre choix, sans publier d'avis, et variez vos achats.",
        article=ART.format("R2122-8"),
        negotiates=True,
        has_standstill=False,
        formal=False,
        publishes=False,
        ceiling=NO_PUBLICITY_THRESHOLD,
        above="Un avis publié est obligatoire : choisissez la procédure adaptée.",
    ),
    # L54: every holder of the lot is consulted, in a sufficient delay.
    ProcedureRule(
        Procedure.SUBSEQUENT,
        steps=(Step(RoundKind.OFFER),),
        summary="Vous consultez tous les titulaires du lot de l'accord-cadre, sur ses critères.",
        article=ART.format("R2162-10"),
        has_standstill=False,
        formal=False,
        publishes=False,
        techniques=(Technique.CONTRACT,),
    ),
)
PROCEDURES: dict[Procedure, ProcedureRule] = {rule.procedure: rule for rule in _RULES}

PUBLISHING = tuple(rule.procedure for rule in _RULES if rule.publishes)
"""The procedures whose notice anyone reads; the others are read by the firms that were invited."""

OPEN_DELAY_ON_PAPER = _days(35, "R2161-2", AMP)


def step_of(procedure: str, kind: str | None = None) -> Step:
    """The step of a procedure that receives a kind of answer; its first one without a kind.

    Raises LookupError when the procedure has no such step.
    """
    rule = PROCEDURES[Procedure(procedure)]
    if kind is None:
        return rule.first_step
    for step in rule.steps:
        if step.kind == kind:
            return step
    raise LookupError(f"{procedure} has no step {kind}")


def minimum_delay(
    procedure: str, on: date, kind: str | None = None, ground: str = DelayGround.ORDINARY
) -> Rule | None:
    """The minimum delay of a step (the first one by default) on a day; None when the law fixes none."""
    return step_of(procedure, kind).delay(on, ground)


def earliest_due_at(
    procedure: str, sent_at: datetime, kind: str | None = None, ground: str = DelayGround.ORDINARY
) -> datetime | None:
    """The earliest deadline allowed for a notice or an invitation sent at an instant; None when the law fixes
    no minimum.
    """
    sent = sent_at.astimezone(PARIS).date()
    rule = minimum_delay(procedure, sent, kind, ground)
    return clear_days_end(sent, int(rule.value)) if rule else None


def earliest_signature_date(procedure: str, notices_sent_at: datetime) -> date:
    """First day on which the contract may be signed once the last rejection notice was sent electronically
    (L41).
    """
    sent = notices_sent_at.astimezone(PARIS).date()
    rule = in_force(STANDSTILL_DAYS, sent)
    if rule is None or not PROCEDURES[Procedure(procedure)].has_standstill:
        return sent
    return sent + timedelta(days=int(rule.value))


def publicity(procedure: str, value: Decimal | None, on: date) -> Publicity:
    """Where the notice is published: by the procedure, then by the value excluding tax (L02, L16)."""
    rule = PROCEDURES[Procedure(procedure)]
    if not rule.publishes:
        return Publicity.NONE
    if rule.formal:
        return Publicity.EUROPEAN
    threshold = in_force(NATIONAL_PUBLICITY_THRESHOLD, on)
    if value is not None and threshold and value >= threshold.value:
        return Publicity.NATIONAL
    return Publicity.FREE
