"""Gives the tests a real PostgreSQL and a real Valkey, unless DATABASE_URL and REDIS_URL already name some.

An early plugin (`-p` in pyproject.toml): the settings read the addresses before any conftest is imported.
Under pytest-xdist each worker has services and a directory of its own: a test may flush or kill its own.
"""

import contextlib
import os
import tempfile

import pytest

from procurement.runtime.problems import Problem
from procurement.runtime.services import throwaway_services

OURS = "JALON_TEST_SERVICES"
"""Says to the workers that the addresses they inherit are those that the controller started, not chosen ones."""
ADDRESSES = ("DATABASE_URL", "REDIS_URL")
_running = contextlib.ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args):
    """Start before pytest-django loads the settings, which makes this a wrapper."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ and OURS in os.environ
    if is_worker:
        for name in ADDRESSES:
            del os.environ[name]
        os.environ["JALON_HOME"] = _running.enter_context(tempfile.TemporaryDirectory(prefix="jalon-tests-"))
    if not all(os.environ.get(name) for name in ADDRESSES):
        try:
            os.environ.update({**_running.enter_context(throwaway_services()), OURS: "1"})
        except Problem as problem:
            raise pytest.UsageError(str(problem)) from problem
    return (yield)


def pytest_unconfigure(config):
    """Stop what was started; harmless when nothing was."""
    _running.close()
