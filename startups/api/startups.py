"""/api/v1/startups/ and /api/v1/incubators/: the public portfolio, and what its product owner writes."""

import django_filters
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied

from foundation.accounts.models import Organisation, User
from foundation.api.fields import DecimalField
from foundation.api.viewsets import ReadViewSet
from foundation.clock import now
from startups import rules, services
from startups.api.doors import OrderField, RightsFirst
from startups.api.serializers import IncubatorSerializer, StartupRowSerializer, StartupSerializer
from startups.enums import PAID_STATES, ImpactFilter, Phase
from startups.models import Incubator, Iteration, Startup
from startups.selectors import portfolio
from startups.services.portfolio import SHEET_FIELDS
from startups.workflow import STARTUP

PHASE_EXAMPLE = OpenApiExample(
    "Engager la construction",
    value={"transition": "build", "on_date": "2026-03-02", "reason": "Fiche produit validée par le comité."},
    request_only=True,
)


class SheetInput(serializers.ModelSerializer):
    """The product sheet; an absent field does not change."""

    class Meta:
        model = Startup
        fields = SHEET_FIELDS


class StartupInput(SheetInput):
    """A new startup, in one of the caller's administrations."""

    organisation = serializers.PrimaryKeyRelatedField(queryset=Organisation.objects.none())
    product_owner = serializers.SlugRelatedField(
        slug_field="email", queryset=User.objects.filter(is_active=True)
    )
    started_date = serializers.DateField()
    origin = serializers.CharField(required=False, default="")

    class Meta(SheetInput.Meta):
        fields = [
            "organisation",
            "incubator",
            "name",
            "product_owner",
            "started_date",
            "origin",
            *SHEET_FIELDS,
        ]

    def get_fields(self):
        """The caller chooses among his own administrations: the others do not exist for him."""
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["organisation"].queryset = rules.organisations_for_new_startup(request.user)
        return fields


class PhaseInput(serializers.Serializer):
    """A decision of the engagement committee."""

    transition = serializers.ChoiceField(choices=[row.name for row in STARTUP.transitions])
    on_date = serializers.DateField()
    reason = serializers.CharField()


class LinkedOrderInput(serializers.Serializer):
    """An issued order of the administration."""

    order = OrderField()


class IndicatorInput(serializers.Serializer):
    """Something to count."""

    name = serializers.CharField(max_length=200)
    unit = serializers.CharField(max_length=60)


class MeasureInput(serializers.Serializer):
    """A measure of an indicator of the startup."""

    indicator = serializers.IntegerField()
    value = DecimalField(max_digits=14, decimal_places=2, is_signed=True)
    measured_date = serializers.DateField()
    source = serializers.CharField(max_length=250)


class StartupFilter(django_filters.FilterSet):
    """Words, phase, incubator, impact."""

    q = django_filters.CharFilter(method="by_words")
    phase = django_filters.ChoiceFilter(choices=Phase.choices)
    incubator = django_filters.NumberFilter(field_name="incubator_id")
    impact = django_filters.ChoiceFilter(choices=ImpactFilter.choices, method="by_impact")

    class Meta:
        model = Startup
        fields = ["phase", "incubator"]

    def by_words(self, queryset, name, value):
        """Each word is found somewhere."""
        return portfolio.with_words(queryset, value)

    def by_impact(self, queryset, name, value):
        """National, measured or not measured yet."""
        return portfolio.with_impact(queryset, value)


@extend_schema_view(
    list=extend_schema(summary="Incubateurs"), retrieve=extend_schema(summary="Un incubateur")
)
class IncubatorViewSet(ReadViewSet):
    """Incubators, for anyone."""

    queryset = Incubator.objects.none()
    serializer_class = IncubatorSerializer
    search_fields = ["name", "organisation__name"]
    ordering_fields = ["name"]

    def visible_to(self, user):
        """Anyone reads the incubators."""
        return portfolio.incubators()


