"""Candidatures through the API: read once opened, completed by their firm, examined by the buyer."""

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from foundation.api.fields import AbilitiesField
from foundation.api.parsers import JSONParser
from foundation.api.viewsets import ReadViewSet
from foundation.clock import now
from foundation.files.responses import file_response
from tenders import downloads, rules, selectors, services
from tenders.api.serializers import PartySerializer, may
from tenders.enums import CandidatureState, Piece, RejectionGround
from tenders.models import (
    Candidature,
    ComplementAnswer,
    ComplementItem,
    ConsortiumMember,
    PresentedSubcontractor,
)
from tenders.rules import judging
from tenders.workflow import CANDIDATURE


class MemberSerializer(serializers.ModelSerializer):
    """A member of a consortium beside its agent."""

    class Meta:
        model = ConsortiumMember
        fields = ["siret", "name", "share"]


class SubcontractorSerializer(serializers.ModelSerializer):
    """A subcontractor presented; the amount is in euros excluding tax."""

    class Meta:
        model = PresentedSubcontractor
        fields = ["siret", "name", "services", "amount_excl_tax", "is_relied_on"]


class CandidatureRowSerializer(serializers.ModelSerializer):
    """A candidature in a list. Its firm reads what was decided once the list is closed."""

    tender = serializers.IntegerField(source="bid.tender_id")
    bidder = PartySerializer(source="bid.bidder")

    class Meta:
        model = Candidature
        fields = ["id", "tender", "bid", "bidder", "grouping", "state", "decided_at", "settled_at"]

    def to_representation(self, candidature):
        """Until the list is closed, a decision is known to the buyer's people alone."""
        shown = super().to_representation(candidature)
        if candidature.settled_at or self._examines(candidature):
            return shown
        if candidature.state in (CandidatureState.ADMITTED, CandidatureState.EXCLUDED):
            hidden = {"state": CandidatureState.RECEIVED, "decided_at": None, "ground": "", "reason": ""}
            shown |= {name: value for name, value in hidden.items() if name in shown}
        return shown

    def _examines(self, candidature) -> bool:
        request = self.context.get("request")
        return request is not None and rules.reads_offers(request.user, candidature.bid.tender)


class CandidatureSerializer(CandidatureRowSerializer):
    """A candidature whole. `missing`: pieces to ask for, empty for its firm. `supplier_file`: the sealed copy."""

    members = MemberSerializer(many=True)
    subcontractors = SubcontractorSerializer(many=True)
    missing = serializers.SerializerMethodField()
    abilities = AbilitiesField(
        admit=may(CANDIDATURE, "admit"),
        exclude=may(CANDIDATURE, "exclude"),
        reconsider=may(CANDIDATURE, "reconsider"),
    )

    class Meta(CandidatureRowSerializer.Meta):
        fields = [
            *CandidatureRowSerializer.Meta.fields,
            "is_declared",
            "declared_by",
            "declared_quality",
            "is_agent_jointly_liable",
            "lot_numbers",
            "members",
            "subcontractors",
            "supplier_file",
            "missing",
            "ground",
            "reason",
            "abilities",
        ]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=Piece.choices)))
    def get_missing(self, candidature) -> list[str]:
        """The codes of the pieces."""
        if not self._examines(candidature):
            return []
        rows = selectors.candidature_table(candidature.bid.tender, now())
        return [str(one.piece) for row in rows if row.candidature == candidature for one in row.missing]


class RejectInput(serializers.Serializer):
    """Why a candidature is rejected; the candidate reads it when the list is closed."""

    ground = serializers.ChoiceField(choices=RejectionGround.choices)
    reason = serializers.CharField(max_length=4000)


@extend_schema_view(
    list=extend_schema(summary="Candidatures ouvertes : les siennes, et celles que l'on examine"),
    retrieve=extend_schema(summary="Une candidature : qui répond, avec qui, ce qui manque"),
)
class CandidatureViewSet(ReadViewSet):
    """Candidatures: born at the opening; read by their firm and by those who read the offers."""

    queryset = Candidature.objects.none()
    visible_to = staticmethod(rules.candidatures_visible_to)
    serializer_class = CandidatureSerializer
    list_serializer_class = CandidatureRowSerializer
    filterset_fields = ["bid__tender"]
    search_fields = ["bid__bidder__name"]
    ordering_fields = ["id"]
    ordering = "-id"
    write_scope = "tenders:write"
    guarded_actions = frozenset({"admit", "exclude", "reconsider"})

    def row_to_lock(self, obj):
        """The services lock the consultation first."""
        return obj.bid.tender

    def prepare(self, queryset):
        """What the representation reads, in a constant number of queries."""
        queryset = queryset.select_related("bid__bidder", "bid__tender__buyer")
        return queryset if self.lists else queryset.prefetch_related("members", "subcontractors")

    def _examined(self) -> Candidature:
        candidature = self.get_object()
        if not rules.can_examine_candidature(self.request.user, candidature):
            raise PermissionDenied
        return candidature

    @extend_schema(summary="Admettre une candidature", request=None, responses=CandidatureSerializer)
    @action(detail=True, methods=["post"])
    def admit(self, request, **kwargs):
        """Admit it; the candidate knows when the list is closed."""
        found = services.candidature_admit(candidature=self._examined(), by=request.user, at=now())
        return self.answer(found)

    @extend_schema(summary="Rejeter une candidature", request=RejectInput, responses=CandidatureSerializer)
    @action(detail=True, methods=["post"])
    def exclude(self, request, **kwargs):
        """Reject it, with its ground and its reasons."""
        candidature, data = self._examined(), self.submitted(RejectInput)
        return self.answer(
            services.candidature_exclude(candidature=candidature, **data, by=request.user, at=now())
        )

    @extend_schema(
        summary="Reprendre l'examen d'une candidature", request=None, responses=CandidatureSerializer
    )
    @action(detail=True, methods=["post"])
    def reconsider(self, request, **kwargs):
        """Take the decision back, until the list is closed."""
        found = services.candidature_reconsider(candidature=self._examined(), by=request.user, at=now())
        return self.answer(found)


