"""Services of our own for each test: never those that the other tests use."""

import shutil
import tempfile
from pathlib import Path

import pytest

from procurement.runtime.account import hand_over, service_account


@pytest.fixture
def ground():
    """An empty directory that the service account can reach, with a short name (sockets)."""
    path = Path(tempfile.mkdtemp(prefix="jalon-runtime-"))
    hand_over(path, service_account())
    yield path
    shutil.rmtree(path, ignore_errors=True)
