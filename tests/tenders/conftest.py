"""What the tests of consultations share."""

import pytest

from tenders import sealing


@pytest.fixture(autouse=True)
def _quick_passphrases(monkeypatch):
    """Argon2id with its smallest parameters: the same construction, without its slowness."""
    monkeypatch.setattr(sealing, "LOCK", {"memory_kib": 8, "passes": 1, "lanes": 1})
