"""The written papers and the library of clauses through the API: composed, adapted, laid out, compared."""

from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from foundation.accounts.models import Organisation
from foundation.api.fields import AbilitiesField, LabelField
from foundation.api.viewsets import ReadViewSet
from foundation.clock import now
from tenders import rules, selectors, services
from tenders.enums import PaperKind
from tenders.library import variables
from tenders.library.rules import clause_houses
from tenders.models import OwnClause, Paper, PaperClause, PaperVersion, Tender
from tenders.rules import writing
from tenders.selectors.papers import paper_changes


class PaperClauseSerializer(serializers.ModelSerializer):
    """A clause of a paper; `origin`: the version of the library that it comes from."""

    class Meta:
        model = PaperClause
        fields = [
            "id",
            "position",
            "code",
            "chapter",
            "title",
            "text",
            "article",
            "table",
            "origin",
            "is_adapted",
            "reason",
        ]


class PaperRowSerializer(serializers.ModelSerializer):
    """A paper in a list."""

    label = LabelField(source="get_kind_display")

    class Meta:
        model = Paper
        fields = ["id", "tender", "kind", "label"]


class PaperSerializer(PaperRowSerializer):
    """A written paper of a consultation; `missing`: the variables that nothing says yet."""

    clauses = PaperClauseSerializer(many=True)
    missing = serializers.SerializerMethodField()
    abilities = AbilitiesField(edit=writing.can_edit_paper)

    class Meta(PaperRowSerializer.Meta):
        fields = [*PaperRowSerializer.Meta.fields, "clauses", "missing", "abilities"]

    def get_missing(self, paper) -> list[str]:
        """Their names."""
        return selectors.missing_values([paper], selectors.values_for(paper.tender))


class PaperVersionSerializer(serializers.ModelSerializer):
    """A paper as it was laid out once. `document`: its PDF and Word files, at `/documents/{id}/`."""

    label = LabelField(source="get_kind_display")
    document = serializers.SerializerMethodField()

    class Meta:
        model = PaperVersion
        fields = ["kind", "label", "number", "digest", "is_public", "made_at", "document"]

    @extend_schema_field({"type": ["string", "null"], "format": "uuid"})
    def get_document(self, version):
        """Its identifier, when the reader may see it."""
        return str(version.document.pk) if version.document else None


class PaperChangeSerializer(serializers.Serializer):
    """A clause that differs between two versions; an empty text where the version has no such clause."""

    label = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class PaperValuesSerializer(serializers.Serializer):
    """What the buyer answered for the variables of the clauses, by name."""

    values = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=4000))

    def validate_values(self, values):
        """The variables that are asked of a buyer."""
        unknown = sorted(set(values) - variables.ASKED_NAMES)
        if unknown:
            raise serializers.ValidationError(f"Ces variables ne sont pas demandées : {', '.join(unknown)}.")
        return values


class PapersInput(serializers.Serializer):
    """The draft whose papers are to be started."""

    tender = serializers.PrimaryKeyRelatedField(queryset=Tender.objects.none())

    def get_fields(self):
        """What the caller may see."""
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["tender"].queryset = rules.tenders_visible_to(request.user)
        return fields


class AddClauseInput(serializers.Serializer):
    """A clause of the library, and why it is added."""

    code = serializers.CharField(max_length=60)
    reason = serializers.CharField()


class ClauseInput(serializers.Serializer):
    """A clause as it is written; `reason` is not needed for the words of the library."""

    title = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=20_000)
    reason = serializers.CharField(allow_blank=True, default="")


class LibraryClauseSerializer(serializers.Serializer):
    """A clause of the library as the organisation has it; `advice`: when to choose it."""

    code = serializers.CharField()
    paper = serializers.ChoiceField(choices=PaperKind.choices)
    chapter = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    article = serializers.CharField(allow_blank=True)
    advice = serializers.CharField(allow_blank=True)
    origin = serializers.CharField(allow_blank=True)


