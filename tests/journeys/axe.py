"""Accessibility of a page as axe-core sees it in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
SCRIPT = Path(__file__).parent / "vendor" / "axe.min.js"


def violations(page: Any) -> list[str]:
    """One line for each violation: rule, impact, where. Empty when axe finds nothing.

    The script goes through the debugging protocol: the page's own CSP stays in force.
    """
    page.evaluate(SCRIPT.read_text())
    return [_line(rule, node) for rule in page.evaluate(RUN) for node in rule["nodes"]]


def _line(rule: dict[str, Any], node: dict[str, Any]) -> str:
    where = " ".join(map(str, node["target"]))
    return f"{rule['id']} ({rule['impact']}): {where}\n{node['failureSummary']}"
