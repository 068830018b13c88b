"""How gunicorn serves the platform: `gunicorn -c python:procurement.gunicorn procurement.wsgi:application`.

Its logs are ours (JSON in production), and its processes put their counters together for /metrics.
"""

import gc
import os
import shutil
from pathlib import Path

from procurement.hardening import close_memory, forget_soon

DATA = Path(os.environ.get("JALON_HOME") or Path(__file__).resolve().parent.parent / "var")
COUNTERS = DATA / "metrics"
# Before prometheus_client is imported, which looks at it once. The counters start again with the server.
shutil.rmtree(COUNTERS, ignore_errors=True)
COUNTERS.mkdir(parents=True, exist_ok=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(COUNTERS)

SAFE = ("GET", "HEAD", "OPTIONS")

worker_class = "procurement.slow_clients.PatientWorker"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
preload_app = True
graceful_timeout = 25
control_socket_disable = True
forwarded_allow_ips = "127.0.0.1"


def when_ready(server) -> None:
    """The application has configured the logs: gunicorn's own lines go there too."""
    for log in (server.log.error_log, server.log.access_log):
        log.handlers.clear()
        log.propagate = True


def pre_fork(server, worker) -> None:
    """What all share is put out of the collector's way: looking for cycles costs what a request left, no more."""
    gc.freeze()


def post_fork(server, worker) -> None:
    """A web process holds what people send: nobody else reads it there."""
    close_memory()


def post_request(worker, req, environ, resp) -> None:
    """What somebody sent is given back in a second, cycles included: the allocator then writes over it."""
    if req.method not in SAFE:
        forget_soon()


def child_exit(server, worker) -> None:
    """Forget the gauges of a process that ended; its counters stay in the sums."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