@extend_schema_view(
    list=extend_schema(summary="Pièces écrites des consultations de l'appelant"),
    retrieve=extend_schema(summary="Une pièce écrite, ses clauses et ce qui reste à compléter"),
)
class PaperViewSet(ReadViewSet):
    """The papers written in the tool (RC, CCAP, CCTP, AE), read by those who work on the consultation."""

    queryset = Paper.objects.none()
    visible_to = staticmethod(writing.papers_visible_to)
    serializer_class = PaperSerializer
    list_serializer_class = PaperRowSerializer
    filterset_fields = ["tender", "kind"]
    search_fields = ["tender__title", "tender__reference"]
    ordering_fields = ["id"]
    ordering = "-id"
    write_scope = "tenders:write"

    def row_to_lock(self, obj):
        """The services lock the consultation."""
        return obj.tender

    def prepare(self, queryset):
        """What the representation reads."""
        if self.lists:
            return queryset
        clauses = Prefetch("clauses", PaperClause.objects.order_by("position", "id"))
        return queryset.select_related("tender__buyer", "tender__project__brief").prefetch_related(clauses)

    @extend_schema(
        summary="Composer les pièces d'un brouillon",
        request=PapersInput,
        responses={201: PaperRowSerializer(many=True)},
    )
    def create(self, request, **kwargs):
        """Start the papers that the draft has not, with the clauses that its procedure and lots call for."""
        if not rules.opens_tenders(request.user):
            raise PermissionDenied
        data = self.submitted(PapersInput)
        made = services.papers_compose(**data, by=request.user, at=now())
        return Response(PaperRowSerializer(made, many=True).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Ajouter une clause", request=AddClauseInput, responses={201: PaperSerializer})
    @action(detail=True, methods=["post"], url_path="clauses")
    def add_clause(self, request, **kwargs):
        """Put a clause of the library in the paper, at the end of its chapter."""
        paper, data = self.get_object(), self.submitted(AddClauseInput)
        services.paper_clause_add(paper=paper, **data, by=request.user, at=now())
        return self.created(paper)

    @extend_schema(summary="Écrire une clause", request=ClauseInput, responses=PaperSerializer)
    @action(detail=True, methods=["put"], url_path=r"clauses/(?P<clause>\d+)")
    def clause(self, request, clause=None, **kwargs):
        """Write a clause of the paper otherwise."""
        paper = self.get_object()
        found = get_object_or_404(paper.clauses.select_related("paper__tender"), pk=clause)
        data = self.submitted(ClauseInput)
        services.paper_clause_write(clause=found, **data, by=request.user, at=now())
        return self.answer(paper)

    @extend_schema(summary="Retirer une clause", responses=PaperSerializer)
    @clause.mapping.delete
    def remove_clause(self, request, clause=None, **kwargs):
        """Take a clause out of the paper; the library keeps it."""
        paper = self.get_object()
        found = get_object_or_404(paper.clauses.select_related("paper__tender"), pk=clause)
        services.paper_clause_remove(clause=found, by=request.user, at=now())
        return self.answer(paper)

    @extend_schema(
        summary="Les clauses de la bibliothèque pour cette pièce",
        responses=LibraryClauseSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def library(self, request, **kwargs):
        """What the library of the organisation offers for this paper, those already chosen included."""
        paper = self.get_object()
        found = selectors.library_of(paper.tender.buyer, paper.kind)
        return Response(LibraryClauseSerializer(found, many=True).data)


VERSIONS = [
    OpenApiParameter("from", int, description="The version before; without it, the former one."),
    OpenApiParameter("to", int, description="The version after; without it, the last one."),
]


class PaperActions:
    """Actions of consultations: what the clauses ask, versions and their comparison."""

    def _as_worker(self) -> Tender:
        tender = self.get_object()
        if not rules.works_for_buyer(self.request.user, tender):
            raise PermissionDenied
        return tender

    @extend_schema(
        summary="Les valeurs des clauses", responses=PaperValuesSerializer, filters=False, methods=["get"]
    )
    @extend_schema(
        summary="Donner les valeurs des clauses",
        request=PaperValuesSerializer,
        responses=PaperValuesSerializer,
        methods=["put"],
    )
    @action(detail=True, methods=["get", "put"], url_path="paper-values", pagination_class=None)
    def paper_values(self, request, **kwargs):
        """Read, or say again whole, what the clauses ask; an empty answer gives back what is usual."""
        tender = self._as_worker()
        if request.method == "PUT":
            data = self.submitted(PaperValuesSerializer)
            services.paper_values_set(tender=tender, **data, by=request.user, at=now())
        return Response({"values": dict(tender.paper_values.values_list("name", "value"))})

    @extend_schema(
        summary="Les versions des pièces écrites",
        responses=PaperVersionSerializer(many=True),
        filters=False,
        methods=["get"],
    )
    @extend_schema(
        summary="Établir les versions des pièces écrites",
        request=None,
        responses={201: PaperVersionSerializer(many=True)},
        methods=["post"],
    )
    @action(detail=True, methods=["get", "post"], url_path="paper-versions", pagination_class=None)
    def paper_versions(self, request, **kwargs):
        """Read every version, or lay out the papers that changed; PDF and Word follow in seconds."""
        tender = self._as_worker()
        if request.method == "POST":
            services.paper_versions_make(tender=tender, by=request.user, at=now())
        found = selectors.with_documents(request.user, selectors.paper_versions(tender))
        made = status.HTTP_201_CREATED if request.method == "POST" else status.HTTP_200_OK
        return Response(PaperVersionSerializer(found, many=True).data, status=made)

    @extend_schema(
        summary="Comparer deux versions d'une pièce écrite",
        responses=PaperChangeSerializer(many=True),
        parameters=VERSIONS,
        filters=False,
    )
    @action(
        detail=True,
        methods=["get"],
        url_path=r"paper-versions/(?P<kind>[a-z]+)/comparison",
        pagination_class=None,
        own_parameters=["from", "to"],
    )
    def paper_comparison(self, request, kind=None, **kwargs):
        """What differs between two versions, clause by clause."""
        tender = self._as_worker()
        versions = {str(one.number): one for one in tender.paper_versions.filter(kind=kind)}
        if not versions:
            raise Http404
        numbers = sorted(versions, key=int)
        last = request.query_params.get("to", numbers[-1])
        before = numbers[: numbers.index(last)] if last in versions else []
        first = request.query_params.get("from", before[-1] if before else last)
        if first not in versions or last not in versions:
            raise Http404
        changes = paper_changes(versions[first], versions[last])
        return Response(PaperChangeSerializer(changes, many=True).data)


class OwnClauseSerializer(serializers.ModelSerializer):
    """A version of a clause as an organisation writes it; the highest is used in its next papers."""

    abilities = AbilitiesField(write=writing.can_write_clause)

    class Meta:
        model = OwnClause
        fields = [
            "id",
            "organisation",
            "code",
            "version",
            "paper",
            "chapter",
            "title",
            "text",
            "article",
            "advice",
            "created_at",
            "abilities",
        ]


class OwnClauseInput(serializers.ModelSerializer):
    """The next version of a clause of one's organisation."""

    organisation = serializers.PrimaryKeyRelatedField(queryset=Organisation.objects.none())

    class Meta:
        model = OwnClause
        fields = ["organisation", "code", "paper", "chapter", "title", "text", "article", "advice"]
        extra_kwargs = {"article": {"default": ""}, "advice": {"default": ""}}

    def get_fields(self):
        """The organisations where the caller buys."""
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["organisation"].queryset = clause_houses(request.user)
        return fields


@extend_schema_view(
    list=extend_schema(summary="Clauses écrites par les organisations de l'appelant, version par version"),
    retrieve=extend_schema(summary="Une version d'une clause de l'organisation"),
)
class OwnClauseViewSet(ReadViewSet):
    """The clauses that an organisation wrote itself; those of the platform are read at `…/library/` of a paper."""

    queryset = OwnClause.objects.none()
    visible_to = staticmethod(writing.own_clauses_visible_to)
    serializer_class = OwnClauseSerializer
    filterset_fields = ["organisation", "code", "paper"]
    search_fields = ["title", "text"]
    ordering_fields = ["created_at"]
    ordering = "-created_at"
    write_scope = "tenders:write"

    @extend_schema(
        summary="Écrire une clause de l'organisation",
        request=OwnClauseInput,
        responses={201: OwnClauseSerializer},
    )
    def create(self, request, **kwargs):
        """Save a new clause, or the next version of one."""
        if not rules.opens_tenders(request.user):
            raise PermissionDenied
        data = self.submitted(OwnClauseInput)
        return self.created(services.own_clause_save(**data, by=request.user, at=now()))
