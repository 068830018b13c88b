"""The memory of the processes that hold secrets: no core file, and closed to the other processes of the account."""

import subprocess
import sys

import pytest

from procurement.runtime.home import PROJECT

LOOK = """
import ctypes, resource
dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
print(dumpable, resource.getrlimit(resource.RLIMIT_CORE))
"""
HOOKS = {
    "web": "from procurement.gunicorn import post_fork; post_fork(None, None)",
    "worker": "import procurement.celery; from celery.signals import celeryd_init as s; s.send(sender='worker')",
    "its processes": "import procurement.celery; from celery.signals import worker_process_init as s; s.send(None)",
}


def closed(code: str, home) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code + LOOK],
        cwd=PROJECT,
        env={"PATH": "/usr/bin:/bin", "JALON_HOME": str(home), "SECRET_KEY": "x" * 60},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prctl is Linux's")
@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_a_process_that_holds_secrets_is_closed_at_its_start(hook, tmp_path):
    assert closed(hook, tmp_path) == "0 (0, 0)"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prctl is Linux's")
def test_another_process_is_as_the_machine_wants_it(tmp_path):
    assert closed("", tmp_path).startswith("1 ")
