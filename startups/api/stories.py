"""/api/v1/stories/: present, validate, refuse."""

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from foundation.api.viewsets import ReadViewSet
from foundation.clock import now
from startups import rules, services
from startups.api.doors import RightsFirst
from startups.api.iterations import IterationReasonInput
from startups.api.serializers import StorySerializer
from startups.enums import StoryState
from startups.models import Story


class StoryFilter(django_filters.FilterSet):
    """By iteration and state."""

    state = django_filters.ChoiceFilter(choices=StoryState.choices)

    class Meta:
        model = Story
        fields = ["iteration", "state"]


@extend_schema_view(
    list=extend_schema(summary="Récits visibles par l'appelant"), retrieve=extend_schema(summary="Un récit")
)
class StoryViewSet(RightsFirst, ReadViewSet):
    """User stories of the iterations the caller reads."""

    queryset = Story.objects.none()
    visible_to = staticmethod(rules.stories_visible_to)
    serializer_class = StorySerializer
    filterset_class = StoryFilter
    search_fields = ["want", "persona"]
    ordering_fields = ["position"]
    write_scope = "iterations:write"
    action_scopes = {"validate": "iterations:accept", "refuse": "iterations:accept"}
    guarded_actions = frozenset({"validate", "refuse"})

    def row_to_lock(self, obj):
        """The services lock the iteration before its stories."""
        return obj.iteration

    def prepare(self, queryset):
        """What the representation and its rights read."""
        return queryset.select_related(
            "order_line__work_unit", "iteration__startup", "iteration__order__holder"
        )

    @extend_schema(summary="Retirer un récit", responses={204: None})
    def destroy(self, request, **kwargs):
        """Take a story out of an iteration that is not demonstrated yet."""
        services.story_remove(story=self.get_object(), by=request.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(summary="Présenter un récit", request=None, responses=StorySerializer)
    @action(detail=True, methods=["post"])
    def present(self, request, **kwargs):
        """The holder says the story is done and shown."""
        return self.answer(services.story_present(story=self.get_object(), by=request.user, at=now()))

    @extend_schema(summary="Valider un récit", request=None, responses=StorySerializer)
    @action(detail=True, methods=["post"])
    def validate(self, request, **kwargs):
        """Formal validation by the product owner."""
        return self.answer(services.story_validate(story=self.get_object(), by=request.user, at=now()))

    @extend_schema(summary="Refuser un récit", request=IterationReasonInput, responses=StorySerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request, **kwargs):
        """Refusal by the product owner, with its reason."""
        story = self.object_for(rules.can_settle_story)
        data = self.submitted(IterationReasonInput)
        return self.answer(services.story_refuse(story=story, **data, by=request.user, at=now()))
