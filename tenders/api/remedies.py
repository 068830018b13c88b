"""What follows the award through the API: reasons asked, report, letters, challenges, award notice."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from foundation.accounts.approvals.api import ApprovalSerializer
from foundation.api.fields import AbilitiesField
from foundation.api.viewsets import ReadViewSet
from foundation.clock import now
from tenders import documents, rules, services
from tenders.api.contracts import ContractRowSerializer
from tenders.api.serializers import PartySerializer
from tenders.models import Challenge, Offer, ReasonRequest
from tenders.rules import judging


class ReasonRequestSerializer(serializers.ModelSerializer):
    """A request for the detailed reasons, and its answer."""

    tender = serializers.IntegerField(source="offer.bid.tender_id")
    bidder = PartySerializer(source="offer.bid.bidder")
    abilities = AbilitiesField(answer=judging.can_answer_reasons)

    class Meta:
        model = ReasonRequest
        fields = [
            "id",
            "tender",
            "offer",
            "bidder",
            "asked_at",
            "due_date",
            "answer",
            "answered_at",
            "abilities",
        ]


class ReasonsInput(serializers.Serializer):
    """The offer that was not retained: its key is at `/bids/{id}/outcomes/`."""

    offer = serializers.IntegerField(min_value=1)


class ReasonsAnswerInput(serializers.Serializer):
    """The detailed reasons, without any business secret of another firm."""

    answer = serializers.CharField()


@extend_schema_view(
    list=extend_schema(summary="Demandes de motifs"),
    retrieve=extend_schema(summary="Une demande de motifs et sa réponse"),
)
class ReasonRequestViewSet(ReadViewSet):
    """Requests for reasons: asked by a firm that was not retained, answered by the buyer within fifteen days."""

    queryset = ReasonRequest.objects.none()
    visible_to = staticmethod(judging.reason_requests_visible_to)
    serializer_class = ReasonRequestSerializer
    filterset_fields = ["offer__bid__tender"]
    search_fields = ["offer__bid__bidder__name"]
    ordering_fields = ["id"]
    ordering = "-id"
    write_scope = "bids:write"
    action_scopes = {"reply": "tenders:write"}

    def prepare(self, queryset):
        """What the representation reads, in a constant number of queries."""
        return queryset.select_related("offer__bid__bidder", "offer__bid__tender", "offer__lot")

    @extend_schema(
        summary="Demander les motifs", request=ReasonsInput, responses={201: ReasonRequestSerializer}
    )
    def create(self, request, **kwargs):
        """Ask why one's offer was not retained."""
        if not rules.answers_tenders(request.user):
            raise PermissionDenied
        own = Offer.objects.filter(bid__bidder__in=rules.bidders_for(request.user).order_by())
        rows = own.select_related("bid__tender", "bid__bidder", "lot")
        offer = get_object_or_404(rows, pk=self.submitted(ReasonsInput)["offer"])
        return self.created(services.reasons_ask(offer=offer, by=request.user, at=now()))

    @extend_schema(
        summary="Répondre à une demande de motifs",
        request=ReasonsAnswerInput,
        responses=ReasonRequestSerializer,
    )
    @action(detail=True, methods=["post"], url_path="answer")
    def reply(self, request, **kwargs):
        """Answer the firm."""
        asked = self.get_object()
        if not judging.can_answer_reasons(request.user, asked):
            raise PermissionDenied
        data = self.submitted(ReasonsAnswerInput)
        return self.answer(services.reasons_answer(request=asked, **data, by=request.user, at=now()))


class ChallengeSerializer(serializers.ModelSerializer):
    """A challenge before the judge: while it lasts, nothing is signed."""

    class Meta:
        model = Challenge
        fields = ["id", "court", "case_number", "claimant", "filed_at", "outcome", "ended_at"]


class ChallengeInput(serializers.ModelSerializer):
    """What is recorded of a challenge."""

    class Meta:
        model = Challenge
        fields = ["court", "case_number", "claimant", "filed_at"]
        extra_kwargs = {"case_number": {"default": ""}}


