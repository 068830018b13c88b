"""`manage.py doctor`: each check is broken, one at a time, and says so with what to do."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.core.management import call_command
from django.db import connection

from foundation import clock
from foundation.documents.models import Document
from foundation.journal.models import Link
from foundation.notifications.models import OutboxEmail
from procurement.models import TaskRun
from procurement.operations import checks, measures
from procurement.operations.backups import TASK as BACKUP
from procurement.operations.checks import CHECKS, Answer, Check, State, ask
from tests.accounts.factories import make_buyer_org, make_user
from tests.owner import as_owner, behind_the_triggers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def production(settings):
    """Settings that say they are those of production."""
    settings.IN_PRODUCTION = True


@pytest.fixture
def orders():
    """Runs SQL as the owner; what it changes in the structure is undone by the answers given to `undo`."""
    undone = []

    def run(sql: str, *, undo: str = "") -> None:
        undone.append(undo)
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(sql)

    yield run
    with as_owner(), connection.cursor() as cursor:
        for sql in filter(None, reversed(undone)):
            cursor.execute(sql)


def look(name: str, at) -> Answer:
    return ask(next(check for check in CHECKS if check.look.__name__ == name), at)


def fails(*args, **kwargs):
    raise ConnectionError("canari de panne")


def test_every_check_is_broken_by_a_test_of_this_file():
    text = Path(__file__).read_text("utf-8")
    assert [check.look.__name__ for check in CHECKS if f'look("{check.look.__name__}"' not in text] == []


def test_database(at, monkeypatch):
    assert look("database", at).state == State.GOOD
    monkeypatch.setattr(connection, "cursor", fails)
    answer = look("database", at)
    assert answer.state == State.BROKEN and answer.found == "ConnectionError" and "canari" not in str(answer)


def test_migrations(at, monkeypatch):
    assert look("migrations", at).state == State.GOOD
    monkeypatch.setitem(checks.READY, "migrations", lambda: False)
    answer = look("migrations", at)
    assert answer.state == State.BROKEN and "migrate" in answer.advice


def test_triggers(at, orders):
    assert look("triggers", at).state == State.GOOD
    orders(
        "ALTER TABLE journal_entry DISABLE TRIGGER journal_chain",
        undo="ALTER TABLE journal_entry ENABLE TRIGGER journal_chain",
    )
    answer = look("triggers", at)
    assert answer.state == State.BROKEN and "journal_entry.journal_chain" in answer.found


def test_role(at, production, orders):
    assert look("role", at).state == State.GOOD
    with as_owner():
        answer = look("role", at)
    assert answer.state == State.BROKEN and "postgresql-roles.sh" in answer.advice
    orders("GRANT TRUNCATE ON journal_link TO jalon", undo="REVOKE TRUNCATE ON journal_link FROM jalon")
    answer = look("role", at)
    assert answer.state == State.BROKEN and answer.found.endswith(": journal_link TRUNCATE")


def test_role_that_lacks_a_right(at, orders):
    orders("REVOKE INSERT ON journal_entry FROM jalon", undo="GRANT INSERT ON journal_entry TO jalon")
    assert look("role", at).found == "0 droits de trop, 1 qui manquent : journal_entry INSERT"


def test_role_in_development_is_only_said(at):
    with as_owner():
        assert look("role", at).state == State.WARNING


def test_guards(at, monkeypatch):
    """Tried with the role of the process: here, that of the owner, who may; then that of the platform."""
    answer = look("guards", at)
    assert answer.state == State.BROKEN and "éteindre un déclencheur" in answer.found
    monkeypatch.setitem(connection.settings_dict, "USER", "jalon")
    assert look("guards", at).state == State.GOOD
    with as_owner():
        assert look("guards", at).found == "rien n'a été essayé"


def test_extensions(at, monkeypatch):
    assert look("extensions", at).state == State.GOOD
    monkeypatch.setattr(checks, "EXTENSIONS", {"unaccent", "hstore"})
    answer = look("extensions", at)
    assert answer.state == State.BROKEN and answer.advice == "CREATE EXTENSION hstore;"


def test_clock(at, monkeypatch):
    assert look("clock", at).state == State.GOOD
    monkeypatch.setattr(measures, "clock_drift", lambda: -0.6)
    answer = look("clock", at)
    assert answer.state == State.BROKEN and answer.found == "-600\u202fms" and "chrony" in answer.advice


def test_broker(at, monkeypatch):
    assert look("broker", at).state == State.GOOD
    monkeypatch.setitem(checks.READY, "broker", fails)
    assert look("broker", at).state == State.BROKEN


def test_worker(at, monkeypatch):
    monkeypatch.setattr(checks, "WORKER_SECONDS", 0.2)
    answer = look("worker", at)
    assert answer.state == State.BROKEN and "celery" in answer.advice
    monkeypatch.setattr(checks.current_app.control, "ping", lambda timeout: [{"celery@here": {"ok": "pong"}}])
    assert look("worker", at).state == State.GOOD


def test_beat(at):
    assert look("beat", at).state == State.BROKEN
    run = TaskRun.objects.create(name="documents.sweep", started_at=at - timedelta(minutes=1))
    assert look("beat", at).state == State.GOOD
    TaskRun.objects.filter(pk=run.pk).update(started_at=at - timedelta(minutes=6))
    TaskRun.objects.create(name=BACKUP, started_at=at)
    assert look("beat", at).state == State.BROKEN, "a backup is not rung by beat"


def test_failed_tasks(at):
    assert look("failed_tasks", at).state == State.GOOD
    TaskRun.objects.create(name="documents.sweep", started_at=at, error="ValueError")
    answer = look("failed_tasks", at)
    assert answer.state == State.WARNING and answer.found == "documents.sweep (ValueError)"


def test_queue(at, monkeypatch, settings):
    redis.Redis.from_url(settings.REDIS_URL).delete(measures.QUEUE)
    assert look("queue", at).state == State.GOOD
    monkeypatch.setattr(measures, "queue", lambda: (3, 301.0))
    answer = look("queue", at)
    assert answer.state == State.BROKEN and "3 tâches" in answer.found
    monkeypatch.setattr(measures, "queue", fails)
    assert look("queue", at).state == State.BROKEN


def test_storage(at, monkeypatch):
    assert look("storage", at).state == State.GOOD
    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", fails)
    monkeypatch.setattr("foundation.screens.views.health.default_storage.save", fails, raising=False)
    assert look("storage", at).state == State.BROKEN


def test_space(at, monkeypatch):
    monkeypatch.setattr(measures, "storage_space", lambda: (4 * 1024**3, 10**12))
    answer = look("space", at)
    assert answer.state == State.BROKEN and "4,0\u202fGo" in answer.found
    monkeypatch.setattr(measures, "storage_space", lambda: None)
    assert look("space", at).state == State.GOOD


def test_mail(at, settings, production):
    assert look("mail", at).state == State.BROKEN, "messages kept in memory do not leave"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2
    assert look("mail", at).found == "ConnectionRefusedError"


def test_outbox(at):
    assert look("outbox", at).state == State.GOOD
    late = {"recipient": make_user(), "kind": "x", "context": {}, "url": "/"}
    OutboxEmail.objects.create(**late, created_at=at, queued_at=at - timedelta(hours=1), next_try_at=at)
    answer = look("outbox", at)
    assert answer.state == State.BROKEN and "60\u202fmin" in answer.found and "EMAIL_URL" in answer.advice


def test_printed(at):
    assert look("printed", at).state == State.GOOD
    made = {"kind": "x", "title": "x", "object_type": "x", "object_id": "1", "facts": {}}
    long_ago = at - timedelta(days=383)
    document = Document.objects.create(**made, created_at=long_ago)
    assert look("printed", clock.now()).state == State.GOOD, (
        "the date of the act is not when it was asked for"
    )
    Document.objects.filter(pk=document.pk).update(queued_at=at - timedelta(hours=1))
    assert look("printed", at).state == State.BROKEN


def test_time_stamps(at, settings, production):
    settings.TSA_URL, settings.JOURNAL_DEVELOPMENT = "", False
    assert "aucune autorité" in look("time_stamps", at).found
    settings.JOURNAL_DEVELOPMENT = True
    assert "non qualifiée" in look("time_stamps", at).found
    settings.TSA_URL, settings.TSA_TIMEOUT = "http://127.0.0.1:1/", 1
    answer = look("time_stamps", at)
    assert answer.state == State.BROKEN and answer.found == "AuthorityAway"


def test_virus(at, settings):
    settings.CLAMD_URL = ""
    assert look("virus", at).state == State.WARNING
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    answer = look("virus", at)
    assert answer.state == State.BROKEN and "clamd" in answer.advice


def test_second_factor(at, settings, production):
    settings.SECOND_FACTOR_REQUIRED = False
    assert look("second_factor", at).state == State.BROKEN
    settings.SECOND_FACTOR_REQUIRED = True
    assert look("second_factor", at).state == State.GOOD


def test_demonstration(at, production):
    assert look("demonstration", at).state == State.GOOD
    make_user(email="acheteuse@jalon.example")
    assert look("demonstration", at).state == State.BROKEN


def test_journal(at):
    from foundation.journal.services import record

    organisation = make_buyer_org()
    for _ in range(3):
        record(by=None, action="documents.render", obj=organisation, at=at)
    assert look("journal", at).state == State.GOOD
    middle = Link.objects.order_by("-index")[1]
    with behind_the_triggers():
        for change in ({"line": middle.line + " "}, {"chain_hash": "0" * 64}):
            Link.objects.filter(pk=middle.pk).update(**change)
            answer = look("journal", at)
            assert answer.state == State.BROKEN and "journal_verify" in answer.advice
            Link.objects.filter(pk=middle.pk).update(line=middle.line, chain_hash=middle.chain_hash)
        Link.objects.filter(pk=middle.pk).delete()
    assert look("journal", at).state == State.BROKEN


def test_backup(at, production):
    assert "aucune sauvegarde" in look("backup", at).found
    run = TaskRun.objects.create(name=BACKUP, started_at=at, succeeded_at=at - timedelta(hours=1))
    assert look("backup", at).state == State.GOOD
    TaskRun.objects.filter(pk=run.pk).update(succeeded_at=at - timedelta(hours=30))
    assert "30\u202fh" in look("backup", at).found


def said(monkeypatch, *answers: Answer) -> tuple[str, int]:
    rows = [Check(f"Contrôle {n}", lambda at, answer=answer: answer) for n, answer in enumerate(answers)]
    monkeypatch.setattr("procurement.management.commands.doctor.CHECKS", rows)
    output = io.StringIO()
    try:
        call_command("doctor", stdout=output)
    except SystemExit as end:
        return output.getvalue(), end.code
    return output.getvalue(), 0


def test_the_command_says_all_and_fails_when_something_must_be_mended(monkeypatch):
    text, code = said(monkeypatch, checks.good("bien"), checks.broken("cassé", "faites ceci"), checks.good())
    assert code == 1
    assert text.splitlines() == [
        "✓ Contrôle 0 : bien",
        "✗ Contrôle 1 : cassé",
        "    → faites ceci",
        "✓ Contrôle 2",
        "",
        "À réparer : 1.",
    ]
    text, code = said(monkeypatch, Answer(State.WARNING, "à savoir", "si vous voulez"))
    assert code == 0 and "! Contrôle 0 : à savoir" in text


def test_the_whole_table_answers_while_the_broker_is_away(monkeypatch, settings):
    monkeypatch.setattr(redis.Redis, "from_url", fails)
    monkeypatch.setattr(checks, "WORKER_SECONDS", 0.2)
    output = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=output)
    assert "✗ Attente dans la file : ConnectionError" in output.getvalue()
    assert "✓ Base de données" in output.getvalue()
