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
        return [
        f"{found['id']} ({found['impact']}): {' '.join(map(str, node['target']))}\n{node['failureSummary']}"
        for found in page.evaluate(RUN)
        for node in found["nodes"]
    ]
