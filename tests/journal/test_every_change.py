"""G6: every change of state of the whole demonstration is a line with actor, time, reason where one is demanded, and
digests of what was before and after."""

from collections import Counter
from dataclasses import dataclass
from operator import attrgetter

import pytest
from django.core.management import call_command

from foundation.journal import services as journal
from foundation.journal.models import Entry
from foundation.workflow import Workflow

REASONED = {
    "needs.project_close",
    "tenders.cancel",
    "framework_agreements.order_cancel",
    "framework_agreements.agreement_end",
    "startups.iteration_cancel",
    "accounts.deactivate_user",
}
"""Acts that end something before its time: who does it says why."""
WHOLES = {
    "startups.Story": ("iteration",),
    "tenders.Review": ("tender",),
    "tenders.Round": ("tender",),
    "tenders.Candidature": ("bid.tender",),
    "tenders.Contract": ("award.lot.tender",),
    "tenders.RequestedPiece": ("contract.award.lot.tender", "contract.award.bid"),
    "tenders.NegotiationMeeting": ("offer.lot.tender", "offer.bid"),
    "tenders.LowOfferReview": ("offer.lot.tender", "offer.bid"),
}
"""What is a part of something is told by the history of the whole."""


@dataclass
class Move:
    """One change of state, and the digests of the line that tells it: none as long as no line does."""

    label: str
    told_by: set[tuple[str, str]]
    before: str | None = None
    after: str | None = None


def told_by(obj) -> set[tuple[str, str]]:
    """The objects whose history may tell a change of this one: itself, or the whole that it is a part of."""
    found, waiting = set(), [obj]
    while waiting:
        part = waiting.pop()
        found.add((part._meta.label, str(part.pk)))
        names = WHOLES.get(part._meta.label, ())
        if part._meta.label == "accounts.Approval":  # told by the history of what is approved, whatever it is
            found.add((part.object_type, part.object_id))
        waiting += [attrgetter(name)(part) for name in names]
    return found


@pytest.fixture
def moves(db, settings, monkeypatch) -> list[Move]:
    """What the story moved by its workflows, each with the line that its service writes next about it."""
    found: list[Move] = []
    apply, record = Workflow.apply, journal.record

    def watched_apply(workflow, obj, name, *, by, at):
        previous = apply(workflow, obj, name, by=by, at=at)
        found.append(Move(obj._meta.label, told_by(obj)))
        return previous

    def watched_record(**line):
        entry = record(**line)
        for move in found:
            if move.after is None and (entry.object_type, entry.object_id) in move.told_by:
                move.before, move.after = entry.before_digest, entry.after_digest
        return entry

    monkeypatch.setattr(Workflow, "apply", watched_apply)
    monkeypatch.setattr(journal, "record", watched_record)
    settings.JALON_DEMO = True
    settings.JALON_DEMO_PASSWORD = "une-phrase-de-demonstration"
    call_command("demo", verbosity=0)
    return found


def test_every_change_of_state_of_the_story_is_a_line(moves) -> None:
    assert len({move.label for move in moves}) >= 12, "the story goes through most workflows"
    assert not Counter(move.label for move in moves if not move.after), (
        "moved without a digest of what is after"
    )
    assert not Counter(move.label for move in moves if not move.before), "moved without a digest of before"
    assert not Entry.objects.filter(action__in=REASONED, reason="").exists()
