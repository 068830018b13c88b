"""The API's door to the documents: one is found from the object it is about, never by a list of all."""

from django.http import Http404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from foundation import clock
from foundation.api.fields import AbilitiesField
from foundation.api.viewsets import ApiViewSet
from foundation.documents import downloads, rules, services
from foundation.documents.models import Document
from foundation.files.responses import file_response


class DocumentSerializer(serializers.ModelSerializer):
    """A document and where it stands; `download_url` is null until it is ready."""

    kind_label = serializers.CharField(read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    download_url = serializers.SerializerMethodField()
    abilities = AbilitiesField(download=rules.can_download_document, retry=rules.can_retry_document)

    class Meta:
        model = Document
        fields = [
            "id",
            "kind",
            "kind_label",
            "number",
            "title",
            "state",
            "state_label",
            "created_at",
            "ready_at",
            "sha256",
            "size",
            "pages",
            "download_url",
            "abilities",
        ]
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.URI)
    def get_download_url(self, document) -> str | None:
        """Address of the PDF in this API."""
        if not document.file:
            return None
        path = reverse("api:document-download", args=[document.pk])
        return self.context["request"].build_absolute_uri(path)


@extend_schema_view(retrieve=extend_schema(summary="Lire un document et son état"))
class DocumentViewSet(mixins.RetrieveModelMixin, ApiViewSet):
    """Documents produits par la plateforme : état, empreinte, fichier PDF."""

    serializer_class = DocumentSerializer
    queryset = Document.objects.none()
    lookup_value_regex = "[0-9a-f-]{36}"
    write_scope = "documents:write"

    def get_queryset(self):
        """Every row: the kind of the document decides in `get_object` who sees it."""
        return Document.objects.defer("facts")

    def get_object(self):
        """The document. Raises Http404 when its kind hides it from the caller."""
        document = super().get_object()
        if not rules.can_view_document(self.request.user, document):
            raise Http404
        return document

    @extend_schema(
        summary="Télécharger le PDF",
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    @action(detail=True)
    def download(self, request, **kwargs):
        """The PDF itself; 404 until it is ready."""
        document = self.get_object()
        if not rules.can_download_document(request.user, document):
            raise Http404
        return file_response(request, downloads.file_of(document))

    @extend_schema(summary="Relancer la mise en page d'un document en échec", request=None)
    @action(detail=True, methods=["post"])
    def retry(self, request, **kwargs):
        """Ask for a new try of a failed document."""
        document = services.document_retry(document=self.get_object(), by=request.user, at=clock.now())
        return Response(self.get_serializer(document).data)


ROUTES = [("documents", DocumentViewSet, "document")]
