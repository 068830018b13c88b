"""Contracts and the documents of their holders through the API."""

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser

from foundation.accounts.approvals.api import ApprovalSerializer
from foundation.accounts.fresh import fresh_session_or_token
from foundation.api.fields import AbilitiesField
from foundation.api.viewsets import ReadViewSet
from foundation.clock import now
from foundation.files.responses import file_response
from tenders import downloads, rules, services
from tenders.api.serializers import PartySerializer
from tenders.enums import ReversalGround
from tenders.models import Contract, Deed, RequestedPiece
from tenders.rules import judging


class RequestedPieceSerializer(serializers.ModelSerializer):
    """A document asked from the future holder; its file is at `/requested-pieces/{id}/file/`."""

    abilities = AbilitiesField(send=rules.can_send_piece, check=rules.can_check_piece)

    class Meta:
        model = RequestedPiece
        fields = [
            "id",
            "contract",
            "label",
            "state",
            "asked_at",
            "due_at",
            "name",
            "size",
            "sha256",
            "received_at",
            "decided_at",
            "refusal_reason",
            "abilities",
        ]


class DeedSerializer(serializers.ModelSerializer):
    """The signed act: its digest, and what was read of its signatures."""

    class Meta:
        model = Deed
        fields = ["id", "name", "size", "sha256", "report", "added_at"]


class ContractRowSerializer(serializers.ModelSerializer):
    """A contract in a list. `signable_at`: the end of the wait; `served_at`: it takes effect."""

    tender = serializers.IntegerField(source="award.lot.tender_id")
    lot = serializers.IntegerField(source="award.lot.number")
    holder = PartySerializer(source="award.bidder")

    class Meta:
        model = Contract
        fields = [
            "id",
            "tender",
            "lot",
            "award",
            "holder",
            "state",
            "signable_at",
            "signed_at",
            "served_at",
            "notice_due_date",
            "notice_sent_at",
            "cancelled_at",
        ]


class ContractSerializer(ContractRowSerializer):
    """A contract with the documents asked and its signed acts."""

    pieces = RequestedPieceSerializer(many=True)
    deeds = DeedSerializer(many=True)
    abilities = AbilitiesField(
        ask_pieces=rules.can_prepare_contract,
        sign=rules.can_sign_contract,
        serve=rules.can_serve_contract,
        reverse=judging.can_ask_reverse,
    )

    class Meta(ContractRowSerializer.Meta):
        fields = [*ContractRowSerializer.Meta.fields, "pieces", "deeds", "abilities"]


class PiecesInput(serializers.Serializer):
    """The documents asked, all for the same day."""

    labels = serializers.ListField(child=serializers.CharField(max_length=200), min_length=1, max_length=30)
    due_at = serializers.DateTimeField()


class UploadedInput(serializers.Serializer):
    """A file."""

    upload = serializers.FileField()


class ReverseInput(serializers.Serializer):
    """Why a decided award is taken back."""

    ground = serializers.ChoiceField(choices=ReversalGround.choices)
    reason = serializers.CharField()


