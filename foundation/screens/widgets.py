"""Lines and lists of a form, written without a template: those of Django take half a millisecond a field."""

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import escape
from django.utils.safestring import SafeString

_PLACE = "django/forms/widgets/{}.html"
_LINES = frozenset(map(_PLACE.format, ("date", "datetime", "email", "hidden", "number", "password", "text")))
_LIST, _OPTION = _PLACE.format("select"), _PLACE.format("select_option")


class WidgetRenderer(TemplatesSetting):
    """The same bytes as the templates of Django for the commonest widgets; the templates for all others."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The HTML of a widget, a field or a form."""
        if template_name in _LINES:
            return _line(context["widget"])
        if template_name == _LIST and _is_plain(context["widget"]):
            return _list(context["widget"])
        return super().render(template_name, context, request)


def _line(widget: dict) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    kind, name = _text(widget["type"]), _text(widget["name"])
    return f'<input type="{kind}" name="{name}"{value}{_attributes(widget)}>'


def _list(widget: dict) -> str:
    lines = [f'<select name="{_text(widget["name"])}"{_attributes(widget)}>']
    for group, options, _rank in widget["optgroups"]:
        if group:
            lines.append(f'\n  <optgroup label="{_text(group)}">')
        lines += map(_option, options)
        if group:
            lines.append("\n  </optgroup>")
    return "".join((*lines, "\n</select>"))


def _option(option: dict) -> str:
    value, label = _text(option["value"]), _text(option["label"])
    return f'\n  <option value="{value}"{_attributes(option)}>{label}</option>\n'


def _is_plain(widget: dict) -> bool:
    """Whether every option is Django's own."""
    return all(
        option["template_name"] == _OPTION
        for _group, options, _rank in widget["optgroups"]
        for option in options
    )


def _attributes(widget: dict) -> str:
    given = ((name, value) for name, value in widget["attrs"].items() if value is not False)
    return "".join(
        f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"' for name, value in given
    )


def _text(value: Any) -> str:
    return value if isinstance(value, SafeString) else escape(str(value))
