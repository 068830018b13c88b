"""A check that never ends for one content: what no bound of ours would be needed for, if our checks were all linear."""

from foundation.files.checks import apart

warm = apart.warm


def work(facts: dict, contents: list[bytes]) -> tuple[dict, list[bytes]]:
    """The real check, but for « spin »."""
    while contents[0] == b"spin":
        pass
    return apart.work(facts, contents)
