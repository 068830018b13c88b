"""Evaluators' marks: each alone, final once submitted."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.errors import Refusal
from foundation.journal import services as journal
from tenders import judging, legal, rules, selectors
from tenders.models import DeclaredCost, Lot, Offer, Score, Tender
from tenders.models.analysis import MAX_POINTS
from tenders.ranking import exclusion_of
from tenders.services.locking import locked_tender


@transaction.atomic
def score_save(*, offer: Offer, criterion, points, comment: str, by, at) -> Score:
    """Keep an evaluator's mark (0 to 5, explained) until it is submitted, with the written level that it reaches.

    Raises Refusal.
    """
    _tender_to_score(offer.bid.tender, by)
    if criterion.lot_id != offer.lot_id or criterion.is_scored_by_formula or criterion.children.exists():
        raise Refusal(
            _("Ce critère ne se note pas : son résultat vient de la formule ou des sous-critères annoncés."),
            field="points",
        )
    points = Decimal(points)
    if not 0 <= points <= MAX_POINTS:
        raise Refusal(_("La note va de 0 à 5."), field="points")
    if not comment.strip():
        raise Refusal(
            _("Expliquez la note : le candidat écarté peut en demander les motifs."),
            field="comment",
            article=legal.ART.format("R2181-2"),
        )
    score = (
        Score.objects.select_for_update(of=("self",))
        .filter(offer=offer, criterion=criterion, evaluator=by)
        .first()
    )
    if score and score.submitted_at:
        raise Refusal(_("Vos notes sont rendues : elles ne changent plus."), code="conflict")
    score = score or Score(offer=offer, criterion=criterion, evaluator=by)
    score.points, score.comment, score.saved_at = points, comment, at
    score.level = _level_reached(criterion, points)
    score.save()
    return score


def _level_reached(criterion, points: Decimal) -> str:
    """The words of the highest announced level that these points reach, as they were announced; empty without."""
    level = criterion.levels.filter(points__lte=points).order_by("-points").first()
    return f"{level.label} : {level.description}"[:300] if level else ""


def _tender_to_score(tender: Tender, by) -> Tender:
    tender = locked_tender(tender)
    if not rules.can_score_tender(by, tender):
        raise Refusal(
            _("Seuls les évaluateurs notent les offres, après l'ouverture des plis."), code="forbidden"
        )
    declaration = selectors.interest_declaration(tender, by)
    if declaration and declaration.has_interest:
        raise Refusal(
            _("Vous avez déclaré un intérêt dans cette consultation : vous ne notez pas les offres."),
            article=legal.CONFLICT_OF_INTEREST.cited,
            code="forbidden",
        )
    return tender


@transaction.atomic
def scores_submit(*, lot: Lot, by, at) -> list[Score]:
    """Submit all of one's marks on a lot: from then on nobody changes them, not even the database. Raises
    Refusal.
    """
    tender = _tender_to_score(lot.tender, by)
    if judging.is_settled_together(lot):
        raise Refusal(
            _("Les évaluateurs ont déjà mis leurs notes en commun : les notes individuelles sont closes."),
            code="conflict",
        )
    own = list(
        Score.objects.select_for_update(of=("self",)).filter(offer__lot=lot, evaluator=by, submitted_at=None)
    )
    given = set(Score.objects.filter(offer__lot=lot, evaluator=by).values_list("offer_id", "criterion_id"))
    missing = [
        f"{offer.bidder} / {criterion.label}"
        for offer in selectors.offers_of(lot)
        if exclusion_of(offer) is None
        for criterion in lot.scored_criteria()
        if not criterion.is_scored_by_formula and (offer.pk, criterion.pk) not in given
    ]
    if missing:
        raise Refusal(
            _("Il manque des notes avant de les rendre : %(missing)s.") % {"missing": ", ".join(missing)}
        )
    for score in own:
        score.submitted_at = at
        score.save(update_fields=["submitted_at"])
    facts = [[score.offer_id, score.criterion_id, str(score.points), score.comment] for score in own]
    journal.record(
        by=by,
        action="tenders.scores_submit",
        obj=tender,
        at=at,
        reason=str(lot),
        after={"scores": facts},
        organisation=tender.buyer,
    )
    return own


@transaction.atomic
def costs_record(*, offer: Offer, quantities: dict, by, at) -> list[DeclaredCost]:
    """Write the quantities that a bidder declares for the costs of use: item → (quantity, where it is read).

    A quantity read otherwise replaces the former, which is kept. Raises Refusal.
    """
    tender = locked_tender(offer.bid.tender)
    offer.lot.tender = tender
    if not rules.can_exclude_offer(by, offer):
        raise Refusal(
            _("Seuls les acheteurs relèvent les coûts déclarés, pendant l'analyse."), code="forbidden"
        )
    known = {row.item_id: row for row in DeclaredCost.objects.filter(offer=offer, replaced_at__isnull=True)}
    rows = []
    for item, (quantity, evidence) in quantities.items():
        if quantity < 0 or not evidence.strip():
            raise Refusal(
                _("Écrivez la quantité déclarée et l'endroit de l'offre où elle se lit."),
                field=f"evidence-{item.pk}",
                article=legal.ART.format("R2152-9"),
            )
        rows += _cost_written(offer, item, known.get(item.pk), quantity, evidence.strip(), by=by, at=at)
    after = {"offer": offer.pk, "costs": [[row.item_id, str(row.quantity), row.evidence] for row in rows]}
    journal.record(
        by=by, action="tenders.costs_record", obj=tender, at=at, after=after, organisation=tender.buyer
    )
    return rows


def _cost_written(offer, item, former, quantity, evidence, *, by, at) -> list[DeclaredCost]:
    if former and (former.quantity, former.evidence) == (quantity, evidence):
        return []
    if former:
        former.replaced_at = at
        former.save(update_fields=["replaced_at"])
    return [
        DeclaredCost.objects.create(
            offer=offer, item=item, quantity=quantity, evidence=evidence, recorded_by=by, recorded_at=at
        )
    ]
