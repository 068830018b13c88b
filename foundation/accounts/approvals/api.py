"""What waits for a second person, for programs."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated

from foundation import clock
from foundation.accounts.approvals import registry, rules, services
from foundation.accounts.fresh import fresh_session_or_token
from foundation.accounts.models import Approval
from foundation.api.fields import AbilitiesField
from foundation.api.viewsets import ReadViewSet


class ApprovalSerializer(serializers.ModelSerializer):
    """A request: the frozen facts, who asked, who decided. `digest` is to be sent back to confirm."""

    label = serializers.SerializerMethodField()
    abilities = AbilitiesField(
        confirm=rules.can_confirm_approval, refuse=rules.can_refuse_approval, oppose=rules.can_oppose_approval
    )

    class Meta:
        model = Approval
        fields = [
            "id",
            "action",
            "label",
            "object_type",
            "object_id",
            "object_label",
            "organisation",
            "facts",
            "digest",
            "state",
            "asked_by",
            "asked_at",
            "reason",
            "lapses_at",
            "outside_from_at",
            "takes_effect_at",
            "decided_by",
            "decided_at",
            "decision_reason",
            "abilities",
        ]

    @extend_schema_field(OpenApiTypes.STR)
    def get_label(self, approval):
        """The act, in French."""
        return str(registry.find(approval.action).label)


class ConfirmInput(serializers.Serializer):
    """The digest of the facts that were read."""

    digest = serializers.CharField(max_length=64)


class RefuseInput(serializers.Serializer):
    """Why it is refused, or opposed."""

    reason = serializers.CharField(max_length=500)


@extend_schema_view(
    list=extend_schema(summary="Les demandes à confirmer"),
    retrieve=extend_schema(summary="Une demande à confirmer"),
)
class ApprovalViewSet(ReadViewSet):
    """Les actes demandés par une personne et faits quand une autre les confirme."""

    permission_classes = [IsAuthenticated]
    visible_to = staticmethod(rules.approvals_visible_to)
    serializer_class = ApprovalSerializer
    write_scope = "approvals:write"
    filterset_fields = ["state", "action"]
    ordering_fields = ["asked_at"]
    ordering = "-asked_at"

    def prepare(self, queryset):
        """With the persons and the organisation that the rules read."""
        return queryset.select_related("asked_by", "asked_for", "organisation")

    @extend_schema(summary="Confirmer", request=ConfirmInput, responses=ApprovalSerializer)
    @action(detail=True, methods=["post"])
    @fresh_session_or_token
    def confirm(self, request, **kwargs):
        """Fait l'acte, ou le fait attendre jusqu'à takes_effect_at quand demande et confirmation viennent de
        l'extérieur ; refusé à qui l'a demandé, et quand l'objet a changé depuis la demande (409).
        """
        data = self.submitted(ConfirmInput)
        approval = self.get_object()
        return self.answer(
            services.approval_confirm(approval=approval, **data, by=request.user, at=clock.now())
        )

    @extend_schema(summary="Refuser", request=RefuseInput, responses=ApprovalSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request, **kwargs):
        """Le motif est donné à qui a demandé."""
        data = self.submitted(RefuseInput)
        approval = self.get_object()
        services.approval_refuse(approval=approval, **data, by=request.user, at=clock.now())
        return self.answer(approval)

    @extend_schema(summary="S'opposer", request=RefuseInput, responses=ApprovalSerializer)
    @action(detail=True, methods=["post"])
    def oppose(self, request, **kwargs):
        """Par toute personne de l'organisation, contre ce que la plateforme pourrait décider sans elle."""
        data = self.submitted(RefuseInput)
        approval = self.get_object()
        services.approval_oppose(approval=approval, **data, by=request.user, at=clock.now())
        return self.answer(approval)


ROUTES = [("approvals", ApprovalViewSet, "approval")]
