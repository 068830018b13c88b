"""A document kind with its template, declared for the length of one test."""

from pathlib import Path

import pytest

from foundation.documents import registry
from tests.documents.factories import order_kind

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def kind(settings, monkeypatch):
    """The kind « tests.order », its template within reach of the engine."""
    monkeypatch.setattr(registry, "_KINDS", dict(registry._KINDS))
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], TEMPLATES]}]
    declared = order_kind()
    registry.register(declared)
    return declared
