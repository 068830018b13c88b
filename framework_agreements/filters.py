"""What lists of orders and of work units may be narrowed by, on pages and in the API."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from framework_agreements.enums import AgreementState, OrderState, Phase
from framework_agreements.models import (
    AgreementLot,
    Beneficiary,
    FrameworkAgreement,
    Holder,
    PurchaseOrder,
    WorkUnit,
)


def _organisations(model, orders):
    """The organisations of these beneficiaries or holders that have an order among those the reader sees."""
    pairs = model.objects.filter(orders__in=orders).values_list("organisation_id", "organisation__name")
    return [(str(pk), name) for pk, name in pairs.distinct().order_by("organisation__name")]


class OrderFilter(django_filters.FilterSet):
    """Words, state, agreement, beneficiary and holder."""

    q = django_filters.CharFilter(label=_("Rechercher"), method="filter_words")
    state = django_filters.ChoiceFilter(
        label=_("État"), choices=OrderState.choices, empty_label=_("Tous les états")
    )
    agreement = django_filters.ModelChoiceFilter(
        label=_("Accord-cadre"),
        queryset=FrameworkAgreement.objects.exclude(state=AgreementState.DRAFT).order_by("reference"),
        empty_label=_("Tous les accords-cadres"),
    )
    beneficiary = django_filters.ChoiceFilter(
        label=_("Bénéficiaire"),
        field_name="beneficiary__organisation",
        empty_label=_("Tous les bénéficiaires"),
    )
    holder = django_filters.ChoiceFilter(
        label=_("Titulaire"), field_name="holder__organisation", empty_label=_("Tous les titulaires")
    )

    class Meta:
        model = PurchaseOrder
        fields = ["q", "state", "agreement", "beneficiary", "holder"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The choices are read when the field is first drawn, from what this reader may see.
        seen = self.queryset.order_by() if self.queryset is not None else PurchaseOrder.objects.none()
        self.filters["beneficiary"].extra["choices"] = lambda: _organisations(Beneficiary, seen.values("pk"))
        self.filters["holder"].extra["choices"] = lambda: _organisations(Holder, seen.values("pk"))

    def filter_words(self, queryset, name, value):
        """Number, title, or name of the beneficiary or the holder."""
        found = (
            Q(title__icontains=value)
            | Q(beneficiary__organisation__name__icontains=value)
            | Q(holder__organisation__name__icontains=value)
        )
        digits = value.upper().removeprefix("BC-").lstrip("0")
        return queryset.filter(found | Q(number=int(digits)) if digits.isdecimal() else found)


class OrderApiFilter(django_filters.FilterSet):
    """State, agreement, lot, beneficiary and holder (ids of organisations), dates of issue."""

    state = django_filters.MultipleChoiceFilter(choices=OrderState.choices)
    agreement = django_filters.NumberFilter(field_name="agreement_id")
    lot = django_filters.NumberFilter(field_name="lot_id")
    beneficiary = django_filters.NumberFilter(field_name="beneficiary__organisation_id")
    holder = django_filters.NumberFilter(field_name="holder__organisation_id")
    project = django_filters.NumberFilter(field_name="project_id")
    issued_after = django_filters.IsoDateTimeFilter(field_name="issued_at", lookup_expr="gte")
    issued_before = django_filters.IsoDateTimeFilter(field_name="issued_at", lookup_expr="lt")

    class Meta:
        model = PurchaseOrder
        fields = []


class WorkUnitFilter(django_filters.FilterSet):
    """Agreement, lot, phase, code."""

    agreement = django_filters.NumberFilter(field_name="lot__agreement_id")
    lot = django_filters.ModelChoiceFilter(queryset=AgreementLot.objects.all())
    phase = django_filters.ChoiceFilter(choices=Phase.choices)
    code = django_filters.CharFilter()

    class Meta:
        model = WorkUnit
        fields = []


class AgreementFilter(django_filters.FilterSet):
    """State, buyer and beneficiary (ids of organisations)."""

    state = django_filters.ChoiceFilter(choices=AgreementState.choices)
    buyer = django_filters.NumberFilter(field_name="buyer_id")
    beneficiary = django_filters.NumberFilter(field_name="beneficiaries__organisation_id")

    class Meta:
        model = FrameworkAgreement
        fields = []
