"""French amounts, dates and durations, and the few tags the shell needs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms, template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.clock import now
from foundation.money import format_euros, format_unit_price, places_of
from foundation.screens.tones import tone_of

register = template.Library()

PARIS = ZoneInfo("Europe/Paris")
NARROW = "\u202f"
SPACE = "\u00a0"


@register.filter
def euros(value: Any, places: int = 2) -> str:
    """« 1 234,50 € »; an empty string for no amount. `places`: the decimals of a line of prices."""
    return "" if value in (None, "") else format_euros(value, places)


@register.filter
def unit_price(value: Any) -> str:
    """« 880,00 € », « 0,035 € »; an empty string for no price."""
    return "" if value in (None, "") else format_unit_price(Decimal(value))


@register.filter
def unit_cost(value: Any) -> str:
    """« 28,50 », « 0,0125 »: two decimals, more when they count; the unit of money is written beside."""
    if value in (None, ""):
        return ""
    amount = Decimal(str(value))
    return formats.number_format(amount.normalize(), decimal_pos=places_of(amount), force_grouping=True)


@register.filter
def date_words(value: dt.date | dt.datetime | None) -> str:
    """« mardi 3 mars 2026 » (the day in Paris for a datetime)."""
    if not value:
        return ""
    here = _paris(value)
    return f"{WEEKDAYS[here.weekday()]} {_day(here)}"


@register.filter
def date_short(value: dt.date | dt.datetime | None) -> str:
    """« 3 mars 2026 » (the day in Paris for a datetime)."""
    if not value:
        return ""
    return _day(_paris(value))


@register.filter
def datetime_words(value: dt.datetime | None) -> str:
    """« mardi 3 mars 2026 à 12 h 00 (heure de Paris) »."""
    if not value:
        return ""
    here = _paris(value)
    return _("%(day)s à %(hour)s (heure de Paris)") % {"day": date_words(here), "hour": _hour(here)}


@register.filter
def datetime_short(value: dt.datetime | None) -> str:
    """« 3 mars 2026 à 12 h 00 »."""
    if not value:
        return ""
    here = _paris(value)
    return _("%(day)s à %(hour)s") % {"day": date_short(here), "hour": _hour(here)}


@register.filter
def until(value: dt.datetime | None) -> str:
    """The end of a time, in words: « 3 mars 2026 inclus » when it is the midnight after that day."""
    if not value:
        return ""
    here = _paris(value)
    if (here.hour, here.minute) != (0, 0):
        return datetime_short(value)
    return _("%(day)s inclus") % {"day": _day(here - dt.timedelta(days=1))}


@register.filter
def days(value: Any) -> str:
    """Person-days: « 12,5 j »."""
    return "" if value in (None, "") else f"{_number(value)}{SPACE}j"


@register.filter
def percent(value: Any) -> str:
    """A value already in percent: « 12,5 % »."""
    return "" if value in (None, "") else f"{_number(value)}{SPACE}%"


@register.filter
def relative(value: dt.date | dt.datetime | None) -> str:
    """« dans 3 jours », « il y a 2 heures », « aujourd’hui » for a date; counted from now."""
    if not value:
        return ""
    if isinstance(value, dt.datetime):
        return _relative_moment(value)
    return _relative_day((value - timezone.localtime(now(), PARIS).date()).days)


@register.filter
def querystring_without(params: Any, name: str) -> str:
    """The query string of `request.GET` without one parameter, ready to be followed by another."""
    pairs = [(key, item) for key, items in params.lists() if key != name for item in items]
    return urlencode(pairs)


@register.filter
def field_shape(bound: BoundField) -> str:
    """How a field is laid out, for any Django form: group (several boxes), check (one box), file or line."""
    widget = bound.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "file" if isinstance(widget, forms.FileInput) else "line"


@register.filter
def error_target(bound: BoundField) -> str:
    """The id the error summary links to: the field, or its first box when there are several."""
    return f"{bound.auto_id}_0" if field_shape(bound) == "group" else bound.id_for_label


@register.filter
def is_optional(bound: BoundField) -> bool:
    """True when a field may stay empty: not the radio buttons of which one is chosen from the start."""
    is_chosen = isinstance(bound.field.widget, forms.RadioSelect) and bound.value() not in (None, "")
    return not bound.field.required and not is_chosen


@register.filter
def has_optional(form: forms.BaseForm) -> bool:
    """True when at least one field to fill (a lone box aside) may stay empty."""
    return any(is_optional(bound) and field_shape(bound) != "check" for bound in form.visible_fields())


@register.filter
def tone(state: str) -> str:
    """The tone of a state's badge."""
    return tone_of(state)


@register.filter
def plain_number(value: Any) -> str:
    """A number as HTML attributes want it, whatever the language."""
    return format(Decimal(str(value)), "f")


@register.simple_tag
def icon(name: str) -> SafeString:
    """One drawing of `static/img/icons.svg`, hidden from screen readers: the word is beside it."""
    return format_html(
        '<svg class="jalon-icon" aria-hidden="true" focusable="false" width="20" height="20">'
        '<use href="{}#{}"></use></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def fragment(context: template.Context, item: Any) -> SafeString:
    """Draw a registered block (`item.template` with `item.context`) inside the page."""
    drawn = context.template.engine.get_template(item.template)
    with context.push(**item.context):
        return drawn.render(context)


@register.simple_tag
def page_numbers(page_obj: Any) -> list[Any]:
    """The numbers to show around the current page, with the ellipsis."""
    return list(page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1))


def _paris(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    return timezone.localtime(value, PARIS) if isinstance(value, dt.datetime) else value


def _day(value: dt.date | dt.datetime) -> str:
    """« 3 mars 2026 », and « 1er mars 2026 » as French wants it."""
    first = "1er" if value.day == 1 else str(value.day)
    return f"{first} {MONTHS[value.month]} {value.year}"


def _hour(value: dt.datetime) -> str:
    return f"{value.hour}{SPACE}h{SPACE}{value.minute:02d}"


def _number(value: Any) -> str:
    """French number without useless zeros: 12,5 · 1 200."""
    number = Decimal(str(value)).quantize(Decimal("0.01")).normalize()
    whole, _dot, rest = f"{number:f}".partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}".replace(",", NARROW)
    return f"{sign}{grouped},{rest}" if rest else f"{sign}{grouped}"


def _relative_day(difference: int) -> str:
    if difference in (-1, 0, 1):
        return {-1: _("hier"), 0: _("aujourd’hui"), 1: _("demain")}[difference]
    if difference > 0:
        return ngettext("dans %d jour", "dans %d jours", difference) % difference
    return ngettext("il y a %d jour", "il y a %d jours", -difference) % -difference


def _relative_moment(value: dt.datetime) -> str:
    seconds = (value - now()).total_seconds()
    amount = abs(seconds)
    if amount < 60:
        return _("à l’instant")
    if amount >= 36 * 3600:
        here, today = timezone.localtime(value, PARIS), timezone.localtime(now(), PARIS)
        return _relative_day((here.date() - today.date()).days)
    if amount < 3600:
        words = ngettext("%d minute", "%d minutes", int(amount // 60)) % int(amount // 60)
    else:
        words = ngettext("%d heure", "%d heures", int(amount // 3600)) % int(amount // 3600)
    return (_("dans %s") if seconds > 0 else _("il y a %s")) % words
