"""Questions and answers through the API. Nothing here tells who asked."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from foundation.api.fields import AbilitiesField
from foundation.api.viewsets import ReadViewSet
from foundation.clock import now
from foundation.errors import Refusal
from tenders import rules, services
from tenders.models import Answer, Question, Tender
from tenders.rules import public


class AnswerSerializer(serializers.ModelSerializer):
    """A question as it is published, and its answer; no number nor date while it is prepared."""

    abilities = AbilitiesField(publish=public.can_publish_answer)

    class Meta:
        model = Answer
        fields = ["id", "tender", "number", "question", "text", "state", "published_at", "abilities"]
        ref_name = "TenderAnswer"


class QuestionSerializer(serializers.ModelSerializer):
    """A question as it was asked, and its answer once it is published. Not who asked."""

    answer = serializers.SerializerMethodField()
    abilities = AbilitiesField(follow=public.can_follow_question)

    class Meta:
        model = Question
        fields = ["id", "tender", "text", "answer", "abilities"]
        ref_name = "TenderQuestion"

    def get_answer(self, question) -> int | None:
        """The published answer; what is prepared is the buyer's alone."""
        answer = question.answer
        return answer.pk if answer and answer.published_at else None


class QuestionInput(serializers.Serializer):
    """A question to the buyer of a published consultation."""

    tender = serializers.PrimaryKeyRelatedField(queryset=Tender.objects.filter(published_at__isnull=False))
    text = serializers.CharField(max_length=5000)


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

    def prepare(self, queryset):
        """With the answers, in the same query."""
        return queryset.select_related("answer")

    @extend_schema(summary="Poser une question", request=QuestionInput, responses={201: QuestionSerializer})
    def create(self, request, **kwargs):
        """Ask the buyer something, for one's first firm."""
        data = self.submitted(QuestionInput)
        firm = rules.bidders_for(request.user).first()
        if firm is None:
            raise Refusal("Seul un fournisseur pose une question, pour son entreprise.", code="forbidden")
        return self.created(services.question_ask(firm=firm, **data, by=request.user, at=now()))