@extend_schema_view(
    list=extend_schema(summary="Contrats : ceux que l'on prépare, ceux que l'on tient"),
    retrieve=extend_schema(summary="Un contrat, ses pièces demandées, ses actes signés"),
)
class ContractViewSet(ReadViewSet):
    """Contracts: from the decision to the service on the holder; read by the buyer's people and the holder."""

    queryset = Contract.objects.none()
    visible_to = staticmethod(judging.contracts_visible_to)
    serializer_class = ContractSerializer
    list_serializer_class = ContractRowSerializer
    filterset_fields = ["state", "award__lot__tender"]
    search_fields = ["award__bidder__name", "award__lot__tender__reference"]
    ordering_fields = ["id"]
    ordering = "-id"
    write_scope = "tenders:decide"
    action_scopes = {"ask_pieces": "tenders:write"}
    guarded_actions = frozenset({"sign", "serve", "reverse"})
    keyless_actions = frozenset({"sign"})

    def row_to_lock(self, obj):
        """The services lock the consultation first."""
        return obj.award.lot.tender

    def prepare(self, queryset):
        """What the representation reads, in a constant number of queries."""
        queryset = queryset.select_related("award__lot__tender__buyer", "award__bidder")
        return (
            queryset
            if self.lists
            else queryset.prefetch_related("pieces__contract__award__lot__tender", "deeds")
        )

    def _allowed(self, may) -> Contract:
        contract = self.get_object()
        if not may(self.request.user, contract):
            raise PermissionDenied
        return contract

    @extend_schema(
        summary="Demander des pièces à l'attributaire",
        request=PiecesInput,
        responses={201: ContractSerializer},
    )
    @action(detail=True, methods=["post"], url_path="pieces")
    def ask_pieces(self, request, **kwargs):
        """Ask the future holder for documents, all for the same day."""
        contract = self._allowed(rules.can_prepare_contract)
        data = self.submitted(PiecesInput)
        services.pieces_ask(contract=contract, **data, by=request.user, at=now())
        return self.created(contract)

    @extend_schema(
        summary="Déposer l'acte signé",
        request={"multipart/form-data": UploadedInput},
        responses=ContractSerializer,
    )
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    @fresh_session_or_token
    def sign(self, request, **kwargs):
        """Put the signed PDF on the contract: who signed is read, and that nothing changed since is verified."""
        contract = self._allowed(rules.can_sign_contract)
        data = self.submitted(UploadedInput)
        return self.answer(services.contract_sign(contract=contract, **data, by=request.user, at=now()))

    @extend_schema(summary="Notifier le contrat à son titulaire", request=None, responses=ContractSerializer)
    @action(detail=True, methods=["post"])
    def serve(self, request, **kwargs):
        """Serve the signed contract: `served_at` is the instant when it takes effect."""
        contract = self._allowed(rules.can_serve_contract)
        return self.answer(services.contract_serve(contract=contract, by=request.user, at=now()))

    @extend_schema(
        summary="Demander le retrait d'une attribution",
        request=ReverseInput,
        responses={202: ApprovalSerializer},
    )
    @action(detail=True, methods=["post"])
    def reverse(self, request, **kwargs):
        """Ask the signatory to take the award back; nothing changes before he confirms."""
        contract = self._allowed(judging.can_ask_reverse)
        data = self.submitted(ReverseInput)
        asked = services.award_reverse_ask(award=contract.award, **data, by=request.user, at=now())
        return self.answer(asked, status=status.HTTP_202_ACCEPTED, serializer_class=ApprovalSerializer)


class PieceCheckInput(serializers.Serializer):
    """Whether the document is accepted; if not, why."""

    is_accepted = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True, default="")


@extend_schema_view(
    list=extend_schema(summary="Pièces demandées aux attributaires"),
    retrieve=extend_schema(summary="Une pièce demandée"),
)
class RequestedPieceViewSet(ReadViewSet):
    """Documents asked before the signature: sent by the future holder, checked by the buyer."""

    queryset = RequestedPiece.objects.none()
    visible_to = staticmethod(judging.pieces_visible_to)
    serializer_class = RequestedPieceSerializer
    filterset_fields = ["contract", "state"]
    search_fields = ["label"]
    ordering_fields = ["id"]
    ordering = "-id"
    write_scope = "bids:write"
    action_scopes = {"check": "tenders:write"}
    guarded_actions = frozenset({"check"})
    keyless_actions = frozenset({"send"})

    def row_to_lock(self, obj):
        """The services lock the consultation first."""
        return obj.contract.award.lot.tender

    def prepare(self, queryset):
        """What the abilities read."""
        return queryset.select_related("contract__award__lot__tender__buyer", "contract__award__bidder")

    @extend_schema(
        summary="Télécharger une pièce de l'attributaire",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(detail=True, methods=["get"], url_path="file", pagination_class=None)
    def file(self, request, **kwargs):
        """The file; 404 until it is sent."""
        piece = self.get_object()
        if not piece.file:
            raise Http404
        return file_response(request, downloads.piece_file(piece))

    @extend_schema(
        summary="Envoyer une pièce demandée",
        request={"multipart/form-data": UploadedInput},
        responses=RequestedPieceSerializer,
    )
    @action(detail=True, methods=["post"], url_path="send", parser_classes=[MultiPartParser])
    def send(self, request, **kwargs):
        """Send the document; a new one replaces the former until it is accepted."""
        piece = self.get_object()
        if not rules.can_send_piece(request.user, piece):
            raise PermissionDenied
        data = self.submitted(UploadedInput)
        return self.answer(services.piece_send(piece=piece, **data, by=request.user, at=now()))

    @extend_schema(
        summary="Accepter ou refuser une pièce", request=PieceCheckInput, responses=RequestedPieceSerializer
    )
    @action(detail=True, methods=["post"])
    def check(self, request, **kwargs):
        """Accept the document, or refuse it with the reason."""
        piece = self.get_object()
        if not rules.can_check_piece(request.user, piece):
            raise PermissionDenied
        data = self.submitted(PieceCheckInput)
        return self.answer(services.piece_check(piece=piece, **data, by=request.user, at=now()))
