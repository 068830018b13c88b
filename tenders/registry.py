"""Price schedules that the stages above offer to a draft, for instance the catalogue of a known agreement."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PriceTemplate:
    """Lots with their price lines: `lots` is [(number, title, [(code, label, unit), …]), …]."""

    code: str
    label: str
    lots: list[tuple[int, str, list[tuple[str, str, str]]]]


_templates: dict[str, PriceTemplate] = {}


def register_price_template(template: PriceTemplate) -> None:
    """Offer a template to drafts; the same code registered twice replaces."""
    _templates[template.code] = template


def price_templates() -> list[PriceTemplate]:
    """Every template, by label."""
    return sorted(_templates.values(), key=lambda template: template.label)


def price_template(code: str) -> PriceTemplate | None:
    """The template of a code; None when nobody offers it."""
    return _templates.get(code)
