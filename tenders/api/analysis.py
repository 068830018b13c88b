"""Lots and opened offers through the API: criteria and prices of a draft, then marks, ranking and award."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from foundation.accounts.fresh import fresh_session_or_token
from foundation.api.viewsets import ApiViewSet, ReadViewSet
from foundation.clock import now
from tenders import rules, services
from tenders.api import inputs
from tenders.api.evaluation import EvaluationActions
from tenders.api.exclusions import OfferActions
from tenders.api.negotiation import NegotiationActions
from tenders.api.serializers import (
    AwardSerializer,
    LotSerializer,
    OfferSerializer,
    RankedSerializer,
    ScoreSerializer,
)
from tenders.models import Lot, Offer
from tenders.ranking import ranking

CRITERIA_EXAMPLE = OpenApiExample(
    "Trois critères",
    value={
        "criteria": [
            {"label": "Prix", "kind": "price", "weight": "40.00"},
            {"label": "Valeur technique", "kind": "quality", "weight": "50.00"},
            {"label": "Sobriété du service", "kind": "quality", "weight": "10.00", "is_environmental": True},
        ]
    },
    request_only=True,
)


def lots_visible_to(user):
    """The lots of the consultations that the reader may see."""
    return Lot.objects.filter(tender__in=rules.tenders_visible_to(user))


@extend_schema_view(retrieve=extend_schema(summary="Un lot avec ses critères et son bordereau des prix"))
class LotViewSet(EvaluationActions, NegotiationActions, mixins.RetrieveModelMixin, ApiViewSet):
    """Lots of the consultations one may see."""

    queryset = Lot.objects.none()
    visible_to = staticmethod(lots_visible_to)
    serializer_class = LotSerializer
    write_scope = "tenders:write"
    action_scopes = {
        "submit_scores": "scores:write",
        "consensus": "scores:write",
        "settle_mark": "scores:write",
        "close_consensus": "scores:write",
        "award": "tenders:decide",
        "leave": "tenders:decide",
    }
    guarded_actions = frozenset({"award", "leave", "tie_break"})

    def row_to_lock(self, obj):
        """The services lock the consultation before its lots."""
        return obj.tender

    def prepare(self, queryset):
        """What the representation reads."""
        return queryset.select_related("tender__buyer").prefetch_related(
            "criteria__levels", "criteria__cost_items", "price_lines", "impact_questions"
        )

    @extend_schema(summary="Modifier un lot", request=inputs.LotInput, responses=LotSerializer)
    def update(self, request, **kwargs):
        """Change a lot of a draft."""
        data = self.submitted(inputs.LotInput)
        return self.answer(services.lot_update(lot=self.get_object(), **data, by=request.user, at=now()))

    @extend_schema(summary="Retirer un lot", responses={204: None})
    def destroy(self, request, **kwargs):
        """Remove a lot of a draft."""
        services.lot_remove(lot=self.get_object(), by=request.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="Fixer les critères et leurs pondérations",
        request=inputs.CriteriaInput,
        responses=LotSerializer,
        examples=[CRITERIA_EXAMPLE],
    )
    @action(detail=True, methods=["put"])
    def criteria(self, request, **kwargs):
        """Replace the criteria of a lot; the weights make exactly 100."""
        lot = self.get_object()
        services.criteria_set(lot=lot, **self.submitted(inputs.CriteriaInput), by=request.user, at=now())
        return self.answer(lot)

    @extend_schema(
        summary="Reprendre les critères d'un autre lot", request=inputs.OtherLotInput, responses=LotSerializer
    )
    @action(detail=True, methods=["post"], url_path="copy-criteria")
    def copy_criteria(self, request, **kwargs):
        """Give the lot the criteria of another one of its consultation, with their notation."""
        lot = self.get_object()
        if not rules.can_edit_tender(request.user, lot.tender):
            raise PermissionDenied
        data = self.submitted(inputs.OtherLotInput, lot=lot)
        services.criteria_copy(lot=lot, **data, by=request.user, at=now())
        return self.answer(lot)

    @extend_schema(
        summary="Fixer la notation d'un critère", request=inputs.NotationInput, responses=LotSerializer
    )
    @action(detail=True, methods=["put"], url_path=r"criteria/(?P<criterion>\d+)/notation")
    def notation(self, request, criterion=None, **kwargs):
        """Say how a criterion is marked: price formula, cost items, or written levels and minimum mark."""
        lot = self.get_object()
        found = get_object_or_404(lot.criteria, pk=criterion)
        services.criterion_notation_set(
            criterion=found, **self.submitted(inputs.NotationInput), by=request.user, at=now()
        )
        return self.answer(lot)

    @extend_schema(
        summary="Fixer les questions d'impact", request=inputs.ImpactQuestionsInput, responses=LotSerializer
    )
    @action(detail=True, methods=["put"], url_path="impact-questions")
    def impact_questions(self, request, **kwargs):
        """Replace the impact questions of a lot."""
        lot = self.get_object()
        data = self.submitted(inputs.ImpactQuestionsInput)
        services.impact_questions_set(lot=lot, questions=data["questions"], by=request.user, at=now())
        return self.answer(lot)

    @extend_schema(
        summary="Fixer le bordereau des prix", request=inputs.PriceLinesInput, responses=LotSerializer
    )
    @action(detail=True, methods=["put"], url_path="price-lines")
    def price_lines(self, request, **kwargs):
        """Replace the price schedule of a lot."""
        lot = self.get_object()
        services.price_lines_set(lot=lot, **self.submitted(inputs.PriceLinesInput), by=request.user, at=now())
        return self.answer(lot)

    @extend_schema(summary="Classement des offres", responses=RankedSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def ranking(self, request, **kwargs):
        """The offers of the lot, best first, for those who may read them."""
        lot = self.get_object()
        if not rules.reads_ranking(request.user, lot):
            raise PermissionDenied
        return Response(RankedSerializer(ranking(lot), many=True).data)

    @extend_schema(summary="Rendre ses notes", request=None, responses=ScoreSerializer(many=True))
    @action(detail=True, methods=["post"], url_path="submit-scores")
    def submit_scores(self, request, **kwargs):
        """Submit one's marks on the lot; they are final."""
        scores = services.scores_submit(lot=self.get_object(), by=request.user, at=now())
        return Response(ScoreSerializer(scores, many=True).data)

    @extend_schema(
        summary="Proposer les titulaires", request=inputs.AwardInput, responses=AwardSerializer(many=True)
    )
    @action(detail=True, methods=["post"])
    @fresh_session_or_token
    def award(self, request, **kwargs):
        """Propose the best ranked offers, as many as announced at most."""
        lot = self.get_object()
        if not rules.can_award_lot(request.user, lot):
            raise PermissionDenied
        data = self.submitted(inputs.AwardInput, lot=lot)
        awards = services.lot_award(lot=lot, **data, by=request.user, at=now())
        return Response(AwardSerializer(awards, many=True).data)

    @extend_schema(summary="Ne pas attribuer le lot", request=inputs.ReasonInput, responses=LotSerializer)
    @action(detail=True, methods=["post"])
    def leave(self, request, **kwargs):
        """Propose not to award the lot, with its reason."""
        data = self.submitted(inputs.ReasonInput)
        return self.answer(services.lot_leave(lot=self.get_object(), **data, by=request.user, at=now()))


