"""Delegations, for programs."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from foundation import clock
from foundation.accounts import legal, perimeters, rules, selectors, services
from foundation.accounts.fresh import fresh_session_or_token
from foundation.accounts.models import Delegation
from foundation.api.fields import AbilitiesField
from foundation.api.viewsets import ReadViewSet


class DelegationSerializer(serializers.ModelSerializer):
    """A role lent from one instant to another."""

    principal_name = serializers.CharField(source="principal.full_name", read_only=True)
    delegate_name = serializers.CharField(source="delegate.full_name", read_only=True)
    abilities = AbilitiesField(revoke=rules.can_revoke_delegation)

    class Meta:
        model = Delegation
        fields = [
            "id",
            "organisation",
            "principal",
            "principal_name",
            "delegate",
            "delegate_name",
            "role",
            "perimeter_type",
            "perimeter_id",
            "perimeter_label",
            "starts_at",
            "ends_at",
            "given_at",
            "revoked_at",
            "abilities",
        ]


class DelegationInput(serializers.Serializer):
    """Which of one's own roles are lent, to which member, between which instants, for everything or one object."""

    organisation_id = serializers.IntegerField()
    delegate_id = serializers.IntegerField()
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=[(role.value, role.label) for role in legal.DELEGABLE_ROLES]),
        allow_empty=False,
    )
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    perimeter_type = serializers.ChoiceField(
        choices=[],
        required=False,
        default="",
        allow_blank=True,
        help_text="Nature de l’objet auquel le rôle est limité ; absente : tout ce que le rôle permet.",
    )
    perimeter_id = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["perimeter_type"].choices = [(kind.code, kind.label) for kind in perimeters.kinds()]


@extend_schema_view(
    list=extend_schema(summary="Les délégations"), retrieve=extend_schema(summary="Une délégation")
)
class DelegationViewSet(ReadViewSet):
    """Celles que l'on donne, que l'on reçoit, et celles des organisations que l'on administre."""

    permission_classes = [IsAuthenticated]
    visible_to = staticmethod(rules.delegations_visible_to)
    serializer_class = DelegationSerializer
    filterset_fields = ["organisation", "principal", "delegate", "role"]
    ordering_fields = ["starts_at", "ends_at", "given_at"]
    ordering = "-given_at"
    write_scope = "delegations:write"

    def prepare(self, queryset):
        """With the people and the organisation that the rules and the serializer read."""
        return queryset.select_related("principal", "delegate", "organisation")

    @extend_schema(
        summary="Déléguer des rôles",
        request=DelegationInput,
        responses={201: DelegationSerializer(many=True)},
    )
    @fresh_session_or_token
    def create(self, request):
        """Une délégation par rôle ; un rôle reçu par délégation ne se délègue pas."""
        data = self.submitted(DelegationInput)
        organisations = selectors.organisations_of(request.user)
        people = selectors.colleagues(request.user)
        limit = (data.pop("perimeter_type"), data.pop("perimeter_id"))
        given = services.delegations_give(
            organisation=get_object_or_404(organisations, pk=data.pop("organisation_id")),
            delegate=get_object_or_404(people, pk=data.pop("delegate_id")),
            perimeter=limit if any(limit) else None,
            **data,
            by=request.user,
            at=clock.now(),
        )
        return Response(self.get_serializer(given, many=True).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Révoquer une délégation", request=None, responses=DelegationSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request, **kwargs):
        """Elle n'ouvre plus aucun droit, aussitôt."""
        delegation = services.delegation_revoke(delegation=self.get_object(), by=request.user, at=clock.now())
        return self.answer(delegation)