class ComplementAnswerSerializer(serializers.ModelSerializer):
    """What was sent: words, a file, or both. The file is at `…/answers/{id}/`."""

    class Meta:
        model = ComplementAnswer
        fields = ["id", "words", "name", "size", "sha256", "sent_at"]


class ComplementSerializer(serializers.ModelSerializer):
    """One thing asked from one candidate, with the date that is the same for all."""

    tender = serializers.IntegerField(source="request.tender_id")
    message = serializers.CharField(source="request.message")
    asked_at = serializers.DateTimeField(source="request.asked_at")
    due_at = serializers.DateTimeField(source="request.due_at")
    answers = ComplementAnswerSerializer(many=True)
    abilities = AbilitiesField(answer=rules.can_answer_complement)

    class Meta:
        model = ComplementItem
        fields = [
            "id",
            "tender",
            "candidature",
            "piece",
            "wanted",
            "message",
            "asked_at",
            "due_at",
            "answers",
            "abilities",
        ]


class ComplementInput(serializers.Serializer):
    """Words, a file (as `multipart/form-data`), or both."""

    words = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)
    upload = serializers.FileField(required=False, default=None)


@extend_schema_view(
    list=extend_schema(summary="Compléments demandés : à sa firme, ou par l'acheteur"),
    retrieve=extend_schema(summary="Un complément demandé, et ce qui a été répondu"),
)
class ComplementViewSet(ReadViewSet):
    """What candidates are asked to complete: read with the candidature, answered by its firm."""

    queryset = ComplementItem.objects.none()
    visible_to = staticmethod(judging.complement_items_visible_to)
    serializer_class = ComplementSerializer
    filterset_fields = ["candidature", "request__tender"]
    search_fields = ["wanted"]
    ordering_fields = ["id"]
    ordering = "-id"
    write_scope = "bids:write"
    keyless_actions = frozenset({"reply"})

    def row_to_lock(self, obj):
        """What was asked never changes: the service locks the candidature."""
        return obj.candidature

    def prepare(self, queryset):
        """What the representation reads, in a constant number of queries."""
        return queryset.select_related("request", "candidature__bid").prefetch_related("answers")

    @extend_schema(
        summary="Répondre à une demande de complément",
        request={"application/json": ComplementInput, "multipart/form-data": ComplementInput},
        responses={201: ComplementSerializer},
    )
    @action(detail=True, methods=["post"], url_path="answers", parser_classes=[JSONParser, MultiPartParser])
    def reply(self, request, **kwargs):
        """Answer one thing asked; a second answer adds to the first."""
        item = self.get_object()
        if not rules.can_answer_complement(request.user, item):
            raise PermissionDenied
        data = self.submitted(ComplementInput)
        services.complement_answer(item=item, **data, by=request.user, at=now())
        return self.created(item)

    @extend_schema(
        summary="Télécharger un fichier de complément",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(detail=True, methods=["get"], url_path=r"answers/(?P<answer_pk>\d+)", pagination_class=None)
    def answer_file(self, request, answer_pk=None, **kwargs):
        """The file; 404 when the answer is words alone."""
        found = self.get_object().answers.filter(pk=answer_pk).exclude(content="").first()
        if found is None:
            raise Http404
        return file_response(request, downloads.complement_file(found))


class WantedInput(serializers.Serializer):
    """One thing asked from one candidate."""

    candidature = serializers.IntegerField(min_value=1)
    piece = serializers.ChoiceField(choices=Piece.choices)
    words = serializers.CharField(max_length=300)


class ComplementsInput(serializers.Serializer):
    """One request to all the candidates concerned, with one date."""

    due_at = serializers.DateTimeField()
    message = serializers.CharField(allow_blank=True, default="", max_length=2000)
    wanted = WantedInput(many=True)


class CandidatureActions:
    """Actions of consultations: one request to complete for all, one closing for all."""

    @extend_schema(
        summary="Demander des compléments",
        request=ComplementsInput,
        responses={201: ComplementSerializer(many=True)},
    )
    @action(detail=True, methods=["post"])
    def complements(self, request, **kwargs):
        """Ask all the candidates concerned to complete, with the same date for all."""
        tender = self._to_examine()
        data = self.submitted(ComplementsInput)
        data["wanted"] = [
            services.Wanted(one["candidature"], one["piece"], one["words"]) for one in data["wanted"]
        ]
        asked = services.complements_ask(tender=tender, **data, by=request.user, at=now())
        items = asked.items.select_related("request", "candidature__bid").prefetch_related("answers")
        shown = ComplementSerializer(items, many=True, context=self.get_serializer_context())
        return Response(shown.data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Arrêter la liste des candidatures",
        request=None,
        responses=CandidatureRowSerializer(many=True),
    )
    @action(detail=True, methods=["post"], url_path="settle-candidatures")
    def settle_candidatures(self, request, **kwargs):
        """Close the list: every candidate is told at the same instant. Answers those admitted."""
        admitted = services.candidatures_settle(tender=self._to_examine(), by=request.user, at=now())
        shown = CandidatureRowSerializer(admitted, many=True, context=self.get_serializer_context())
        return Response(shown.data)

    def _to_examine(self):
        tender = self.get_object()
        if not rules.can_examine_candidatures(self.request.user, tender):
            raise PermissionDenied
        return tender
