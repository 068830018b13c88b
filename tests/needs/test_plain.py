"""Plain language: what stops a reader is found, and told with a way to say it."""

import pytest

from needs import plain


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (" ".join(["mot"] * 31) + ".", "31 mots"),
        ("Il faut digitaliser la démarche.", "digitaliser"),
        ("Dans le cadre de la réforme.", "dans le cadre de"),
        ("Relier le service au SNDS.", "SNDS"),
    ],
)
def test_what_stops_a_reader_is_found(text, found):
    [remark] = plain.remarks(text)
    assert found in remark.found and remark.advice


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Un agent ressaisit chaque demande. Les usagers attendent trois semaines.",
        "Le système national des données de santé (SNDS) répond. Le SNDS est relié.",
        "Le service respecte le RGAA.",
        " ".join(["mot"] * 30) + ".",
        "Un processus de paix.",
    ],
)
def test_plain_words_are_left_alone(text):
    assert plain.remarks(text) == []


def test_few_remarks_at_a_time():
    text = "Impacter, solutionner, digitaliser, benchmark, feedback."
    assert len(plain.remarks(text)) == plain.SHOWN
