"""What a draft says, in plain words, part by part: what a review freezes and what two versions are compared on.

The parts are found by themselves: whatever belongs to a draft is deleted with it (`on_delete=CASCADE`), and what was
done about it is kept (`PROTECT`). A new kind of part is thus frozen without a line being added here.
"""

from datetime import date, datetime
from decimal import Decimal

from django.db import models
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenders.models import Criterion, Lot, PriceLine, Tender, TenderDocument

SECTIONS = {
    "identity": gettext_lazy("Identité"),
    "lots": gettext_lazy("Lots"),
    "criteria": gettext_lazy("Critères"),
    "prices": gettext_lazy("Prix"),
    "papers": gettext_lazy("Pièces écrites"),
    "files": gettext_lazy("Pièces jointes"),
    "custodians": gettext_lazy("Dépositaires"),
}
"""Parts of a draft as a reviewer reads them."""
_SECTION_OF = {Tender: "identity", Lot: "lots", PriceLine: "prices", TenderDocument: "files"}


def draft_facts(tender: Tender) -> dict[str, list[dict]]:
    """Every part of the draft: section → rows {"label", "value"}, in words."""
    facts: dict[str, list[dict]] = {section: [] for section in SECTIONS}
    for section, rows in _rows_of(tender, ""):
        facts[section].extend(rows)
    for field in tender._meta.many_to_many:
        section = "custodians" if field.name == "custodians" else "identity"
        label = str(field.verbose_name)
        names = ", ".join(sorted(str(one) for one in getattr(tender, field.name).all()))
        facts[section].append({"label": label[:1].upper() + label[1:], "value": names})
    return facts


def _rows_of(obj: models.Model, path: str):
    """The rows of an object, then those of its parts, each with its path: « Lot 1, critère 2 »."""
    start = f"{path[:1].upper()}{path[1:]} · " if path else ""
    yield (
        _section_of(type(obj)),
        [{"label": f"{start}{label}", "value": value} for label, value in _said(obj)],
    )
    for relation in _parts_of(type(obj)):
        owned = relation.related_model._default_manager.filter(**{relation.field.name: obj})
        for rank, part in enumerate(owned, start=1):
            name = relation.related_model._meta.verbose_name
            yield from _rows_of(part, ", ".join(filter(None, [path, f"{name} {rank}"])))


def _section_of(model: type[models.Model]) -> str:
    """Where a part is read; what nobody placed is read with what it belongs to."""
    if model in _SECTION_OF:
        return _SECTION_OF[model]
    parents = {field.related_model for field in _owners(model)}
    if model is Criterion or Lot in parents or Criterion in parents:
        return "criteria"
    return "papers" if model.__module__.endswith("papers") else "identity"


def _owners(model: type[models.Model]) -> list[models.Field]:
    return [
        field
        for field in model._meta.concrete_fields
        if field.is_relation and field.remote_field.on_delete is models.CASCADE
    ]


def _parts_of(model: type[models.Model]) -> list:
    """Relations towards what is deleted with an object of this model, each reached by one way only."""
    relations = [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.one_to_many or relation.one_to_one
        if relation.auto_created
        and not relation.concrete
        and relation.on_delete is models.CASCADE
        and relation.related_model is not model
        and not relation.related_model._meta.auto_created
        and relation.field is _owners(relation.related_model)[0]
    ]
    return sorted(relations, key=lambda relation: relation.related_model._meta.label)


def _said(obj: models.Model):
    for field in obj._meta.concrete_fields:
        if not field.editable or field.primary_key or field in _owners(type(obj))[:1]:
            continue
        label = str(field.verbose_name)
        yield label[:1].upper() + label[1:], _words(obj, field)


def _words(obj: models.Model, field: models.Field) -> str:
    value = getattr(obj, field.attname if field.is_relation else field.name)
    if field.is_relation:
        return str(getattr(obj, field.name) or "")
    if field.choices and value not in (None, ""):
        return str(getattr(obj, f"get_{field.name}_display")())
    return words_of(value)


def words_of(value) -> str:
    """A value as a reader reads it: « 1 500 000 », « 3 mars 2026 à 12:00 », « oui »."""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, list | tuple):
        return ", ".join(words_of(item) for item in value)
    if isinstance(value, datetime):
        return date_format(localtime(value), "j F Y à H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, Decimal):
        return number_format(value, use_l10n=True, force_grouping=True)
    return "" if value is None else str(value)
