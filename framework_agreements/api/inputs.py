"""What the API is sent."""

from rest_framework import serializers

from foundation.api.fields import DecimalField
from framework_agreements.enums import AgreementState
from framework_agreements.models import AgreementLot, Beneficiary, Holder, WorkUnit
from needs.models import PurchaseProject
from needs.rules import projects_visible_to


class LineInput(serializers.Serializer):
    """A line: `planned_days` only when the unit has no load of its own."""

    work_unit = serializers.PrimaryKeyRelatedField(queryset=WorkUnit.objects.all())
    quantity = DecimalField(max_digits=8, decimal_places=2)
    planned_days = DecimalField(
        max_digits=8, decimal_places=2, min_value=0, required=False, allow_null=True, default=None
    )


class OrderInput(serializers.Serializer):
    """A draft; `key` (any text of yours) makes a repeated request give the same draft back; 422 with another body."""

    lot = serializers.PrimaryKeyRelatedField(
        queryset=AgreementLot.objects.exclude(agreement__state=AgreementState.DRAFT).select_related(
            "agreement"
        )
    )
    holder = serializers.PrimaryKeyRelatedField(queryset=Holder.objects.select_related("organisation"))
    beneficiary = serializers.PrimaryKeyRelatedField(
        queryset=Beneficiary.objects.select_related("organisation")
    )
    title = serializers.CharField(max_length=200)
    description = serializers.CharField(required=False, default="", allow_blank=True)
    delivery_due_date = serializers.DateField(required=False, allow_null=True, default=None)
    holder_reason = serializers.CharField(required=False, default="", allow_blank=True)
    project = serializers.PrimaryKeyRelatedField(
        queryset=PurchaseProject.objects.none(), required=False, allow_null=True, default=None
    )
    key = serializers.CharField(max_length=80, required=False, default=None, allow_null=True)
    lines = LineInput(many=True, required=False, default=list)

    def get_fields(self):
        """Projects are those the caller may see."""
        fields = super().get_fields()
        fields["project"].queryset = projects_visible_to(self.context["request"].user)
        return fields


class ReasonInput(serializers.Serializer):
    """Why."""

    reason = serializers.CharField()


class ProgressInput(serializers.Serializer):
    """Person-days done on a line; negative to correct."""

    line = serializers.IntegerField()
    days = DecimalField(max_digits=7, decimal_places=2, is_signed=True)
    activity = serializers.CharField(max_length=200)
