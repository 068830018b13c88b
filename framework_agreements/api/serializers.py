"""What the API shows of agreements, work units and orders."""

from rest_framework import serializers

from foundation.api.fields import AbilitiesField, DecimalField, LabelField, UnitPriceField
from framework_agreements import rules, selectors
from framework_agreements.models import (
    AgreementLot,
    Beneficiary,
    Ceiling,
    ExpectedDeliverable,
    FrameworkAgreement,
    Holder,
    OrderLine,
    ProgressEntry,
    PurchaseOrder,
    WorkUnit,
)


def _money(**options):
    return DecimalField(max_digits=14, decimal_places=2, **options)


class HolderSerializer(serializers.ModelSerializer):
    """A holder of a lot and its rank."""

    organisation_id = serializers.IntegerField()
    name = serializers.CharField(source="organisation.name")

    class Meta:
        model = Holder
        fields = ["id", "organisation_id", "name", "rank"]


class LotSerializer(serializers.ModelSerializer):
    """A lot, its holders and the rule that shares its orders."""

    holders = HolderSerializer(many=True)
    allocation_rule_label = LabelField(source="get_allocation_rule_display")
    unit_count = serializers.IntegerField()

    class Meta:
        model = AgreementLot
        fields = [
            "id",
            "number",
            "title",
            "maximum_excl_tax",
            "allocation_rule",
            "allocation_rule_label",
            "unit_count",
            "holders",
        ]


class CeilingSerializer(serializers.ModelSerializer):
    """What has been ordered within a scope; `limit_excl_tax` null means without ceiling."""

    scope = LabelField(source="get_scope_display")
    label = serializers.CharField(source="target_label")
    beneficiary_id = serializers.IntegerField(allow_null=True)
    lot_id = serializers.IntegerField(allow_null=True)
    available_excl_tax = _money(allow_null=True)

    class Meta:
        model = Ceiling
        fields = [
            "scope",
            "label",
            "lot_id",
            "beneficiary_id",
            "limit_excl_tax",
            "consumed_excl_tax",
            "available_excl_tax",
        ]


class BeneficiarySerializer(serializers.ModelSerializer):
    """A buyer of the closed list."""

    organisation_id = serializers.IntegerField()
    name = serializers.CharField(source="organisation.name")

    class Meta:
        model = Beneficiary
        fields = ["id", "organisation_id", "name", "ceiling_excl_tax", "note"]


class AgreementRowSerializer(serializers.ModelSerializer):
    """An agreement in a list."""

    buyer_id = serializers.IntegerField()
    buyer_name = serializers.CharField(source="buyer.name")
    state_label = LabelField(source="get_state_display")

    class Meta:
        model = FrameworkAgreement
        fields = [
            "id",
            "reference",
            "title",
            "state",
            "state_label",
            "buyer_id",
            "buyer_name",
            "notice_date",
            "start_date",
            "end_date",
            "estimated_excl_tax",
            "maximum_excl_tax",
        ]


class AgreementSerializer(AgreementRowSerializer):
    """An agreement with its lots, holders, beneficiaries and consumption."""

    lots = serializers.SerializerMethodField()
    beneficiaries = BeneficiarySerializer(many=True)
    ceilings = serializers.SerializerMethodField()
    abilities = AbilitiesField(administer=rules.can_administer_agreement, edit=rules.can_edit_agreement)

    class Meta(AgreementRowSerializer.Meta):
        fields = [
            *AgreementRowSerializer.Meta.fields,
            "description",
            "firm_months",
            "renewal_count",
            "renewal_months",
            "renewal_tacit",
            "notice_months",
            "renewals_done",
            "served_at",
            "price_note",
            "source_note",
            "lots",
            "beneficiaries",
            "ceilings",
            "abilities",
        ]

    def get_lots(self, agreement) -> LotSerializer(many=True):
        """The lots in order."""
        return LotSerializer(selectors.lots_of(agreement), many=True).data

    def get_ceilings(self, agreement) -> CeilingSerializer(many=True):
        """The counters: agreement, lots, beneficiaries."""
        found = selectors.ceilings_by_scope(agreement)
        rows = [found["agreement"], *found["lots"], *found["beneficiaries"]]
        return CeilingSerializer([row for row in rows if row], many=True).data


