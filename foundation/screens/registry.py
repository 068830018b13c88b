"""What the stages add to the shell, without the shell knowing any stage.

Each app calls these in its `AppConfig.ready`; registering the same code twice replaces the first one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


def everyone(user: Any) -> bool:
    """Visible to anyone, signed in or not."""
    return True


def signed_in(user: Any) -> bool:
    """Visible to a person who is signed in."""
    return bool(user.is_authenticated)


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation; `url_name` may not exist yet, the entry is then left out."""

    label: Any
    url_name: str
    visible: Callable[[Any], bool] = everyone
    order: int = 50


@dataclass(frozen=True, slots=True)
class Panel:
    """One block of the dashboard; `context(user)` returns None when it does not concern this person."""

    code: str
    title: Any
    template: str
    context: Callable[[Any], Mapping[str, Any] | None]
    order: int = 50


@dataclass(frozen=True, slots=True)
class HomeBlock:
    """One block of the public home; `context()` returns None when there is nothing to show."""

    code: str
    template: str
    context: Callable[[], Mapping[str, Any] | None]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Bell:
    """The bell of the header: `count(user)` unread messages, one query at most.

    `live_url_name` gives the count again, for pages that stay open.
    """

    count: Callable[[Any], int]
    url_name: str
    live_url_name: str = ""


_nav: dict[str, NavItem] = {}
_panels: dict[str, Panel] = {}
_home_blocks: dict[str, HomeBlock] = {}
_bells: dict[str, Bell] = {}


def register_nav(item: NavItem) -> None:
    """Add an entry to the main navigation."""
    _nav[item.url_name] = item


def register_panel(panel: Panel) -> None:
    """Add a block to the dashboard."""
    _panels[panel.code] = panel


def register_home_block(block: HomeBlock) -> None:
    """Add a block to the public home."""
    _home_blocks[block.code] = block


def register_bell(count: Callable[[Any], int], url_name: str, live_url_name: str = "") -> None:
    """Say who counts the unread messages, where they are read and where an open page asks again."""
    _bells["bell"] = Bell(count, url_name, live_url_name)


def nav_items() -> list[NavItem]:
    """The entries of the navigation, in their order."""
    return sorted(_nav.values(), key=lambda item: (item.order, str(item.label)))


def panels() -> list[Panel]:
    """The blocks of the dashboard, in their order."""
    return sorted(_panels.values(), key=lambda panel: (panel.order, panel.code))


def home_blocks() -> list[HomeBlock]:
    """The blocks of the public home, in their order."""
    return sorted(_home_blocks.values(), key=lambda block: (block.order, block.code))


def bell() -> Bell | None:
    """The registered bell, if there is one."""
    return _bells.get("bell")
