"""The API of accounts: who am I, and the organisations one belongs to."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from foundation.accounts import rules
from foundation.accounts.models import Organisation, User
from foundation.api.fields import AbilitiesField
from foundation.api.viewsets import ReadViewSet


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


class MembershipSerializer(serializers.Serializer):
    """One role in one organisation."""

    organisation_id = serializers.IntegerField()
    organisation_name = serializers.CharField(source="organisation.name")
    role = serializers.CharField()
    role_label = serializers.CharField(source="get_role_display")


class MeSerializer(serializers.ModelSerializer):
    """The owner of the token or of the session, with the roles held."""

    memberships = MembershipSerializer(many=True)

    class Meta:
        model = User
        fields = ["id", "email", "full_name", "memberships"]


class MeViewSet(viewsets.GenericViewSet):
    """Who the caller is."""

    permission_classes = [IsAuthenticated]
    serializer_class = MeSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(summary="Mon compte et mes rôles", responses=MeSerializer)
    def list(self, request):
        """Le compte du porteur du jeton, et ses rôles dans chaque organisation."""
        user = User.objects.prefetch_related("memberships__organisation").get(pk=request.user.pk)
        return Response(MeSerializer(user).data)


class OrganisationViewSet(ReadViewSet):
    """The organisations one belongs to; all of them for the platform administrator."""

    permission_classes = [IsAuthenticated]
    visible_to = staticmethod(rules.organisations_visible_to)
    serializer_class = OrganisationSerializer
    filterset_fields = ["kind", "siret"]
    search_fields = ["name", "city"]
    ordering_fields = ["name", "created_at"]


ROUTES = [("me", MeViewSet, "me"), ("organisations", OrganisationViewSet, "organisation")]
