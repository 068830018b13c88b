"""Bulk export as JSON Lines: one row a line, read by a server-side cursor, whatever their number."""

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.renderers import BaseRenderer, JSONRenderer

MEDIA_TYPE = "application/x-ndjson"
CHUNK = 200
TWO_LINES = OpenApiExample("Deux lignes", value='{"id": 2}\n{"id": 1}\n', media_type=MEDIA_TYPE)


class JsonLinesRenderer(BaseRenderer):
    """Names the media type for the negotiation; the lines themselves are streamed by the view."""

    media_type = MEDIA_TYPE
    format = "ndjson"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        """A problem, the only thing that is not streamed."""
        return JSONRenderer().render(data)


class ExportMixin:
    """`…/export/`: every row the caller may see and the filters keep, as in the list, without pages."""

    @extend_schema(
        summary="Exporter la liste en JSON Lines",
        description=(
            "Une ligne JSON par élément, avec les mêmes droits, filtres et champs que la liste, sans pages. "
            "Une connexion coupée avant la fin est un export incomplet : recommencez-le."
        ),
        responses={(200, MEDIA_TYPE): OpenApiResponse(OpenApiTypes.STR, examples=[TWO_LINES])},
    )
    @action(detail=False, pagination_class=None, renderer_classes=[JsonLinesRenderer, JSONRenderer])
    def export(self, request, **kwargs):
        """Every row, one a line."""
        rows = self.filter_queryset(self.get_queryset())
        if not rows.query.order_by:
            rows = rows.order_by("-pk")
        serializer = self.get_serializer()  # a wrong `fields` is refused before the first byte
        answer = StreamingHttpResponse(_lines(rows, serializer), content_type=MEDIA_TYPE)
        answer["Content-Disposition"] = f'attachment; filename="{self.basename}.jsonl"'
        return answer


def _lines(rows, serializer):
    renderer = JSONRenderer()
    for row in rows.iterator(chunk_size=CHUNK):
        yield renderer.render(serializer.to_representation(row)) + b"\n"