class DeliverableSerializer(serializers.ModelSerializer):
    """A deliverable and when it is due."""

    moment_label = LabelField(source="get_moment_display")

    class Meta:
        model = ExpectedDeliverable
        fields = ["moment", "moment_label", "label"]


class WorkUnitSerializer(serializers.ModelSerializer):
    """A work unit as the specification gives it; null where it says nothing."""

    agreement_id = serializers.IntegerField(source="lot.agreement_id")
    lot_id = serializers.IntegerField()
    lot_number = serializers.IntegerField(source="lot.number")
    phase_label = LabelField(source="get_phase_display")
    complexity_label = LabelField(source="get_complexity_display")
    trigger_label = LabelField(source="get_trigger_display")
    profiles = serializers.ListField(child=serializers.CharField())
    deliverables = DeliverableSerializer(many=True)
    abilities = AbilitiesField(edit=lambda user, unit: rules.can_edit_agreement(user, unit.lot.agreement))

    class Meta:
        model = WorkUnit
        fields = [
            "id",
            "agreement_id",
            "lot_id",
            "lot_number",
            "code",
            "is_code_ours",
            "title",
            "description",
            "phase",
            "phase_label",
            "complexity",
            "complexity_label",
            "complexity_criterion",
            "startups_from",
            "startups_to",
            "load_days",
            "load_text",
            "duration_min_months",
            "duration_max_months",
            "duration_text",
            "profiles",
            "trigger",
            "trigger_label",
            "trigger_text",
            "is_flat_rate",
            "deliverables",
            "source_section",
            "source_note",
            "abilities",
        ]


class OrderLineSerializer(serializers.ModelSerializer):
    """A work unit ordered, its price and its days."""

    work_unit_id = serializers.IntegerField()
    code = serializers.CharField(source="work_unit.code")
    title = serializers.CharField(source="work_unit.title")
    unit_price_excl_tax = UnitPriceField()
    remaining_days = DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        model = OrderLine
        fields = [
            "id",
            "position",
            "work_unit_id",
            "code",
            "title",
            "quantity",
            "unit_price_excl_tax",
            "amount_excl_tax",
            "planned_days",
            "done_days",
            "remaining_days",
        ]


class OrderRowSerializer(serializers.ModelSerializer):
    """An order in a list."""

    label = serializers.CharField()
    state_label = LabelField(source="get_state_display")
    agreement_id = serializers.IntegerField()
    agreement_reference = serializers.CharField(source="agreement.reference")
    lot_id = serializers.IntegerField()
    holder_name = serializers.CharField(source="holder.organisation.name")
    beneficiary_name = serializers.CharField(source="beneficiary.organisation.name")
    project_id = serializers.IntegerField(allow_null=True)

    class Meta:
        model = PurchaseOrder
        fields = [
            "id",
            "number",
            "label",
            "title",
            "state",
            "state_label",
            "agreement_id",
            "agreement_reference",
            "lot_id",
            "holder_name",
            "beneficiary_name",
            "project_id",
            "total_excl_tax",
            "created_at",
            "issued_at",
        ]


class OrderSerializer(OrderRowSerializer):
    """An order with its lines and what the reader may do with it."""

    lines = OrderLineSerializer(many=True)
    abilities = AbilitiesField(
        edit=rules.can_edit_order,
        issue=rules.can_issue_order,
        acknowledge=rules.can_acknowledge_order,
        cancel=rules.can_cancel_order,
        complete=rules.can_complete_order,
        record_progress=rules.can_record_progress,
    )

    class Meta(OrderRowSerializer.Meta):
        fields = [
            *OrderRowSerializer.Meta.fields,
            "description",
            "delivery_due_date",
            "holder_reason",
            "acknowledged_at",
            "completed_at",
            "cancelled_at",
            "cancel_reason",
            "lines",
            "abilities",
        ]


class ProgressSerializer(serializers.ModelSerializer):
    """A progress entry."""

    class Meta:
        model = ProgressEntry
        fields = ["id", "line_id", "days", "activity", "source_label", "recorded_at"]


class SteeringSerializer(serializers.Serializer):
    """Person-days over the orders asked for, and their operational activities (CCTP § 7.2)."""

    planned_days = DecimalField(max_digits=12, decimal_places=2)
    done_days = DecimalField(max_digits=12, decimal_places=2)
    remaining_days = DecimalField(max_digits=12, decimal_places=2)
    activities = serializers.ListField(child=serializers.DictField())
