"""The tables of phases, iterations and stories."""

from startups.workflow import ITERATION, STARTUP, STORY


def test_an_iteration_is_decided_once_unless_deferred():
    edges = ITERATION.edges()
    finals = {"accepted", "reduced", "rejected", "cancelled"}
    assert not [edge for edge in edges if edge[0] in finals]
    assert ("deferred", "demonstrated") in edges
    assert {target for source, target in edges if source == "demonstrated"} == {
        "accepted",
        "reduced",
        "deferred",
        "rejected",
    }


def test_a_startup_goes_through_its_phases_in_order_or_stops():
    edges = STARTUP.edges()
    assert ("investigation", "construction") in edges
    assert ("investigation", "consolidation") not in edges
    assert {source for source, target in edges if target == "stopped"} == {
        "investigation",
        "construction",
        "consolidation",
        "transfer",
    }


def test_a_story_is_shown_before_it_is_settled():
    assert ("todo", "validated") not in STORY.edges()
    assert ("todo", "refused") not in STORY.edges()


def test_the_tables_draw_themselves():
    for table in (STARTUP, ITERATION, STORY):
        assert table.draw().startswith("stateDiagram-v2")
