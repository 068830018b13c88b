"""U6: a bounded run of the requests that nobody would write; `benchmarks/fuzz.py` makes the long one (Q6)."""

import pytest

from tests.api import story
from tests.api.fuzzing import Fuzzer

EACH, RAW = 1, 250


@pytest.mark.django_db
def test_nothing_that_is_sent_breaks_the_api():
    fuzzer = Fuzzer(story.tell().people.values(), seed=2026)
    try:
        fuzzer.from_the_schema(EACH)
        report = fuzzer.raw(RAW)
    finally:
        fuzzer.close()
    assert not report.faults, "\n".join(f"{kind}: {told}" for kind, told in report.faults.items())
    assert report.sent > 400
    assert report.statuses[200] + report.statuses[201] > 20, report.statuses
