"""French words as the database compares them: one configuration, without accents, for index and query."""

import unicodedata

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Func, Q, QuerySet, TextField
from django.db.models.functions import Cast

SEARCH_CONFIG = "jalon_french"
"""Text search configuration made by this app's migration: unaccent before the French stemmer."""
SHORTEST_COMPARED = 5
"""Shorter words look like too many others to be compared one by one."""


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


def query(words: str) -> SearchQuery:
    """What a person typed: words, « phrases », -excluded."""
    return SearchQuery(words, config=SEARCH_CONFIG, search_type="websearch")


def folded(text: str) -> str:
    """Without accents nor capitals, as the database writes it."""
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in parts if not unicodedata.combining(c))


def swapped(word: str) -> list[str]:
    """The words that two neighbouring letters of `word`, exchanged, would make."""
    pairs = range(len(word) - 1)
    return [f"{word[:i]}{word[i + 1]}{word[i]}{word[i + 2 :]}" for i in pairs if word[i] != word[i + 1]]


def spelt_nearly(rows: QuerySet, title: str, words: str) -> QuerySet:
    """Rows whose title has a word close to one that was typed.

    Close is three-letter pieces in common, or two letters exchanged, which leaves few pieces in common.
    """
    plain = rows.annotate(plain_title=Plain(Cast(title, TextField())))
    typed = folded(words)
    close = Q(plain_title__trigram_word_similar=typed)
    for word in typed.split():
        if len(word) >= SHORTEST_COMPARED:
            close |= Q(plain_title__trigram_word_similar=word)
            for meant in swapped(word):
                close |= Q(plain_title__contains=meant)
    return plain.filter(close)
