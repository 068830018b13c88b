"""What every stage's API is built from.

class TenderViewSet(ReadViewSet):
    visible_to = staticmethod(rules.tenders_visible_to)
    serializer_class = TenderSerializer
    list_serializer_class = TenderRowSerializer      # optional, leaner
    filterset_class = TenderFilter
    search_fields = ["title"]
    ordering_fields = ["created_at"]                 # never a nullable field: the cursor is made of it
    write_scope = "tenders:write"                    # what a token needs to write here, declared in scopes
    action_scopes = {"publish": "tenders:decide"}    # … and for the acts that need another
    keyless_actions = {"deposit"}                    # acts that take no Idempotency-Key: files
    streamed_actions = {"deposit"}                   # acts that read their body as it comes: nothing is locked
    secret_actions = {"rotate"}                      # acts whose answer holds a secret: kept encrypted
    guarded_actions = {"publish"}                    # acts that demand If-Match, as PUT, PATCH, DELETE do

    @extend_schema(request=PublishInput, responses=TenderSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request, **kwargs):
        tender = self.get_object()                   # 404 when not visible
        data = self.submitted(PublishInput)          # 422 problem when wrong
        services.tender_publish(tender=tender, **data, by=request.user, at=clock.now())
        return self.answer(tender)

ROUTES = [("tenders", TenderViewSet, "tender")]

Every address also understands, without any line in the viewset: `?fields=`, `ETag` with `If-None-Match` and
`If-Match`, `Idempotency-Key` on POST, and `…/export/` beside a list.
"""

from django.db import transaction
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework import exceptions, mixins, serializers, status, viewsets
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response

from foundation.api import filters, idempotency, preconditions, scopes, sparse, throttling
from foundation.api.exports import ExportMixin
from foundation.errors import Refusal

NARROWED = ("list", "retrieve", "export")


