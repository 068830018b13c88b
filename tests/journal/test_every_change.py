"""G6: every change of state of the whole demonstration is a line with actor, time, reason where one is demanded, and
digests of what was before and after."""

from collections import Counter

import pytest
from django.core.management import call_command

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


@pytest.fixture
def moves(db, settings, monkeypatch) -> Counter:
    """(kind of object, its id) → how many times the story moved it by its workflow.

    What is done to a user's story is told by the history of its iteration.
    """
    found = Counter()
    apply = Workflow.apply

    def watched(workflow, obj, name, *, by, at):
        previous = apply(workflow, obj, name, by=by, at=at)
        whole = obj.iteration if obj._meta.label == "startups.Story" else obj
        found[whole._meta.label, str(whole.pk)] += 1
        return previous

    monkeypatch.setattr(Workflow, "apply", watched)
    settings.JALON_DEMO = True
    settings.JALON_DEMO_PASSWORD = "une-phrase-de-demonstration"
    call_command("demo", verbosity=0)
    return found


def test_every_change_of_state_of_the_story_is_a_line(moves) -> None:
    assert len({kind for kind, _pk in moves}) >= 6, "the story goes through most workflows"
    lines = Counter(Entry.objects.exclude(after_digest="").values_list("object_type", "object_id"))
    silent = Counter()
    for (kind, pk), count in moves.items():
        if lines[kind, pk] < count:
            silent[kind] += count - lines[kind, pk]
    assert not silent, f"moved without a line that has a digest after: {dict(silent)}"
    changed = Entry.objects.exclude(before_digest="").exclude(after_digest="")
    pairs = Counter(changed.values_list("object_type", "object_id"))
    without_before = {kind for (kind, pk), count in moves.items() if pairs[kind, pk] < count}
    assert not without_before, "moved without a digest of what was before"
    assert not Entry.objects.filter(action__in=REASONED, reason="").exists()
