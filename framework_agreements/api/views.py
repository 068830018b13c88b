"""The doors of the API: each parses, calls one service or selector, answers."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response

from foundation import clock
from foundation.accounts.fresh import fresh_session_or_token
from foundation.api.viewsets import ReadViewSet
from framework_agreements import rules, selectors, services
from framework_agreements.api.inputs import LineInput, OrderInput, ProgressInput, ReasonInput
from framework_agreements.api.serializers import (
    AgreementRowSerializer,
    AgreementSerializer,
    OrderRowSerializer,
    OrderSerializer,
    ProgressSerializer,
    SteeringSerializer,
    WorkUnitSerializer,
)
from framework_agreements.filters import AgreementFilter, OrderApiFilter, WorkUnitFilter
from framework_agreements.models import WorkUnit


@extend_schema_view(
    list=extend_schema(summary="Les accords-cadres"),
    retrieve=extend_schema(summary="Un accord-cadre, ses lots, titulaires, bénéficiaires et plafonds"),
)
class AgreementViewSet(ReadViewSet):
    """Les accords-cadres conclus, lus par tous ; la consommation est agrégée."""

    permission_classes = [AllowAny]
    visible_to = staticmethod(rules.agreements_visible_to)
    serializer_class = AgreementSerializer
    list_serializer_class = AgreementRowSerializer
    filterset_class = AgreementFilter
    search_fields = ["title", "reference", "buyer__name"]
    ordering_fields = ["created_at", "reference"]

    def prepare(self, queryset):
        """The detail also reads the beneficiaries."""
        queryset = queryset.select_related("buyer")
        return queryset if self.lists else queryset.prefetch_related("beneficiaries__organisation")


def _work_units_visible_to(user):
    return WorkUnit.objects.filter(lot__agreement__in=rules.agreements_visible_to(user).values("pk"))


@extend_schema_view(
    list=extend_schema(summary="Les unités d'œuvre"), retrieve=extend_schema(summary="Une unité d'œuvre")
)
class WorkUnitViewSet(ReadViewSet):
    """Les unités d'œuvre : phase, complexité, charge, durée, profils, livrables ; sans les prix."""

    permission_classes = [AllowAny]
    visible_to = staticmethod(_work_units_visible_to)
    serializer_class = WorkUnitSerializer
    filterset_class = WorkUnitFilter
    search_fields = ["code", "title"]
    ordering_fields = ["code", "position"]

    def prepare(self, queryset):
        """With the lot and the deliverables."""
        return queryset.select_related("lot__agreement").prefetch_related("deliverables")


ORDER_EXAMPLE = OpenApiExample(
    "Deux unités de développement et une de design",
    request_only=True,
    value={
        "lot": 2,
        "holder": 3,
        "beneficiary": 5,
        "title": "Construction du service « Trouve ta place »",
        "key": "commande-2026-17",
        "lines": [
            {"work_unit": 41, "quantity": "2"},
            {"work_unit": 38, "quantity": "1", "planned_days": "38"},
        ],
    },
)


