"""What the API is sent."""

import re

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from framework_agreements.enums import AgreementState
from framework_agreements.models import AgreementLot, Beneficiary, Holder, WorkUnit
from needs.models import PurchaseProject
from needs.rules import projects_visible_to


class NumberField(serializers.DecimalField):
    """A number written with digits and one point, and nothing else: neither 1e5, nor the digits of other scripts."""

    default_error_messages = {"written": _("Écrivez un nombre en chiffres, par exemple 12.50.")}
    _WRITTEN = re.compile(r"-?[0-9]+(\.[0-9]+)?")

    def to_internal_value(self, data):
        """Raises ValidationError, with the other refusals of a decimal."""
        if not self._WRITTEN.fullmatch(str(data).strip()):
            self.fail("written")
        return super().to_internal_value(data)


class LineInput(serializers.Serializer):
    """A line: `planned_days` only when the unit has no load of its own."""

    work_unit = serializers.PrimaryKeyRelatedField(queryset=WorkUnit.objects.all())
    quantity = NumberField(max_digits=8, decimal_places=2)
    planned_days = NumberField(
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
    days = NumberField(max_digits=7, decimal_places=2)
    activity = serializers.CharField(max_length=200)
