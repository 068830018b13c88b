"""The API's door to the endpoints of the organisations that the caller administers."""

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import permissions, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from foundation import clock
from foundation.accounts.fresh import fresh_session_or_token
from foundation.accounts.models import Organisation
from foundation.api.fields import AbilitiesField, LabelField
from foundation.api.viewsets import ReadViewSet
from foundation.webhooks import registry, rules, services
from foundation.webhooks.models import Attempt, Delivery, Endpoint


class EndpointSerializer(serializers.ModelSerializer):
    """An endpoint; its secret is told once, in the answer that makes it."""

    state_label = LabelField(source="get_state_display", read_only=True)
    abilities = AbilitiesField(
        manage=rules.can_manage_endpoint, pause=rules.can_pause_endpoint, resume=rules.can_resume_endpoint
    )

    class Meta:
        model = Endpoint
        fields = [
            "id",
            "organisation",
            "url",
            "description",
            "event_codes",
            "state",
            "state_label",
            "created_at",
            "updated_at",
            "failing_since_at",
            "delivered_at",
            "stopped_at",
            "stop_reason",
            "abilities",
        ]
        read_only_fields = fields


class EndpointWithSecretSerializer(EndpointSerializer):
    """The same with its new secret, that no other answer gives."""

    secret = serializers.SerializerMethodField()

    class Meta(EndpointSerializer.Meta):
        fields = [*EndpointSerializer.Meta.fields, "secret"]
        read_only_fields = fields

    def get_secret(self, endpoint) -> str:
        """`whsec_…`, as the libraries of Standard Webhooks take it."""
        return self.context["secret"]


class EndpointInput(serializers.Serializer):
    """Where to send, and what."""

    url = serializers.CharField(max_length=500)
    description = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    event_codes = serializers.ListField(
        child=serializers.CharField(max_length=60), min_length=1, max_length=100
    )


class EndpointCreateInput(EndpointInput):
    """The same, for one of the caller's organisations."""

    organisation = serializers.PrimaryKeyRelatedField(queryset=Organisation.objects.none())

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        request = self.context.get("request")
        if request is not None:
            mine = rules.organisations_for_new_endpoint(request.user)
            self.fields["organisation"].queryset = mine


class ReplayInput(serializers.Serializer):
    """From when to send again."""

    since = serializers.DateTimeField()


class ReplayedSerializer(serializers.Serializer):
    """How many messages leave again."""

    count = serializers.IntegerField()


class EventSerializer(serializers.Serializer):
    """An event and an example of its `data`."""

    code = serializers.CharField()
    label = serializers.CharField()
    example = serializers.DictField()


class AttemptSerializer(serializers.ModelSerializer):
    """One try and what came back."""

    class Meta:
        model = Attempt
        fields = ["tried_at", "status", "latency_ms", "excerpt", "error"]
        read_only_fields = fields


class DeliveryRowSerializer(serializers.ModelSerializer):
    """One message; its `id` is the `webhook-id`."""

    state_label = LabelField(source="get_state_display", read_only=True)

    class Meta:
        model = Delivery
        fields = [
            "id",
            "endpoint",
            "event_code",
            "state",
            "state_label",
            "attempt_count",
            "created_at",
            "next_try_at",
            "delivered_at",
            "failed_at",
        ]
        read_only_fields = fields


class DeliverySerializer(DeliveryRowSerializer):
    """The same with the text that was signed and the tries."""

    attempts = AttemptSerializer(many=True, read_only=True)
    abilities = AbilitiesField(replay=rules.can_replay_delivery)

    class Meta(DeliveryRowSerializer.Meta):
        fields = [*DeliveryRowSerializer.Meta.fields, "body", "attempts", "abilities"]
        read_only_fields = fields


EXAMPLE = OpenApiExample(
    "Adresse",
    value={
        "organisation": 1,
        "url": "https://recevoir.exemple.fr/jalon",
        "description": "Suivi des commandes",
        "event_codes": ["order.issued"],
    },
    request_only=True,
)


