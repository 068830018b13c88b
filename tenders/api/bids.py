"""Bids through the API: one's own always, those of a consultation once it is opened."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from foundation.api.fields import DecimalField
from foundation.api.viewsets import ReadViewSet
from foundation.clock import now
from foundation.files.responses import file_response
from tenders import judging, rules, services
from tenders.api.serializers import BidSerializer, PublicAwardSerializer
from tenders.models import Bid


class OutcomeSerializer(serializers.Serializer):
    """What became of an offer: its own score out of 100 and rank, and who holds the lot."""

    lot = serializers.IntegerField()
    offer = serializers.IntegerField(source="row.offer.pk")
    score = DecimalField(source="row.score", max_digits=5, decimal_places=2, allow_null=True)
    rank = serializers.IntegerField(source="row.rank", allow_null=True)
    holders = PublicAwardSerializer(many=True)
    may_ask_reasons = serializers.BooleanField(source="may")


class ReadAgainSerializer(serializers.Serializer):
    """A sealed piece: the digest of the receipt, and the one found now."""

    part = serializers.UUIDField(source="part.pk")
    sealed_sha256 = serializers.CharField(source="part.sealed_sha256")
    found_sha256 = serializers.CharField()
    is_same = serializers.BooleanField()


@extend_schema_view(
    list=extend_schema(summary="Ses propres plis, et ceux qu'une ouverture permet de lire"),
    retrieve=extend_schema(summary="Un pli, ses pièces et leurs empreintes"),
)
class BidViewSet(ReadViewSet):
    """Bids: nobody but the bidder knows of them before the opening."""

    queryset = Bid.objects.none()
    visible_to = staticmethod(rules.bids_visible_to)
    serializer_class = BidSerializer
    filterset_fields = ["tender", "state"]
    search_fields = ["tender__title", "tender__reference", "bidder__name"]
    ordering_fields = ["deposited_at"]
    ordering = "-deposited_at"
    write_scope = "bids:write"
    guarded_actions = frozenset({"withdraw"})

    def prepare(self, queryset):
        """What the representation reads, in a constant number of queries."""
        return queryset.select_related("tender", "bidder").prefetch_related("parts__lot", "parts__opened")

    @extend_schema(summary="Retirer un pli", request=None, responses=BidSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, **kwargs):
        """Withdraw a bid before the deadline."""
        return self.answer(services.bid_withdraw(bid=self.get_object(), by=request.user))

    @extend_schema(summary="L'accusé de réception avec ses preuves", responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def receipt(self, request, **kwargs):
        """The receipt that `jalon_verify.py deposit` checks away from the platform; for its bidder alone."""
        bid = self.get_object()
        if not rules.can_follow_bid(request.user, bid):
            raise PermissionDenied
        return Response(services.bid_receipt(bid=bid))

    @extend_schema(
        summary="L'issue de chaque offre d'un pli, après l'attribution",
        responses=OutcomeSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def outcomes(self, request, **kwargs):
        """One's own score and rank on each lot with the holders; empty before the decision; for the bidder alone."""
        bid = self.get_object()
        if not rules.can_follow_bid(request.user, bid):
            raise PermissionDenied
        rows = [
            {
                "lot": found.lot.number,
                "row": found.row,
                "holders": found.awards,
                "may": rules.can_ask_reasons(request.user, found.row.offer),
            }
            for found in judging.outcomes_of(bid)
        ]
        return Response(OutcomeSerializer(rows, many=True).data)

    @extend_schema(
        summary="Relire ce que la plateforme garde du pli",
        request=None,
        responses=ReadAgainSerializer(many=True),
    )
    @action(detail=True, methods=["post"], url_path="read-again")
    def read_again(self, request, **kwargs):
        """Compute the digest of every sealed piece anew; for its bidder alone, and a line of the journal."""
        bid = self.get_object()
        if not rules.can_follow_bid(request.user, bid):
            raise PermissionDenied
        read = services.bid_read_again(bid=bid, by=request.user, at=now())
        return Response(ReadAgainSerializer(read, many=True).data)

    @extend_schema(
        summary="Lire un fichier d'un pli ouvert",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"], url_path=r"parts/(?P<part_pk>[0-9a-f-]{36})/content")
    def content(self, request, part_pk=None, **kwargs):
        """The file, decrypted as it streams; the reading is a line of the journal."""
        part = get_object_or_404(self.get_object().parts.filter(opened__isnull=False), pk=part_pk)
        return file_response(request, services.bid_file_download(part=part, by=request.user, at=now()))
