"""The API's door to the documents: one is found from the object it is about, never by a list of all."""

from django.http import Http404, StreamingHttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from foundation import clock
from foundation.api.fields import AbilitiesField, LabelField
from foundation.api.viewsets import ApiViewSet
from foundation.documents import downloads, rules, selectors, services
from foundation.documents.archive import zip_stream
from foundation.documents.enums import DocumentForm
from foundation.documents.legal import RetentionClass
from foundation.documents.models import Batch, Document, Retention
from foundation.files.names import disposition
from foundation.files.responses import file_response


class FileSerializer(serializers.Serializer):
    """One file of a document: its format and its digest."""

    form = serializers.ChoiceField(choices=DocumentForm.choices)
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    pages = serializers.IntegerField(allow_null=True)


class RetentionSerializer(serializers.ModelSerializer):
    """How long the content is kept; `keep_until_date` is null until the event of its class happened."""

    retention_class = serializers.ChoiceField(choices=RetentionClass.choices)
    is_held = serializers.SerializerMethodField()

    class Meta:
        model = Retention
        fields = ["retention_class", "keep_until_date", "is_held"]
        read_only_fields = fields

    def get_is_held(self, retention) -> bool:
        """Whether someone keeps the document beyond its term."""
        return retention.held_at is not None


class DocumentSerializer(serializers.ModelSerializer):
    """A document and where it stands; `download_url` is null until it is ready."""

    kind_label = serializers.CharField(read_only=True)
    state_label = LabelField(source="get_state_display", read_only=True)
    download_url = serializers.SerializerMethodField()
    files = FileSerializer(source="forms", many=True, read_only=True)
    retention = RetentionSerializer(read_only=True)
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
            "is_draft",
            "files",
            "retention",
            "purged_at",
            "download_url",
            "abilities",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_download_url(self, document) -> str | None:
        """Address of the main file in this API; add `?form=docx` for another of its formats."""
        if not document.forms:
            return None
        path = reverse("api:document-download", args=[document.pk])
        return self.context["request"].build_absolute_uri(path)


@extend_schema_view(retrieve=extend_schema(summary="Lire un document et son état"))
class DocumentViewSet(mixins.RetrieveModelMixin, ApiViewSet):
    """Documents produits par la plateforme : état, empreintes, fichiers, durée de conservation."""

    serializer_class = DocumentSerializer
    queryset = Document.objects.none()
    lookup_value_regex = "[0-9a-f-]{36}"
    write_scope = "documents:write"

    def get_queryset(self):
        """Every row: the kind of the document decides in `get_object` who sees it."""
        return Document.objects.defer("facts").select_related("retention").prefetch_related("renditions")

    def get_object(self):
        """The document. Raises Http404 when its kind hides it from the caller."""
        document = super().get_object()
        if not rules.can_view_document(self.request.user, document):
            raise Http404
        return document

    @extend_schema(
        summary="Télécharger un fichier du document",
        parameters=[
            OpenApiParameter("form", enum=DocumentForm.values, description="Format ; sans lui, le principal.")
        ],
        responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    @action(detail=True, own_parameters=["form"])
    def download(self, request, **kwargs):
        """The file itself; 404 until it is ready, or for a format that the document does not have."""
        document = self.get_object()
        found = downloads.file_of(document, request.query_params.get("form", ""))
        if found is None or not rules.can_download_document(request.user, document):
            raise Http404
        return file_response(request, found)

    @extend_schema(summary="Relancer la mise en page d'un document en échec", request=None)
    @action(detail=True, methods=["post"])
    def retry(self, request, **kwargs):
        """Ask for a new try of a failed document."""
        document = services.document_retry(document=self.get_object(), by=request.user, at=clock.now())
        return Response(self.get_serializer(document).data)


class BatchSerializer(serializers.ModelSerializer):
    """A batch of documents and how far it is."""

    total = serializers.IntegerField(source="progress.total", read_only=True)
    ready = serializers.IntegerField(source="progress.ready", read_only=True)
    failed = serializers.IntegerField(source="progress.failed", read_only=True)
    documents = serializers.SerializerMethodField()
    zip_url = serializers.SerializerMethodField()

    class Meta:
        model = Batch
        fields = ["id", "title", "created_at", "total", "ready", "failed", "documents", "zip_url"]
        read_only_fields = fields

    @extend_schema_field({"type": "array", "items": {"type": "string", "format": "uuid"}})
    def get_documents(self, batch) -> list[str]:
        """Identifiers of the documents that the caller may see."""
        return [str(document.pk) for document in batch.seen]

    @extend_schema_field(OpenApiTypes.URI)
    def get_zip_url(self, batch) -> str | None:
        """Address of the zip file of those that are ready; null while none is."""
        if not batch.progress.ready:
            return None
        path = reverse("api:document-batch-zip", args=[batch.pk])
        return self.context["request"].build_absolute_uri(path)


@extend_schema_view(retrieve=extend_schema(summary="Suivre une série de documents"))
class BatchViewSet(mixins.RetrieveModelMixin, ApiViewSet):
    """Séries de documents demandées en une fois : avancement, identifiants, fichier zip."""

    serializer_class = BatchSerializer
    queryset = Batch.objects.none()
    lookup_value_regex = "[0-9a-f-]{36}"
    write_scope = "documents:write"

    def get_queryset(self):
        """Those that the caller asked for."""
        user = self.request.user
        return Batch.objects.filter(created_by=user) if user.is_authenticated else Batch.objects.none()

    def get_object(self):
        """The batch with its progress and the documents that the caller may see."""
        batch = super().get_object()
        batch.progress = selectors.batch_progress(batch)
        batch.seen = rules.documents_seen(self.request.user, selectors.documents_in_batch(batch))
        return batch

    @extend_schema(
        summary="Télécharger les documents prêts d'une série",
        responses={(200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    @action(detail=True)
    def zip(self, request, **kwargs):
        """One zip file with the list of digests; 404 while nothing is ready."""
        batch = self.get_object()
        if not any(document.forms for document in batch.seen):
            raise Http404
        answer = StreamingHttpResponse(zip_stream(batch.seen), content_type="application/zip")
        answer.headers["Content-Disposition"] = disposition("documents.zip")
        return answer


ROUTES = [
    ("documents", DocumentViewSet, "document"),
    ("document-batches", BatchViewSet, "document-batch"),
]