class OutcomeInput(serializers.Serializer):
    """How the challenge ended."""

    outcome = serializers.CharField()


class DocumentKeySerializer(serializers.Serializer):
    """The document that is being made, to be read at `/documents/{id}/`."""

    document = serializers.UUIDField(source="pk")


class BatchKeySerializer(serializers.Serializer):
    """The series of documents that is being made, to be followed at `/document-batches/{id}/`."""

    batch = serializers.UUIDField(source="pk")


class AwardActions:
    """Actions of consultations: report, letters, submission to the signatory, challenges, award notice."""

    def _to_report(self):
        tender = self.get_object()
        if not rules.can_write_reports(self.request.user, tender):
            raise PermissionDenied
        return tender

    @extend_schema(
        summary="Établir le rapport d'analyse", request=None, responses={201: DocumentKeySerializer}
    )
    @action(detail=True, methods=["post"], url_path="analysis-report")
    def analysis_report(self, request, **kwargs):
        """Have the report (RAO) made from the analysis as it stands: a draft before the award, final after it."""
        made = documents.request_analysis_report(self._to_report(), by=request.user, at=now())
        return self.answer(made, status=status.HTTP_201_CREATED, serializer_class=DocumentKeySerializer)

    @extend_schema(summary="Établir les courriers", request=None, responses={201: BatchKeySerializer})
    @action(detail=True, methods=["post"])
    def letters(self, request, **kwargs):
        """Have one letter made for each ranked offer."""
        made = documents.request_letters(self._to_report(), by=request.user, at=now())
        return self.answer(made, status=status.HTTP_201_CREATED, serializer_class=BatchKeySerializer)

    @extend_schema(
        summary="Soumettre l'attribution au signataire", request=None, responses={202: ApprovalSerializer}
    )
    @action(detail=True, methods=["post"], url_path="submit-award")
    def submit_award(self, request, **kwargs):
        """Have the report written and ask the signatory to decide what is proposed."""
        asked = services.award_submit(tender=self._to_report(), by=request.user, at=now())
        return self.answer(asked, status=status.HTTP_202_ACCEPTED, serializer_class=ApprovalSerializer)

    @extend_schema(
        summary="Publier l'avis d'attribution", request=None, responses=ContractRowSerializer(many=True)
    )
    @action(detail=True, methods=["post"], url_path="award-notice")
    def award_notice(self, request, **kwargs):
        """Publish the award notice of the contracts signed so far."""
        told = services.award_notice_publish(tender=self._to_report(), by=request.user, at=now())
        return Response(ContractRowSerializer(told, many=True).data)

    @extend_schema(
        summary="Les référés précontractuels",
        responses=ChallengeSerializer(many=True),
        filters=False,
        methods=["get"],
    )
    @extend_schema(
        summary="Enregistrer un référé précontractuel",
        request=ChallengeInput,
        responses={201: ChallengeSerializer},
        methods=["post"],
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def challenges(self, request, **kwargs):
        """Read the challenges, or record one: from then on nothing is signed."""
        if request.method == "GET":
            tender = self.get_object()
            if not rules.reads_offers(request.user, tender):
                raise PermissionDenied
            return Response(ChallengeSerializer(tender.challenges.all(), many=True).data)
        tender = self._to_report()
        data = self.submitted(ChallengeInput)
        made = services.challenge_record(tender=tender, **data, by=request.user, at=now())
        return self.answer(made, status=status.HTTP_201_CREATED, serializer_class=ChallengeSerializer)

    @extend_schema(
        summary="Enregistrer l'issue d'un référé", request=OutcomeInput, responses=ChallengeSerializer
    )
    @action(detail=True, methods=["post"], url_path=r"challenges/(?P<challenge_pk>\d+)/end")
    def end_challenge(self, request, challenge_pk=None, **kwargs):
        """Record how it ended: the signature is possible again."""
        challenge = get_object_or_404(Challenge, tender=self._to_report(), pk=challenge_pk)
        data = self.submitted(OutcomeInput)
        ended = services.challenge_end(challenge=challenge, **data, by=request.user, at=now())
        return self.answer(ended, serializer_class=ChallengeSerializer)
