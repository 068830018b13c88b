"""Progressive sending through the API: announce files, send their bytes piece by piece, resume, then deposit."""

import re

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from foundation.accounts.models import Organisation
from foundation.api.fields import AbilitiesField
from foundation.api.viewsets import ReadViewSet
from foundation.errors import Refusal
from tenders import rules, selectors, services
from tenders.api.custody import CustodySerializer, custody_of
from tenders.api.deposits import (
    CandidatureInput,
    ImpactAnswerInput,
    answers_from,
    draft_from,
    told_by_pointers,
)
from tenders.api.inputs import prices_from_object
from tenders.api.sealed import (
    KeyInput,
    SealedDepositInput,
    SealedFileInput,
    dealt_from,
    sealed_from,
)
from tenders.api.serializers import BidSerializer
from tenders.models import Tender, UploadedFile, UploadEvent, UploadSession

BYTES = "application/offset+octet-stream"
OFFSET = OpenApiParameter(
    "Upload-Offset", int, OpenApiParameter.HEADER, required=True, description="First byte of this piece."
)


class UploadedFileSerializer(serializers.ModelSerializer):
    """A file on its way: how many of its bytes are sealed. Its name is sealed with it."""

    lot = serializers.IntegerField(source="lot.number", allow_null=True, default=None)
    is_complete = serializers.BooleanField()

    class Meta:
        model = UploadedFile
        fields = ["id", "lot", "size", "received", "is_complete", "sealed_size", "sealed_sha256"]


class UploadEventSerializer(serializers.ModelSerializer):
    """A line of what happened, at the clock of the database."""

    class Meta:
        model = UploadEvent
        fields = ["kind", "noted_at", "file", "offset", "size", "milliseconds"]


class UploadSerializer(serializers.ModelSerializer):
    """A sending: its files and what happened to it."""

    tender = serializers.IntegerField(source="round.tender_id")
    bidder = serializers.IntegerField(source="bidder_id")
    files = serializers.SerializerMethodField()
    events = UploadEventSerializer(many=True)
    public_key = serializers.SerializerMethodField(help_text="X25519 of the bid; empty until it is dealt.")
    custody = serializers.SerializerMethodField()
    abilities = AbilitiesField(send=rules.can_send_more)

    class Meta:
        model = UploadSession
        fields = [
            "id",
            "tender",
            "round",
            "bidder",
            "state",
            "opened_at",
            "closed_at",
            "sealed_by",
            "public_key",
            "custody",
            "files",
            "events",
            "abilities",
        ]

    def get_public_key(self, session) -> str:
        """In hexadecimal."""
        return bytes(session.public_key).hex()

    @extend_schema_field(CustodySerializer)
    def get_custody(self, session):
        """Those to whom the shares of the key are sealed."""
        return custody_of(selectors.seats_of(session.round), is_named=True)

    @extend_schema_field(UploadedFileSerializer(many=True))
    def get_files(self, session):
        """Those that were not taken out."""
        kept = [file for file in session.files.all() if file.removed_at is None]
        return UploadedFileSerializer(kept, many=True).data


class UploadRowSerializer(serializers.ModelSerializer):
    """A sending in a list."""

    tender = serializers.IntegerField(source="round.tender_id")

    class Meta:
        model = UploadSession
        fields = ["id", "tender", "round", "bidder", "state", "opened_at", "closed_at"]


class UploadInput(serializers.Serializer):
    """Where the sending goes, and for which firm."""

    tender = serializers.PrimaryKeyRelatedField(queryset=Tender.objects.none())
    bidder = serializers.PrimaryKeyRelatedField(queryset=Organisation.objects.none())

    def get_fields(self):
        """What the caller may see, and the firms he answers for: the others do not exist for him."""
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["tender"].queryset = rules.tenders_visible_to(request.user)
            fields["bidder"].queryset = rules.bidders_for(request.user)
        return fields


class FileInput(serializers.Serializer):
    """A file to come: its name is sealed at once."""

    name = serializers.CharField(max_length=255)
    size = serializers.IntegerField(min_value=1, help_text="Bytes.")
    lot = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)


