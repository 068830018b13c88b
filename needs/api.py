"""The purchase projects through the API."""

import django_filters
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from foundation.accounts.models import Organisation
from foundation.api.fields import AbilitiesField, LabelField
from foundation.api.viewsets import ReadViewSet
from foundation.clock import now
from needs import rules, selectors, services
from needs.enums import ProjectState, TeamRole
from needs.models import Brief, PurchaseProject, StrategyLine, TeamMember
from needs.services.projects import BRIEF_FIELDS, DESCRIPTION_FIELDS
from needs.services.strategy import LINE_FIELDS

PROJECT_EXAMPLE = OpenApiExample(
    "Ouvrir un projet",
    value={
        "organisation": 1,
        "title": "Développer des services numériques en mode startup d'État",
        "policy_field": "Modernisation de l'action publique",
        "origin": "Succession de l'accord-cadre de 2016",
    },
    request_only=True,
)


class OrganisationNameSerializer(serializers.ModelSerializer):
    """An organisation, by its name."""

    class Meta:
        model = Organisation
        fields = ["id", "name", "siret"]
        ref_name = "ProjectOrganisation"


class QualityPointSerializer(serializers.Serializer):
    """One point of the quality check: it advises, it never blocks."""

    code = serializers.CharField()
    label = serializers.CharField()
    met = serializers.BooleanField()
    advice = serializers.CharField()
    example = serializers.CharField()


class BriefSerializer(serializers.ModelSerializer):
    """The need, with the points a reader looks for."""

    quality = serializers.SerializerMethodField()

    class Meta:
        model = Brief
        fields = [*BRIEF_FIELDS, "updated_at", "quality"]

    @extend_schema_field(QualityPointSerializer(many=True))
    def get_quality(self, brief):
        """What is there and what is still missing."""
        return QualityPointSerializer(selectors.brief_quality(brief), many=True).data


class TeamMemberSerializer(serializers.ModelSerializer):
    """Somebody of the team."""

    name = serializers.CharField(source="user.full_name")
    role_label = LabelField(source="get_role_display")

    class Meta:
        model = TeamMember
        fields = ["id", "name", "role", "role_label", "joined_at"]


class StrategyLineSerializer(serializers.ModelSerializer):
    """A line of the strategy."""

    form_label = LabelField(source="get_form_display")

    class Meta:
        model = StrategyLine
        fields = ["id", *LINE_FIELDS, "form_label"]


class ProjectRowSerializer(serializers.ModelSerializer):
    """A project in a list."""

    organisation = OrganisationNameSerializer()
    state_label = LabelField(source="get_state_display")

    class Meta:
        model = PurchaseProject
        fields = [
            "id",
            "reference",
            "organisation",
            "title",
            "policy_field",
            "state",
            "state_label",
            "created_at",
            "updated_at",
        ]


class ProjectSerializer(ProjectRowSerializer):
    """A project with its brief, its team and its strategy."""

    brief = BriefSerializer()
    members = TeamMemberSerializer(many=True)
    strategy_lines = StrategyLineSerializer(many=True)
    abilities = AbilitiesField(edit=rules.can_edit_project, settle=rules.can_settle_project)

    class Meta(ProjectRowSerializer.Meta):
        fields = [
            *ProjectRowSerializer.Meta.fields,
            *[field for field in DESCRIPTION_FIELDS if field not in ProjectRowSerializer.Meta.fields],
            "ready_at",
            "closed_at",
            "closing_reason",
            "brief",
            "members",
            "strategy_lines",
            "abilities",
        ]


class DescriptionInput(serializers.ModelSerializer):
    """The presentation of a project; an absent field does not change."""

    class Meta:
        model = PurchaseProject
        fields = DESCRIPTION_FIELDS


class ProjectInput(DescriptionInput):
    """A new project; ``organisation`` is one where the caller is buyer or prescriber."""

    organisation = serializers.PrimaryKeyRelatedField(queryset=Organisation.objects.none())

    class Meta(DescriptionInput.Meta):
        fields = ["organisation", *DESCRIPTION_FIELDS]

    def get_fields(self):
        """The caller chooses among his own organisations: the others do not exist for him."""
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["organisation"].queryset = rules.organisations_for_new_project(request.user)
        return fields


class BriefInput(serializers.ModelSerializer):
    """What to write in the brief; an absent field does not change."""

    class Meta:
        model = Brief
        fields = BRIEF_FIELDS
        extra_kwargs = {"budget_min_excl_tax": {"min_value": 0}, "budget_max_excl_tax": {"min_value": 0}}


class MemberInput(serializers.Serializer):
    """Somebody to bring into the team, by the address of his account."""

    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=TeamRole.choices)


class StrategyLineInput(serializers.ModelSerializer):
    """A line of the strategy."""

    class Meta:
        model = StrategyLine
        fields = LINE_FIELDS


class ClosingInput(serializers.Serializer):
    """Why the project is closed."""

    reason = serializers.CharField()


class ProjectFilter(django_filters.FilterSet):
    """State, organisation, and words of the title, the reference or the policy field."""

    state = django_filters.ChoiceFilter(choices=ProjectState.choices)
    organisation = django_filters.NumberFilter(field_name="organisation_id")
    q = django_filters.CharFilter(
        method="by_words", label=_("Mots de l'intitulé, de la référence, de la politique")
    )

    class Meta:
        model = PurchaseProject
        fields = ["state", "organisation"]

    def by_words(self, queryset, name, value):
        """Every word is found somewhere."""
        return selectors.with_words(queryset, value)


