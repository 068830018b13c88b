"""Invitations and requests to belong to an organisation, for programs."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated

from foundation import clock
from foundation.accounts import rules, services
from foundation.accounts.enums import Role
from foundation.accounts.fresh import fresh_session_or_token
from foundation.accounts.invitations import send_invitation
from foundation.accounts.models import Invitation, JoinRequest
from foundation.api.fields import AbilitiesField
from foundation.api.viewsets import ReadViewSet


class InvitationSerializer(serializers.ModelSerializer):
    """An offer of roles made to an address. The secret of its link is only in the message sent."""

    abilities = AbilitiesField(manage=rules.can_manage_invitation, answer=rules.can_answer_invitation)

    class Meta:
        model = Invitation
        fields = [
            "id",
            "organisation",
            "email",
            "full_name",
            "roles",
            "state",
            "invited_by",
            "sent_at",
            "expires_at",
            "settled_at",
            "abilities",
        ]


class InvitationInput(serializers.Serializer):
    """Who is invited where, and the roles offered."""

    organisation_id = serializers.IntegerField()
    email = serializers.EmailField(max_length=254)
    full_name = serializers.CharField(max_length=150)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices), allow_empty=False)


class RolesInput(serializers.Serializer):
    """The roles given to who asked."""

    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices), allow_empty=False)


class JoinRequestSerializer(serializers.ModelSerializer):
    """Somebody asks to belong to a firm; its administrators answer."""

    full_name = serializers.CharField(source="user.full_name", read_only=True)
    abilities = AbilitiesField(decide=rules.can_decide_join_request, withdraw=rules.can_withdraw_join_request)

    class Meta:
        model = JoinRequest
        fields = [
            "id",
            "organisation",
            "user",
            "full_name",
            "message",
            "state",
            "asked_at",
            "decided_at",
            "decided_by",
            "abilities",
        ]


@extend_schema_view(
    list=extend_schema(summary="Les invitations"), retrieve=extend_schema(summary="Une invitation")
)
class InvitationViewSet(ReadViewSet):
    """Celles des organisations que l'on administre, et celles adressées à sa propre adresse."""

    permission_classes = [IsAuthenticated]
    visible_to = staticmethod(rules.invitations_visible_to)
    serializer_class = InvitationSerializer
    filterset_fields = ["organisation", "state"]
    ordering_fields = ["sent_at"]
    ordering = "-sent_at"
    write_scope = "organisations:write"

    def prepare(self, queryset):
        """With the organisation that the rules read."""
        return queryset.select_related("organisation")

    @extend_schema(
        summary="Inviter une personne", request=InvitationInput, responses={201: InvitationSerializer}
    )
    @fresh_session_or_token
    def create(self, request):
        """Envoie un lien personnel ; la réponse ne dit jamais si l'adresse a déjà un compte."""
        data = self.submitted(InvitationInput)
        organisations = rules.organisations_visible_to(request.user)
        organisation = get_object_or_404(organisations, pk=data.pop("organisation_id"))
        invitation, secret = services.invitation_send(
            organisation=organisation, **data, by=request.user, at=clock.now()
        )
        send_invitation(invitation, secret)
        return self.created(invitation)

    @extend_schema(summary="Renvoyer une invitation", request=None, responses=InvitationSerializer)
    @action(detail=True, methods=["post"])
    @fresh_session_or_token
    def send_again(self, request, **kwargs):
        """Un nouveau lien, pour un nouveau délai ; l'ancien n'ouvre plus rien."""
        invitation, secret = services.invitation_send_again(
            invitation=self.get_object(), by=request.user, at=clock.now()
        )
        send_invitation(invitation, secret)
        return self.answer(invitation)

    @extend_schema(summary="Révoquer une invitation", request=None, responses=InvitationSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request, **kwargs):
        """Son lien n'ouvre plus rien."""
        return self._settle(services.invitation_revoke)

    @extend_schema(summary="Accepter une invitation", request=None, responses=InvitationSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request, **kwargs):
        """Par le compte qui porte l'adresse invitée."""
        return self._settle(services.invitation_accept)

    @extend_schema(summary="Décliner une invitation", request=None, responses=InvitationSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request, **kwargs):
        """Par le compte qui porte l'adresse invitée."""
        return self._settle(services.invitation_decline)

    def _settle(self, service):
        return self.answer(service(invitation=self.get_object(), by=self.request.user, at=clock.now()))


@extend_schema_view(
    list=extend_schema(summary="Les demandes de rattachement"),
    retrieve=extend_schema(summary="Une demande de rattachement"),
)
class JoinRequestViewSet(ReadViewSet):
    """Celles que l'on a faites, et celles des entreprises que l'on administre."""

    permission_classes = [IsAuthenticated]
    visible_to = staticmethod(rules.join_requests_visible_to)
    serializer_class = JoinRequestSerializer
    filterset_fields = ["organisation", "state"]
    ordering_fields = ["asked_at"]
    ordering = "-asked_at"
    write_scope = "organisations:write"

    def prepare(self, queryset):
        """With what the rules and the serializer read."""
        return queryset.select_related("organisation", "user")

    @extend_schema(summary="Accepter une demande", request=RolesInput, responses=JoinRequestSerializer)
    @action(detail=True, methods=["post"])
    @fresh_session_or_token
    def accept(self, request, **kwargs):
        """La personne devient membre avec ces rôles."""
        asked, data = self.get_object(), self.submitted(RolesInput)
        return self.answer(
            services.join_request_accept(join_request=asked, **data, by=request.user, at=clock.now())
        )

    @extend_schema(summary="Refuser une demande", request=None, responses=JoinRequestSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request, **kwargs):
        """La personne en est prévenue."""
        asked = self.get_object()
        return self.answer(services.join_request_refuse(join_request=asked, by=request.user, at=clock.now()))

    @extend_schema(summary="Retirer sa demande", request=None, responses=JoinRequestSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, **kwargs):
        """Par qui l'a faite."""
        asked = self.get_object()
        return self.answer(
            services.join_request_withdraw(join_request=asked, by=request.user, at=clock.now())
        )