@extend_schema_view(
    list=extend_schema(summary="Adresses d'envoi des organisations de l'appelant"),
    retrieve=extend_schema(summary="Une adresse d'envoi"),
)
class WebhookViewSet(ReadViewSet):
    """Endpoints: seen and managed by the administrators of their organisation."""

    queryset = Endpoint.objects.none()
    visible_to = staticmethod(rules.endpoints_visible_to)
    serializer_class = EndpointSerializer
    filterset_fields = ["organisation", "state"]
    permission_classes = [permissions.IsAuthenticated]
    write_scope = "webhooks:write"
    secret_actions = frozenset({"create", "rotate"})

    @extend_schema(
        summary="Ajouter une adresse d'envoi",
        request=EndpointCreateInput,
        responses={201: EndpointWithSecretSerializer},
        examples=[EXAMPLE],
    )
    @fresh_session_or_token
    def create(self, request, **kwargs):
        """Add an endpoint; the answer is the only one that gives its secret."""
        if not rules.administers_endpoints(request.user):
            raise PermissionDenied
        data = self.submitted(EndpointCreateInput)
        endpoint, secret = services.endpoint_create(**data, by=request.user, at=clock.now())
        return self._with_secret(endpoint, secret, status.HTTP_201_CREATED)

    def _with_secret(self, endpoint, secret, code=status.HTTP_200_OK):
        context = {**self.get_serializer_context(), "secret": secret}
        data = EndpointWithSecretSerializer(endpoint, context=context).data
        return Response(data, status=code, headers={"Cache-Control": "no-store"})

    @extend_schema(
        summary="Modifier une adresse d'envoi", request=EndpointInput, responses=EndpointSerializer
    )
    @fresh_session_or_token
    def partial_update(self, request, **kwargs):
        """Change where or what is sent."""
        endpoint = self.get_object()
        now = {"url": endpoint.url, "description": endpoint.description, "event_codes": endpoint.event_codes}
        data = {**now, **self.submitted(EndpointInput, endpoint)}
        return self.answer(
            services.endpoint_update(endpoint=endpoint, **data, by=request.user, at=clock.now())
        )

    @extend_schema(summary="Retirer une adresse d'envoi", responses={204: None})
    def destroy(self, request, **kwargs):
        """Forget an endpoint, its secrets and its log."""
        services.endpoint_delete(endpoint=self.get_object(), by=request.user, at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(summary="Changer le secret", request=None, responses=EndpointWithSecretSerializer)
    @action(detail=True, methods=["post"])
    @fresh_session_or_token
    def rotate(self, request, **kwargs):
        """A new secret, told once; the former one still signs beside it for a day."""
        endpoint = self.get_object()
        secret = services.secret_rotate(endpoint=endpoint, by=request.user, at=clock.now())
        return self._with_secret(endpoint, secret)

    @extend_schema(summary="Envoyer un essai", request=None, responses={202: DeliverySerializer})
    @action(detail=True, methods=["post"])
    def test(self, request, **kwargs):
        """Send a message that means nothing; its delivery tells what came back."""
        delivery = services.test_send(endpoint=self.get_object(), by=request.user, at=clock.now())
        data = DeliverySerializer(delivery, context=self.get_serializer_context()).data
        return Response(data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(summary="Mettre en pause", request=None)
    @action(detail=True, methods=["post"])
    def pause(self, request, **kwargs):
        """Send nothing until it is resumed."""
        return self.answer(
            services.endpoint_pause(endpoint=self.get_object(), by=request.user, at=clock.now())
        )

    @extend_schema(summary="Remettre en service", request=None)
    @action(detail=True, methods=["post"])
    def resume(self, request, **kwargs):
        """Send again."""
        return self.answer(
            services.endpoint_resume(endpoint=self.get_object(), by=request.user, at=clock.now())
        )

    @extend_schema(
        summary="Faire repartir des envois", request=ReplayInput, responses={202: ReplayedSerializer}
    )
    @action(detail=True, methods=["post"])
    def replay(self, request, **kwargs):
        """Send again everything written since an instant."""
        endpoint, data = self.get_object(), self.submitted(ReplayInput)
        count = services.deliveries_replay(endpoint=endpoint, **data, by=request.user, at=clock.now())
        return Response({"count": count}, status=status.HTTP_202_ACCEPTED)

    @extend_schema(summary="Événements qui peuvent être reçus", responses=EventSerializer(many=True))
    @action(detail=False, pagination_class=None, filter_backends=[])
    def events(self, request, **kwargs):
        """Every event that an endpoint may ask for, with an example of its data."""
        return Response(EventSerializer(registry.events(), many=True).data)


@extend_schema_view(
    list=extend_schema(summary="Relevé des envois"),
    retrieve=extend_schema(summary="Un envoi, son message et ses essais"),
)
class WebhookDeliveryViewSet(ReadViewSet):
    """What was sent to the endpoints of the caller's organisations."""

    queryset = Delivery.objects.none()
    visible_to = staticmethod(rules.deliveries_visible_to)
    serializer_class = DeliverySerializer
    list_serializer_class = DeliveryRowSerializer
    filterset_fields = ["endpoint", "state", "event_code"]
    permission_classes = [permissions.IsAuthenticated]
    write_scope = "webhooks:write"

    def prepare(self, queryset):
        """What the representation reads, in a constant number of queries."""
        if self.lists:
            return queryset.defer("body")
        return queryset.select_related("endpoint").prefetch_related("attempts")

    @extend_schema(summary="Faire repartir un envoi", request=None)
    @action(detail=True, methods=["post"])
    def replay(self, request, **kwargs):
        """Send one message again, under the same `webhook-id`."""
        delivery = services.delivery_replay(delivery=self.get_object(), by=request.user, at=clock.now())
        return self.answer(delivery)


ROUTES = [
    ("webhooks", WebhookViewSet, "webhook"),
    ("webhook-deliveries", WebhookDeliveryViewSet, "webhook-delivery"),
]
