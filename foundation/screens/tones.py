"""The colour of a state: five tones, always with the word beside, so that nothing rests on colour alone."""

from __future__ import annotations

_STATES: dict[str, str] = {
    "active": """
        published open answering issued acknowledged in_progress running executing construction active started
        current planned evaluation analysis opened opening investigation consolidation transfer
    """,
    "waiting": """
        pending waiting standstill deferred to_sign rendering submitted received late reduced visa proposed
        in_review sent_back review sealed demonstrated
    """,
    "success": """
        accepted approved awarded signed validated paid done ready success delivered admitted completed sustained
    """,
    "error": """
        rejected cancelled failed stopped refused unsuccessful terminated abandoned withdrawn excluded
        eliminated
    """,
}
_TONES = {state: tone for tone, states in _STATES.items() for state in states.split()}


def tone_of(state: str) -> str:
    """neutral, active, waiting, success or error."""
    return _TONES.get(str(state), "neutral")
