"""Doors of whoever runs the platform: /metrics for a machine, the state and the scheduled tasks for a person."""

import os
import threading
import time
from collections.abc import Callable, Iterable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily

from foundation import clock
from foundation.accounts.selectors import is_platform_admin
from procurement.operations import pages
from procurement.operations.alerts import alerts
from procurement.operations.measures import Measure, measures

KEPT_SECONDS = 5
"""How long the measures are kept: whoever asks more often gets the same answer, not more queries."""
LOOPBACK = ("127.0.0.1", "::1")


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text; 404 to whoever has neither the token nor, when there is none, this very machine."""
    if not _may_measure(request):
        raise Http404
    body = generate_latest(_requests()) + _text(_kept.now())
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)


def _may_measure(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        return scheme.lower() == "bearer" and constant_time_compare(given, settings.METRICS_TOKEN)
    through_a_proxy = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not through_a_proxy


def _requests() -> CollectorRegistry:
    """The counters of every web process of this machine when gunicorn serves, else of this one."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together)
    return together


class Kept:
    """The measures of the last seconds, taken once for all who ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken_at = 0.0
        self._measures: list[Measure] = []

    def now(self) -> list[Measure]:
        """At most `KEPT_SECONDS` old."""
        with self._lock:
            if not self._taken_at or time.monotonic() - self._taken_at > KEPT_SECONDS:
                self._measures = measures(at=clock.now())
                self._taken_at = time.monotonic()
            return self._measures

    def forget(self) -> None:
        """Measure again at the next question."""
        self._taken_at = 0.0


_kept = Kept()


class _Gauges:
    """Our measures as Prometheus writes them."""

    def __init__(self, found: Iterable[Measure]) -> None:
        self.found = list(found)

    def collect(self) -> Iterable[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        for measure in self.found:
            names = list(measure.labels)
            family = families.setdefault(
                measure.name, GaugeMetricFamily(measure.name, str(measure.text), labels=names)
            )
            family.add_metric(list(measure.labels.values()), measure.value)
        return families.values()


def _text(found: Iterable[Measure]) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Gauges(found))
    return generate_latest(registry)


def _for_the_platform(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pages of whoever administers the platform; nobody else knows that they are there."""

    @login_required
    @require_safe
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not is_platform_admin(request.user):
            raise Http404
        return view(request)

    return guarded


@_for_the_platform
def state(request: HttpRequest) -> HttpResponse:
    """How the platform is: what is measured, what is beyond its limit and what to do then."""
    found = _kept.now()
    context = {"rows": pages.rows(found), "alerts": len(alerts(found)), "tabs": _tabs("state")}
    return render(request, "operations/state.html", {**context, "breadcrumbs": _trail()})


@_for_the_platform
def tasks(request: HttpRequest) -> HttpResponse:
    """The scheduled tasks in words, with their last run."""
    context = {"tasks": pages.scheduled(at=clock.now()), "tabs": _tabs("tasks"), "breadcrumbs": _trail()}
    return render(request, "operations/tasks.html", context)


def _tabs(current: str) -> list[dict]:
    labels = {"state": _("État"), "tasks": _("Tâches planifiées")}
    return [
        {"label": label, "url": reverse(f"operations:{name}"), "current": name == current}
        for name, label in labels.items()
    ]


def _trail() -> list[tuple[str, str | None]]:
    return [(_("Exploitation"), None)]