@extend_schema_view(
    list=extend_schema(summary="Projets d'achat visibles par l'appelant"),
    retrieve=extend_schema(summary="Un projet d'achat avec son besoin, son équipe et sa stratégie"),
)
class PurchaseProjectViewSet(ReadViewSet):
    """Purchase projects: seen by their team, the buyers and the auditors of their organisation."""

    queryset = PurchaseProject.objects.none()
    visible_to = staticmethod(rules.projects_visible_to)
    serializer_class = ProjectSerializer
    list_serializer_class = ProjectRowSerializer
    filterset_class = ProjectFilter
    search_fields = ["title", "reference", "policy_field"]
    ordering_fields = ["created_at", "updated_at", "reference", "title"]
    write_scope = "projects:write"
    guarded_actions = frozenset({"make_ready", "take_back", "close"})

    def prepare(self, queryset):
        """What the representation reads, in a constant number of queries."""
        queryset = queryset.select_related("organisation")
        if self.lists:
            return queryset
        return queryset.select_related("brief").prefetch_related("members__user", "strategy_lines")

    @extend_schema(
        summary="Ouvrir un projet",
        request=ProjectInput,
        responses={201: ProjectSerializer},
        examples=[PROJECT_EXAMPLE],
    )
    def create(self, request, **kwargs):
        """Open a project for one of the caller's organisations."""
        if not rules.opens_projects(request.user):
            raise PermissionDenied
        data = self.submitted(ProjectInput)
        return self.created(services.project_create(**data, by=request.user, at=now()))

    @extend_schema(summary="Modifier la présentation", request=DescriptionInput, responses=ProjectSerializer)
    def partial_update(self, request, **kwargs):
        """Change the presentation of a project."""
        project = self.project_for(rules.can_contribute_project)
        data = self.submitted(DescriptionInput, project)
        return self.answer(services.project_update(project=project, **data, by=request.user, at=now()))

    @extend_schema(summary="Écrire l'expression du besoin", request=BriefInput, responses=ProjectSerializer)
    @action(detail=True, methods=["patch"])
    def brief(self, request, **kwargs):
        """Write the brief; the answer tells which points are still missing."""
        project = self.project_for(rules.can_contribute_project)
        data = self.submitted(BriefInput, project.brief)
        services.brief_write(project=project, **data, by=request.user, at=now())
        return self.answer(project)

    @extend_schema(
        summary="Ajouter une personne à l'équipe", request=MemberInput, responses={201: ProjectSerializer}
    )
    @action(detail=True, methods=["post"], url_path="members")
    def add_member(self, request, **kwargs):
        """Bring somebody into the team."""
        project = self.project_for(rules.can_contribute_project)
        services.member_add(project=project, **self.submitted(MemberInput), by=request.user, at=now())
        return self.created(project)

    @extend_schema(summary="Retirer une personne de l'équipe", responses={204: None})
    @action(detail=True, methods=["delete"], url_path=r"members/(?P<member_pk>\d+)")
    def remove_member(self, request, member_pk=None, **kwargs):
        """Take somebody out of the team."""
        project = self.project_for(rules.can_contribute_project)
        member = get_object_or_404(project.members.select_related("project"), pk=member_pk)
        services.member_remove(member=member, by=request.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="Ajouter une ligne de stratégie",
        request=StrategyLineInput,
        responses={201: ProjectSerializer},
    )
    @action(detail=True, methods=["post"], url_path="strategy-lines")
    def add_strategy_line(self, request, **kwargs):
        """Add a form of public investment to the strategy."""
        project = self.project_for(rules.can_contribute_project)
        services.strategy_line_add(
            project=project, **self.submitted(StrategyLineInput), by=request.user, at=now()
        )
        return self.created(project)

    @extend_schema(summary="Retirer une ligne de stratégie", responses={204: None})
    @action(detail=True, methods=["delete"], url_path=r"strategy-lines/(?P<line_pk>\d+)")
    def remove_strategy_line(self, request, line_pk=None, **kwargs):
        """Remove a line of the strategy."""
        project = self.project_for(rules.can_contribute_project)
        line = get_object_or_404(project.strategy_lines.select_related("project"), pk=line_pk)
        services.strategy_line_remove(line=line, by=request.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(summary="Déclarer le projet prêt", request=None, responses=ProjectSerializer)
    @action(detail=True, methods=["post"], url_path="make-ready")
    def make_ready(self, request, **kwargs):
        """Declare the project ready for a consultation."""
        return self.answer(services.project_make_ready(project=self.get_object(), by=request.user, at=now()))

    @extend_schema(summary="Reprendre la préparation", request=None, responses=ProjectSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request, **kwargs):
        """Take a ready project back to preparation."""
        return self.answer(services.project_take_back(project=self.get_object(), by=request.user, at=now()))

    @extend_schema(summary="Clore le projet", request=ClosingInput, responses=ProjectSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request, **kwargs):
        """Close the project, with a reason."""
        project = self.project_for(rules.can_settle_project)
        data = self.submitted(ClosingInput)
        return self.answer(services.project_close(project=project, **data, by=request.user, at=now()))

    def project_for(self, can):
        """The project, 404 for who may not see it; refused before its body is read when ``can`` says no."""
        project = self.get_object()
        if not can(self.request.user, project):
            raise PermissionDenied
        return project


ROUTES = [("purchase-projects", PurchaseProjectViewSet, "purchase-project")]
