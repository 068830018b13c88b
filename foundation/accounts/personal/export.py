"""One's own data as one JSON file, written as it is read: nothing is held whole, statements are few and constant."""

import json
from collections.abc import Iterator

from django.core.serializers.json import DjangoJSONEncoder

from foundation.accounts.personal import registry

MEDIA_TYPE = "application/json; charset=utf-8"


def lines(user, *, at) -> Iterator[str]:
    """The pieces of the file: who, when, then each section with its words and its rows."""
    yield f'{{"personne": {_json(str(user))}, "etabli_le": {_json(at)}, "donnees": {{'
    for number, section in enumerate(registry.sections()):
        yield (
            f"{',' if number else ''}\n{_json(section.code)}: {{"
            + f'"intitule": {_json(str(section.label))}, '
        )
        if section.kept_because:
            yield f'"conserve_parce_que": {_json(str(section.kept_because))}, '
        yield '"lignes": ['
        yield from _rows(section, user)
        yield "]}"
    yield "\n}}\n"


def _rows(section, user) -> Iterator[str]:
    for number, row in enumerate(section.rows(user)):
        yield ("," if number else "") + "\n" + _json(row)


def _json(value) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
