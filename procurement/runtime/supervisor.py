"""Keeps the programs of one machine alive, and stops them in order."""

import time
from dataclasses import dataclass

from procurement.runtime.problems import Problem

LONGEST_PAUSE = 30  # seconds between two attempts to restart a program that keeps dying
STEADY = 60  # seconds of life after which earlier deaths are forgotten
PULSE = 0.3  # seconds between two looks


@dataclass
class Member:
    """A program and its recent deaths. The program has `name`, `process`, `start()` and `stop()`."""

    program: object
    deaths: int = 0
    started_at: float = 0.0
    restart_at: float | None = None


class Supervisor:
    """Programs in the order they were started; each may rely on the earlier ones."""

    def __init__(self, say=print):
        self.members: list[Member] = []
        self.say = say

    def start(self, program) -> None:
        """Start a program and keep it alive from now on. Raises Problem when it does not start at all."""
        member = Member(program, started_at=time.monotonic())
        self.members.append(member)
        program.start()

    def watch(self) -> None:
        """Restart what dies, until interrupted."""
        while True:
            for member in self.members:
                self.look_at(member)
            time.sleep(PULSE)

    def look_at(self, member: Member) -> None:
        """Note a death, or restart when the pause is over."""
        now = time.monotonic()
        if member.restart_at is None:
            if member.program.process.poll() is not None:
                self._note_death(member, now)
        elif now >= member.restart_at:
            self._restart(member, now)

    def _note_death(self, member: Member, now: float) -> None:
        if now - member.started_at > STEADY:
            member.deaths = 0
        pause = min(LONGEST_PAUSE, 2**member.deaths - 1)
        member.deaths += 1
        member.restart_at = now + pause
        code = member.program.process.returncode
        self.say(f"! {member.program.name} s'est arrêté (code {code}) ; redémarrage dans {pause} s")

    def _restart(self, member: Member, now: float) -> None:
        member.started_at, member.restart_at = now, None
        try:
            member.program.start()
        except (Problem, OSError) as problem:
            self.say(f"! {problem}")

    def stop(self) -> None:
        """Stop everything, the last started first."""
        while self.members:
            program = self.members.pop().program
            program.stop()
            self.say(f"  {program.name} arrêté")