@extend_schema_view(
    list=extend_schema(summary="Startups d'État : partie publique"),
    retrieve=extend_schema(summary="Une startup : fiche, phases, itérations admises, impact"),
)
class StartupViewSet(RightsFirst, ReadViewSet):
    """State startups: anyone reads their public part, their product owner writes."""

    queryset = Startup.objects.none()
    visible_to = staticmethod(rules.startups_visible_to)
    lookup_field = "slug"
    serializer_class = StartupSerializer
    list_serializer_class = StartupRowSerializer
    filterset_class = StartupFilter
    search_fields = ["name", "problem"]
    ordering_fields = ["name", "updated_at"]
    write_scope = "startups:write"
    guarded_actions = frozenset({"phase"})

    def prepare(self, queryset):
        """What the representation reads, in a constant number of queries."""
        queryset = queryset.select_related("organisation", "incubator", "product_owner")
        if self.lists:
            return queryset
        accepted = Iteration.objects.filter(state__in=PAID_STATES).order_by("-number")
        return queryset.prefetch_related(
            "periods",
            "indicators__measures",
            Prefetch("iterations", accepted, to_attr="accepted_iterations"),
        )

    @extend_schema(summary="Ouvrir une startup", request=StartupInput, responses={201: StartupSerializer})
    def create(self, request, **kwargs):
        """Open a startup in investigation."""
        if not rules.opens_startups(request.user):
            raise PermissionDenied
        data = self.submitted(StartupInput)
        return self.created(services.startup_create(**data, by=request.user, at=now()))

    @extend_schema(summary="Écrire la fiche produit", request=SheetInput, responses=StartupSerializer)
    def partial_update(self, request, **kwargs):
        """Write the product sheet."""
        startup = self.object_for(rules.can_edit_startup)
        data = self.submitted(SheetInput, startup)
        return self.answer(services.startup_update(startup=startup, **data, by=request.user, at=now()))

    @extend_schema(
        summary="Enregistrer une décision de phase",
        request=PhaseInput,
        responses=StartupSerializer,
        examples=[PHASE_EXAMPLE],
    )
    @action(detail=True, methods=["post"])
    def phase(self, request, **kwargs):
        """Record a decision of the engagement committee."""
        startup = self.object_for(rules.can_edit_startup)
        data = self.submitted(PhaseInput)
        return self.answer(services.phase_change(startup=startup, **data, by=request.user, at=now()))

    @extend_schema(
        summary="Rattacher un bon de commande", request=LinkedOrderInput, responses={201: StartupSerializer}
    )
    @action(detail=True, methods=["post"], url_path="orders")
    def link_order(self, request, **kwargs):
        """Say that an issued order pays the startup."""
        startup = self.object_for(rules.can_link_order)
        services.order_link(startup=startup, **self.submitted(LinkedOrderInput), by=request.user, at=now())
        return self.created(startup)

    @extend_schema(
        summary="Ajouter un indicateur", request=IndicatorInput, responses={201: StartupSerializer}
    )
    @action(detail=True, methods=["post"], url_path="indicators")
    def add_indicator(self, request, **kwargs):
        """Choose something to count."""
        startup = self.object_for(rules.can_edit_startup)
        services.indicator_add(startup=startup, **self.submitted(IndicatorInput), by=request.user, at=now())
        return self.created(startup)

    @extend_schema(
        summary="Inscrire une mesure d'impact", request=MeasureInput, responses={201: StartupSerializer}
    )
    @action(detail=True, methods=["post"], url_path="measures")
    def record_measure(self, request, **kwargs):
        """Write a measure of one of its indicators."""
        startup = self.object_for(rules.can_edit_startup)
        data = dict(self.submitted(MeasureInput))
        indicators = startup.indicators.select_related("startup")
        indicator = get_object_or_404(indicators, pk=data.pop("indicator"))
        services.measure_record(indicator=indicator, **data, by=request.user, at=now())
        return self.created(startup)
