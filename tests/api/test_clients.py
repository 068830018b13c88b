"""Other programs: one generated from the schema, one written from the page; each against a server that listens."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from foundation.accounts.enums import Role
from foundation.api.models import AccessToken
from foundation.journal.models import Entry
from framework_agreements.models import PurchaseOrder
from tenders.models import Tender
from tests.accounts.factories import make_member
from tests.api.test_programs import open_program
from tests.framework_agreements.factories import make_world
from tests.needs.factories import make_project
from tests.tenders.factories import make_published

ROOT = Path(__file__).resolve().parents[2]


def run(*command, **environment):
    """What the program printed; it must end well."""
    done = subprocess.run(
        [sys.executable, *command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.django_db(transaction=True)
def test_the_generated_client_reads_calls_and_issues_an_order(live_server, tmp_path):
    world = make_world()
    tender = make_published()
    program, _token, secret = open_program(
        world.beneficiary.organisation, scopes=["read", "orders:write", "orders:issue"]
    )
    call_command("api_client", tmp_path / "jalon_api")
    shutil.copy(ROOT / "clients" / "python" / "example.py", tmp_path)
    told = run(str(tmp_path / "example.py"), JALON_URL=live_server.url, JALON_TOKEN=secret)
    order = PurchaseOrder.objects.get()
    assert f"{tender.reference} {tender.title}" in told
    assert f"émis : {order.label}, 2000.00 € HT" in told
    assert (order.number, order.issued_by, order.lines.count()) == (1, program.user, 2)
    assert Entry.objects.filter(action="framework_agreements.order_issue", actor=program.user).exists()


@pytest.mark.django_db(transaction=True)
def test_a_program_written_from_the_page_reads_calls_and_opens_a_draft(live_server):
    project = make_project()
    buyer = make_member(project.organisation, Role.BUYER)
    published = [make_published() for _number in range(3)]
    token, secret = AccessToken.objects.create(user=buyer, scopes=["read", "tenders:write"])
    told = json.loads(run(str(ROOT / "tests" / "api" / "from_the_docs.py"), live_server.url, secret))
    assert {row["reference"] for row in told["calls"]} == {tender.reference for tender in published}
    assert told["statuses"] == [201, 201, 428, 200, 422]
    assert told["same"]
    assert (told["duration_months"], told["pointer"]) == (24, "/duration_months")
    assert Tender.objects.get(pk=told["draft"]).project == project
    token.refresh_from_db()
    assert token.last_used_at is not None
