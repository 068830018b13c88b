"""Short names of the acts of this app."""


def acts(*names: str) -> frozenset[str]:
    """The codes of these acts in the journal."""
    return frozenset(f"tenders.{name}" for name in names)
