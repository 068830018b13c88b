"""The API's door to the notification centre of the caller."""

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import permissions, serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from foundation import clock
from foundation.api.fields import AbilitiesField
from foundation.api.viewsets import ReadViewSet
from foundation.notifications import registry, rules, selectors, services
from foundation.notifications.enums import Pace
from foundation.notifications.models import Notification


class NotificationSerializer(serializers.ModelSerializer):
    """One line of the caller's notification centre; `url` is the page of what it is about."""

    url = serializers.SerializerMethodField()
    abilities = AbilitiesField(read=rules.can_read_notification)

    class Meta:
        model = Notification
        fields = [
            "id",
            "kind",
            "title",
            "url",
            "object_type",
            "object_id",
            "created_at",
            "read_at",
            "abilities",
        ]
        read_only_fields = fields

    def get_url(self, notification) -> str:
        """Absolute address of the page."""
        return self.context["request"].build_absolute_uri(notification.url)


class NotificationFilter(django_filters.FilterSet):
    """`?unread=true` keeps what waits to be read."""

    unread = django_filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")
    kind = django_filters.CharFilter()

    class Meta:
        model = Notification
        fields = ["unread", "kind"]


class PreferenceSerializer(serializers.Serializer):
    """How the caller hears of one message. The law, or the safety of an account, has some always sent at once."""

    kind = serializers.CharField()
    label = serializers.CharField()
    pace = serializers.ChoiceField(choices=Pace.choices)
    is_optional = serializers.BooleanField(help_text="Faux : ce message est toujours envoyé.")


class ChoiceInput(serializers.Serializer):
    """One message and the pace wanted for it."""

    kind = serializers.ChoiceField(choices=[])
    pace = serializers.ChoiceField(choices=Pace.choices)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one.code, one.label) for one in registry.kinds() if one.is_optional]


class PreferencesInput(serializers.Serializer):
    """The messages to change; the others stay as they are."""

    preferences = ChoiceInput(many=True, allow_empty=False)


@extend_schema_view(
    list=extend_schema(summary="Lister mes notifications"),
    retrieve=extend_schema(summary="Lire une notification"),
)
class NotificationViewSet(ReadViewSet):
    """Les notifications de la personne connectée, de la plus récente à la plus ancienne."""

    visible_to = staticmethod(rules.notifications_visible_to)
    queryset = Notification.objects.none()
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter
    search_fields = ["title"]
    ordering_fields = ["created_at"]
    write_scope = "notifications:write"
    permission_classes = [permissions.IsAuthenticated]

    @extend_schema(summary="Marquer comme lue", request=None)
    @action(detail=True, methods=["post"])
    def read(self, request, **kwargs):
        """Mark one notification as read."""
        return self.answer(services.notification_read(notification=self.get_object(), at=clock.now()))

    @extend_schema(summary="Tout marquer comme lu", request=None, responses={204: None})
    @action(detail=False, methods=["post"], url_path="read-all", pagination_class=None, filterset_class=None)
    def read_all(self, request, **kwargs):
        """Mark every notification of the caller as read."""
        services.notifications_read_all(by=request.user, at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="Lire comment je suis averti", responses=PreferenceSerializer(many=True), filters=False
    )
    @action(detail=False, pagination_class=None, filter_backends=[])
    def preferences(self, request, **kwargs):
        """Each message with its pace: at once, in a digest, in the centre only, or nothing."""
        paces = selectors.paces_of(request.user)
        rows = [
            {
                "kind": kind.code,
                "label": kind.label,
                "pace": paces[kind.code],
                "is_optional": kind.is_optional,
            }
            for kind in registry.kinds()
            if kind.listed
        ]
        return Response(PreferenceSerializer(rows, many=True).data)

    @extend_schema(
        summary="Choisir comment je suis averti",
        request=PreferencesInput,
        responses=PreferenceSerializer(many=True),
        filters=False,
    )
    @preferences.mapping.put
    def preferences_set(self, request, **kwargs):
        """Change the pace of the messages that are named; sending the same again changes nothing."""
        chosen = self.submitted(PreferencesInput)["preferences"]
        paces = {one["kind"]: one["pace"] for one in chosen}
        services.preferences_set(paces=paces, by=request.user, at=clock.now())
        return self.preferences(request)

    def is_guarded(self, method) -> bool:
        """One's own choices have no other writer: they ask for no `If-Match`."""
        return self.action != "preferences_set" and super().is_guarded(method)


ROUTES = [("notifications", NotificationViewSet, "notification")]
