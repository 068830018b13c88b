"""Reading the journal."""

from foundation.journal.selectors.chain import altered_entries, export, head, index_of
from foundation.journal.selectors.history import Line, entries_of, history, line_of
from foundation.journal.selectors.objects import Tally, altered_objects
from foundation.journal.selectors.proofs import (
    LARGEST,
    checkpoint_of_size,
    consistency,
    consistency_answer,
    grown_size,
    inclusion,
    inclusion_answer,
    inclusions,
    latest_checkpoint,
    lines_from,
    root,
    sealing_checkpoint,
    signing_keys,
    size,
    tree_at,
    unproven,
)

__all__ = [
    "LARGEST",
    "Line",
    "Tally",
    "altered_entries",
    "altered_objects",
    "checkpoint_of_size",
    "consistency",
    "consistency_answer",
    "entries_of",
    "export",
    "grown_size",
    "head",
    "history",
    "inclusion",
    "inclusion_answer",
    "inclusions",
    "index_of",
    "latest_checkpoint",
    "line_of",
    "lines_from",
    "root",
    "sealing_checkpoint",
    "signing_keys",
    "size",
    "tree_at",
    "unproven",
]
