"""Exports open to those whom the list opens to: the rows are those of the lists."""

import importlib

from tests.access.matrix import Row

APPS = ("accounts", "notifications", "needs", "tenders_api", "framework_agreements", "startups")


def _lists():
    for app in APPS:
        rows = importlib.import_module(f"tests.access.{app}").ROWS
        yield from ((name, row) for name, row in rows.items() if name.startswith("api:") and "-list" in name)


def _reading(row):
    return next(one for one in (row if isinstance(row, list) else [row]) if one.method == "get")


ROWS = {
    name.replace("-list", "-export"): Row(allowed=_reading(row).allowed)
    for name, row in _lists()
    if name != "api:me-list"
}