class UploadDepositInput(serializers.Serializer):
    """The unit prices by lot number and line code, none in a round of candidatures; who answers; the answers to
    the impact questions.
    """

    prices = serializers.JSONField(help_text='{"1": {"UO-1": "1200.00"}}')
    candidature = CandidatureInput(required=False, allow_null=True, default=None)
    answers = ImpactAnswerInput(many=True, default=list)
    files = serializers.ListField(
        child=serializers.UUIDField(),
        max_length=200,
        required=False,
        help_text="What you saw of this sending.",
    )
    replaces = serializers.UUIDField(
        allow_null=True, required=False, help_text="The bid in force that you saw; null for none."
    )
    is_backup = serializers.BooleanField(
        default=False, help_text="A backup copy, kept closed beside the bid."
    )


class BytesParser(BaseParser):
    """Lets the raw bytes pass: they are sealed as they are read, never held whole."""

    media_type = BYTES

    def parse(self, stream, media_type=None, parser_context=None):
        """Nothing is read here."""
        raise UnsupportedMediaType(media_type)


@extend_schema_view(
    list=extend_schema(summary="Ses propres envois"),
    retrieve=extend_schema(summary="Un envoi : ses fichiers, où ils en sont, ce qui s'est passé"),
)
class UploadViewSet(ReadViewSet):
    """Sendings: files go up one by one, by pieces, sealed as they arrive; depositing is then one short act."""

    queryset = UploadSession.objects.none()
    visible_to = staticmethod(rules.uploads_visible_to)
    serializer_class = UploadSerializer
    list_serializer_class = UploadRowSerializer
    filterset_fields = ["round__tender", "state"]
    search_fields = ["round__tender__title", "round__tender__reference"]
    ordering_fields = ["opened_at"]
    ordering = "-opened_at"
    write_scope = "bids:write"
    streamed_actions = frozenset({"send"})
    keyless_actions = frozenset({"deposit"})

    def prepare(self, queryset):
        """What the representation reads, in a constant number of queries."""
        queryset = queryset.select_related("round__custody", "bidder")
        if self.lists or self.action in ("send", "remove_file"):
            return queryset
        return queryset.prefetch_related("files__lot", "events")

    @extend_schema(
        summary="Commencer un envoi, ou retrouver le sien",
        request=UploadInput,
        responses={201: UploadSerializer},
    )
    def create(self, request, **kwargs):
        """Begin a sending for a firm in the round in force; the one already begun is given back."""
        if not rules.answers_tenders(request.user):
            raise PermissionDenied
        data = self.submitted(UploadInput)
        return self.created(services.upload_open(**data, by=request.user))

    @extend_schema(summary="Abandonner un envoi", responses={204: None})
    def destroy(self, request, **kwargs):
        """Throw its ciphertext away; what happened is kept."""
        services.upload_abandon(session=self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="Donner la clé d'un envoi que l'on scelle soi-même",
        description="Once, before the first file. The same key again changes nothing; another one is refused.",
        request=KeyInput,
        responses=UploadSerializer,
    )
    @action(detail=True, methods=["post"])
    def key(self, request, **kwargs):
        """Keep the public half of the key of this bid, and a sealed share of its private half for each custodian."""
        session, data = self.get_object(), self.submitted(KeyInput)
        persons = {seat.pk: str(seat.custodian_id) for seat in selectors.seats_of(session.round)}
        session = services.upload_deal(
            session=session,
            sealed_by=data["sealed_by"],
            public_key=bytes.fromhex(data["public_key"]),
            dealt=dealt_from(data["shares"], persons),
            by=request.user,
        )
        return self.answer(session)

    @extend_schema(
        summary="Annoncer un fichier",
        description="In clear (`name`, `size`): the platform seals. Sealed by the sender: `id`, `sealed_size`, "
        "`sealed_facts`.",
        request=PolymorphicProxySerializer(
            component_name="AnnouncedFile",
            serializers=[FileInput, SealedFileInput],
            resource_type_field_name=None,
        ),
        responses={201: UploadedFileSerializer},
    )
    @action(detail=True, methods=["post"], url_path="files")
    def add_file(self, request, **kwargs):
        """Announce a file; its bytes follow, by pieces."""
        session = self.get_object()
        is_sealed = isinstance(request.data, dict) and "sealed_facts" in request.data
        data = self.submitted(SealedFileInput if is_sealed else FileInput)
        lot = (data["lot"] and get_object_or_404(session.round.tender.lots, number=data["lot"])) or None
        if is_sealed:
            file = services.upload_add_sealed(
                session=session,
                file_id=data["id"],
                size=data["sealed_size"],
                sealed_facts=data["sealed_facts"],
                lot=lot,
                by=request.user,
            )
        else:
            file = services.upload_add_file(
                session=session, name=data["name"], size=data["size"], lot=lot, by=request.user
            )
        return self.answer(file, status=status.HTTP_201_CREATED, serializer_class=UploadedFileSerializer)

    @extend_schema(
        summary="Envoyer la suite d'un fichier",
        description="`Upload-Offset` tells the first byte of the piece, at most 16 MiB. After a cut, read `received` "
        "and go on from there.",
        request={BYTES: OpenApiTypes.BINARY},
        responses=UploadedFileSerializer,
        parameters=[OFFSET],
    )
    @action(
        detail=True,
        methods=["put"],
        url_path=r"files/(?P<file_pk>[0-9a-f-]{36})",
        parser_classes=[BytesParser],
    )
    def send(self, request, file_pk=None, **kwargs):
        """Seal the next piece of a file."""
        file = self._file(file_pk)
        if request.content_type != BYTES:
            raise UnsupportedMediaType(request.content_type)
        offset = request.headers.get("Upload-Offset", "")
        if not re.fullmatch(r"\d{1,15}", offset):
            raise Refusal(_("L'en-tête Upload-Offset dit où commence ce morceau."), field="offset")
        length = request.headers.get("Content-Length", "")
        if not re.fullmatch(r"\d{1,15}", length):
            raise Refusal(_("L'en-tête Content-Length dit combien d'octets sont envoyés."), field="length")
        file = services.upload_receive(
            file=file, offset=int(offset), stream=request._request, length=int(length), by=request.user
        )
        answer = self.answer(file, serializer_class=UploadedFileSerializer)
        answer["Upload-Offset"] = str(file.received)
        return answer

    @extend_schema(summary="Retirer un fichier d'un envoi", responses={204: None})
    @send.mapping.delete
    def remove_file(self, request, file_pk=None, **kwargs):
        """Throw the ciphertext of a file away."""
        services.upload_remove_file(file=self._file(file_pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="Déposer le pli",
        description="Sealed by the sender: `parts`. In clear: `prices`. A sending that was deposited gives its bid "
        "again (200). What `files` and `replaces` say is not what the platform holds: 409, and nothing is lost.",
        request=PolymorphicProxySerializer(
            component_name="UploadDeposit",
            serializers=[UploadDepositInput, SealedDepositInput],
            resource_type_field_name=None,
        ),
        responses={200: BidSerializer, 201: BidSerializer},
    )
    @action(detail=True, methods=["post"])
    def deposit(self, request, **kwargs):
        """Deposit the files of the sending with what goes with them: one short transaction, whose instant decides."""
        session = self.get_object()
        is_sealed = isinstance(request.data, dict) and "parts" in request.data
        data = self.submitted(SealedDepositInput if is_sealed else UploadDepositInput)
        if already := services.deposited(session.pk, by=request.user):
            return self.answer(already, serializer_class=BidSerializer)
        envelope = services.envelope_for(tender=session.round.tender, bidder=session.bidder, by=request.user)
        if envelope.round.pk != session.round_id:
            raise Refusal(
                _("Cet envoi répond à un tour qui est clos : commencez-en un autre."), code="conflict"
            )
        envelope = services.with_uploads(envelope, session)
        asked = data.get("answers", [])
        with told_by_pointers(asked):
            bid = services.bid_deposit(
                envelope=envelope,
                prices={} if is_sealed else prices_from_object(data["prices"]),
                candidature=draft_from(data["candidature"]),
                answers=answers_from(asked),
                is_backup=data["is_backup"],
                sealed=sealed_from(data) if is_sealed else None,
                seen=_seen(data),
                by=request.user,
            )
        is_new = hasattr(bid, "sealed_parts")
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return self.answer(bid, status=code, serializer_class=BidSerializer)

    def _file(self, file_pk) -> UploadedFile:
        file = self.get_object().files.filter(pk=file_pk, removed_at=None).first()
        if file is None:
            raise Http404
        return file


def _seen(data) -> services.Seen | None:
    """What the author of the deposit saw, when he says it."""
    if "files" not in data or "replaces" not in data:
        return None
    return services.Seen(frozenset(data["files"]), data["replaces"])
