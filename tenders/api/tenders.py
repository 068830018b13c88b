"""Consultations through the API: public search, drafts, publication, deposit, opening, decision."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from foundation.accounts.fresh import fresh_session_or_token
from foundation.api.authentication import TokenAuthentication
from foundation.api.viewsets import ReadViewSet, refuse_unknown
from foundation.clock import now
from foundation.errors import Refusal
from foundation.nested import with_rows
from tenders import rules, selectors, services
from tenders.api import inputs
from tenders.api.candidatures import CandidatureActions
from tenders.api.deposits import answers_from, beside_the_prices, draft_from, told_by_pointers
from tenders.api.following import CourseActions, TenderFileActions
from tenders.api.papers import PaperActions
from tenders.api.remedies import AwardActions
from tenders.api.review import ReviewActions
from tenders.api.rounds import RoundActions
from tenders.api.sealed import OpeningSharesSerializer, shares_to_open
from tenders.api.serializers import (
    BidSerializer,
    CheckSerializer,
    LotSerializer,
    OpeningSerializer,
    TenderRowSerializer,
    TenderSerializer,
)
from tenders.checklist import publication_checklist
from tenders.filters import TenderFilter
from tenders.models import Tender
from tenders.uploads import seal_uploads

DRAFT_EXAMPLE = OpenApiExample(
    "Ouvrir un brouillon",
    value={
        "project": 1,
        "title": "Développement de services numériques en mode startup d'État",
        "description": "Deux lots : animation d'un incubateur, mise en œuvre de startups d'État.",
        "procedure": "open",
        "technique": "framework_orders",
        "estimated_value_excl_tax": "900000.00",
        "maximum_value_excl_tax": "1500000.00",
        "duration_months": 48,
        "cpv_code": "72262000",
        "department_codes": ["75"],
        "submission_due_at": "2027-02-01T12:00:00+01:00",
    },
    request_only=True,
)
BIDDER = OpenApiParameter(
    "bidder", int, description="The organisation that answers, when the caller supplies for several."
)


@extend_schema_view(
    list=extend_schema(summary="Consultations publiées, et brouillons de l'appelant"),
    retrieve=extend_schema(summary="Une consultation avec ses lots, critères, bordereaux et documents"),
)
class TenderViewSet(
    ReviewActions,
    PaperActions,
    TenderFileActions,
    CourseActions,
    CandidatureActions,
    AwardActions,
    RoundActions,
    ReadViewSet,
):
    """Consultations: everyone reads the published ones; drafts are read by the buyer's people."""

    queryset = Tender.objects.none()
    visible_to = staticmethod(rules.tenders_visible_to)
    serializer_class = TenderSerializer
    list_serializer_class = TenderRowSerializer
    filterset_class = TenderFilter
    search_fields = ["title", "reference", "buyer__name"]
    ordering_fields = ["created_at", "title", "reference"]
    write_scope = "tenders:write"
    action_scopes = {
        "publish": "tenders:decide",
        "approve": "tenders:decide",
        "send_back": "tenders:decide",
        "extension": "tenders:decide",
        "corrigendum": "tenders:decide",
        "follow": "tenders:follow",
        "cancel": "tenders:decide",
        "award": "tenders:decide",
        "award_notice": "tenders:decide",
        "opening": "tenders:open",
        "interests": "tenders:open",
        "deposit": "bids:write",
    }
    guarded_actions = frozenset(
        {"publish", "cancel", "award", "approve", "send_back", "extension", "corrigendum"}
    )
    streamed_actions = frozenset({"deposit"})
    keyless_actions = frozenset({"deposit", "add_document", "corrigendum", "procedure_file"})

    def prepare(self, queryset):
        """What the representation reads, in a constant number of queries."""
        queryset = queryset.select_related("buyer")
        if self.lists:
            return queryset.only(*TenderRowSerializer.READ)
        return with_rows(queryset.defer("search_vector"), "documents").prefetch_related(*selectors.TERMS)

    def get_authenticators(self):
        """A deposit is authenticated by token only: a session's CSRF check would read the files before the
        seal.
        """
        if getattr(self, "action", None) == "deposit":
            return [TokenAuthentication()]
        return super().get_authenticators()

    def initialize_request(self, request, *args, **kwargs):
        """DRF names the action after the authenticators; the deposit needs it before."""
        self.action = self.action_map.get(request.method.lower())
        return super().initialize_request(request, *args, **kwargs)

    @extend_schema(
        summary="Ouvrir un brouillon",
        request=inputs.TenderInput,
        responses={201: TenderSerializer},
        examples=[DRAFT_EXAMPLE],
    )
    def create(self, request, **kwargs):
        """Open a draft on one of the caller's projects."""
        if not rules.projects_for_new_tender(request.user).exists():
            raise PermissionDenied
        data = self.submitted(inputs.TenderInput)
        return self.created(services.tender_create(**data, by=request.user, at=now()))

    @extend_schema(
        summary="Modifier l'avis d'un brouillon", request=inputs.NoticeInput, responses=TenderSerializer
    )
    def partial_update(self, request, **kwargs):
        """Change the notice of a draft; an absent field does not change."""
        tender = self.get_object()
        data = self.submitted(inputs.NoticeInput, tender)
        return self.answer(services.tender_update(tender=tender, **data, by=request.user, at=now()))

    @extend_schema(summary="Ajouter un lot", request=inputs.LotInput, responses={201: LotSerializer})
    @action(detail=True, methods=["post"], url_path="lots")
    def add_lot(self, request, **kwargs):
        """Add a lot at the end of a draft."""
        data = self.submitted(inputs.LotInput)
        lot = services.lot_add(tender=self.get_object(), **data, by=request.user, at=now())
        return self.answer(lot, status=status.HTTP_201_CREATED, serializer_class=LotSerializer)

    @extend_schema(
        summary="Charger un catalogue de prix", request=inputs.TemplateInput, responses=TenderSerializer
    )
    @action(detail=True, methods=["post"], url_path="load-prices")
    def load_prices(self, request, **kwargs):
        """Create the lots and price lines of a known catalogue."""
        tender = self.get_object()
        services.price_template_load(
            tender=tender, **self.submitted(inputs.TemplateInput), by=request.user, at=now()
        )
        return self.answer(tender)

    @extend_schema(
        summary="Désigner les dépositaires", request=inputs.CustodiansInput, responses=TenderSerializer
    )
    @action(detail=True, methods=["put"])
    def custodians(self, request, **kwargs):
        """Name those who will open the bids together."""
        tender = self.get_object()
        data = self.submitted(inputs.CustodiansInput)
        people, threshold = data["emails"], data["threshold"]
        services.custodians_set(
            tender=tender, custodians=people, threshold=threshold, by=request.user, at=now()
        )
        return self.answer(tender)

    @extend_schema(
        summary="Contrôle légal avant publication", responses=CheckSerializer(many=True), filters=False
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def checklist(self, request, **kwargs):
        """What is missing before the draft can be published, with the articles."""
        tender = self.get_object()
        if not rules.works_for_buyer(request.user, tender):
            raise PermissionDenied
        return Response(CheckSerializer(publication_checklist(tender, now()), many=True).data)

    @extend_schema(summary="Publier", request=None, responses=TenderSerializer)
    @action(detail=True, methods=["post"])
    @fresh_session_or_token
    def publish(self, request, **kwargs):
        """Publish a draft that the check-list accepts."""
        return self.answer(services.tender_publish(tender=self.get_object(), by=request.user, at=now()))

    @extend_schema(
        summary="Abandonner, sans suite ou infructueuse",
        request=inputs.CancelInput,
        responses=TenderSerializer,
    )
    @action(detail=True, methods=["post"])
    def cancel(self, request, **kwargs):
        """Give up the consultation, with its reason."""
        data = self.submitted(inputs.CancelInput)
        return self.answer(
            services.tender_cancel(tender=self.get_object(), **data, by=request.user, at=now())
        )

    @extend_schema(
        summary="Déposer un pli",
        description="Les fichiers et les prix sont scellés pendant leur réception. L'instant qui "
        "fait foi est celui de la base de données. Authentification par jeton seulement.",
        parameters=[BIDDER],
        request={"multipart/form-data": inputs.DepositInput},
        responses={201: BidSerializer},
    )
    @action(detail=True, methods=["post"], url_path="deposit", parser_classes=[MultiPartParser])
    def deposit(self, request, **kwargs):
        """Deposit a sealed bid. A later one replaces it until the deadline; a late one is kept and never
        opened.
        """
        tender = self.get_object()
        bidder = self._bidder()
        envelope = services.envelope_for(tender=tender, bidder=bidder, by=request.user)
        seal_uploads(request._request, envelope)
        refuse_unknown(
            inputs.DepositInput(), {name: "" for name in request.data if name not in request.FILES}
        )
        prices = inputs.prices_from(request.data.get("prices", ""))
        given = beside_the_prices(request.data)
        with told_by_pointers(given["answers"]):
            bid = services.bid_deposit(
                envelope=envelope,
                prices=prices,
                candidature=draft_from(given["candidature"]),
                answers=answers_from(given["answers"]),
                by=request.user,
            )
        shown = BidSerializer(bid, context=self.get_serializer_context()).data
        return Response(shown, status=status.HTTP_201_CREATED)

    def _bidder(self):
        bidder = selectors.answering_firm(self.request.user, self.request.query_params.get("bidder", ""))
        if bidder is None:
            raise Refusal(
                str(_("Seul un fournisseur dépose un pli, pour sa propre organisation.")), code="forbidden"
            )
        return bidder

    @extend_schema(summary="Déclarer ses intérêts", request=inputs.InterestInput, responses={204: None})
    @action(detail=True, methods=["post"])
    def interests(self, request, **kwargs):
        """Declare, once, whether one has an interest in the consultation."""
        data = self.submitted(inputs.InterestInput)
        services.interest_declare(tender=self.get_object(), **data, by=request.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="Ses parts des plis à ouvrir, scellées",
        description="For a custodian, once the deadline has passed: one's own program unlocks the key and the shares.",
        responses=OpeningSharesSerializer,
    )
    @action(detail=True, methods=["get"], url_path="opening-shares")
    def opening_shares(self, request, **kwargs):
        """The shares that one gives with `opening`, still sealed to one's key."""
        tender = self.get_object()
        if not rules.can_contribute_to_opening(request.user, tender):
            raise Http404
        seat, rows = services.sealed_shares(tender=tender, by=request.user)
        return Response(OpeningSharesSerializer(shares_to_open(seat, rows)).data)

    @extend_schema(
        summary="Contribuer à l'ouverture des plis",
        request=inputs.ContributionInput,
        responses=OpeningSerializer,
    )
    @action(detail=True, methods=["post"], url_path="opening")
    @fresh_session_or_token
    def opening(self, request, **kwargs):
        """Give one's shares after the deadline; the bids open when enough custodians have."""
        data = self.submitted(inputs.ContributionInput)
        shares = {one["bid"]: one["share"] for one in data["shares"]} if "shares" in data else None
        opening = services.opening_contribute(
            tender=self.get_object(), passphrase=data.get("passphrase", ""), shares=shares, by=request.user
        )
        return Response(OpeningSerializer(opening).data)

    @extend_schema(summary="Décider l'attribution", request=None, responses=TenderSerializer)
    @action(detail=True, methods=["post"])
    @fresh_session_or_token
    def award(self, request, **kwargs):
        """Decide: the proposed awards become final."""
        return self.answer(services.tender_award(tender=self.get_object(), by=request.user, at=now()))
