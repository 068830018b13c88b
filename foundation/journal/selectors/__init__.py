"""Reading the journal."""

from foundation.journal.selectors.chain import altered_entries, export, head, index_of
from foundation.journal.selectors.history import Line, entries_of, history, line_of
from foundation.journal.selectors.proofs import (
    LARGEST,
    checkpoint_of_size,
    consistency,
    grown_size,
    inclusion,
    last_stamped_at,
    latest_checkpoint,
    lines_from,
    oldest_waiting_at,
    root,
    sealing_checkpoint,
    size,
    tree_at,
    verifier_keys,
)

__all__ = [
    "LARGEST",
    "Line",
    "altered_entries",
    "checkpoint_of_size",
    "consistency",
    "entries_of",
    "export",
    "grown_size",
    "head",
    "history",
    "inclusion",
    "index_of",
    "last_stamped_at",
    "latest_checkpoint",
    "line_of",
    "lines_from",
    "oldest_waiting_at",
    "root",
    "sealing_checkpoint",
    "size",
    "tree_at",
    "verifier_keys",
]
