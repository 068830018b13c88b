"""`manage.py doctor`: what is wrong with the platform, and how to mend it."""

from django.core.management.base import BaseCommand

from foundation import clock
from procurement.operations.checks import CHECKS, Answer, State, ask


class Command(BaseCommand):
    """One line per check; the exit code is 1 when something must be mended."""

    help = "Dit ce qui ne va pas et comment le réparer ; 1 en sortie s'il faut réparer quelque chose."
    # The doctor must be able to say that the settings or the database are wrong.
    requires_system_checks: list[str] = []

    def handle(self, *args, **options) -> None:
        """Look at everything, even after a failure: one cause may explain several lines."""
        answers = [self._tell(check.title, ask(check, clock.now())) for check in CHECKS]
        broken = sum(answer.state == State.BROKEN for answer in answers)
        if broken:
            self.stdout.write(f"\nÀ réparer : {broken}.")
            raise SystemExit(1)
        self.stdout.write("\nRien à réparer.")

    def _tell(self, title: str, answer: Answer) -> Answer:
        found = f" : {answer.found}" if answer.found else ""
        self.stdout.write(f"{answer.state} {title}{found}")
        if answer.advice:
            self.stdout.write(f"    → {answer.advice}")
        return answer
