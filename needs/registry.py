"""What the rooms above add to the page of a project (this room does not know them)."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class ProjectAction:
    """A link offered on the page of a project.

    ``url(user, project)`` answers an address, or None when the action is not for that person or that project.
    """

    code: str
    label: str
    url: Callable
    order: int = 100


@dataclass(frozen=True)
class ProjectSection:
    """A block of the project page owned by a room above, e.g. its consultations.

    ``context(user, project)`` answers the template's context, or None when there is nothing to show.
    """

    code: str
    template: str
    context: Callable
    order: int = 100


@dataclass(frozen=True)
class ShownSection:
    """A block ready to be drawn by the `fragment` tag."""

    template: str
    context: dict


_actions: dict[str, ProjectAction] = {}
_sections: dict[str, ProjectSection] = {}


def register_project_action(action: ProjectAction) -> None:
    """Offer a link on the page of the projects; the same code registered twice replaces."""
    _actions[action.code] = action


def register_project_section(section: ProjectSection) -> None:
    """Show a block on the page of the projects; the same code registered twice replaces."""
    _sections[section.code] = section


def actions_for(user, project) -> list[dict]:
    """The links this person may follow from this project, in order."""
    offered = ((action, action.url(user, project)) for action in _in_order(_actions))
    return [{"code": action.code, "label": action.label, "url": url} for action, url in offered if url]


def sections_for(user, project) -> list[ShownSection]:
    """The blocks of the rooms above that have something to show to this person, in order."""
    shown = ((section, section.context(user, project)) for section in _in_order(_sections))
    return [ShownSection(section.template, context) for section, context in shown if context is not None]


def _in_order(registered: dict) -> list:
    return sorted(registered.values(), key=lambda entry: (entry.order, entry.code))
