"""What is checked before anything starts: a clear line now rather than a strange failure later."""

import shutil
import socket
import time
from pathlib import Path

from procurement.runtime.problems import Problem

SPACE_NEEDED = (
    300 * 1024 * 1024
)  # bytes: a new PostgreSQL cluster, its first log segments, the demo documents


def check_space(directory: Path) -> None:
    """Raises Problem when the disk that holds `directory` is nearly full."""
    free = shutil.disk_usage(directory).free
    if free < SPACE_NEEDED:
        raise Problem(
            f"Disque presque plein : {free // 2**20} Mo libres dans {directory}, "
            f"il en faut {SPACE_NEEDED // 2**20}. Libérez de la place ou choisissez un autre JALON_HOME."
        )


def check_port(number: int, *, patience: float = 0) -> None:
    """Raises Problem when another program still listens on this port after `patience` seconds."""
    give_up_at = time.monotonic() + patience
    while (refusal := _refused(number)) and time.monotonic() < give_up_at:
        time.sleep(0.2)
    if isinstance(refusal, PermissionError):
        raise Problem(f"Le port {number} est réservé à root : PORT=8000 ./jalon run")
    if refusal:
        raise Problem(
            f"Le port {number} est déjà pris. Choisissez-en un autre : PORT={number + 1} ./jalon run"
        )


def _refused(number: int) -> OSError | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError as error:
            return error
    return None


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
