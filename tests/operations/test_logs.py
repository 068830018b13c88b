"""U5 of the trust file (log injection) and « structured logs without personal data or secrets »: canaries."""

import io
import json
import logging
import subprocess
import sys

import pytest
import structlog
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from procurement.operations import logs
from procurement.operations.requests import identifier, network
from tests.accounts.factories import make_user
from tests.runtime.test_production_settings import COMPLETE

CANARIES = {
    "address": "camille.canari@exemple.fr",
    "password": "Canari-Mot-De-Passe-31415",
    "token": "canari0123456789abcdef0123456789abcdef",
    "signature": "a8Bc:1tXcan:c4naR1c4naR1c4naR1c4naR1c4naR1",
    "ip": "203.0.113.77",
    "ipv6": "2001:db8:1234:5678::99",
    "phrase": "prix canari 31415926,53",
}


def explode(request):
    """A view that fails with everything that must stay out of the logs in the message of its error."""
    request.POST.get("password")
    raise RuntimeError(" ".join(CANARIES.values()))


def warn(request, secret):
    """A view that says too much, as a careless author would."""
    logging.getLogger("jalon.careless").warning(
        "from %s with %s", CANARIES["address"], request.get_full_path()
    )
    structlog.get_logger("jalon.careless").warning(
        "careless", email=CANARIES["address"], password=CANARIES["password"], link=f"/x/?signature={secret}"
    )
    return HttpResponse("ok")


urlpatterns = [
    path("explode/", explode),
    path("warn/<str:secret>/", warn),
    path("", include("procurement.urls")),
]
handler500 = "foundation.screens.views.server_error"


@pytest.fixture
def written():
    """What production would write during the test, line by line."""
    yield from _writing(machine=True, with_messages=False)


@pytest.fixture
def read():
    """What development writes."""
    yield from _writing(machine=False, with_messages=True)


def _writing(**how):
    stream = io.StringIO()
    configuration = logs.configuration(level="DEBUG", **how)
    options = configuration["formatters"]["event"]
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=options["processors"], foreign_pre_chain=options["foreign_pre_chain"]
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    level, former = root.level, root.handlers[:]
    root.handlers, root.level = [handler], logging.DEBUG
    root.setLevel(logging.DEBUG)
    yield lambda: stream.getvalue().splitlines()
    root.handlers = former
    root.setLevel(level)


def leaks(lines) -> list[str]:
    text = "\n".join(lines)
    return [name for name, canary in CANARIES.items() if canary in text]


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_nothing_personal_or_secret_in_the_lines_of_requests_and_errors(written):
    client = Client(raise_request_exception=False, REMOTE_ADDR=CANARIES["ip"])
    answer = client.post(
        f"/explode/?jeton={CANARIES['token']}",
        {"password": CANARIES["password"]},
        HTTP_AUTHORIZATION=f"Token {CANARIES['token']}",
        HTTP_USER_AGENT=CANARIES["phrase"],
    )
    client.get(f"/warn/{CANARIES['token']}/?signature={CANARIES['signature']}")
    client.get(f"/nowhere/{CANARIES['token']}/{CANARIES['address']}")
    lines = [json.loads(line) for line in written()]
    assert answer.status_code == 500
    assert leaks(written()) == []
    failed = next(line for line in lines if line["event"] == "request_failed")
    assert failed["request"] == "POST explode/" and failed["request_id"] == answer["X-Request-ID"]
    assert failed["trace"][0] == "builtins.RuntimeError"
    assert any("test_logs.py" in place and "explode" in place for place in failed["trace"])
    finished = [line for line in lines if line["event"] == "request_finished"]
    assert [line["code"] for line in finished] == [200, 404]
    assert finished[0]["network"] == "203.0.113.0/24" and finished[0]["duration_ms"] >= 0


@pytest.mark.django_db
def test_nothing_personal_in_the_lines_of_sign_in(written):
    user = make_user(email=CANARIES["address"])
    client = Client(REMOTE_ADDR=CANARIES["ip"])
    for password in (CANARIES["password"], "motdepasse-de-test"):
        client.post("/compte/connexion/", {"login": user.email, "password": password})
    client.post("/compte/mot-de-passe/oubli/", {"email": user.email})
    assert leaks(written()) == []


def test_nothing_personal_in_the_lines_of_tasks(written):
    """The receivers that the worker connects, on the errors of a task."""
    from django_structlog.celery.receivers import CeleryReceiver

    receiver = CeleryReceiver()
    try:
        raise ValueError(" ".join(CANARIES.values()))
    except ValueError as error:
        receiver.receiver_task_failure(task_id="6d3e", exception=error, sender=None)
        receiver.receiver_task_retry(reason=error)
        logging.getLogger("celery.app.trace").error("Task raised: %r", error)
        logging.getLogger("celery.worker").warning("args=%r", [CANARIES["address"], CANARIES["token"]])
    assert leaks(written()) == []
    told = json.loads(written()[0])
    assert told["event"] == "task_failed" and told["trace"][0] == "builtins.ValueError"


def test_development_keeps_messages_without_their_secrets(read):
    try:
        raise ValueError(" ".join([*CANARIES.values(), "reste lisible"]))
    except ValueError:
        logging.getLogger("jalon").exception("failed")
    assert leaks(read()) == ["phrase"]
    assert "reste lisible" in "\n".join(read())


