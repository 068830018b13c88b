"""What the API shows of consultations. Nothing here reads a sealed part before the opening."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.accounts.models import Organisation
from foundation.api.fields import AbilitiesField, DecimalField, LabelField, UnitPriceField
from foundation.clock import now
from tenders import rules, selectors
from tenders.api.custody import CustodySerializer, custody_of
from tenders.enums import Phase
from tenders.models import (
    Award,
    Bid,
    CostItem,
    Criterion,
    ImpactQuestion,
    Lot,
    Offer,
    OfferPrice,
    OpenedFile,
    PriceLine,
    QualityLevel,
    Score,
    SealedPart,
    Tender,
    TenderDocument,
)
from tenders.workflow import BID, TENDER


def may(workflow, name):
    """Whether the reader may try a transition of a workflow: right and state, not yet the conditions."""

    def can(user, obj) -> bool:
        return any(transition.name == name for transition in workflow.available(user, obj))

    return can


class PartySerializer(serializers.ModelSerializer):
    """An organisation, by its name and SIRET."""

    class Meta:
        model = Organisation
        fields = ["id", "name", "siret"]
        ref_name = "TenderParty"


class TenderRowSerializer(serializers.ModelSerializer):
    """A consultation in a list."""

    buyer = PartySerializer()
    procedure_label = LabelField(source="get_procedure_display")
    phase = serializers.SerializerMethodField()
    READ = (
        "reference",
        "title",
        "procedure",
        "technique",
        "state",
        "cpv_code",
        "department_codes",
        "published_at",
        "submission_due_at",
        "created_at",
        "buyer__name",
        "buyer__siret",
    )
    """The columns that a row is made of, and that its cursor is made of."""

    class Meta:
        model = Tender
        fields = [
            "id",
            "reference",
            "title",
            "buyer",
            "procedure",
            "procedure_label",
            "technique",
            "phase",
            "cpv_code",
            "department_codes",
            "published_at",
            "submission_due_at",
        ]

    @extend_schema_field(serializers.ChoiceField(choices=Phase.choices))
    def get_phase(self, tender):
        """The phase at the instant of the request."""
        return tender.phase(now())


class QualityLevelSerializer(serializers.ModelSerializer):
    """A written level of notation, out of 5."""

    class Meta:
        model = QualityLevel
        fields = ["points", "label", "description"]


class CostItemSerializer(serializers.ModelSerializer):
    """A cost of use that a life-cycle cost criterion adds to the price."""

    class Meta:
        model = CostItem
        fields = ["id", "label", "unit", "unit_cost_excl_tax", "multiplier"]


class CriterionSerializer(serializers.ModelSerializer):
    """An award criterion; `weight` in percent of its level, `parent` for a sub-criterion. The formula is that
    of the price and the cost.
    """

    parent = serializers.IntegerField(source="parent_id", allow_null=True, read_only=True)
    levels = QualityLevelSerializer(many=True)
    cost_items = CostItemSerializer(many=True)

    class Meta:
        model = Criterion
        fields = [
            "id",
            "parent",
            "label",
            "description",
            "kind",
            "weight",
            "is_environmental",
            "formula",
            "formula_parameter",
            "minimum_points",
            "levels",
            "cost_items",
        ]


class ImpactQuestionSerializer(serializers.ModelSerializer):
    """A question on the impact of the offer, answered in the envelope."""

    class Meta:
        model = ImpactQuestion
        fields = ["id", "theme", "text", "evidence", "is_required", "criterion"]


class PriceLineSerializer(serializers.ModelSerializer):
    """A line of the price schedule, with the announced quantity of the simulation."""

    class Meta:
        model = PriceLine
        fields = ["id", "code", "label", "unit", "simulated_quantity", "price_places"]


class LotSerializer(serializers.ModelSerializer):
    """A lot as it is announced."""

    criteria = CriterionSerializer(many=True)
    price_lines = PriceLineSerializer(many=True)
    impact_questions = ImpactQuestionSerializer(many=True)
    abilities = AbilitiesField(
        edit=lambda user, lot: rules.can_edit_tender(user, lot.tender), award=rules.can_award_lot
    )

    class Meta:
        model = Lot
        fields = [
            "id",
            "number",
            "title",
            "description",
            "max_holders",
            "unawarded_reason",
            "criteria",
            "price_lines",
            "impact_questions",
            "abilities",
        ]

    def to_representation(self, instance):
        """Why a lot has no holder is told with the award, not while it is prepared."""
        shown = super().to_representation(instance)
        if instance.tender.awarded_at is None and "unawarded_reason" in shown:
            shown["unawarded_reason"] = ""
        return shown


class TenderDocumentSerializer(serializers.ModelSerializer):
    """A file of the consultation."""

    class Meta:
        model = TenderDocument
        fields = ["id", "title", "name", "content_type", "size", "sha256", "added_at"]


class AwardSerializer(serializers.ModelSerializer):
    """A lot given to a holder."""

    lot = serializers.IntegerField(source="lot.number")
    bidder = PartySerializer()

    class Meta:
        model = Award
        fields = ["id", "lot", "bidder", "rank", "score", "strengths", "decided_at"]


class PublicAwardSerializer(AwardSerializer):
    """What the award notice says: the holder of a lot, without its score."""

    class Meta(AwardSerializer.Meta):
        fields = ["lot", "bidder", "rank", "decided_at"]


class TenderSerializer(TenderRowSerializer):
    """A consultation with its lots, its documents and, once decided, its holders."""

    lots = LotSerializer(many=True)
    documents = TenderDocumentSerializer(many=True)
    awards = serializers.SerializerMethodField()
    custody = serializers.SerializerMethodField(help_text="Who opens the bids of the round in force.")
    abilities = AbilitiesField(
        edit=rules.can_edit_tender,
        publish=may(TENDER, "publish"),
        cancel=may(TENDER, "cancel"),
        open=may(TENDER, "open"),
        award=may(TENDER, "award"),
        read_offers=rules.reads_offers,
        score=rules.can_score_tender,
    )

    class Meta(TenderRowSerializer.Meta):
        fields = [
            *TenderRowSerializer.Meta.fields,
            "description",
            "commune_codes",
            "delay_ground",
            "max_candidates",
            "may_award_first_offers",
            "estimated_value_excl_tax",
            "maximum_value_excl_tax",
            "duration_months",
            "max_lots_tendered",
            "max_lots_awarded",
            "lots_rule",
            "file_limit_mib",
            "bid_limit_mib",
            "custody",
            "opened_at",
            "awarded_at",
            "cancelled_at",
            "cancel_reason",
            "earliest_signature_date",
            "lots",
            "documents",
            "awards",
            "abilities",
        ]

    @extend_schema_field(CustodySerializer(allow_null=True))
    def get_custody(self, tender):
        """Null before the publication."""
        return custody_of(selectors.published_seats(tender) if tender.published_at else [])

    @extend_schema_field(PublicAwardSerializer(many=True))
    def get_awards(self, tender):
        """The final awards; empty before the decision."""
        return PublicAwardSerializer(selectors.decided_awards(tender), many=True).data


class CheckSerializer(serializers.Serializer):
    """A point of the legal check-list."""

    code = serializers.CharField()
    label = serializers.CharField()
    step = serializers.CharField(help_text="Step of the draft where it is mended.")
    is_done = serializers.BooleanField()
    blocking = serializers.BooleanField()
    reasons = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_reasons(self, check):
        """What is missing, with its article."""
        return [str(reason) for reason in check.reasons]


class OpenedFileSerializer(serializers.ModelSerializer):
    """What the opening learned of a file."""

    class Meta:
        model = OpenedFile
        fields = ["name", "content_type", "size", "sha256"]


class SealedPartSerializer(serializers.ModelSerializer):
    """A part of a bid: its sealed size and digest; name and size in clear once it is opened."""

    lot = serializers.IntegerField(source="lot.number", allow_null=True, default=None)
    opened = OpenedFileSerializer(read_only=True, allow_null=True, default=None)

    class Meta:
        model = SealedPart
        fields = ["id", "position", "kind", "lot", "sealed_size", "sealed_sha256", "opened"]


class BidSerializer(serializers.ModelSerializer):
    """A deposit: when it was received, what became of it, its sealed parts."""

    tender = serializers.CharField(source="tender.reference")
    tender_id = serializers.IntegerField()
    bidder = PartySerializer()
    state_label = LabelField(source="get_state_display")
    parts = SealedPartSerializer(many=True)
    abilities = AbilitiesField(withdraw=may(BID, "withdraw"), read_content=rules.can_read_bid_content)

    class Meta:
        model = Bid
        fields = [
            "id",
            "tender",
            "tender_id",
            "bidder",
            "deposited_at",
            "state",
            "state_label",
            "manifest_sha256",
            "parts",
            "abilities",
        ]


class OfferPriceSerializer(serializers.ModelSerializer):
    """A unit price, in euros excluding tax."""

    code = serializers.CharField(source="line.code")
    unit_price_excl_tax = UnitPriceField()

    class Meta:
        model = OfferPrice
        fields = ["code", "unit_price_excl_tax"]


class OfferSerializer(serializers.ModelSerializer):
    """An opened offer: the total of the simulation and the unit prices, in euros excluding tax."""

    lot = serializers.IntegerField(source="lot.number")
    tender = serializers.IntegerField(source="bid.tender_id")
    bidder = PartySerializer(source="bid.bidder")
    prices = OfferPriceSerializer(many=True)
    abilities = AbilitiesField(score=lambda user, offer: rules.can_score_tender(user, offer.bid.tender))

    class Meta:
        model = Offer
        fields = ["id", "tender", "lot", "bidder", "bid", "total_excl_tax", "prices", "abilities"]


class ScoreSerializer(serializers.ModelSerializer):
    """An evaluator's mark, out of 5."""

    class Meta:
        model = Score
        fields = ["id", "offer", "criterion", "points", "level", "comment", "saved_at", "submitted_at"]


class MarkSerializer(serializers.Serializer):
    """What an offer gets on a criterion, out of its weight; null while a mark is missing."""

    criterion = serializers.CharField(source="criterion.full_label")
    weight = DecimalField(source="criterion.share", max_digits=7, decimal_places=2)
    value = DecimalField(max_digits=5, decimal_places=2, allow_null=True)


class RankedSerializer(serializers.Serializer):
    """An offer in the ranking of its lot."""

    offer = serializers.IntegerField(source="offer.pk")
    bidder = PartySerializer(source="offer.bid.bidder")
    total_excl_tax = DecimalField(source="offer.total_excl_tax", max_digits=16, decimal_places=2)
    marks = MarkSerializer(many=True)
    score = DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    rank = serializers.IntegerField(allow_null=True)
    is_tied = serializers.BooleanField()


class OpeningSerializer(serializers.Serializer):
    """Where the opening stands after a contribution."""

    is_open = serializers.BooleanField()
    still_needed = serializers.IntegerField()
    expires_at = serializers.DateTimeField(allow_null=True)
