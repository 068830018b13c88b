"""What every stage's API is built from.

class TenderViewSet(ReadViewSet):
    visible_to = staticmethod(rules.tenders_visible_to)
    serializer_class = TenderSerializer
    list_serializer_class = TenderRowSerializer      # optional, leaner
    filterset_class = TenderFilter
    ordering_fields = ["published_at"]

    @extend_schema(request=PublishInput, responses=TenderSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request, **kwargs):
        tender = self.get_object()                   # 404 when not visible
        data = self.submitted(PublishInput)          # 422 problem when wrong
        services.tender_publish(tender=tender, **data, by=request.user, at=clock.now())
        return self.answer(tender)

ROUTES = [("tenders", TenderViewSet, "tender")]
"""

from rest_framework import mixins, status, viewsets
from rest_framework.response import Response


class ApiViewSet(viewsets.GenericViewSet):
    """A viewset whose rows are those the reader may see: anything else does not exist (404).

    `visible_to(user) -> QuerySet` comes from the app's `rules.py` and accepts an anonymous user.
    """

    visible_to = None
    list_serializer_class = None

    def get_queryset(self):
        """The rows the caller may see, narrowed or prefetched by `prepare`."""
        return self.prepare(self.visible_to(self.request.user))

    def prepare(self, queryset):
        """Override to add select_related or prefetch_related for the current `self.action`."""
        return queryset

    def get_serializer_class(self):
        """The lean serializer for lists, when there is one."""
        if self.action == "list" and self.list_serializer_class:
            return self.list_serializer_class
        return super().get_serializer_class()

    def submitted(self, serializer_class, **context):
        """Validated data of the request's body; a problem 422 with pointers when it is wrong."""
        serializer = serializer_class(
            data=self.request.data, context={**self.get_serializer_context(), **context}
        )
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def answer(self, obj, *, status=status.HTTP_200_OK, serializer_class=None):
        """The object as it is in the database now, in the detail representation."""
        serializer_class = serializer_class or self.serializer_class
        queryset = self.get_queryset()
        if isinstance(obj, queryset.model):
            # The act may have taken it out of the caller's sight: then what the service returned is told.
            obj = queryset.filter(pk=obj.pk).first() or obj
        return Response(serializer_class(obj, context=self.get_serializer_context()).data, status=status)

    def created(self, obj, *, serializer_class=None):
        """201 with the new object."""
        return self.answer(obj, status=status.HTTP_201_CREATED, serializer_class=serializer_class)


class ReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """List and read; writing is done by named actions, each calling one service."""
