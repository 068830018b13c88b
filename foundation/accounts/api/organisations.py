"""The API of accounts: who am I, the organisations one belongs to, their members."""

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from foundation import clock
from foundation.accounts import rules, services
from foundation.accounts.enums import OrganisationKind, Role
from foundation.accounts.fresh import fresh_session_or_token
from foundation.accounts.models import Approval, Membership, Organisation, User
from foundation.accounts.personal import export
from foundation.accounts.personal.services import erasure_ask
from foundation.api.fields import AbilitiesField, LabelField
from foundation.api.viewsets import ApiViewSet, ReadViewSet


class OrganisationSerializer(serializers.ModelSerializer):
    """An organisation as other resources cite it."""

    abilities = AbilitiesField(manage_members=rules.can_manage_members)

    class Meta:
        model = Organisation
        fields = [
            "id",
            "name",
            "kind",
            "siret",
            "address",
            "postal_code",
            "city",
            "is_demonstration",
            "abilities",
        ]


class OrganisationInput(serializers.Serializer):
    """What creates an organisation; the SIRET may be spaced."""

    kind = serializers.ChoiceField(choices=OrganisationKind.choices)
    name = serializers.CharField(max_length=200)
    siret = serializers.CharField(max_length=20, help_text="14 chiffres, avec ou sans espaces.")
    address = serializers.CharField(max_length=250, required=False, default="", allow_blank=True)
    postal_code = serializers.CharField(max_length=10, required=False, default="", allow_blank=True)
    city = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class HeldRoleSerializer(serializers.Serializer):
    """One of one's own roles."""

    organisation_id = serializers.IntegerField()
    organisation_name = serializers.CharField(source="organisation.name")
    role = serializers.ChoiceField(choices=Role.choices)
    role_label = LabelField(source="get_role_display")


class MeSerializer(serializers.ModelSerializer):
    """The owner of the token or of the session, with the roles held."""

    memberships = HeldRoleSerializer(many=True)
    abilities = AbilitiesField(
        create_organisation=lambda user, _me: rules.can_create_organisation(user),
        manage_users=lambda user, _me: rules.can_manage_users(user),
    )

    class Meta:
        model = User
        fields = ["id", "email", "full_name", "is_program", "memberships", "abilities"]


class MemberSerializer(serializers.Serializer):
    """One role of one member; `id` is what `remove` takes."""

    id = serializers.IntegerField()
    user_id = serializers.IntegerField()
    full_name = serializers.CharField(source="user.full_name")
    role = serializers.ChoiceField(choices=Role.choices)
    role_label = LabelField(source="get_role_display")


class MemberInput(serializers.Serializer):
    """One more role for a member; who is not one yet is invited (`/invitations/`)."""

    user_id = serializers.IntegerField()
    role = serializers.ChoiceField(choices=Role.choices)


class WaitingSerializer(serializers.Serializer):
    """The role is given when a second person confirms the request of this number (`/approvals/`)."""

    approval_id = serializers.IntegerField(source="pk")
    state = serializers.CharField()


class ErasureInput(serializers.Serializer):
    """Why the person leaves."""

    reason = serializers.CharField(max_length=300)


class MeViewSet(ApiViewSet):
    """Le porteur du jeton ou de la session."""

    write_scope = "approvals:write"

    permission_classes = [IsAuthenticated]
    serializer_class = MeSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(summary="Mon compte et mes rôles", responses=MeSerializer)
    def list(self, request):
        """Le compte du porteur du jeton, et ses rôles dans chaque organisation."""
        user = User.objects.prefetch_related("memberships__organisation").get(pk=request.user.pk)
        return Response(self.get_serializer(user).data)

    @extend_schema(summary="Mes données", responses=OpenApiTypes.OBJECT, filters=False)
    @action(detail=False, pagination_class=None)
    @fresh_session_or_token
    def data(self, request):
        """Tout ce que la plateforme garde du porteur, avec ce que la loi conserve et pourquoi."""
        return StreamingHttpResponse(
            export.lines(request.user, at=clock.now()), content_type=export.MEDIA_TYPE
        )

    @extend_schema(
        summary="Demander l'effacement de mes données",
        request=ErasureInput,
        responses={202: WaitingSerializer},
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    @fresh_session_or_token
    def erase(self, request):
        """L'administration de la plateforme confirme ; refusé tant qu'une organisation en dépend (409)."""
        data = self.submitted(ErasureInput)
        asked = erasure_ask(user=request.user, **data, by=request.user, at=clock.now())
        return Response(WaitingSerializer(asked).data, status=status.HTTP_202_ACCEPTED)


@extend_schema_view(
    list=extend_schema(summary="Mes organisations"),
    retrieve=extend_schema(summary="Une organisation"),
)
class OrganisationViewSet(ReadViewSet):
    """Les organisations dont on est membre ; toutes pour l'administration de la plateforme."""

    permission_classes = [IsAuthenticated]
    visible_to = staticmethod(rules.organisations_visible_to)
    serializer_class = OrganisationSerializer
    filterset_fields = ["kind", "siret"]
    search_fields = ["name", "city"]
    ordering_fields = ["name", "created_at"]
    write_scope = "organisations:write"

    @extend_schema(
        summary="Créer une organisation", request=OrganisationInput, responses={201: OrganisationSerializer}
    )
    def create(self, request):
        """Réservé à l'administration de la plateforme ; le SIRET est vérifié."""
        data = self.submitted(OrganisationInput)
        return self.created(services.organisation_create(**data, by=request.user, at=clock.now()))

    @extend_schema(summary="Les membres et leurs rôles", responses=MemberSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def members(self, request, **kwargs):
        """Un élément par rôle donné."""
        memberships = self.get_object().memberships.select_related("user")
        return Response(MemberSerializer(memberships, many=True).data)

    @extend_schema(
        summary="Donner un rôle à un membre",
        request=MemberInput,
        responses={201: MemberSerializer, 202: WaitingSerializer},
    )
    @members.mapping.post
    @fresh_session_or_token
    def add_member(self, request, **kwargs):
        """Un rôle qui lit les offres, signe ou administre attend une seconde personne (202)."""
        organisation = self.get_object()
        data = self.submitted(MemberInput)
        people = User.objects.filter(pk__in=organisation.memberships.values("user_id"))
        member = get_object_or_404(people, pk=data["user_id"])
        given = services.membership_add(
            organisation=organisation, user=member, role=data["role"], by=request.user, at=clock.now()
        )
        if isinstance(given, Approval):
            return Response(WaitingSerializer(given).data, status=status.HTTP_202_ACCEPTED)
        return Response(MemberSerializer(given).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Retirer un rôle", request=None, responses={204: OpenApiResponse(description="Rôle retiré")}
    )
    @action(detail=True, methods=["delete"], url_path=r"members/(?P<membership_id>\d+)")
    @fresh_session_or_token
    def remove_member(self, request, membership_id, **kwargs):
        """Le dernier administrateur d'une organisation ne peut pas être retiré (409)."""
        memberships = Membership.objects.select_related("user", "organisation")
        membership = get_object_or_404(memberships, organisation=self.get_object(), pk=membership_id)
        services.membership_remove(membership=membership, by=request.user, at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
