"""French words as the database compares them: one configuration, without accents, for index and query."""

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.search import SearchVector
from django.db.models import Func, TextField
from django.db.models.functions import Cast

SEARCH_CONFIG = "jalon_french"
"""Text search configuration made by this app's migration: unaccent before the French stemmer."""


class Plain(Func):
    """A text without accents nor capitals, for the comparison of misspelt words; may be indexed."""

    function = "public.jalon_plain"
    output_field = TextField()
    arity = 1


def vector(*fields: str, weight: str = "") -> SearchVector:
    """The words of some columns, as an index holds them."""
    options = {"weight": weight} if weight else {}
    return SearchVector(*fields, config=SEARCH_CONFIG, **options)


def spelling(title: str) -> OpClass:
    """The pieces of three letters of a title, as an index holds them."""
    return OpClass(Plain(Cast(title, TextField())), name="gin_trgm_ops")
