"""What comes out of the press. Apart from the makers, so that a web process need not load them."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Printed:
    """One whole file in memory; `pages` is None for a form that has none before someone opens it."""

    form: str
    content: bytes
    pages: int | None = None

    @property
    def sha256(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()
