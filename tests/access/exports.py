"""Exports open to those whom the list opens to: the rows are those of the lists, where an app wrote none."""

import importlib
import pkgutil

import tests.access
from tests.access.matrix import Row, url_names


def _rows_of_the_apps():
    found = {}
    for module in pkgutil.iter_modules(tests.access.__path__):
        if module.name not in ("exports", "matrix"):
            found.update(getattr(importlib.import_module(f"tests.access.{module.name}"), "ROWS", {}))
    return found


def _reading(row):
    return next(one for one in (row if isinstance(row, list) else [row]) if one.method == "get")


WRITTEN = _rows_of_the_apps()
MISSING = {
    name for name in url_names() if name.startswith("api:") and name.endswith("-export")
} - WRITTEN.keys()
LISTS = {name: _reading(WRITTEN[name.replace("-export", "-list")]) for name in MISSING}
ROWS = {name: Row(allowed=row.allowed, make=row.make) for name, row in LISTS.items()}