@pytest.mark.parametrize("cut", ["\n", "\r\n", "\r", "\u2028", "\x85", "\x0b"])
@pytest.mark.parametrize("how", ["written", "read"])
def test_a_value_cannot_begin_a_line_of_its_own(request, how, cut):
    lines = request.getfixturevalue(how)
    forged = f"ok{cut}2026-01-01T00:00:00Z INFO jalon forged"
    structlog.get_logger("jalon").info("upload", file=forged, **{f"k{cut}ey": 1})
    logging.getLogger("jalon").info("received %s", forged)
    try:
        raise ValueError(forged)
    except ValueError:
        logging.getLogger("jalon").exception("failed")
    assert not [line for line in lines() if line.startswith("2026-01-01")]
    assert sum("upload" in line or "received" in line for line in lines()) == 2


def test_a_terminal_is_not_commanded(read):
    logging.getLogger("jalon").info("name \x1b[31mred\x1b[0m \u202egnp.exe")
    assert "\x1b" not in read()[0] and "\u202e" not in read()[0]


def test_identifiers_of_objects_stay(written):
    pk = "9f1b2c3d-4e5f-4a6b-8c7d-0123456789ab"
    logging.getLogger("jalon").info("Document %s could not be laid out in 12 ms", pk)
    assert pk in written()[0] and "12 ms" in written()[0]


class TestIdentifier:
    """Request ids: accepted only from our proxy and well formed."""

    GOOD = "0192f3c4-aaaa-7bbb-8ccc-0123456789ab"

    def given(self, rf, value):
        return identifier(rf.get("/", headers={"X-Request-ID": value}))

    def test_not_from_just_anybody(self, rf):
        assert self.given(rf, self.GOOD) != self.GOOD

    @override_settings(TRUSTED_PROXY_COUNT=1)
    def test_from_our_proxy(self, rf):
        assert self.given(rf, self.GOOD) == self.GOOD

    @override_settings(TRUSTED_PROXY_COUNT=1)
    @pytest.mark.parametrize(
        "bad", ["", "short", "a" * 65, "abcdefgh\r\nX: y", "abcdefgh<b>", "-aaaaaaaaa", "é" * 10]
    )
    def test_never_ill_formed(self, rf, bad):
        assert self.given(rf, bad) != bad

    def test_on_every_answer_and_on_the_error_page(self, client, db):
        answer = client.get("/nowhere/")
        assert answer["X-Request-ID"] in answer.content.decode()
        assert client.get("/healthz")["X-Request-ID"] != answer["X-Request-ID"]

    @pytest.mark.urls(__name__)
    def test_on_the_page_of_an_incident(self, db):
        answer = Client(raise_request_exception=False).get("/explode/")
        assert answer["X-Request-ID"] in answer.content.decode()


@pytest.mark.parametrize(
    "count, forwarded, expected",
    [
        (0, "198.51.100.9", "203.0.113.0/24"),
        (1, "10.0.0.1, 198.51.100.9", "198.51.100.0/24"),
        (1, "2001:db8:1:2::9", "2001:db8:1::/48"),
        (2, "198.51.100.9", "203.0.113.0/24"),
        (1, "nonsense", ""),
    ],
)
def test_the_network_of_a_request(rf, count, forwarded, expected):
    request = rf.get("/", REMOTE_ADDR=CANARIES["ip"], HTTP_X_FORWARDED_FOR=forwarded)
    with override_settings(TRUSTED_PROXY_COUNT=count):
        assert network(request) == expected


def test_a_task_receives_the_identifier_and_nothing_else():
    """Through the message that Celery publishes."""
    from celery import current_app
    from celery.signals import before_task_publish

    seen = {}

    def look(headers=None, **kwargs):
        seen.update(headers["__django_structlog__"])

    before_task_publish.connect(look, weak=False)
    try:
        with structlog.contextvars.bound_contextvars(request_id="abc-12345", email=CANARIES["address"]):
            current_app.send_task("nobody.listens", queue="tests-of-logs", ignore_result=True)
    finally:
        before_task_publish.disconnect(look)
        with current_app.connection_for_write() as broker:
            broker.default_channel.queue_purge("tests-of-logs")
    assert seen == {"request_id": "abc-12345"}


FAILING = """
import logging, logging.config
import procurement.settings.production as chosen
logging.config.dictConfig(chosen.LOGGING)
try:
    raise ValueError("prix canari 31415926,53 pour camille.canari@exemple.fr")
except ValueError:
    logging.getLogger("jalon").exception("failed")
"""


@pytest.mark.parametrize("given, leaked", [({}, []), ({"LOG_ERROR_MESSAGES": "true"}, ["phrase"])])
def test_production_writes_json_and_no_message_unless_asked(given, leaked):
    command = [sys.executable, "-c", FAILING]
    done = subprocess.run(command, env={**COMPLETE, **given}, capture_output=True, text=True, check=True)
    [line] = done.stderr.splitlines()
    told = json.loads(line)
    assert told["event"] == "failed" and told["trace"][0].startswith("builtins.ValueError")
    assert leaks([line]) == leaked
