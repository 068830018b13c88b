"""What the tests of consultations share."""

import pytest

from tenders import identities


@pytest.fixture(autouse=True)
def _quick_passphrases(monkeypatch):
    """scrypt with small parameters: the same construction, without its slowness."""
    monkeypatch.setattr(identities, "LOCK", {"n": 16, "r": 8, "p": 1})
