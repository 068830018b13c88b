"""Requests that nobody would write, sent to the application in this process (U6, Q6 of trust.md).

Half are made by schemathesis from the OpenAPI document, valid and then deliberately invalid; the keys in them are
often replaced by those of rows that exist, so that the request gets past the first check. The others are raw: any
method, any path of the API, bytes that are no JSON. Each is sent as somebody, or nobody, and
undone. What must hold: no answer of 500 or more, and no line in the journal for a request without account.
"""

import random
import traceback
from collections import Counter
from dataclasses import dataclass, field

import schemathesis
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from foundation import clock
from foundation.accounts.models import User
from foundation.api import scopes, services
from foundation.journal.models import Entry
from procurement.wsgi import application

SCHEMA = "/api/v1/schema/"
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")
TYPES = ("application/json", "text/plain", "multipart/form-data; boundary=x", "application/xml", "", "\u00e9")
SCRAPS = (
    b"",
    b"{",
    b"[]",
    b"null",
    b'"\\ud800"',
    b'{"a": NaN}',
    b"\xff\xfe\x00",
    b'{"id": 1e400}',
    b"[" * 100_000,
)
QUERIES = (
    "cursor=%00",
    "cursor=cD0yMDI2LTAxLTAx",
    "page_size=-1",
    "page_size=99999999999999999999",
    "search=%00",
    "ordering=,",
    "fields=id.id",
    "organisation=9223372036854775808",
    "due_after=+275760-09-13",
    "q=%F0%9F%98%80%EF%BF%BF",
)
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


@dataclass
class Report:
    """What was sent and what went wrong; `faults` are sentences, each kind once."""

    sent: int = 0
    statuses: Counter = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)

    def fault(self, kind: str, told: str) -> None:
        """Keep the first example of a kind of fault."""
        self.faults.setdefault(kind, told)


