"""The search itself: a constant number of queries, whatever the number of kinds."""

import difflib
import re
from collections import Counter
from dataclasses import dataclass, field

from django.contrib.postgres.search import SearchHeadline, SearchRank, TrigramWordSimilarity
from django.db.models import FloatField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Left
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from foundation.search import registry
from foundation.search.registry import SearchKind
from foundation.search.text import SEARCH_CONFIG, Plain, folded, query, spelt_nearly

COUNT_LIMIT = 100
"""Results are counted up to this in each kind: nobody reads further, and exact counts are what costs."""
RANKED_LIMIT = 500
"""Matches among which the best are looked for; beyond, the words are too common for a rank to mean much."""
SHOWN = 5
PAGE_SIZE = 20
MAX_WORDS_LENGTH = 200
EXCERPT_LENGTH = 220
_START, _STOP = "\ue000", "\ue001"
_HEADLINE = {
    "config": SEARCH_CONFIG,
    "start_sel": _START,
    "stop_sel": _STOP,
    "max_words": 30,
    "min_words": 12,
    "max_fragments": 2,
    "fragment_delimiter": " … ",
}


@dataclass(frozen=True)
class Result:
    """One thing found. `title` and `excerpt` carry marks around the words found."""

    kind: SearchKind
    key: str
    title: str
    facts: str
    excerpt: str

    @property
    def url(self) -> str:
        """The address of its page."""
        return self.kind.address(self.key)

    @property
    def plain_title(self) -> str:
        """The title without marks."""
        return _unmarked(self.title)

    @property
    def plain_excerpt(self) -> str:
        """The excerpt without marks."""
        return _unmarked(self.excerpt)

    @property
    def marked_title(self) -> SafeString:
        """The title as HTML: everything escaped but the marks around the words found."""
        return _marked(self.title)

    @property
    def marked_excerpt(self) -> SafeString:
        """The excerpt as HTML: everything escaped but the marks around the words found."""
        return _marked(self.excerpt)


@dataclass(frozen=True)
class Group:
    """The results of one kind; `is_capped` when there are more than are counted."""

    kind: SearchKind
    count: int
    is_capped: bool
    results: list[Result] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """What is found for some words. `is_approximate`: nothing holds them, these come close; `suggestion` is then
    what was probably meant.
    """

    words: str
    groups: list[Group]
    is_approximate: bool = False
    suggestion: str = ""

    @property
    def count(self) -> int:
        """Results of all kinds, each counted up to the limit."""
        return sum(group.count for group in self.groups)


def search(user, words: str, *, only: str = "", page: int = 1) -> Answer:
    """What this person may see that holds the words; by kind, the best first. `only`: one kind, page by page."""
    words = " ".join(words.split())[:MAX_WORDS_LENGTH].replace("\x00", "")
    kinds = [kind for kind in registry.kinds() if only in ("", kind.code)]
    if not words or not kinds:
        return Answer(words, [])
    start = (page - 1) * PAGE_SIZE if only else 0
    stop = start + (PAGE_SIZE if only else SHOWN)
    exact = [(kind, _exact(kind, user, words)) for kind in kinds]
    groups = _groups(exact, words, start, stop, close=False)
    if groups:
        return Answer(words, groups)
    near = [(kind, _near(kind, user, words)) for kind in kinds]
    groups = _groups(near, words, start, stop, close=True)
    return Answer(words, groups, bool(groups), _suggestion(words, groups))


def _exact(kind: SearchKind, user, words: str) -> QuerySet:
    return kind.visible_to(user).annotate(found_in=kind.vector).filter(found_in=query(words))


def _near(kind: SearchKind, user, words: str) -> QuerySet:
    return spelt_nearly(kind.visible_to(user), kind.title, words)


def _groups(
    found: list[tuple[SearchKind, QuerySet]], words, start: int, stop: int, *, close: bool
) -> list[Group]:
    """Two statements: how many of each kind, then the best of each."""
    tallies = [
        rows.order_by().annotate(found_kind=Value(kind.code)).values_list("found_kind")[: COUNT_LIMIT + 1]
        for kind, rows in found
    ]
    counts = Counter(code for (code,) in _union(tallies))
    best = [_best(kind, rows, words, close=close)[start:stop] for kind, rows in found if counts[kind.code]]
    results: dict[str, list[Result]] = {}
    for code, key, title, facts, excerpt, _rank in _union(best) if best else ():
        results.setdefault(code, []).append(
            Result(registry.find(code), key, title, facts or "", excerpt or "")
        )
    return [
        Group(
            kind,
            min(counts[kind.code], COUNT_LIMIT),
            counts[kind.code] > COUNT_LIMIT,
            results.get(kind.code, []),
        )
        for kind, _rows in found
        if counts[kind.code]
    ]


def _union(rows: list[QuerySet]):
    return rows[0].union(*rows[1:], all=True) if len(rows) > 1 else rows[0]


def _best(kind: SearchKind, rows: QuerySet, words: str, *, close: bool) -> QuerySet:
    """The rows with what the page shows, the most relevant first, among a bounded set."""
    bounded = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk")[:RANKED_LIMIT])
    if close:
        rank = TrigramWordSimilarity(folded(words), Plain(Cast(kind.title, TextField())))
        title, excerpt = Cast(kind.title, TextField()), Left(Cast(kind.text, TextField()), EXCERPT_LENGTH)
    else:
        rank = SearchRank(kind.vector, query(words))
        title = SearchHeadline(
            kind.title, query(words), **{**_HEADLINE, "max_fragments": None, "highlight_all": True}
        )
        excerpt = SearchHeadline(kind.text, query(words), **_HEADLINE)
    shown = {
        "found_kind": Value(kind.code),
        "found_key": Cast(kind.key, TextField()),
        "found_title": title,
        "found_facts": Cast(kind.facts, TextField()),
        "found_text": excerpt,
        "found_rank": Cast(rank, FloatField()),
    }
    return bounded.annotate(**shown).order_by("-found_rank", "-pk").values_list(*shown)


def _suggestion(words: str, groups: list[Group]) -> str:
    """The words typed, each replaced by the closest one of the titles found; empty when nothing changes."""
    known = {
        folded(word): word.lower()
        for group in groups
        for result in group.results
        for word in re.findall(r"[\w'’-]{3,}", result.plain_title)
    }
    meant = []
    for word in words.split():
        close = difflib.get_close_matches(folded(word), known, n=1, cutoff=0.6)
        meant.append(known[close[0]] if close else word)
    suggestion = " ".join(meant)
    return suggestion if folded(suggestion) != folded(words) else ""


def _unmarked(text: str) -> str:
    return text.replace(_START, "").replace(_STOP, "")


def _marked(text: str) -> SafeString:
    # Escaped first: only our two marks become elements, and always as a pair.
    pieces = str(escape(text)).split(_START)
    html = pieces[0].replace(_STOP, "")
    for piece in pieces[1:]:
        inside, stop, outside = piece.partition(_STOP)
        html += f"<mark>{inside}</mark>{outside.replace(_STOP, '')}" if stop else inside
    return mark_safe(html)
