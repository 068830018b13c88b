"""`?fields=id,title,lots.title`: only these members of a representation, one level inside the nested ones."""

from django.utils.translation import gettext as _
from rest_framework import serializers

PARAMETER = "fields"


def narrow(serializer, asked: str) -> None:
    """Take out of `serializer` the fields that are not asked for; 422 for a name that it does not have."""
    wanted: dict[str, set[str]] = {}
    for path in filter(None, (name.strip() for name in asked.split(","))):
        name, _dot, inner = path.partition(".")
        wanted.setdefault(name, set()).add(inner)
    if not wanted:
        raise _refused(_("Nommez au moins un champ, par exemple « fields=id,title »."))
    _keep(serializer, wanted)


def _keep(serializer, wanted):
    fields = _fields(serializer)
    for name, inners in wanted.items():
        if name not in fields:
            raise _refused(_unknown(name, fields))
        if inners != {""}:
            _keep_inside(name, fields[name], inners)
    for name in set(fields) - set(wanted):
        fields.pop(name)


def _keep_inside(name, field, inners):
    inside = _fields(field)
    unknown = inners - set(inside) - {""}
    if unknown:
        raise _refused(_unknown(f"{name}.{min(unknown)}", [f"{name}.{one}" for one in inside]))
    if "" not in inners:
        for one in set(inside) - inners:
            inside.pop(one)


def _fields(field):
    """The fields inside a serializer or a list of them; none inside a plain value."""
    inner = getattr(field, "child", field)
    return inner.fields if isinstance(inner, serializers.BaseSerializer) else {}


def _unknown(name, known):
    return _("« %(name)s » n’est pas un champ de cette ressource. Champs : %(known)s.") % {
        "name": name[:80],
        "known": ", ".join(known) or _("aucun"),
    }


def _refused(message):
    return serializers.ValidationError({PARAMETER: [serializers.ErrorDetail(message, code="unknown")]})
