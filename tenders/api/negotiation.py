"""Negotiation through the API: the same grid and the same time for all, slots, records, commitments."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from foundation.api.fields import AbilitiesField
from foundation.api.viewsets import ReadViewSet
from foundation.clock import now
from tenders import negotiating, rules, services
from tenders.api.serializers import PartySerializer
from tenders.models import Commitment, Negotiation, NegotiationMeeting, NegotiationTopic, TopicNote
from tenders.rules import judging


class OfferedTopicSerializer(serializers.Serializer):
    """A topic that the lot announced: a quality criterion or an impact question."""

    code = serializers.CharField()
    label = serializers.CharField()


class TopicSerializer(serializers.ModelSerializer):
    """A topic of the grid, the same for every candidate."""

    class Meta:
        model = NegotiationTopic
        fields = ["id", "position", "label", "criterion", "question"]


class NegotiationSerializer(serializers.ModelSerializer):
    """The negotiation of a lot; its meetings are at `/negotiation-meetings/`."""

    topics = TopicSerializer(many=True)
    meetings = serializers.PrimaryKeyRelatedField(many=True, read_only=True)

    class Meta:
        model = Negotiation
        fields = ["id", "lot", "minutes", "started_at", "invited_at", "closed_at", "topics", "meetings"]


class StartInput(serializers.Serializer):
    """The grid: codes of `…/negotiation-topics/`, another topic if any, the time of each meeting in minutes."""

    topics = serializers.ListField(child=serializers.CharField(max_length=60), default=list)
    other = serializers.CharField(max_length=400, allow_blank=True, default="")
    minutes = serializers.IntegerField(min_value=15, max_value=480)

    def validate(self, data):
        """Codes that the lot offers, in its order."""
        offered = negotiating.topics_offered(self.context["lot"]) if "lot" in self.context else []
        unknown = sorted(set(data["topics"]) - {topic.code for topic in offered})
        if unknown:
            raise serializers.ValidationError({"topics": f"Sujets inconnus : {', '.join(unknown)}."})
        chosen = [topic for topic in offered if topic.code in data["topics"]]
        other = data["other"].strip()
        return {
            "topics": chosen + ([negotiating.Topic("other", other)] if other else []),
            "minutes": data["minutes"],
        }


class NegotiationActions:
    """Actions of lots: the grid, the invitations."""

    def _led(self):
        lot = self.get_object()
        may_read = rules.reads_ranking(self.request.user, lot)
        if not (may_read and rules.can_negotiate(self.request.user, lot.tender)):
            raise PermissionDenied
        return lot

    @extend_schema(
        summary="Les sujets que le lot permet de négocier",
        responses=OfferedTopicSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"], url_path="negotiation-topics", pagination_class=None)
    def negotiation_topics(self, request, **kwargs):
        """Drawn from the quality criteria and the impact questions that the lot announced."""
        lot = self.get_object()
        if not rules.reads_ranking(request.user, lot):
            raise PermissionDenied
        return Response(OfferedTopicSerializer(negotiating.topics_offered(lot), many=True).data)

    @extend_schema(
        summary="La négociation d'un lot", responses=NegotiationSerializer, filters=False, methods=["get"]
    )
    @extend_schema(
        summary="Préparer la négociation d'un lot",
        request=StartInput,
        responses={201: NegotiationSerializer},
        methods=["post"],
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def negotiation(self, request, **kwargs):
        """Read the grid and the meetings, or settle them: everybody whose offer is compared is heard."""
        if request.method == "GET":
            lot = self.get_object()
            if not rules.reads_ranking(request.user, lot):
                raise PermissionDenied
            return self.answer(self._negotiation(lot), serializer_class=NegotiationSerializer)
        lot = self._led()
        data = self.submitted(StartInput, lot=lot)
        made = services.negotiation_start(lot=lot, **data, by=request.user, at=now())
        return self.answer(made, status=status.HTTP_201_CREATED, serializer_class=NegotiationSerializer)

    @extend_schema(summary="Inviter les candidats", request=None, responses=NegotiationSerializer)
    @action(detail=True, methods=["post"], url_path="negotiation/invite")
    def invite_candidates(self, request, **kwargs):
        """Invite every candidate at the same instant: same topics, same time, as many slots each."""
        found = self._negotiation(self._led())
        invited = services.negotiation_invite(negotiation=found, by=request.user, at=now())
        return self.answer(invited, serializer_class=NegotiationSerializer)

    def _negotiation(self, lot) -> Negotiation:
        found = Negotiation.objects.filter(lot=lot).select_related("lot__tender").first()
        if found is None:
            raise Http404
        return found


class NoteSerializer(serializers.ModelSerializer):
    """What a candidate is asked on a topic, and what came out of it."""

    label = serializers.CharField(source="topic.label")

    class Meta:
        model = TopicNote
        fields = ["topic", "label", "prompt", "outcome"]


class CommitmentSerializer(serializers.ModelSerializer):
    """What the candidate commits to: a clause of its contract, followed by an indicator."""

    class Meta:
        model = Commitment
        fields = ["id", "topic", "clause", "indicator", "target"]


class MeetingRowSerializer(serializers.ModelSerializer):
    """A meeting in a list."""

    tender = serializers.IntegerField(source="negotiation.lot.tender_id")
    lot = serializers.IntegerField(source="negotiation.lot.number")
    bidder = PartySerializer(source="offer.bid.bidder")

    class Meta:
        model = NegotiationMeeting
        fields = ["id", "tender", "lot", "offer", "bidder", "state", "starts_at", "shared_at", "signed_at"]


class MeetingSerializer(MeetingRowSerializer):
    """The meeting with one candidate: its topics, slots, record and commitments."""

    minutes = serializers.IntegerField(source="negotiation.minutes")
    notes = NoteSerializer(many=True)
    commitments = CommitmentSerializer(many=True)
    abilities = AbilitiesField(hear=rules.can_hear_candidate, speak=rules.can_speak_for_candidate)

    class Meta(MeetingRowSerializer.Meta):
        fields = [
            *MeetingRowSerializer.Meta.fields,
            "place",
            "slots",
            "minutes",
            "remarks",
            "notes",
            "commitments",
            "abilities",
        ]


class TopicWordsInput(serializers.Serializer):
    """Words on a topic of the grid."""

    topic = serializers.IntegerField(min_value=1)
    words = serializers.CharField(allow_blank=True)


class PrepareInput(serializers.Serializer):
    """Where and when the candidate may come, and what it is asked."""

    place = serializers.CharField(max_length=300)
    slots = serializers.ListField(child=serializers.DateTimeField(), min_length=1, max_length=10)
    prompts = TopicWordsInput(many=True, default=list)


class SlotInput(serializers.Serializer):
    """One of the slots offered."""

    starts_at = serializers.DateTimeField()


class DeclineInput(serializers.Serializer):
    """That the offer is kept as it is."""

    reason = serializers.CharField()


class RecordInput(serializers.Serializer):
    """What came out of each topic, none left out."""

    outcomes = TopicWordsInput(many=True)


class SignRecordInput(serializers.Serializer):
    """The remarks of the candidate, if any."""

    remarks = serializers.CharField(allow_blank=True, default="")


class CommitmentInput(serializers.Serializer):
    """A clause, the indicator that follows it, its target."""

    topic = serializers.IntegerField(min_value=1)
    clause = serializers.CharField()
    indicator = serializers.CharField(max_length=200)
    target = serializers.CharField(max_length=120)


def _by_topic(rows) -> dict[int, str]:
    return {row["topic"]: row["words"] for row in rows}


@extend_schema_view(
    list=extend_schema(summary="Réunions de négociation : celles que l'on mène, celles où l'on est invité"),
    retrieve=extend_schema(summary="Une réunion : sujets, créneaux, compte rendu, engagements"),
)
class MeetingViewSet(ReadViewSet):
    """Meetings: a candidate reads its own once it is invited, never another's."""

    queryset = NegotiationMeeting.objects.none()
    visible_to = staticmethod(judging.meetings_visible_to)
    serializer_class = MeetingSerializer
    list_serializer_class = MeetingRowSerializer
    filterset_fields = ["negotiation__lot__tender", "state"]
    search_fields = ["offer__bid__bidder__name"]
    ordering_fields = ["id"]
    ordering = "-id"
    write_scope = "tenders:write"
    action_scopes = {"slot": "bids:write", "decline": "bids:write", "sign": "bids:write"}
    guarded_actions = frozenset({"decline", "sign"})

    def row_to_lock(self, obj):
        """The services lock the consultation first."""
        return obj.negotiation.lot.tender

    def prepare(self, queryset):
        """What the representation reads, in a constant number of queries."""
        queryset = queryset.select_related(
            "negotiation__lot__tender", "offer__bid__bidder", "offer__bid__tender"
        )
        return queryset if self.lists else queryset.prefetch_related("notes__topic", "commitments")

    def _allowed(self, may) -> NegotiationMeeting:
        meeting = self.get_object()
        if not may(self.request.user, meeting):
            raise PermissionDenied
        return meeting

    @extend_schema(
        summary="Préparer la réunion d'un candidat", request=PrepareInput, responses=MeetingSerializer
    )
    @action(detail=True, methods=["put"])
    def preparation(self, request, **kwargs):
        """Write what the candidate is asked, where and when it may come; kept until the invitations leave."""
        meeting = self._allowed(rules.can_hear_candidate)
        data = self.submitted(PrepareInput)
        data["prompts"] = _by_topic(data["prompts"])
        services.meeting_prepare(meeting=meeting, **data, by=request.user, at=now())
        return self.answer(meeting)

    @extend_schema(summary="Choisir un créneau", request=SlotInput, responses=MeetingSerializer)
    @action(detail=True, methods=["post"])
    def slot(self, request, **kwargs):
        """The candidate chooses one of its slots."""
        meeting = self._allowed(rules.can_speak_for_candidate)
        data = self.submitted(SlotInput)
        return self.answer(services.slot_choose(meeting=meeting, **data, by=request.user, at=now()))

    @extend_schema(
        summary="Maintenir son offre sans réunion", request=DeclineInput, responses=MeetingSerializer
    )
    @action(detail=True, methods=["post"])
    def decline(self, request, **kwargs):
        """The candidate keeps its offer as it is and does not come."""
        meeting = self._allowed(rules.can_speak_for_candidate)
        data = self.submitted(DeclineInput)
        return self.answer(services.meeting_decline(meeting=meeting, **data, by=request.user, at=now()))

    @extend_schema(
        summary="Écrire un engagement", request=CommitmentInput, responses={201: MeetingSerializer}
    )
    @action(detail=True, methods=["post"])
    def commitments(self, request, **kwargs):
        """Write a commitment of the candidate, with the indicator that will follow it."""
        meeting = self._allowed(rules.can_hear_candidate)
        data = self.submitted(CommitmentInput)
        data["topic"] = get_object_or_404(meeting.negotiation.topics, pk=data["topic"])
        services.commitment_add(meeting=meeting, **data, by=request.user, at=now())
        return self.created(meeting)

    @extend_schema(summary="Partager le compte rendu", request=RecordInput, responses=MeetingSerializer)
    @action(detail=True, methods=["put"])
    def record(self, request, **kwargs):
        """Write what came out of each topic and share it with the candidate; written again, it is shared anew."""
        meeting = self._allowed(rules.can_hear_candidate)
        outcomes = _by_topic(self.submitted(RecordInput)["outcomes"])
        services.record_share(meeting=meeting, outcomes=outcomes, by=request.user, at=now())
        return self.answer(meeting)

    @extend_schema(
        summary="Contresigner le compte rendu", request=SignRecordInput, responses=MeetingSerializer
    )
    @action(detail=True, methods=["post"])
    def sign(self, request, **kwargs):
        """The candidate countersigns the record and its commitments."""
        meeting = self._allowed(rules.can_speak_for_candidate)
        data = self.submitted(SignRecordInput)
        return self.answer(services.record_sign(meeting=meeting, **data, by=request.user, at=now()))
