"""/api/v1/iterations/: plan, start, demonstrate, decide."""

import django_filters
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied

from foundation.accounts.fresh import fresh_session_or_token
from foundation.api.fields import DecimalField
from foundation.api.viewsets import ReadViewSet
from foundation.clock import now
from startups import rules, services
from startups.api.doors import OrderField, OrderLineField, RightsFirst
from startups.api.serializers import IterationRowSerializer, IterationSerializer
from startups.enums import Decision, IterationState
from startups.models import Iteration, Startup
from startups.selectors import delivery

PLAN_EXAMPLE = OpenApiExample(
    "Trois semaines",
    value={
        "startup": "acces-libre",
        "order": 12,
        "goal": "Décrire l'entrée d'un établissement en deux minutes",
        "start_date": "2026-03-02",
        "end_date": "2026-03-20",
    },
    request_only=True,
)
DECIDE_EXAMPLE = OpenApiExample(
    "Admission", value={"decision": "accepted", "signature": True}, request_only=True
)


class PlanInput(serializers.Serializer):
    """An iteration of 21 days at most, both days counted."""

    startup = serializers.SlugRelatedField(slug_field="slug", queryset=Startup.objects.all())
    order = OrderField()
    goal = serializers.CharField()
    start_date = serializers.DateField()
    end_date = serializers.DateField()


class StoryInput(serializers.Serializer):
    """A story paid by a line of the iteration's order."""

    persona = serializers.CharField(max_length=120)
    want = serializers.CharField(max_length=250)
    benefit = serializers.CharField(max_length=250)
    criteria = serializers.CharField()
    days = DecimalField(max_digits=6, decimal_places=2)
    order_line = OrderLineField()


class DemonstrationInput(serializers.Serializer):
    """The minutes of the demonstration."""

    minutes = serializers.CharField()
    attendees = serializers.CharField(max_length=300, required=False, default="")


class IterationReasonInput(serializers.Serializer):
    """A reason."""

    reason = serializers.CharField()


class DecisionInput(serializers.Serializer):
    """The decision; `signature` is true when the product owner signs the record."""

    decision = serializers.ChoiceField(choices=Decision.choices)
    reason = serializers.CharField(required=False, default="", allow_blank=True)
    reduction_percent = DecimalField(
        max_digits=5, decimal_places=2, required=False, default=None, allow_null=True
    )
    signature = serializers.BooleanField()


class DeliveryInput(serializers.Serializer):
    """Where a deliverable is."""

    location = serializers.CharField(max_length=300)


class IterationFilter(django_filters.FilterSet):
    """By startup, order and state."""

    startup = django_filters.CharFilter(field_name="startup__slug")
    order = django_filters.NumberFilter(field_name="order_id")
    state = django_filters.ChoiceFilter(choices=IterationState.choices)

    class Meta:
        model = Iteration
        fields = ["startup", "order", "state"]


@extend_schema_view(
    list=extend_schema(summary="Itérations visibles par l'appelant"),
    retrieve=extend_schema(summary="Une itération : récits, livrables, procès-verbaux"),
)
class IterationViewSet(RightsFirst, ReadViewSet):
    """Iterations: the administration reads those of its startups, a holder those of its orders."""

    queryset = Iteration.objects.none()
    serializer_class = IterationSerializer
    list_serializer_class = IterationRowSerializer
    filterset_class = IterationFilter
    search_fields = ["goal"]
    ordering_fields = ["start_date", "end_date", "number"]
    write_scope = "iterations:write"
    action_scopes = {"decide": "iterations:accept"}
    guarded_actions = frozenset({"start", "cancel", "demonstrate", "decide"})

    def visible_to(self, user):
        """The rows of `rules.iterations_visible_to`, with what their representation reads."""
        if self.lists:
            return rules.iterations_visible_to(user).select_related("startup")
        return delivery.iteration_detail(user)

    @extend_schema(
        summary="Planifier une itération",
        request=PlanInput,
        responses={201: IterationSerializer},
        examples=[PLAN_EXAMPLE],
    )
    def create(self, request, **kwargs):
        """Plan an iteration; more than 21 days are refused with the article."""
        mine = Startup.objects.filter(product_owner_id=request.user.pk)
        if not mine.exists():
            raise PermissionDenied
        data = self.submitted(PlanInput)
        return self.created(services.iteration_plan(**data, by=request.user, at=now()))

    @extend_schema(summary="Écrire un récit", request=StoryInput, responses={201: IterationSerializer})
    @action(detail=True, methods=["post"], url_path="stories")
    def add_story(self, request, **kwargs):
        """Add a user story."""
        iteration = self.object_for(rules.can_run_iteration)
        services.story_add(iteration=iteration, **self.submitted(StoryInput), by=request.user, at=now())
        return self.created(iteration)

    @extend_schema(summary="Commencer", request=None, responses=IterationSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request, **kwargs):
        """Start a planned iteration."""
        return self.answer(services.iteration_start(iteration=self.get_object(), by=request.user, at=now()))

    @extend_schema(summary="Annuler", request=IterationReasonInput, responses=IterationSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request, **kwargs):
        """Give up an iteration that has not begun."""
        iteration = self.object_for(rules.can_cancel_iteration)
        data = self.submitted(IterationReasonInput)
        return self.answer(services.iteration_cancel(iteration=iteration, **data, by=request.user, at=now()))

    @extend_schema(
        summary="Enregistrer la démonstration", request=DemonstrationInput, responses=IterationSerializer
    )
    @action(detail=True, methods=["post"])
    def demonstrate(self, request, **kwargs):
        """Record the demonstration and its minutes."""
        iteration = self.object_for(rules.can_demonstrate_iteration)
        data = self.submitted(DemonstrationInput)
        return self.answer(
            services.iteration_demonstrate(iteration=iteration, **data, by=request.user, at=now())
        )

    @extend_schema(
        summary="Signer le procès-verbal",
        request=DecisionInput,
        responses={201: IterationSerializer},
        examples=[DECIDE_EXAMPLE],
    )
    @action(detail=True, methods=["post"], url_path="records")
    @fresh_session_or_token
    def decide(self, request, **kwargs):
        """Sign the acceptance record: accepted, deferred, reduced or rejected."""
        iteration = self.object_for(rules.can_decide_iteration)
        data = self.submitted(DecisionInput)
        services.iteration_decide(iteration=iteration, **data, by=request.user, at=now())
        return self.created(iteration)

    @extend_schema(summary="Remettre un livrable", request=DeliveryInput, responses=IterationSerializer)
    @action(detail=True, methods=["post"], url_path=r"deliverables/(?P<deliverable_pk>\d+)")
    def deliver(self, request, deliverable_pk=None, **kwargs):
        """Hand over a deliverable."""
        iteration = self.object_for(rules.is_holder)
        data = self.submitted(DeliveryInput)
        row = get_object_or_404(iteration.deliverables.select_related("iteration"), pk=deliverable_pk)
        services.deliverable_deliver(deliverable=row, **data, by=request.user, at=now())
        return self.answer(iteration)