class Fuzzer:
    """Sends requests as each of these people and as nobody, on the rows that are there."""

    def __init__(self, people, *, seed: int) -> None:
        # A connection in a transaction of the test outlives the request.
        connection.close_if_unusable_or_obsolete = lambda: None
        self.random = random.Random(seed)  # noqa: S311  reproducible, not secret
        self.schema = schemathesis.openapi.from_wsgi(SCHEMA, application)
        self.client = Client(raise_request_exception=False)
        self.report = Report()
        self.trace = ""
        got_request_exception.connect(self._note_trace)
        self.tokens = ["", *(_token(user) for user in people)]
        self.pools = self._pools()

    def close(self) -> None:
        """Give the connection its ways back."""
        del connection.close_if_unusable_or_obsolete
        got_request_exception.disconnect(self._note_trace)

    def _note_trace(self, **kwargs):
        self.trace = traceback.format_exc()

    def from_the_schema(self, each: int) -> Report:
        """`each` requests for each operation, valid then invalid."""
        for result in self.schema.get_all_operations():
            operation = result.ok()
            for mode in GenerationMode:
                self._storm(operation, mode, each)
        return self.report

    def raw(self, count: int) -> Report:
        """`count` requests that follow no document."""
        paths = [result.ok().path for result in self.schema.get_all_operations()]
        for _number in range(count):
            path = self._filled(self.random.choice(paths))
            if self.random.random() < 0.1:
                path = path[: self.random.randrange(8, len(path) + 1)] + self.random.choice(
                    ("%00", "é", "//", "..", "%")
                )
            self._send(
                self.random.choice(METHODS),
                f"{path}?{self.random.choice(QUERIES)}",
                self.random.choice(TYPES),
                self.random.choice(SCRAPS),
                self.random.choice(
                    ({}, {"If-Match": "*"}, {"If-None-Match": "W/"}, {"Idempotency-Key": '"'})
                ),
            )
        return self.report

    def _storm(self, operation, mode, each):
        chaos = settings(
            max_examples=each,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            derandomize=False,
            suppress_health_check=list(HealthCheck),
        )

        @chaos
        @given(case=operation.as_strategy(generation_mode=mode), seed=st.integers())
        def send(case, seed):
            self.random.seed(seed)
            self._enter(case)
            self._send_case(case)

        try:
            send()
        except Unsatisfiable:  # there is nothing to break in this operation
            return

    def _enter(self, case):
        """Put keys that exist in place of most of those that were invented."""
        names = [part for part in case.path.split("/") if part]
        for name in case.path_parameters or {}:
            known = self.pools.get(names[2])
            if known and self.random.random() < 0.8:
                case.path_parameters[name] = self.random.choice(known)
        self._replace(case.body)
        if "If-Match" in (case.headers or {}) and self.random.random() < 0.8:
            case.headers["If-Match"] = "*"

    def _replace(self, body):
        for key, value in body.items() if isinstance(body, dict) else ():
            pool = self.pools.get(BODY_KEYS.get(key, ""))
            if pool and isinstance(value, int | str) and self.random.random() < 0.8:
                body[key] = self.random.choice(pool)
            for inner in value if isinstance(value, list) else [value]:
                self._replace(inner)

    def _send_case(self, case):
        token = self.random.choice(self.tokens)
        headers = {"Authorization": f"Token {token}"} if token else {}
        with self._undone(token, f"{case.method} {case.path}"):
            try:
                status = case.call(headers=headers).status_code
            except Exception as error:  # an answer that breaks while it streams is a fault too
                status = f"500 {type(error).__name__}"
            self._judge(status, f"{case.method} {case.path}", case.as_curl_command())

    def _send(self, method, path, media, body, headers):
        token = self.random.choice(self.tokens)
        if token:
            headers = {**headers, "Authorization": f"Token {token}"}
        with self._undone(token, f"{method} {path}"):
            response = self.client.generic(method, path, body, content_type=media, headers=headers)
            self._judge(response.status_code, f"{method} {path}", f"{media} {body!r} {headers}")

    def _undone(self, token, told):
        return _Undone(self.report, told, anonymous=not token)

    def _judge(self, status, operation, told):
        self.report.sent += 1
        self.report.statuses[status] += 1
        if int(str(status)[:3]) >= 500:
            self.report.fault(f"{status} {operation}", f"{told}\n{self.trace}")

    def _filled(self, path):
        names = [part for part in path.split("/") if part]
        known = self.pools.get(names[2]) or ["1"]
        parts = [
            self.random.choice([*map(str, known), "0"]) if part.startswith("{") else part for part in names
        ]
        return "/" + "/".join(parts) + "/"

    def _pools(self):
        """Keys of rows, by the prefix of their address."""
        from procurement.api_urls import router

        pools = {}
        for prefix, viewset, _name in router.registry:
            serializer = getattr(viewset, "serializer_class", None)
            model = getattr(getattr(serializer, "Meta", None), "model", None)
            if model is not None:
                keys = model._base_manager.values_list(viewset.lookup_field, flat=True)[:200]
                pools[prefix] = [key if isinstance(key, int) else str(key) for key in keys]
        return {**pools, **_inner_pools()}


BODY_KEYS = {
    "lot": "lots",
    "holder": "holders",
    "beneficiary": "beneficiaries",
    "work_unit": "work-units",
    "project": "purchase-projects",
    "organisation": "organisations",
    "order": "orders",
    "order_line": "order-lines",
    "line": "order-lines",
    "startup": "startups",
    "email": "emails",
    "product_owner": "emails",
}


def _inner_pools():
    from framework_agreements.models import AgreementLot, Beneficiary, Holder, OrderLine

    models = {"lots": AgreementLot, "holders": Holder, "beneficiaries": Beneficiary, "order-lines": OrderLine}
    found = {name: list(model.objects.values_list("pk", flat=True)[:200]) for name, model in models.items()}
    return {**found, "emails": list(User.objects.values_list("email", flat=True)[:50])}


def _token(user):
    every = [code for code, _label in scopes.choices()]
    return services.token_create(name="Essai", scopes=every, lifetime_days=7, by=user, at=clock.now())[1]


class _Undone:
    """What a request wrote is undone; one without account must have written nothing in the journal."""

    def __init__(self, report, told, *, anonymous):
        self.report, self.told, self.anonymous = report, told, anonymous
        self.atomic = transaction.atomic()

    def __enter__(self):
        self.atomic.__enter__()
        self.lines = self._lines() if self.anonymous else 0

    def __exit__(self, kind, error, trace):
        if self.anonymous and kind is None and self._lines() != self.lines:
            self.report.fault("written without account", self.told)
        transaction.set_rollback(True)
        return self.atomic.__exit__(kind, error, trace)

    def _lines(self):
        return Entry.objects.order_by("-pk").values_list("pk", flat=True).first()
