"""Writes of the purchase project: each service is one transaction, locked, journalled."""

from needs.services.projects import (
    brief_write,
    project_close,
    project_create,
    project_make_ready,
    project_take_back,
    project_update,
)
from needs.services.strategy import strategy_line_add, strategy_line_remove, strategy_line_update
from needs.services.team import member_add, member_remove

__all__ = [
    "brief_write",
    "member_add",
    "member_remove",
    "project_close",
    "project_create",
    "project_make_ready",
    "project_take_back",
    "project_update",
    "strategy_line_add",
    "strategy_line_remove",
    "strategy_line_update",
]
