"""People who are told by e-mail and have no account: an address they proved, and where they stop."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guest:
    """An address that asked to be told. `leave_path` is the page where its owner stops, without signing in."""

    email: str
    leave_path: str
    full_name: str = ""
    is_active: bool = True

    @property
    def pk(self) -> str:
        """What tells guests apart, beside the numbers of accounts."""
        return f"guest:{self.email.lower()}"
