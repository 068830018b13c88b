"""The rounds of a consultation and its archives through the API."""

from django.http import Http404, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from foundation.accounts.fresh import fresh_session_or_token
from foundation.accounts.models import Organisation
from foundation.clock import now
from foundation.files.names import disposition
from foundation.files.responses import file_response
from foundation.files.zipping import zipped
from tenders import procedure_file, rules, selectors, services, whole_file
from tenders.enums import RoundKind
from tenders.models import Round


class RoundSerializer(serializers.ModelSerializer):
    """A round: what is received, and until when."""

    class Meta:
        model = Round
        fields = ["number", "kind", "due_at", "state"]
        ref_name = "TenderRound"


class RoundInput(serializers.Serializer):
    """New bids asked from candidates whose bid is opened, by their key (`bidder.id`)."""

    kind = serializers.ChoiceField(choices=RoundKind.choices)
    due_at = serializers.DateTimeField()
    invited = serializers.PrimaryKeyRelatedField(queryset=Organisation.objects.none(), many=True)

    def get_fields(self):
        """Those who answered the consultation."""
        fields = super().get_fields()
        if "tender" in self.context:
            answered = self.context["tender"].bids.values("bidder_id")
            fields["invited"].child_relation.queryset = Organisation.objects.filter(pk__in=answered)
        return fields


class FinalOffersInput(serializers.Serializer):
    """Until when the final offers are received."""

    due_at = serializers.DateTimeField()


class RoundActions:
    """Actions of consultations: rounds, final offers, archives."""

    @extend_schema(
        summary="Les tours d'une consultation",
        responses=RoundSerializer(many=True),
        filters=False,
        methods=["get"],
    )
    @extend_schema(
        summary="Demander de nouvelles offres",
        request=RoundInput,
        responses={201: RoundSerializer},
        methods=["post"],
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def rounds(self, request, **kwargs):
        """Read the rounds, or ask the candidates kept for offers, sealed under a key of their own."""
        tender = self.get_object()
        if request.method == "GET":
            return Response(RoundSerializer(tender.rounds.order_by("number"), many=True).data)
        if not rules.can_open_next_round(request.user, tender):
            raise PermissionDenied
        data = self.submitted(RoundInput, tender=tender)
        made = services.round_open_next(tender=tender, **data, by=request.user, at=now())
        return self.answer(made, status=status.HTTP_201_CREATED, serializer_class=RoundSerializer)

    @extend_schema(
        summary="Demander les offres finales", request=FinalOffersInput, responses={201: RoundSerializer}
    )
    @action(detail=True, methods=["post"], url_path="final-offers")
    def final_offers(self, request, **kwargs):
        """Close the negotiations and ask the candidates heard for final offers, sealed like the first ones."""
        tender = self.get_object()
        if not rules.can_negotiate(request.user, tender):
            raise PermissionDenied
        data = self.submitted(FinalOffersInput)
        services.final_offers_ask(tender=tender, **data, by=request.user, at=now())
        last = tender.rounds.order_by("-number").first()
        return self.answer(last, status=status.HTTP_201_CREATED, serializer_class=RoundSerializer)

    @extend_schema(
        summary="Télécharger tout le dossier de consultation",
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(detail=True, methods=["get"], url_path="whole-file", pagination_class=None)
    def whole_file(self, request, **kwargs):
        """Every file of a published consultation in one zip, without an account."""
        tender = self.get_object()
        if not tender.published_at:
            raise Http404
        papers = selectors.with_documents(request.user, selectors.public_papers(tender))
        found = whole_file.whole_file(tender, papers)
        if found is None:
            raise Http404
        return file_response(request, found)

    @extend_schema(
        summary="Exporter le dossier complet de la procédure",
        request=None,
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["post"], url_path="procedure-file")
    @fresh_session_or_token
    def procedure_file(self, request, **kwargs):
        """The whole file as one archive with its index and the journal extract; a line of the journal."""
        tender, at = self.get_object(), now()
        if not rules.can_export_procedure(request.user, tender):
            raise PermissionDenied
        entries = procedure_file.archive_of(tender, by=request.user, at=at)
        services.file_export(tender=tender, files=len(entries), by=request.user, at=at)
        answer = StreamingHttpResponse(zipped(entries), content_type="application/zip")
        answer.headers["Content-Disposition"] = disposition(f"dossier-{tender.reference}.zip")
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
