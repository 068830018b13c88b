"""The canaries use the quick passphrases of the consultations' tests."""

from tests.tenders.conftest import _quick_passphrases

__all__ = ["_quick_passphrases"]
