"""The file, the invited firms, the course and the answers of a consultation, for programs: more of its actions."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from foundation.accounts.fresh import fresh_session_or_token
from foundation.api.parsers import JSONParser
from foundation.clock import now
from foundation.errors import Refusal
from foundation.files.responses import file_response
from tenders import downloads, progress, rules, selectors, services
from tenders.api.questions import AnswerSerializer
from tenders.api.review import ChangeSerializer, ReviewSerializer
from tenders.api.serializers import PartySerializer, TenderDocumentSerializer
from tenders.enums import Stage
from tenders.models import ReviewComment, Tender, TenderDocument
from tenders.rules import public
from tenders.services.changes import CORRECTED_FIELDS


class DocumentInput(serializers.Serializer):
    """A file of the buyer for the consultation; without a title, it takes the name of the file."""

    title = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    file = serializers.FileField()


class CorrigendumInput(serializers.ModelSerializer):
    """What is said otherwise; an absent field does not change. Files are sent as `multipart/form-data`."""

    reason = serializers.CharField()
    withdrawn = serializers.PrimaryKeyRelatedField(
        queryset=TenderDocument.objects.none(), many=True, required=False, help_text="Files taken out."
    )
    added_title = serializers.CharField(max_length=200, required=False)
    added_file = serializers.FileField(required=False)
    replaced = serializers.PrimaryKeyRelatedField(queryset=TenderDocument.objects.none(), required=False)
    replacing_file = serializers.FileField(required=False)

    class Meta:
        model = Tender
        fields = [
            "reason",
            *CORRECTED_FIELDS,
            "withdrawn",
            "added_title",
            "added_file",
            "replaced",
            "replacing_file",
        ]
        extra_kwargs = {name: {"required": False} for name in CORRECTED_FIELDS}

    def get_fields(self):
        """The files of the consultation only."""
        fields = super().get_fields()
        if "tender" in self.context:
            files = self.context["tender"].documents.all()
            fields["replaced"].queryset = fields["withdrawn"].child_relation.queryset = files
        return fields

    def validate(self, data):
        """A file that is replaced has another in its place."""
        if ("replaced" in data) != ("replacing_file" in data):
            raise serializers.ValidationError(
                {"replacing_file": "Donnez ensemble la pièce remplacée et le fichier qui prend sa place."}
            )
        return data


class CourseStepSerializer(serializers.Serializer):
    """A stage as bidders know it: the date announced, the instant when it was reached."""

    label = serializers.CharField()
    status = serializers.ChoiceField(choices=["done", "current", "next"])
    planned_date = serializers.DateField(allow_null=True)
    reached_at = serializers.DateTimeField(allow_null=True)


class StageInput(serializers.Serializer):
    """The date announced for a stage."""

    stage = serializers.ChoiceField(choices=Stage.choices)
    planned_date = serializers.DateField()


class StagesInput(serializers.Serializer):
    """All the dates announced, in the order of the procedure; a stage left out has no date."""

    stages = StageInput(many=True)


class TenderFileActions:
    """Actions of consultations: the buyer's files, the invited firms, what is corrected."""

    @extend_schema(
        summary="Ajouter un fichier au dossier d'un brouillon",
        request={"multipart/form-data": DocumentInput},
        responses={201: TenderDocumentSerializer},
    )
    @action(detail=True, methods=["post"], url_path="documents", parser_classes=[MultiPartParser])
    def add_document(self, request, **kwargs):
        """Put a file of the buyer beside the papers written in the tool."""
        tender = self.get_object()
        if not rules.can_edit_tender(request.user, tender):
            raise PermissionDenied
        data = self.submitted(DocumentInput)
        document = services.document_add(
            tender=tender, title=data["title"], upload=data["file"], by=request.user, at=now()
        )
        return self.answer(
            document, status=status.HTTP_201_CREATED, serializer_class=TenderDocumentSerializer
        )

    @extend_schema(
        summary="Télécharger un fichier du dossier",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(detail=True, methods=["get"], url_path=r"documents/(?P<document_pk>\d+)", pagination_class=None)
    def document(self, request, document_pk=None, **kwargs):
        """The file, without an account once the consultation is published; a withdrawn one stays readable."""
        tender = self.get_object()
        found = get_object_or_404(TenderDocument.ever_announced, tender=tender, pk=document_pk)
        found.tender = tender
        return file_response(request, downloads.document_file(found))

    @extend_schema(summary="Retirer un fichier du dossier d'un brouillon", responses={204: None})
    @document.mapping.delete
    def remove_document(self, request, document_pk=None, **kwargs):
        """Take a file out of a draft."""
        found = get_object_or_404(self.get_object().documents, pk=document_pk)
        services.document_remove(document=found, by=request.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(summary="Les entreprises invitées", responses=PartySerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def invited(self, request, **kwargs):
        """The firms that will answer a consultation without a notice; the buyer's people read them."""
        tender = self.get_object()
        if not rules.works_for_buyer(request.user, tender):
            raise PermissionDenied
        return Response(PartySerializer(tender.invited.order_by("name"), many=True).data)

    @extend_schema(summary="Inviter une entreprise", request=None, responses={204: None}, methods=["put"])
    @extend_schema(summary="Ne plus inviter une entreprise", responses={204: None}, methods=["delete"])
    @action(detail=True, methods=["put", "delete"], url_path=r"invited/(?P<siret>\d{14})")
    def invite(self, request, siret=None, **kwargs):
        """Add a firm of the platform, by its SIRET, to those that will answer a draft, or take it out."""
        tender = self.get_object()
        if not rules.can_edit_tender(request.user, tender):
            raise PermissionDenied
        firm = get_object_or_404(selectors.firms(), siret=siret)
        act = services.firm_invite if request.method == "PUT" else services.firm_uninvite
        act(tender=tender, firm=firm, by=request.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="Publier un rectificatif",
        request={"application/json": CorrigendumInput, "multipart/form-data": CorrigendumInput},
        responses={201: ChangeSerializer},
    )
    @action(detail=True, methods=["post"], parser_classes=[JSONParser, MultiPartParser])
    @fresh_session_or_token
    def corrigendum(self, request, **kwargs):
        """Say otherwise something that was announced: published, with its reason, and told to everybody concerned."""
        tender = self.get_object()
        if not rules.can_correct_tender(request.user, tender):
            raise PermissionDenied
        data = self.submitted(CorrigendumInput, tender=tender)
        change = services.corrigendum_publish(tender=tender, **_change(data), by=request.user, at=now())
        return self.answer(change, status=status.HTTP_201_CREATED, serializer_class=ChangeSerializer)


def _change(data) -> dict:
    """The body of a corrigendum as its service takes it."""
    added = [(data.get("added_title", ""), data["added_file"])] if "added_file" in data else []
    replaced = {data["replaced"]: data["replacing_file"]} if "replaced" in data else {}
    return {
        "reason": data["reason"],
        "fields": {name: data[name] for name in CORRECTED_FIELDS if name in data},
        "added": added,
        "replaced": replaced,
        "withdrawn": [one for one in data.get("withdrawn", ()) if one not in replaced],
    }


class CourseActions:
    """Actions of consultations: dates announced, answers published, remarks dealt with, changes followed."""

    @extend_schema(
        summary="Le déroulement : dates annoncées et atteintes",
        responses=CourseStepSerializer(many=True),
        filters=False,
        methods=["get"],
    )
    @extend_schema(
        summary="Annoncer les dates des étapes",
        request=StagesInput,
        responses=CourseStepSerializer(many=True),
        methods=["put"],
    )
    @action(detail=True, methods=["get", "put"], pagination_class=None)
    def stages(self, request, **kwargs):
        """Where a published consultation stands; its buyers announce the dates to come."""
        tender = self.get_object()
        if not tender.published_at:
            raise Http404
        if request.method == "PUT":
            if not rules.can_plan_stages(request.user, tender):
                raise PermissionDenied
            given = {one["stage"]: one["planned_date"] for one in self.submitted(StagesInput)["stages"]}
            dates = {stage: given.get(stage) for stage in progress.stages_of(tender)}
            services.stages_plan(tender=tender, dates=dates, by=request.user, at=now())
        return Response(CourseStepSerializer(progress.progress(tender, now()), many=True).data)

    @extend_schema(summary="Publier les réponses prêtes", request=None, responses=AnswerSerializer(many=True))
    @action(detail=True, methods=["post"], url_path="publish-answers")
    def publish_answers(self, request, **kwargs):
        """Publish every answer that is ready: same instant, same words, for everybody."""
        tender = self.get_object()
        if not public.can_answer_questions(request.user, tender):
            raise PermissionDenied
        made = services.answers_publish(tender=tender, by=request.user, at=now())
        shown = AnswerSerializer(made, many=True, context=self.get_serializer_context())
        return Response(shown.data)

    @extend_schema(summary="Reprendre la rédaction", request=None, responses=ReviewSerializer)
    @action(detail=True, methods=["post"], url_path="review/reopen")
    def reopen(self, request, **kwargs):
        """Take the version under review back, to write again."""
        tender = self.get_object()
        if not rules.can_edit_tender(request.user, tender):
            raise PermissionDenied
        return self._shown(services.review_reopen(tender=tender, by=request.user, at=now()))

    @extend_schema(summary="Dire une remarque traitée", request=None, responses=ReviewSerializer)
    @action(detail=True, methods=["post"], url_path=r"review/comments/(?P<comment_pk>\d+)/settle")
    def settle(self, request, comment_pk=None, **kwargs):
        """Tick a remark of the reviewer off."""
        found = self._review(self.get_object())
        comment = get_object_or_404(ReviewComment, review=found, pk=comment_pk)
        if not rules.can_settle_comment(request.user, comment):
            raise PermissionDenied
        services.comment_settle(comment=comment, by=request.user, at=now())
        return self._shown(self._review(found.tender))

    @extend_schema(
        summary="Être prévenu des modifications", request=None, responses={204: None}, methods=["put"]
    )
    @extend_schema(summary="Ne plus être prévenu", responses={204: None}, methods=["delete"])
    @action(detail=True, methods=["put", "delete"])
    def follow(self, request, **kwargs):
        """Have oneself told of the changes of a published consultation, or no longer."""
        tender = self.get_object()
        if not tender.published_at:
            raise Refusal("Cette consultation n'est pas publiée.", code="conflict")
        if request.method == "PUT":
            services.tender_follow(tender=tender, by=request.user, at=now())
        else:
            services.tender_unfollow(tender=tender, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