@extend_schema_view(
    list=extend_schema(summary="Offres ouvertes des consultations de l'appelant"),
    retrieve=extend_schema(summary="Une offre ouverte avec ses prix unitaires"),
)
class OfferViewSet(OfferActions, ReadViewSet):
    """Opened offers, read by the buyer's people only."""

    queryset = Offer.objects.none()
    visible_to = staticmethod(rules.offers_visible_to)
    serializer_class = OfferSerializer
    filterset_fields = ["lot", "bid__tender"]
    search_fields = ["bid__bidder__name"]
    ordering_fields = ["total_excl_tax"]
    write_scope = "tenders:write"
    action_scopes = {"score": "scores:write"}
    guarded_actions = frozenset({"exclude", "restore"})

    def row_to_lock(self, obj):
        """The services lock the consultation first."""
        return obj.bid.tender

    def prepare(self, queryset):
        """What the representation reads, in a constant number of queries."""
        return queryset.select_related("lot__tender", "bid__bidder", "bid__tender").prefetch_related(
            "prices__line"
        )

    @extend_schema(summary="Noter une offre", request=inputs.ScoreInput, responses=ScoreSerializer)
    @action(detail=True, methods=["post"], url_path="scores")
    def score(self, request, **kwargs):
        """Keep a mark until it is submitted."""
        offer = self.get_object()
        data = self.submitted(inputs.ScoreInput)
        criterion = get_object_or_404(offer.lot.criteria, pk=data.pop("criterion").pk)
        score = services.score_save(offer=offer, criterion=criterion, **data, by=request.user, at=now())
        return Response(ScoreSerializer(score).data)
