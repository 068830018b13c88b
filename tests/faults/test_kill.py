"""F1 of the trust file, and a few rounds of Q2: kill -9 of each part, under load. More: `benchmarks/faults.py`.

A round fails when the chain is not back after two minutes; the sixty seconds of Q2 are held by the benchmark, on a
machine that does nothing else: here a program that starts waits for its turn.
"""

import json
import re
import shutil
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from procurement.runtime.account import hand_over, service_account
from procurement.runtime.preflight import free_port
from tests.faults import rounds, verdict
from tests.faults.load import Load
from tests.faults.supervised import VICTIMS, Supervised


@pytest.fixture(scope="module")
def platform():
    """One platform for the whole module: starting takes longer than a round."""
    home = Path(tempfile.mkdtemp(prefix="jalon-faults-"))
    hand_over(home, service_account())
    running = Supervised(home, free_port())
    try:
        yield running.start()
    finally:
        running.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def world(platform) -> dict:
    """An agreement in force."""
    return json.loads(platform.run("-m", "tests.faults.world").splitlines()[-1])


def test_the_counters_of_every_web_process_are_added_up(platform):
    """/metrics under gunicorn: whichever process answers, all are counted, and the kills are seen by it later."""
    before = _answered(platform)
    for _ in range(20):
        urllib.request.urlopen(f"{platform.url}/healthz").close()  # noqa: S310
    assert _answered(platform) >= before + 20


def _answered(platform) -> float:
    with urllib.request.urlopen(f"{platform.url}/metrics") as answer:  # noqa: S310
        text = answer.read().decode()
    found = re.search(
        r'^django_http_responses_total_by_status_total\{status="200"\} ([\d.e+]+)$', text, re.MULTILINE
    )
    return float(found.group(1)) if found else 0.0


def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(platform, world):
    load = Load(platform.url, world).start()
    _until(lambda: len(load.acknowledged.issued) >= 2)
    played = [rounds.play(platform, victim) for victim in VICTIMS]
    acknowledged = load.stop()
    assert len(acknowledged.issued) >= len(VICTIMS)
    assert verdict.differences(platform, acknowledged) == []
    assert [one.victim for one in played] == list(VICTIMS)
    assert acknowledged.failures > 0, "the clients saw nothing of the kills: were they under load?"
    _the_logs_follow_a_request_to_its_tasks(platform, acknowledged)


def test_the_doctor_of_the_machine_asks_the_platform(platform):
    """After the kills: what `./jalon doctor` says of the machine, then of the platform."""
    said = platform.doctor()
    for line in (
        "✓ Place libre",
        f"✓ Plateforme sur {platform.url}",
        "✓ Base de données",
        "✓ Déclencheurs",
        "✓ Journal",
    ):
        assert line in said, said


def _the_logs_follow_a_request_to_its_tasks(platform, acknowledged) -> None:
    """The identifier answered to a client is on the line of the worker that printed its order; all is JSON."""
    text = (platform.home / "log" / "worker.log").read_text()
    # Development writes the e-mails there too; our own lines are JSON.
    lines = [line for line in text.splitlines() if line.startswith("{")]
    told = [json.loads(line) for line in lines]
    followed = {line.get("request_id") for line in told if line["event"] == "task_succeeded"}
    assert followed & {request for _pk, _number, request in acknowledged.issued.values()}
    assert "@example" not in "\n".join(lines)


def _until(happened, patience: float = 60) -> None:
    give_up_at = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < give_up_at
        time.sleep(0.2)
