"""Every message of the platform, whatever the application: two forms, the same facts, quiet words, one thing to do."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from foundation.notifications import registry, words

KINDS = [kind for kind in registry.kinds() if not kind.code.startswith("tests.")]
READER = SimpleNamespace(pk=1, full_name="Camille Exemple", email="camille@exemple.fr")
URL = "/la-page/"
SHORT_FORMS = {"SIRET", "DINUM", "CCAG", "CCAG-TIC", "TIC", "SHA", "PDF", "HTTP", "URL", "API", "TOTP"}


class Reader(HTMLParser):
    """What a person reads of the HTML part, and what it would fetch."""

    def __init__(self, html):
        super().__init__()
        self.text, self.links, self.fetched, self.lang, self.silent = [], [], [], None, 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.silent += tag in ("title", "style", "script")
        if tag == "html":
            self.lang = attrs.get("lang")
        if tag == "a":
            self.links.append(attrs["href"])
        if tag in ("img", "script", "link", "iframe", "video", "object"):
            self.fetched.append(tag)
        if "url(" in attrs.get("style", ""):
            self.fetched.append(attrs["style"])

    def handle_endtag(self, tag):
        self.silent -= tag in ("title", "style", "script")

    def handle_data(self, data):
        if not self.silent:
            self.text.append(data)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.code)
def laid_out(request):
    """The message with its example: kind, subject, text, what is read of the HTML."""
    kind, parts = request.param, (request.param, READER, request.param.example, URL)
    return SimpleNamespace(
        kind=kind,
        subject=words.subject_of(*parts),
        text=words.text_of(*parts),
        html=words.html_of(*parts),
        read=Reader(words.html_of(*parts)),
    )


def facts_in(text):
    """Numbers, amounts and references: what must not differ between the two forms."""
    return set(re.findall(r"\d[\d\u202f\u00a0., /:-]*\d|\d", re.sub(r"https?://\S+", "", text)))


def test_there_are_messages():
    assert len(KINDS) >= 10


def test_both_forms_are_whole(laid_out):
    for part in (laid_out.subject, laid_out.text, laid_out.html):
        assert part.strip()
        assert "variable inconnue" not in part
        assert "{{" not in part
    assert READER.full_name in laid_out.text
    assert READER.full_name in "".join(laid_out.read.text)


def test_both_forms_tell_the_same_facts(laid_out):
    assert facts_in(laid_out.text) == facts_in(" ".join(laid_out.read.text))


def test_both_forms_lead_to_the_same_page(laid_out, settings):
    page = f"{settings.PUBLIC_URL}{URL}"
    assert page in laid_out.text
    assert laid_out.read.links.count(page) == 1


def test_the_html_is_french_and_fetches_nothing(laid_out):
    assert laid_out.read.lang == "fr"
    assert laid_out.read.fetched == []


def test_the_subject_is_short_and_quiet(laid_out):
    assert len(laid_out.subject) <= 100
    assert "!" not in laid_out.subject + laid_out.text
    shouted = set(re.findall(r"\b[A-ZÀ-Ý]{3,}(?:-[A-ZÀ-Ý]+)*\b", laid_out.subject)) - SHORT_FORMS
    assert shouted == set()


def test_there_is_one_thing_to_do(laid_out, settings):
    """One button; beside it, only the way out of the e-mails and, in a digest, the lines themselves."""
    lines = {
        f"{settings.PUBLIC_URL}{line['url']}"
        for family in laid_out.kind.example.get("families", [])
        for line in family["lines"]
    }
    ways_out = ("/notifications/", "/recherches/arreter/")
    others = [
        link for link in laid_out.read.links if link not in lines and not any(way in link for way in ways_out)
    ]
    assert others == [f"{settings.PUBLIC_URL}{URL}"]


def test_the_way_out_is_there_unless_the_law_wants_the_message(laid_out):
    way_out = "/notifications/desabonnement/"
    told_why = bool(laid_out.kind.legal) and str(laid_out.kind.legal) in laid_out.text
    assert (way_out in laid_out.text) is not bool(laid_out.kind.legal)
    assert (way_out in laid_out.html) is not bool(laid_out.kind.legal)
    assert told_why is bool(laid_out.kind.legal)
