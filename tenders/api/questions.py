"""Questions and answers through the API. Nothing here tells who asked."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from foundation.api.fields import AbilitiesField
from foundation.api.viewsets import ReadViewSet
from foundation.clock import now
from foundation.errors import Refusal
from foundation.files.responses import file_response
from tenders import downloads, rules, selectors, services
from tenders.models import Answer, Question, Tender
from tenders.rules import public


class AnswerSerializer(serializers.ModelSerializer):
    """A question as it is published, and its answer; no number nor date while it is prepared."""

    abilities = AbilitiesField(publish=public.can_publish_answer)

    class Meta:
        model = Answer
        fields = ["id", "tender", "number", "question", "text", "state", "published_at", "abilities"]
        ref_name = "TenderAnswer"


class QuestionFileSerializer(serializers.Serializer):
    """A file sent with a question, at `…/files/{position}/`."""

    position = serializers.IntegerField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class QuestionSerializer(serializers.ModelSerializer):
    """A question as it was asked, and its answer once it is published. Not who asked."""

    answer = serializers.SerializerMethodField()
    files = QuestionFileSerializer(many=True)
    abilities = AbilitiesField(follow=public.can_follow_question)

    class Meta:
        model = Question
        fields = ["id", "tender", "text", "files", "answer", "abilities"]
        ref_name = "TenderQuestion"

    def get_answer(self, question) -> int | None:
        """The published answer; what is prepared is the buyer's alone."""
        answer = question.answer
        return answer.pk if answer and answer.published_at else None


class QuestionInput(serializers.Serializer):
    """A question to the buyer of a published consultation."""

    tender = serializers.PrimaryKeyRelatedField(queryset=Tender.objects.none())
    text = serializers.CharField(max_length=5000)

    def get_fields(self):
        """The published consultations that the caller reads: the others do not exist for him."""
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            visible = rules.tenders_visible_to(request.user)
            fields["tender"].queryset = visible.filter(published_at__isnull=False)
        return fields


class QuestionFilesInput(QuestionInput):
    """The same with its files, five at most."""

    files = serializers.ListField(child=serializers.FileField(), max_length=5)


class AnswerInput(serializers.Serializer):
    """The question as it is published, its answer, and the questions of firms that it takes together."""

    question = serializers.CharField()
    text = serializers.CharField()
    questions = serializers.PrimaryKeyRelatedField(queryset=Question.objects.none(), many=True, default=list)

    def get_fields(self):
        """The questions of the consultation that wait, or that this answer has."""
        fields = super().get_fields()
        if "questions" in self.context:
            fields["questions"].child_relation.queryset = self.context["questions"]
        return fields


class NewAnswerInput(AnswerInput):
    """The same, for a consultation whose questions the caller answers."""

    tender = serializers.PrimaryKeyRelatedField(queryset=Tender.objects.filter(published_at__isnull=False))

    def get_fields(self):
        """Any question may be named: those of another consultation are not taken."""
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["tender"].queryset = public.tenders_answered_by(request.user)
            fields["questions"].child_relation.queryset = public.questions_visible_to(request.user)
        return fields


@extend_schema_view(
    list=extend_schema(summary="Réponses publiées à tous, et celles que l'acheteur prépare"),
    retrieve=extend_schema(summary="Une réponse"),
)
class AnswerViewSet(ReadViewSet):
    """Answers: everyone reads the published ones, at the same instant."""

    queryset = Answer.objects.none()
    visible_to = staticmethod(public.answers_visible_to)
    serializer_class = AnswerSerializer
    filterset_fields = ["tender", "state"]
    search_fields = ["question", "text"]
    ordering_fields = ["written_at"]
    ordering = "-pk"
    write_scope = "tenders:write"

    def row_to_lock(self, obj):
        """The services lock the consultation."""
        return obj.tender

    @extend_schema(summary="Préparer une réponse", request=NewAnswerInput, responses={201: AnswerSerializer})
    def create(self, request, **kwargs):
        """Group questions and write their answer; the buyer's people alone read it until it is published."""
        if not public.tenders_answered_by(request.user).exists():
            raise PermissionDenied
        data = self.submitted(NewAnswerInput)
        return self.created(services.answer_write(**data, by=request.user, at=now()))

    @extend_schema(summary="Récrire une réponse", request=AnswerInput, responses=AnswerSerializer)
    def update(self, request, **kwargs):
        """Write an answer that is not published otherwise."""
        answer = self._draft()
        data = self.submitted(AnswerInput, questions=selectors.questions_for(answer))
        services.answer_write(tender=answer.tender, answer=answer, **data, by=request.user, at=now())
        return self.answer(answer)

    @extend_schema(summary="Supprimer un projet de réponse", responses={204: None})
    def destroy(self, request, **kwargs):
        """Throw a draft away; its questions wait again."""
        services.answer_remove(answer=self._draft(), by=request.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _draft(self) -> Answer:
        answer = self.get_object()
        if not public.can_publish_answer(self.request.user, answer):
            raise PermissionDenied
        return answer


@extend_schema_view(
    list=extend_schema(summary="Ses propres questions, et celles auxquelles l'acheteur répond"),
    retrieve=extend_schema(summary="Une question"),
)
class QuestionViewSet(ReadViewSet):
    """Questions: read by the firm that asked and, without its name, by those who answer."""

    queryset = Question.objects.none()
    visible_to = staticmethod(public.questions_visible_to)
    serializer_class = QuestionSerializer
    filterset_fields = ["tender"]
    search_fields = ["text"]
    ordering_fields = ["id"]
    ordering = "-id"
    write_scope = "bids:write"

    keyless_actions = frozenset({"create_with_files"})

    def prepare(self, queryset):
        """With the answers and the files, in a constant number of queries."""
        return queryset.select_related("answer").prefetch_related("files")

    @extend_schema(summary="Poser une question", request=QuestionInput, responses={201: QuestionSerializer})
    def create(self, request, **kwargs):
        """Ask the buyer something, for one's first firm."""
        firm = self._firm()
        data = self.submitted(QuestionInput)
        return self.created(services.question_ask(firm=firm, **data, by=request.user, at=now()))

    @extend_schema(
        summary="Poser une question avec des fichiers",
        request={"multipart/form-data": QuestionFilesInput},
        responses={201: QuestionSerializer},
    )
    @action(detail=False, methods=["post"], url_path="with-files", parser_classes=[MultiPartParser])
    def create_with_files(self, request, **kwargs):
        """The same with files, which the buyer gets under a neutral name."""
        firm = self._firm()
        data = self.submitted(QuestionFilesInput)
        uploads = data.pop("files")
        asked = services.question_ask(firm=firm, uploads=uploads, **data, by=request.user, at=now())
        return self.created(asked)

    def _firm(self):
        firm = rules.bidders_for(self.request.user).first()
        if firm is None:
            raise Refusal("Seul un fournisseur pose une question, pour son entreprise.", code="forbidden")
        return firm

    @extend_schema(
        summary="Télécharger un fichier d'une question",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(detail=True, methods=["get"], url_path=r"files/(?P<position>\d+)", pagination_class=None)
    def file(self, request, position=None, **kwargs):
        """The file, under its own name for the firm that asked only."""
        question = self.get_object()
        piece = get_object_or_404(question.files, position=position)
        is_own = public.can_follow_question(request.user, question)
        return file_response(request, downloads.question_file(piece, is_own=is_own))
