"""Gives the tests a real PostgreSQL and a real Valkey, unless DATABASE_URL and REDIS_URL already name some.

An early plugin (`-p` in pyproject.toml): the settings read the addresses before any conftest is imported.
Under pytest-xdist the workers inherit the addresses from the controller, so they start nothing.
"""

import contextlib
import os

import pytest

from procurement.runtime.problems import Problem
from procurement.runtime.services import throwaway_services

_running = contextlib.ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args):
    """Start before pytest-django loads the settings, which makes this a wrapper."""
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        try:
            os.environ.update(_running.enter_context(throwaway_services()))
        except Problem as problem:
            raise pytest.UsageError(str(problem)) from problem
    return (yield)


def pytest_unconfigure(config):
    """Stop what was started; harmless when nothing was."""
    _running.close()