@extend_schema_view(
    list=extend_schema(summary="Mes bons de commande"), retrieve=extend_schema(summary="Un bon de commande")
)
class OrderViewSet(ReadViewSet):
    """Les bons de commande de mon organisation, ou que je tiens ou administre (émis, pour le titulaire)."""

    permission_classes = [IsAuthenticated]
    visible_to = staticmethod(rules.orders_visible_to)
    serializer_class = OrderSerializer
    list_serializer_class = OrderRowSerializer
    filterset_class = OrderApiFilter
    search_fields = ["title", "beneficiary__organisation__name", "holder__organisation__name"]
    ordering_fields = ["created_at", "total_excl_tax"]
    write_scope = "orders:write"
    action_scopes = {"issue": "orders:issue", "acknowledge": "orders:acknowledge"}
    guarded_actions = frozenset({"issue", "complete", "cancel"})

    def prepare(self, queryset):
        """With what a row shows; the lines for the detail."""
        queryset = queryset.select_related("agreement", "holder__organisation", "beneficiary__organisation")
        return queryset if self.lists else queryset.prefetch_related("lines__work_unit")

    def _order_for(self, may):
        """The order, 404 when not visible, 403 when the caller may not do this with it."""
        order = self.get_object()
        if not may(self.request.user, order):
            self.permission_denied(self.request)
        return order

    @extend_schema(
        summary="Préparer un bon de commande",
        request=OrderInput,
        responses={201: OrderSerializer},
        examples=[ORDER_EXAMPLE],
    )
    def create(self, request):
        """Un brouillon au prix du bordereau du titulaire. Il n'engage rien avant son émission."""
        data = self.submitted(OrderInput)
        data["lines"] = [services.LineDraft(**line) for line in data["lines"]]
        return self.created(services.order_create(**data, by=request.user, at=clock.now()))

    @extend_schema(summary="Ajouter une ligne", request=LineInput, responses={201: OrderSerializer})
    @action(detail=True, methods=["post"])
    def lines(self, request, **kwargs):
        """Sur un brouillon seulement."""
        order = self._order_for(rules.can_edit_order)
        line = services.LineDraft(**self.submitted(LineInput))
        return self.created(services.order_add_line(order=order, line=line, by=request.user, at=clock.now()))

    @extend_schema(summary="Émettre", request=None, responses=OrderSerializer)
    @action(detail=True, methods=["post"])
    @fresh_session_or_token
    def issue(self, request, **kwargs):
        """Numérote, tient les plafonds (422 « ceiling » au-delà), prévient le titulaire. Peut être répété."""
        order = self.get_object()
        return self.answer(services.order_issue(order=order, by=request.user, at=clock.now()))

    @extend_schema(summary="Accuser réception", request=None, responses=OrderSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request, **kwargs):
        """Par un membre du titulaire. Peut être répété."""
        order = self.get_object()
        return self.answer(services.order_acknowledge(order=order, by=request.user, at=clock.now()))

    @extend_schema(summary="Solder", request=None, responses=OrderSerializer)
    @action(detail=True, methods=["post"])
    def complete(self, request, **kwargs):
        """Plus aucun jour ne s'inscrit ensuite."""
        order = self.get_object()
        return self.answer(services.order_complete(order=order, by=request.user, at=clock.now()))

    @extend_schema(summary="Abandonner un brouillon", request=ReasonInput, responses=OrderSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request, **kwargs):
        """Un bon émis ne s'abandonne pas."""
        order = self._order_for(rules.can_cancel_order)
        data = self.submitted(ReasonInput)
        return self.answer(services.order_cancel(order=order, **data, by=request.user, at=clock.now()))

    @extend_schema(
        summary="Inscrire des jours réalisés", request=ProgressInput, responses={201: ProgressSerializer}
    )
    @action(detail=True, methods=["post"])
    def progress(self, request, **kwargs):
        """En jours-homme et par activité opérationnelle (CCTP, § 7.2)."""
        order = self._order_for(rules.can_record_progress)
        data = self.submitted(ProgressInput)
        line = get_object_or_404(order.lines, pk=data.pop("line"))
        entry = services.order_record_progress(
            line=line, **data, source_label=str(request.user), by=request.user, at=clock.now()
        )
        return Response(ProgressSerializer(entry).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Avancement en jours-homme",
        responses=OpenApiResponse(
            SteeringSerializer, description="Sur les commandes que les filtres retiennent"
        ),
    )
    @action(detail=False, pagination_class=None)
    def steering(self, request):
        """Prévus, réalisés, restants, et activités, sur les commandes que les filtres retiennent."""
        orders = (
            self.filter_queryset(self.get_queryset()).order_by().filter(number__isnull=False).values("pk")
        )
        answer = {**selectors.progress_of_orders(orders), "activities": selectors.activities_of(orders)}
        return Response(SteeringSerializer(answer).data)
