"""The colour of a state: five tones, always with the word beside, so that nothing rests on colour alone."""

from __future__ import annotations

_TONES: dict[str, str] = {
    **dict.fromkeys(
        "published open answering issued acknowledged in_progress running executing construction active started "
        "current evaluation analysis opened opening ready_to_open signed_off investigation consolidation transfer".split(),
        "active",
    ),
    **dict.fromkeys(
        "pending waiting standstill deferred to_sign rendering submitted received late reduced visa proposed "
        "in_review review sealed".split(),
        "waiting",
    ),
    **dict.fromkeys(
        "accepted awarded signed validated paid done ready success delivered admitted completed ended_well".split(),
        "success",
    ),
    **dict.fromkeys(
        "rejected cancelled canceled failed stopped refused unsuccessful terminated abandoned withdrawn "
        "excluded eliminated".split(),
        "error",
    ),
}


def tone_of(state: str) -> str:
    """neutral, active, waiting, success or error."""
    return _TONES.get(str(state), "neutral")
