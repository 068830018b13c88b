"""The second look at a draft, and what changes after the publication, for programs."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from foundation.accounts.approvals.api import ApprovalSerializer
from foundation.accounts.fresh import fresh_session_or_token
from foundation.api.fields import AbilitiesField
from foundation.clock import now
from tenders import rules, selectors, services
from tenders.api import inputs
from tenders.models import Change, Review, ReviewComment


class CommentSerializer(serializers.ModelSerializer):
    """A remark on one part of a version."""

    class Meta:
        model = ReviewComment
        fields = ["id", "section", "text", "written_at", "settled_at"]
        ref_name = "ReviewComment"


class ReviewSerializer(serializers.ModelSerializer):
    """A version of a draft put to review: what it said, and what was decided."""

    comments = CommentSerializer(many=True)
    abilities = AbilitiesField(approve=rules.can_review_draft, send_back=rules.can_review_draft)

    class Meta:
        model = Review
        fields = [
            "version",
            "state",
            "facts",
            "digest",
            "message",
            "asked_at",
            "decided_at",
            "decision_reason",
            "comments",
            "abilities",
        ]


class ChangeSerializer(serializers.ModelSerializer):
    """What was published since: a corrigendum, a later deadline, the end."""

    class Meta:
        model = Change
        fields = ["number", "kind", "reason", "article", "facts", "published_at"]


class ReviewActions:
    """Actions of consultations: review, and changes."""

    def _review(self, tender):
        found = selectors.last_review(tender)
        if found is None or not rules.works_for_buyer(self.request.user, tender):
            raise Http404
        return found

    def _shown(self, found):
        return self.answer(found, serializer_class=ReviewSerializer)

    @extend_schema(
        summary="La dernière version relue", responses=ReviewSerializer, filters=False, methods=["get"]
    )
    @extend_schema(
        summary="Demander la relecture",
        request=inputs.ReviewInput,
        responses=ReviewSerializer,
        methods=["post"],
    )
    @action(detail=True, methods=["get", "post"])
    def review(self, request, **kwargs):
        """Read the last version put to review, or put the draft to review as it stands."""
        tender = self.get_object()
        if request.method == "GET":
            return self._shown(self._review(tender))
        if not rules.can_ask_review(request.user, tender):
            raise PermissionDenied
        data = self.submitted(inputs.ReviewInput)
        return self._shown(services.review_ask(tender=tender, **data, by=request.user, at=now()))

    @extend_schema(summary="Approuver la version relue", request=None, responses=ReviewSerializer)
    @action(detail=True, methods=["post"], url_path="review/approve")
    @fresh_session_or_token
    def approve(self, request, **kwargs):
        """Approve, as somebody who did not write the draft; the version may then be published."""
        found = self._review(self.get_object())
        return self._shown(services.review_approve(review=found, by=request.user, at=now()))

    @extend_schema(
        summary="Renvoyer la version relue", request=inputs.SendBackInput, responses=ReviewSerializer
    )
    @action(detail=True, methods=["post"], url_path="review/send-back")
    def send_back(self, request, **kwargs):
        """Send the draft back with what is to be mended."""
        found = self._review(self.get_object())
        data = self.submitted(inputs.SendBackInput)
        return self._shown(services.review_send_back(review=found, **data, by=request.user, at=now()))

    @extend_schema(summary="Remarquer quelque chose", request=inputs.CommentInput, responses=ReviewSerializer)
    @action(detail=True, methods=["post"], url_path="review/comments")
    def comment(self, request, **kwargs):
        """Say something of one part of the version."""
        found = self._review(self.get_object())
        data = self.submitted(inputs.CommentInput)
        services.review_comment(review=found, **data, by=request.user, at=now())
        return self._shown(found)

    @extend_schema(summary="Les modifications publiées", responses=ChangeSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def changes(self, request, **kwargs):
        """What was published since the publication, the last first."""
        rows = self.get_object().changes.all()
        return Response(ChangeSerializer(rows, many=True).data)

    @extend_schema(
        summary="Demander un report de la date limite",
        request=inputs.ExtensionInput,
        responses={202: ApprovalSerializer},
    )
    @action(detail=True, methods=["post"])
    @fresh_session_or_token
    def extension(self, request, **kwargs):
        """Ask for a later deadline; nothing changes before a second person confirms."""
        data = self.submitted(inputs.ExtensionInput)
        approval = services.extension_ask(tender=self.get_object(), **data, by=request.user, at=now())
        return self.answer(approval, status=202, serializer_class=ApprovalSerializer)
