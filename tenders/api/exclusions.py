"""Offers out of the ranking, costs of use and prices that look low, through the API."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from foundation.api.fields import AbilitiesField, DecimalField
from foundation.api.viewsets import ReadViewSet
from foundation.clock import now
from foundation.errors import Refusal
from tenders import rules, services
from tenders.api.serializers import PartySerializer
from tenders.enums import ExclusionGround
from tenders.models import CostItem, LowOfferReview, Offer, OfferExclusion
from tenders.rules import judging


class ExcludeInput(serializers.Serializer):
    """Why an offer leaves the ranking."""

    ground = serializers.ChoiceField(choices=ExclusionGround.choices)
    reason = serializers.CharField()


class RestoreInput(serializers.Serializer):
    """Why it comes back."""

    reason = serializers.CharField()


class ExclusionSerializer(serializers.ModelSerializer):
    """What keeps, or kept, an offer out of the ranking."""

    class Meta:
        model = OfferExclusion
        fields = ["id", "offer", "ground", "reason", "decided_at", "lifted_at", "lift_reason"]


class CostInput(serializers.Serializer):
    """A quantity read in the offer for a cost of use, and where."""

    item = serializers.IntegerField(min_value=1)
    quantity = DecimalField(max_digits=14, decimal_places=4, min_value=0)
    evidence = serializers.CharField(max_length=300)


class CostsInput(serializers.Serializer):
    """The quantities that an offer declares."""

    costs = CostInput(many=True)


class AskLowInput(serializers.Serializer):
    """What is asked of the firm, and until when."""

    question = serializers.CharField()
    due_at = serializers.DateTimeField()


class LowOfferSerializer(serializers.ModelSerializer):
    """An offer that looks abnormally low. `signals`: the methods that pointed at it; empty for its firm."""

    tender = serializers.IntegerField(source="offer.bid.tender_id")
    bidder = PartySerializer(source="offer.bid.bidder")
    signals = serializers.SerializerMethodField()
    abilities = AbilitiesField(answer=rules.can_answer_low_offer, decide=rules.can_decide_low_offer)

    class Meta:
        model = LowOfferReview
        fields = [
            "id",
            "tender",
            "offer",
            "bidder",
            "state",
            "signals",
            "question",
            "asked_at",
            "due_at",
            "answer",
            "answered_at",
            "decision_reason",
            "decided_at",
            "abilities",
        ]

    def get_signals(self, review) -> list[dict]:
        """They compare the offer with the others': for the buyer's people alone."""
        reads = rules.reads_offers(self.context["request"].user, review.offer.bid.tender)
        return review.signals if reads else []


class AnswerLowInput(serializers.Serializer):
    """How the firm justifies its prices."""

    answer = serializers.CharField()


class DecideLowInput(serializers.Serializer):
    """Whether the prices are held for justified, and why."""

    is_justified = serializers.BooleanField()
    reason = serializers.CharField()


@extend_schema_view(
    list=extend_schema(summary="Prix qui paraissent anormalement bas"),
    retrieve=extend_schema(summary="L'examen d'un prix : question, réponse, décision"),
)
class LowOfferViewSet(ReadViewSet):
    """Prices that look too low: the firm is heard, then the buyer decides."""

    queryset = LowOfferReview.objects.none()
    visible_to = staticmethod(judging.low_offers_visible_to)
    serializer_class = LowOfferSerializer
    filterset_fields = ["offer__bid__tender", "state"]
    search_fields = ["offer__bid__bidder__name"]
    ordering_fields = ["id"]
    ordering = "-id"
    write_scope = "bids:write"
    action_scopes = {"decide": "tenders:write"}
    guarded_actions = frozenset({"decide"})

    def row_to_lock(self, obj):
        """The services lock the consultation first."""
        return obj.offer.bid.tender

    def prepare(self, queryset):
        """What the representation reads, in a constant number of queries."""
        return queryset.select_related("offer__bid__tender", "offer__bid__bidder", "offer__lot__tender")

    @extend_schema(summary="Justifier ses prix", request=AnswerLowInput, responses=LowOfferSerializer)
    @action(detail=True, methods=["post"], url_path="answer")
    def reply(self, request, **kwargs):
        """The firm justifies its prices."""
        review = self.get_object()
        if not rules.can_answer_low_offer(request.user, review):
            raise PermissionDenied
        data = self.submitted(AnswerLowInput)
        return self.answer(services.low_offer_answer(review=review, **data, by=request.user, at=now()))

    @extend_schema(
        summary="Décider d'un prix qui paraît bas", request=DecideLowInput, responses=LowOfferSerializer
    )
    @action(detail=True, methods=["post"])
    def decide(self, request, **kwargs):
        """Hold the prices for justified, or reject the offer."""
        review = self.get_object()
        if not rules.can_decide_low_offer(request.user, review):
            raise PermissionDenied
        data = self.submitted(DecideLowInput)
        return self.answer(services.low_offer_decide(review=review, **data, by=request.user, at=now()))


class OfferActions:
    """Actions of offers: out of the ranking and back, costs of use, prices to justify."""

    def _judged(self) -> Offer:
        offer = self.get_object()
        if not rules.can_exclude_offer(self.request.user, offer):
            raise PermissionDenied
        return offer

    @extend_schema(summary="Écarter une offre", request=ExcludeInput, responses=ExclusionSerializer)
    @action(detail=True, methods=["post"])
    def exclude(self, request, **kwargs):
        """Put an offer out of the ranking, with its ground and its reason."""
        offer, data = self._judged(), self.submitted(ExcludeInput)
        made = services.offer_exclude(offer=offer, **data, by=request.user, at=now())
        return self.answer(made, serializer_class=ExclusionSerializer)

    @extend_schema(summary="Rétablir une offre", request=RestoreInput, responses=ExclusionSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request, **kwargs):
        """Put an excluded offer back in the ranking."""
        offer, data = self._judged(), self.submitted(RestoreInput)
        lifted = services.offer_restore(offer=offer, **data, by=request.user, at=now())
        return self.answer(lifted, serializer_class=ExclusionSerializer)

    @extend_schema(summary="Relever les coûts d'usage", request=CostsInput, responses={204: None})
    @action(detail=True, methods=["put"])
    def costs(self, request, **kwargs):
        """Write the quantities that the offer declares for the costs of use of its lot."""
        offer, data = self._judged(), self.submitted(CostsInput)
        items = {item.pk: item for item in CostItem.objects.filter(criterion__lot=offer.lot)}
        rows = {one["item"]: (one["quantity"], one["evidence"]) for one in data["costs"]}
        if rows.keys() - items.keys():
            raise Refusal("Ce coût d'usage n'est pas annoncé pour ce lot.", field="costs")
        quantities = {items[pk]: told for pk, told in rows.items()}
        services.costs_record(offer=offer, quantities=quantities, by=request.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="Demander de justifier un prix", request=AskLowInput, responses={201: LowOfferSerializer}
    )
    @action(detail=True, methods=["post"], url_path="low-offer")
    def low_offer(self, request, **kwargs):
        """Ask the firm to justify prices that look abnormally low."""
        offer, data = self._judged(), self.submitted(AskLowInput)
        asked = services.low_offer_ask(offer=offer, **data, by=request.user, at=now())
        return self.answer(asked, status=status.HTTP_201_CREATED, serializer_class=LowOfferSerializer)
