"""The API of accounts: who am I, the organisations one belongs to, their members."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from foundation import clock
from foundation.accounts import rules, services
from foundation.accounts.enums import OrganisationKind, Role
from foundation.accounts.fresh import fresh_session_or_token
from foundation.accounts.invitations import send_invitation
from foundation.accounts.models import Membership, Organisation, User
from foundation.api.fields import AbilitiesField
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
    role_label = serializers.CharField(source="get_role_display")


class MeSerializer(serializers.ModelSerializer):
    """The owner of the token or of the session, with the roles held."""

    memberships = HeldRoleSerializer(many=True)

    class Meta:
        model = User
        fields = ["id", "email", "full_name", "memberships"]


class MemberSerializer(serializers.Serializer):
    """One role of one member; `id` is what `remove` takes."""

    id = serializers.IntegerField()
    user_id = serializers.IntegerField()
    full_name = serializers.CharField(source="user.full_name")
    role = serializers.ChoiceField(choices=Role.choices)
    role_label = serializers.CharField(source="get_role_display")


class MemberInput(serializers.Serializer):
    """A person and the role given; the account is opened when there is none at this address."""

    email = serializers.EmailField(max_length=254)
    full_name = serializers.CharField(max_length=150)
    role = serializers.ChoiceField(choices=Role.choices)


class MeViewSet(ApiViewSet):
    """Le porteur du jeton ou de la session."""

    permission_classes = [IsAuthenticated]
    serializer_class = MeSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(summary="Mon compte et mes rôles", responses=MeSerializer)
    def list(self, request):
        """Le compte du porteur du jeton, et ses rôles dans chaque organisation."""
        user = User.objects.prefetch_related("memberships__organisation").get(pk=request.user.pk)
        return Response(self.get_serializer(user).data)


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

    @extend_schema(summary="Donner un rôle", request=MemberInput, responses={201: MemberSerializer})
    @members.mapping.post
    @fresh_session_or_token
    def add_member(self, request, **kwargs):
        """Ouvre le compte et envoie une invitation quand l'adresse n'en a pas encore."""
        organisation = self.get_object()
        data = self.submitted(MemberInput)
        membership, is_new = services.member_invite(
            organisation=organisation, **data, by=request.user, at=clock.now()
        )
        if is_new:
            send_invitation(membership.user, organisation, request.user)
        return Response(MemberSerializer(membership).data, status=status.HTTP_201_CREATED)

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


ROUTES = [("me", MeViewSet, "me"), ("organisations", OrganisationViewSet, "organisation")]
