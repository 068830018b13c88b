"""The identifier of a request: on the answer, in each line of the log, in the tasks it rings, on the error page."""

import ipaddress
import re
import time
import uuid
from http import HTTPStatus

import structlog
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django_structlog import signals
from django_structlog.celery import signals as celery_signals
from django_structlog.middlewares import RequestMiddleware as StructlogRequestMiddleware

HEADER = "X-Request-ID"
PROBES = {"screens:healthz", "screens:readyz", "operations:metrics"}
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{7,63}")


class RequestMiddleware(StructlogRequestMiddleware):
    """Gives each request its identifier and writes one line when it is answered.

    The identifier that came with the request is kept only when it is well formed and a reverse proxy of ours stands
    before us (`TRUSTED_PROXY_COUNT`); anybody could otherwise choose theirs. The address asked for is not written: it
    may hold a token. Its pattern is, and the identifier of the object.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer carries the identifier, whatever happened."""
        response = super().__call__(request)
        response[HEADER] = request.request_id
        return response

    def prepare(self, request: HttpRequest) -> None:
        """Before anything else: nothing of an earlier request remains."""
        structlog.contextvars.clear_contextvars()
        request.request_id = identifier(request)
        request.received = time.monotonic()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        """One line, except for the probes that ask every few seconds and are well."""
        match = getattr(request, "resolver_match", None)
        if match and match.view_name in PROBES and response.status_code == HTTPStatus.OK:
            structlog.contextvars.clear_contextvars()
            return
        super().handle_response(request, response)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """« GET consultations/<uuid:pk>/ »: the pattern of the address, never what filled it."""
        match = getattr(request, "resolver_match", None)
        return f"{request.method} {match.route if match else '(inconnue)'}"


def identifier(request: HttpRequest) -> str:
    """The identifier that our proxy gave, else a new one."""
    given = request.headers.get(HEADER, "")
    if settings.TRUSTED_PROXY_COUNT and WELL_FORMED.fullmatch(given):
        return given
    return str(uuid.uuid4())


def network(request: HttpRequest) -> str:
    """The network the request comes from (/24, or /48 in IPv6): enough to see an attack, not to name a person."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    count = settings.TRUSTED_PROXY_COUNT
    told = hops[-count] if 0 < count <= len(hops) else request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return ""
    size = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{size}", strict=False))


@receiver(signals.bind_extra_request_finished_metadata)
def tell_more(request, log_kwargs, **kwargs) -> None:
    """Duration, object and network of an answered request."""
    log_kwargs["duration_ms"] = round((time.monotonic() - request.received) * 1000)
    log_kwargs["network"] = network(request)
    match = getattr(request, "resolver_match", None)
    pk = match.kwargs.get("pk") if match else None
    if isinstance(pk, int | uuid.UUID):
        log_kwargs["object"] = str(pk)


@receiver(celery_signals.modify_context_before_task_publish)
def carry_only_the_identifier(context, **kwargs) -> None:
    """Of what the log knows of a request, its tasks receive the identifier and nothing else."""
    kept = {name: context[name] for name in ("request_id",) if name in context}
    context.clear()
    context.update(kept)
