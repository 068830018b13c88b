"""Clients that order without cease through the API, repeating under the same key what was not acknowledged."""

import http.client
import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field

PAUSE = 0.3
"""Seconds between two attempts."""
RHYTHM = 1.5
"""Seconds between two orders of a client: the worker prints each, and what is measured is not its backlog."""


@dataclass
class Acknowledged:
    """What the platform said was done: key → (order, number, request id of the issue)."""

    drafts: dict[str, str] = field(default_factory=dict)
    issued: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    failures: int = 0


class Load:
    """A few clients in threads; `stop()` lets each end what it has begun."""

    def __init__(self, url: str, world: dict, *, clients: int = 2) -> None:
        self.url, self.world = url, world
        self.acknowledged = Acknowledged()
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._order, daemon=True) for _ in range(clients)]

    def start(self) -> "Load":
        """Begin."""
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> Acknowledged:
        """End, and answer what was acknowledged."""
        self._ending.set()
        for thread in self._threads:
            thread.join(120)
        return self.acknowledged

    def _order(self) -> None:
        while not self._ending.is_set():
            key = uuid.uuid4().hex
            draft = {**self.world["order"], "title": f"charge-{key}"}
            made, _ = self._insist("/api/v1/orders/", draft, key, 201)
            self.acknowledged.drafts[key] = made["id"]
            issued, name = self._insist(f"/api/v1/orders/{made['id']}/issue/", None, f"{key}-issue", 200)
            self.acknowledged.issued[key] = (made["id"], issued["number"], name)
            self._ending.wait(RHYTHM)

    def _insist(self, path: str, body: dict | None, key: str, expected: int) -> tuple[dict, str]:
        """The answer, once there is one; the same key each time."""
        headers = {
            "Authorization": f"Token {self.world['token']}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "If-Match": "*",
        }
        data = json.dumps(body).encode() if body is not None else b""
        for _attempt in range(1000):
            request = urllib.request.Request(self.url + path, data, headers, method="POST")  # noqa: S310
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                    if answer.status == expected:
                        return json.load(answer), answer.headers["X-Request-ID"]
            except urllib.error.HTTPError as error:
                # Busy or broken: again. Anything else is a mistake of this test.
                if error.code < 500 and error.code not in (409, 429):
                    raise RuntimeError(error.read().decode()) from error
                if error.code >= 500:
                    self.acknowledged.failures += 1
            except (OSError, http.client.HTTPException, ValueError):
                self.acknowledged.failures += 1
            time.sleep(PAUSE)
        raise RuntimeError(f"{path} never answered")
