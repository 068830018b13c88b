"""The API's door to the one box."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from foundation.api.viewsets import ApiViewSet
from foundation.search import registry, selectors


class ResultSerializer(serializers.Serializer):
    """A thing found: its kind, its title, a line of facts, where the words are, and its page."""

    kind = serializers.CharField(source="kind.code")
    key = serializers.CharField()
    title = serializers.CharField(source="plain_title")
    facts = serializers.CharField()
    excerpt = serializers.CharField(source="plain_excerpt")
    url = serializers.SerializerMethodField()

    def get_url(self, result) -> str:
        """Address of its page."""
        return self.context["request"].build_absolute_uri(result.url)


class GroupSerializer(serializers.Serializer):
    """The results of one kind, counted up to a limit."""

    kind = serializers.CharField(source="kind.code")
    label = serializers.CharField(source="kind.label")
    count = serializers.IntegerField()
    is_capped = serializers.BooleanField()
    results = ResultSerializer(many=True)


class AnswerSerializer(serializers.Serializer):
    """What was found, by kind. `is_approximate`: nothing holds the words, these come close."""

    words = serializers.CharField()
    is_approximate = serializers.BooleanField()
    suggestion = serializers.CharField()
    groups = GroupSerializer(many=True)


class SearchQuerySerializer(serializers.Serializer):
    """What may be asked."""

    q = serializers.CharField(max_length=selectors.MAX_WORDS_LENGTH)
    kind = serializers.CharField(required=False, default="")
    page = serializers.IntegerField(
        required=False, default=1, min_value=1, max_value=selectors.COUNT_LIMIT // selectors.PAGE_SIZE
    )

    def validate_kind(self, value: str) -> str:
        """A kind that exists."""
        if value and registry.find(value) is None:
            known = ", ".join(kind.code for kind in registry.kinds())
            raise serializers.ValidationError(f"Valeurs possibles : {known}.")
        return value


class SearchViewSet(ApiViewSet):
    """Recherche dans tout ce que l'appelant peut voir."""

    serializer_class = AnswerSerializer
    pagination_class = None
    filter_backends = []
    filterset_fields = ("q", "kind", "page")

    @extend_schema(
        summary="Chercher dans toute la plateforme",
        parameters=[
            OpenApiParameter("q", str, required=True, description="Mots cherchés, avec ou sans accents."),
            OpenApiParameter(
                "kind", str, description="Une seule nature de résultats, par exemple `tenders`."
            ),
            OpenApiParameter("page", int, description="Page, quand une seule nature est demandée."),
        ],
        responses=AnswerSerializer,
    )
    def list(self, request):
        """What the caller may see that holds the words, by kind."""
        asked = SearchQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        answer = selectors.search(request.user, data["q"], only=data["kind"], page=data["page"])
        return Response(self.get_serializer(answer).data)


ROUTES = [("search", SearchViewSet, "search")]
