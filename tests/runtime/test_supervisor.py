"""The supervisor: order, restarts, pauses."""

import signal
import sys

import pytest

from procurement.runtime import processes
from procurement.runtime.problems import Problem
from procurement.runtime.supervisor import LONGEST_PAUSE, Supervisor


class Sleeper:
    """A real program that waits, and notes when it is stopped."""

    def __init__(self, name, ground, story, code="import time; time.sleep(60)"):
        self.name, self.ground, self.story, self.code = name, ground, story, code
        self.process = None

    def start(self):
        self.process = processes.start(
            [sys.executable, "-c", self.code], log=self.ground / f"{self.name}.log"
        )
        self.story.append(f"+{self.name}")

    def stop(self):
        processes.stop(self.process)
        self.story.append(f"-{self.name}")


@pytest.fixture
def story():
    return []


@pytest.fixture
def supervisor():
    said = []
    supervisor = Supervisor(say=said.append)
    supervisor.said = said
    yield supervisor
    supervisor.stop()


def test_stops_in_the_reverse_order(supervisor, ground, story):
    for name in ("postgresql", "valkey", "worker", "beat", "web"):
        supervisor.start(Sleeper(name, ground, story))
    supervisor.stop()
    assert story[5:] == ["-web", "-beat", "-worker", "-valkey", "-postgresql"]


def test_restarts_what_dies(supervisor, ground, story):
    sleeper = Sleeper("worker", ground, story)
    supervisor.start(sleeper)
    sleeper.process.send_signal(signal.SIGKILL)
    sleeper.process.wait()
    (member,) = supervisor.members
    supervisor.look_at(member)  # notes the death
    supervisor.look_at(member)  # the first pause is of zero seconds
    assert sleeper.process.poll() is None
    assert story == ["+worker", "+worker"]
    assert "worker s'est arrêté" in supervisor.said[0]


def test_waits_longer_and_longer_for_what_keeps_dying(supervisor, ground, story):
    sleeper = Sleeper("web", ground, story, code="raise SystemExit(3)")
    supervisor.start(sleeper)
    (member,) = supervisor.members
    pauses = []
    for _ in range(8):
        sleeper.process.wait()
        supervisor.look_at(member)
        pauses.append(round(member.restart_at - member.started_at))
        member.started_at = member.restart_at = 0.0
        supervisor.look_at(member)
    waits = [int(line.split("dans ")[1].split()[0]) for line in supervisor.said]
    assert waits == [0, 1, 3, 7, 15, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]


def test_a_restart_that_fails_is_told_and_tried_again(supervisor, ground, story):
    sleeper = Sleeper("postgresql", ground, story)
    supervisor.start(sleeper)
    sleeper.process.kill()
    sleeper.process.wait()
    (member,) = supervisor.members
    start, sleeper.start = sleeper.start, refuses
    supervisor.look_at(member)
    supervisor.look_at(member)
    assert "disque est plein" in supervisor.said[-1]
    sleeper.start = start
    supervisor.look_at(member)
    member.restart_at = 0.0
    supervisor.look_at(member)
    assert sleeper.process.poll() is None


def refuses():
    raise Problem("le disque est plein")