class ApiViewSet(viewsets.GenericViewSet):
    """A viewset whose rows are those the reader may see: anything else does not exist (404).

    `visible_to(user) -> QuerySet` comes from the app's `rules.py` and accepts an anonymous user.
    """

    visible_to = None
    list_serializer_class = None
    write_scope = ""
    action_scopes: dict[str, str] = {}
    guarded_actions: frozenset[str] | set[str] = frozenset()
    keyless_actions: frozenset[str] | set[str] = frozenset()
    streamed_actions: frozenset[str] | set[str] = frozenset()
    secret_actions: frozenset[str] | set[str] = frozenset()
    own_parameters: list[str] = []
    search_fields: list[str] = []
    ordering_fields: list[str] = []

    def get_queryset(self):
        """The rows the caller may see, narrowed or prefetched by `prepare`."""
        return self.prepare(self.visible_to(self.request.user))

    def prepare(self, queryset):
        """Override to add select_related or prefetch_related for what `self.lists` or another action reads."""
        return queryset

    @property
    def is_narrowed(self) -> bool:
        """Whether the answer is made by the serializer of the viewset, of which `?fields=` keeps a part."""
        return self.action in NARROWED

    @property
    def lists(self) -> bool:
        """Whether rows are answered, by the page or all of them, and not one whole object."""
        return self.action in ("list", "export")

    def row_to_lock(self, obj):
        """The row that holds back another writer of `obj` while `If-Match` is compared: the one that the
        services lock first.
        """
        return obj

    # The life of a request

    def __init__(self, **kwargs) -> None:
        """The schema of an action is a class: DRF has it hold the view, hence what was last sent to it, for ever."""
        super().__init__(**kwargs)
        if isinstance(kwargs.get("schema"), type):
            kwargs["schema"].view = None

    def dispatch(self, request, *args, **kwargs):
        """As DRF does, but for the handler of a write, which is called by `_write`."""
        self.args, self.kwargs = args, kwargs
        request = self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(request, *args, **kwargs)
            handler = getattr(self, request.method.lower(), self.http_method_not_allowed)
            reads = request.method in SAFE_METHODS or not self.action
            response = (
                handler(request, *args, **kwargs) if reads else self._write(handler, request, args, kwargs)
            )
        except Exception as exc:  # DRF turns every exception into an answer here
            response = self.handle_exception(exc)
        self.response = self.finalize_response(request, response, *args, **kwargs)
        return self.response

    def initial(self, request, *args, **kwargs):
        """Also refuse a token without the scope, and a parameter that this address does not read."""
        super().initial(request, *args, **kwargs)
        if not self.action or self.action == "metadata":
            return
        scopes.check(request, self.scope_for(request.method))
        if request.method == "GET":
            filters.check_parameters(request, self)

    def scope_for(self, method) -> str:
        """The scope that a token needs for this method of the present action."""
        if method in SAFE_METHODS:
            return scopes.READ
        return self.action_scopes.get(self.action, self.write_scope)

    def is_guarded(self, method) -> bool:
        """Whether the present action demands `If-Match`."""
        return method in ("PUT", "PATCH", "DELETE") or self.action in self.guarded_actions

    def _write(self, handler, request, args, kwargs):
        """Call the handler under its idempotency key and its precondition, when it has them."""
        key = idempotency.key_of(request, is_keyless=self.action in self.keyless_actions)
        tag = request.headers.get("If-Match")
        is_streamed = self.action in self.streamed_actions

        def act():
            if self.is_guarded(request.method) or (tag and self.detail):
                self._check_unchanged(tag, locks=not is_streamed)
            return handler(request, *args, **kwargs)

        if is_streamed or (key is None and tag in (None, "*")):
            return act()
        # The whole body before the transaction: whoever sends it slowly must not hold a row meanwhile.
        request.data  # noqa: B018  reading it is the point
        is_secret = self.action in self.secret_actions
        return self._in_one_transaction(
            lambda: idempotency.once(request, key, act, is_secret=is_secret) if key else act()
        )

    def _in_one_transaction(self, act):
        """The answer of `act()`, its writes and those around it committed together.

        A service that refuses has undone its own writes; what it means to leave (a refused opening is a line
        of the journal) is kept, as it would be outside this transaction.
        """
        refused = None
        with transaction.atomic():
            try:
                response = act()
            except (Refusal, exceptions.APIException) as refusal:
                refused = refusal
        if refused is not None:
            raise refused
        return response

    def _check_unchanged(self, tag, *, locks):
        """Raise 404 out of sight, 428 without a tag, 412 when the object is not the one that was read.

        With `locks`, within a transaction, nobody changes it between the comparison and the act.
        """
        obj = self.get_object()
        if tag in (None, "*"):
            preconditions.require(tag, "")
            return
        if locks:
            row = self.row_to_lock(obj)
            type(row)._base_manager.select_for_update(no_key=True).filter(pk=row.pk).first()
            obj = self.get_object()
        preconditions.require(tag, preconditions.etag_of(self._detail(obj)))

    def finalize_response(self, request, response, *args, **kwargs):
        """Add the headers of the contract: entity tag, rate, privacy of what is read with an account."""
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in throttling.headers(request._request).items():
            response[name] = value
        patch_vary_headers(response, ["Authorization", "Cookie"])
        # A program compares the tag of what it keeps; a browser, maybe shared, keeps nothing.
        by_session = isinstance(request.successful_authenticator, SessionAuthentication)
        response.headers.setdefault(
            "Cache-Control", "private, no-store" if by_session else "private, no-cache"
        )
        whole = sparse.PARAMETER not in request.query_params
        if self.action == "retrieve" and response.status_code == status.HTTP_200_OK and whole:
            return self._tagged(request, response)
        return response

    def _tagged(self, request, response):
        response["ETag"] = preconditions.etag_of(response.data)
        known = request.headers.get("If-None-Match")
        if known is None or not preconditions.matches(known, response["ETag"]):
            return response
        kept = ("ETag", "Vary", "Cache-Control", "RateLimit", "RateLimit-Policy")
        headers = {name: response[name] for name in kept if name in response}
        return HttpResponse(status=status.HTTP_304_NOT_MODIFIED, headers=headers)

    # What comes in, what goes out

    def get_serializer_class(self):
        """The lean serializer for lists, when there is one."""
        if self.lists and self.list_serializer_class:
            return self.list_serializer_class
        return super().get_serializer_class()

    def get_serializer(self, *args, **kwargs):
        """The serializer, with the fields that `?fields=` keeps."""
        serializer = super().get_serializer(*args, **kwargs)
        asked = self.request.query_params.get(sparse.PARAMETER)
        if asked is not None and self.is_narrowed:
            sparse.narrow(serializer, asked)
        return serializer

    def submitted(self, serializer_class, instance=None, **context):
        """Validated data of the request's body, a part of it when there is an `instance` to change.

        A problem 422 with pointers when it is wrong, or when a field is not one of the input: a misspelt
        field is never lost in silence.
        """
        serializer = serializer_class(
            instance,
            data=self.request.data,
            partial=instance is not None,
            context={**self.get_serializer_context(), **context},
        )
        refuse_unknown(serializer, self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def answer(self, obj, *, status=status.HTTP_200_OK, serializer_class=None):
        """The object as it is in the database now, in the detail representation."""
        queryset = self.get_queryset()
        if not isinstance(obj, queryset.model):
            serializer_class = serializer_class or self.serializer_class
            return Response(serializer_class(obj, context=self.get_serializer_context()).data, status=status)
        # The act may have taken it out of the caller's sight: then what the service returned is told.
        obj = queryset.filter(pk=obj.pk).first() or obj
        data = self._detail(obj, serializer_class)
        headers = {"Location": self._address(obj)}
        if serializer_class is None:
            headers["ETag"] = preconditions.etag_of(data)
        return Response(data, status=status, headers=headers)

    def created(self, obj, *, serializer_class=None):
        """201 with the new object."""
        return self.answer(obj, status=status.HTTP_201_CREATED, serializer_class=serializer_class)

    def _detail(self, obj, serializer_class=None):
        serializer_class = serializer_class or self.serializer_class
        return serializer_class(obj, context=self.get_serializer_context()).data

    def _address(self, obj):
        return self.reverse_action("detail", args=[getattr(obj, self.lookup_field)])


class ReadViewSet(ExportMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, ApiViewSet):
    """List, export and read; writing is done by named actions, each calling one service."""


def refuse_unknown(serializer, data):
    """Raise 422 for the members of the body that its serializer does not take."""
    if not isinstance(data, dict):
        return
    taken = {name for name, field in serializer.fields.items() if not field.read_only}
    unknown = [name for name in data if name not in taken]
    if unknown:
        message = _("Ce champ n’est pas accepté ici : vérifiez son nom dans la documentation.")
        raise serializers.ValidationError(
            {name: [serializers.ErrorDetail(message, code="unknown")] for name in unknown}
        )
