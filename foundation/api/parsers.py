"""JSON as RFC 8259 has it, within what the platform can hold: anything else is a body that cannot be read (400)."""

import json
import math

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser as DrfJSONParser

from foundation.money import JsonNumber


class JSONParser(DrfJSONParser):
    """Also refuses what Python would accept and nothing behind could use: an endless number, a bottomless nesting."""

    def parse(self, stream, media_type=None, parser_context=None):
        """The body. Raises ParseError."""
        try:
            return json.loads(stream.read().decode("utf-8"), parse_constant=_refuse, parse_float=_finite)
        except (ValueError, RecursionError) as error:
            raise ParseError() from error


def _refuse(name):
    raise ValueError(name)


def _finite(text):
    value = JsonNumber(text)
    if math.isinf(value):
        raise ValueError(text)
    return value
