"""Judging through the API: marks, consensus, ties, offers side by side."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from foundation.api.fields import AbilitiesField, DecimalField, UnitPriceField
from foundation.api.viewsets import ReadViewSet
from foundation.clock import now
from foundation.errors import Refusal
from tenders import judging, rules, services
from tenders.api.serializers import RankedSerializer, ScoreSerializer
from tenders.models import Score
from tenders.rules import judging as judging_rules

POINTS = {"max_digits": 3, "decimal_places": 2, "min_value": 0, "max_value": 5}


class SeenScoreSerializer(ScoreSerializer):
    """A mark and whether one may still change it."""

    abilities = AbilitiesField(edit=judging_rules.can_edit_score)

    class Meta(ScoreSerializer.Meta):
        fields = [*ScoreSerializer.Meta.fields, "abilities"]


@extend_schema_view(
    list=extend_schema(summary="Ses notes, et celles que l'on a le droit de lire"),
    retrieve=extend_schema(summary="Une note et son appréciation"),
)
class ScoreViewSet(ReadViewSet):
    """Marks: each one's own; those of the others once one's own are submitted."""

    queryset = Score.objects.none()
    visible_to = staticmethod(rules.scores_visible_to)
    serializer_class = SeenScoreSerializer
    filterset_fields = ["offer", "criterion", "offer__lot"]
    search_fields = ["comment"]
    ordering_fields = ["id"]
    ordering = "-id"
    write_scope = "scores:write"

    def prepare(self, queryset):
        """What the abilities read."""
        return queryset.select_related("offer__bid__tender")


class ComparedPriceSerializer(serializers.Serializer):
    """A unit price, in euros excluding tax."""

    line = serializers.IntegerField()
    unit_price_excl_tax = UnitPriceField()


class WordsSerializer(serializers.Serializer):
    """What justifies the marks of a criterion."""

    criterion = serializers.IntegerField()
    words = serializers.ListField(child=serializers.CharField())


class ColumnSerializer(RankedSerializer):
    """An offer beside the others: its place, its prices, what justifies its marks."""

    prices = serializers.SerializerMethodField()
    comments = serializers.SerializerMethodField()

    def to_representation(self, column):
        """The row of the ranking, then the prices and the words."""
        self.column = column
        return super().to_representation(column.row)

    @extend_schema_field(ComparedPriceSerializer(many=True))
    def get_prices(self, _row):
        """By line of the price schedule."""
        rows = [{"line": pk, "unit_price_excl_tax": price} for pk, price in self.column.prices.items()]
        return ComparedPriceSerializer(rows, many=True).data

    @extend_schema_field(WordsSerializer(many=True))
    def get_comments(self, _row):
        """By criterion."""
        rows = [{"criterion": pk, "words": words} for pk, words in self.column.comments.items()]
        return WordsSerializer(rows, many=True).data


class DifferenceSerializer(serializers.Serializer):
    """A criterion of an offer: the marks given alone, and the one settled together."""

    offer = serializers.IntegerField(source="offer.pk")
    criterion = serializers.IntegerField(source="criterion.pk")
    scores = ScoreSerializer(many=True)
    settled_points = DecimalField(
        source="settled.points", max_digits=3, decimal_places=2, allow_null=True, default=None
    )
    reason = serializers.CharField(source="settled.reason", default="", allow_blank=True)
    is_to_settle = serializers.BooleanField()


class ConsensusSerializer(serializers.Serializer):
    """The consensus of a lot: the session under way, if any, and where the evaluators stand."""

    session = serializers.IntegerField(allow_null=True)
    rows = DifferenceSerializer(many=True)


class SettleInput(serializers.Serializer):
    """A mark settled together; its reason when it differs from one given alone."""

    offer = serializers.IntegerField(min_value=1)
    criterion = serializers.IntegerField(min_value=1)
    points = DecimalField(**POINTS)
    reason = serializers.CharField(allow_blank=True, default="")


class SummaryInput(serializers.Serializer):
    """What was discussed."""

    summary = serializers.CharField()


class TieInput(serializers.Serializer):
    """Offers of equal score, the best first, and why."""

    order = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=2, max_length=100)
    reason = serializers.CharField()


class EvaluationActions:
    """Actions of lots: offers side by side, consensus, ties."""

    def _ranked(self, may=rules.reads_ranking):
        lot = self.get_object()
        if not (rules.reads_ranking(self.request.user, lot) and may(self.request.user, lot)):
            raise PermissionDenied
        return lot

    def _consensus(self, lot, status=status.HTTP_200_OK):
        session = judging.open_session(lot)
        told = {"session": session and session.pk, "rows": judging.consensus_rows(lot)}
        return Response(ConsensusSerializer(told).data, status=status)

    def _session(self, lot):
        session = judging.open_session(lot)
        if session is None:
            raise Refusal("Aucune séance de consensus n'est ouverte sur ce lot.", code="conflict")
        return session

    @extend_schema(summary="Offres côte à côte", responses=ColumnSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def comparison(self, request, **kwargs):
        """The offers of the lot in the order of the ranking: prices, marks, words."""
        return Response(ColumnSerializer(judging.comparison(self._ranked()), many=True).data)

    @extend_schema(
        summary="Où les évaluateurs diffèrent",
        responses=ConsensusSerializer,
        filters=False,
        methods=["get"],
    )
    @extend_schema(
        summary="Ouvrir la séance de consensus",
        request=None,
        responses={201: ConsensusSerializer},
        methods=["post"],
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def consensus(self, request, **kwargs):
        """Read the marks given alone and those settled together, or open a session."""
        if request.method == "GET":
            return self._consensus(self._ranked())
        lot = self._ranked(rules.can_hold_consensus)
        services.consensus_open(lot=lot, by=request.user, at=now())
        return self._consensus(lot, status.HTTP_201_CREATED)

    @extend_schema(
        summary="Arrêter une note en consensus", request=SettleInput, responses=ConsensusSerializer
    )
    @action(detail=True, methods=["post"], url_path="consensus/marks")
    def settle_mark(self, request, **kwargs):
        """Settle the mark of a criterion of an offer; those given alone stay as they are."""
        lot = self._ranked(rules.can_hold_consensus)
        data = self.submitted(SettleInput)
        found = {
            "session": self._session(lot),
            "offer": get_object_or_404(lot.offers, pk=data.pop("offer")),
            "criterion": get_object_or_404(lot.criteria, pk=data.pop("criterion")),
        }
        services.consensus_settle(**found, **data, by=request.user, at=now())
        return self._consensus(lot)

    @extend_schema(
        summary="Clore la séance de consensus", request=SummaryInput, responses=ConsensusSerializer
    )
    @action(detail=True, methods=["post"], url_path="consensus/close")
    def close_consensus(self, request, **kwargs):
        """End the session, with what was discussed."""
        lot = self._ranked(rules.can_hold_consensus)
        data = self.submitted(SummaryInput)
        services.consensus_close(session=self._session(lot), **data, by=request.user, at=now())
        return self._consensus(lot)

    @extend_schema(
        summary="Départager des offres ex æquo", request=TieInput, responses=RankedSerializer(many=True)
    )
    @action(detail=True, methods=["post"], url_path="tie-break")
    def tie_break(self, request, **kwargs):
        """Put offers of equal score in order, with the written reason."""
        lot = self._ranked(rules.can_award_lot)
        data = self.submitted(TieInput)
        known = {offer.pk: offer for offer in lot.offers.all()}
        order = [known[pk] for pk in data["order"] if pk in known]
        services.tie_break(lot=lot, order=order, reason=data["reason"], by=request.user, at=now())
        return Response(RankedSerializer(judging.ranking(lot), many=True).data)
