"""The API of the journal: checkpoints and proofs for anyone, receipts for whoever sees the history of the object."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from foundation.api.viewsets import ApiViewSet, ReadViewSet
from foundation.errors import Refusal
from foundation.journal import rules, selectors, services
from foundation.journal.models import Checkpoint, Entry, SigningKey, TimeStamp
from foundation.journal.selectors import LARGEST


class TimeStampSerializer(serializers.ModelSerializer):
    """Un jeton RFC 3161 sur la note ; `is_development` : autorité de développement, non qualifiée."""

    token = serializers.SerializerMethodField()

    class Meta:
        model = TimeStamp
        fields = ["authority", "stamped_at", "is_qualified", "is_development", "token"]

    def get_token(self, stamp) -> str:
        """The token, base64."""
        return services.base64_token(stamp)


class CheckpointSerializer(serializers.ModelSerializer):
    """Un point de contrôle : `note` est le texte signé (C2SP tlog-checkpoint)."""

    timestamps = TimeStampSerializer(many=True, read_only=True)

    class Meta:
        model = Checkpoint
        fields = ["id", "size", "root", "note", "verifier_key", "is_development", "made_at", "timestamps"]


class KeySerializer(serializers.ModelSerializer):
    """Une clé publique qui a signé."""

    class Meta:
        model = SigningKey
        fields = ["verifier_key", "is_development", "first_used_at"]


class InclusionSerializer(serializers.Serializer):
    """La preuve qu'une ligne est dans les `size` premières, sans son contenu."""

    index = serializers.IntegerField()
    size = serializers.IntegerField()
    leaf_hash = serializers.CharField()
    inclusion = serializers.ListField(child=serializers.CharField())


class ConsistencySerializer(serializers.Serializer):
    """La preuve que les `second` premières lignes prolongent les `first` premières."""

    first = serializers.IntegerField()
    second = serializers.IntegerField()
    consistency = serializers.ListField(child=serializers.CharField())


class ReceiptEntrySerializer(serializers.Serializer):
    """Une ligne entière et son chemin vers la racine."""

    index = serializers.IntegerField()
    line = serializers.CharField()
    leaf_hash = serializers.CharField()
    inclusion = serializers.ListField(child=serializers.CharField())


class ReceiptStampSerializer(serializers.Serializer):
    """Un horodatage dans un reçu."""

    authority = serializers.CharField()
    stamped_at = serializers.DateTimeField()
    token = serializers.CharField()


class ReceiptSerializer(serializers.Serializer):
    """Ce que `jalon_verify.py receipt` vérifie hors de la plateforme."""

    format = serializers.CharField()
    checkpoint = serializers.CharField()
    verifier_key = serializers.CharField()
    entries = ReceiptEntrySerializer(many=True)
    timestamps = ReceiptStampSerializer(many=True)


class InclusionInput(serializers.Serializer):
    """Le rang d'une ligne."""

    index = serializers.IntegerField(min_value=0, max_value=LARGEST)


class ConsistencyInput(serializers.Serializer):
    """Une taille plus ancienne."""

    first = serializers.IntegerField(min_value=1, max_value=LARGEST)


def all_checkpoints(_user):
    """Anyone reads the checkpoints: they say nothing of anyone."""
    return Checkpoint.objects.prefetch_related("timestamps")


@extend_schema_view(
    list=extend_schema(summary="Les points de contrôle du journal"),
    retrieve=extend_schema(summary="Un point de contrôle"),
)
class CheckpointViewSet(ReadViewSet):
    """Les états signés du journal et les preuves qui s'y rattachent : public, sans donnée personnelle."""

    visible_to = staticmethod(all_checkpoints)
    serializer_class = CheckpointSerializer
    filterset_fields = ["size"]
    ordering = "-id"
    ordering_fields = ["size", "made_at"]

    @extend_schema(summary="Le dernier point de contrôle", responses=CheckpointSerializer, filters=False)
    @action(detail=False, pagination_class=None, filter_backends=())
    def latest(self, request):
        """404 tant que rien n'a été signé."""
        found = selectors.latest_checkpoint()
        if found is None:
            raise Http404
        return self.answer(found)

    @extend_schema(summary="Les clés publiques", responses=KeySerializer(many=True), filters=False)
    @action(detail=False, pagination_class=None, filter_backends=())
    def keys(self, request):
        """Toutes celles qui ont signé, la plus récente d'abord."""
        return Response(KeySerializer(selectors.signing_keys(), many=True).data)

    @extend_schema(
        summary="Preuve d'inclusion",
        parameters=[InclusionInput],
        responses=InclusionSerializer,
        filters=False,
    )
    @action(detail=True, pagination_class=None, filter_backends=(), filterset_fields=["index"])
    def inclusion(self, request, **kwargs):
        """La ligne `index` est dans ce point de contrôle."""
        checkpoint = self.get_object()
        index = self._asked(InclusionInput)["index"]
        if index >= checkpoint.size:
            raise Refusal(_("Ce point de contrôle ne contient pas cette ligne."), field="index")
        return Response(selectors.inclusion_answer(index, checkpoint))

    @extend_schema(
        summary="Preuve de croissance",
        parameters=[ConsistencyInput],
        responses=ConsistencySerializer,
        filters=False,
    )
    @action(detail=True, pagination_class=None, filter_backends=(), filterset_fields=["first"])
    def consistency(self, request, **kwargs):
        """Ce point de contrôle prolonge le journal de `first` lignes."""
        checkpoint = self.get_object()
        first = self._asked(ConsistencyInput)["first"]
        if first > checkpoint.size:
            raise Refusal(_("Ce point de contrôle contient moins de lignes."), field="first")
        return Response(selectors.consistency_answer(first, checkpoint.size))

    def _asked(self, serializer_class) -> dict:
        serializer = serializer_class(data=self.request.query_params)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data


class EntryViewSet(ApiViewSet):
    """Les lignes du journal, pour qui voit l'historique de leur objet."""

    permission_classes = [IsAuthenticated]
    serializer_class = ReceiptSerializer
    lookup_field = "index"
    lookup_value_regex = "[0-9]{1,18}"
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        summary="Le reçu d'une ligne",
        parameters=[OpenApiParameter("index", OpenApiTypes.INT, OpenApiParameter.PATH)],
        responses=ReceiptSerializer,
    )
    def retrieve(self, request, index):
        """La ligne entière, sa preuve d'inclusion, le point de contrôle et ses horodatages."""
        entry = get_object_or_404(Entry, link__index=index)
        if not rules.can_read_entry(request.user, entry):
            raise Http404
        return Response(services.receipt(entry))


ROUTES = [
    ("journal/checkpoints", CheckpointViewSet, "checkpoint"),
    ("journal/entries", EntryViewSet, "journal-entry"),
]
