"""Plain language: what makes a text hard to read, found in it and shown with a way to say it. Never a refusal.

Our own thresholds, of the usual advice for public texts: a sentence of more than thirty words is read twice.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

LONGEST_SENTENCE = 30
SHOWN = 3
JARGON = {
    "dans le cadre de": "pour, pendant",
    "dans le cadre du": "pour, pendant",
    "au niveau de": "à, dans, pour",
    "en termes de": "pour",
    "mettre en œuvre": "faire, appliquer",
    "mise en œuvre de": "faire, appliquer",
    "problématique": "question, difficulté",
    "problématiques": "questions, difficultés",
    "impacter": "toucher, changer",
    "solutionner": "résoudre",
    "digitaliser": "mettre en ligne",
    "dématérialiser": "mettre en ligne",
    "digitalisation": "mise en ligne",
    "dématérialisation": "mise en ligne",
    "transverse": "commun à plusieurs services",
    "transversal": "commun à plusieurs services",
    "synergie": "travail en commun",
    "synergies": "travail en commun",
    "robuste": "dites ce qui doit résister, et à quoi",
    "innovant": "dites ce qui est nouveau",
    "innovante": "dites ce qui est nouveau",
    "disruptif": "dites ce qui change",
    "ergonomique": "dites ce que l'usager fait sans aide",
    "user-friendly": "dites ce que l'usager fait sans aide",
    "clé en main": "dites ce qui est livré",
    "état de l'art": "citez la règle ou l'exemple",
    "workflow": "étapes",
    "process": "étapes, méthode",
    "back-office": "outil des agents",
    "front-office": "site des usagers",
    "scalable": "dites combien d'usagers",
    "roadmap": "calendrier",
    "reporting": "compte rendu, tableau de suivi",
    "onboarding": "accueil, prise en main",
    "feedback": "retour, avis",
    "benchmark": "comparaison",
    "use case": "cas d'usage, exemple",
    "must have": "indispensable",
    "nice to have": "souhaitable",
}
"""What is often written → what a reader understands at once."""
KNOWN_ACRONYMS = {"RGAA", "RGPD", "API", "PDF", "URL", "SIRET", "PME", "TTC", "CPV", "RGESN", "CNIL", "ANSSI"}
_SENTENCES = re.compile(r"(?<=[.!?;:])\s+|\n+")
_WORDS = re.compile(r"[\w’'-]+")
_ACRONYM = re.compile(r"\b[A-ZÀ-Ý]{3,6}\b")


@dataclass(frozen=True)
class Remark:
    """Something that will stop a reader: what was found, and what to do about it."""

    found: str
    advice: str


def remarks(text: str) -> list[Remark]:
    """What stops a reader in a text, at most three of each kind: long sentences, jargon, unexplained initials."""
    return [*_long_sentences(text), *_jargon(text), *_acronyms(text)]


def _long_sentences(text: str) -> Iterable[Remark]:
    found = [(len(_WORDS.findall(sentence)), sentence.strip()) for sentence in _SENTENCES.split(text)]
    for count, sentence in [one for one in found if one[0] > LONGEST_SENTENCE][:SHOWN]:
        start = " ".join(sentence.split()[:8])
        yield Remark(
            _("Phrase de %(count)s mots : « %(start)s… »") % {"count": count, "start": start},
            _("Coupez-la en deux : une idée par phrase."),
        )


def _jargon(text: str) -> Iterable[Remark]:
    lowered = text.casefold()
    found = [word for word in JARGON if re.search(rf"\b{re.escape(word)}\b", lowered)]
    for word in found[:SHOWN]:
        yield Remark(_("« %(word)s »") % {"word": word}, _("Dites plutôt : %(say)s.") % {"say": JARGON[word]})


def _acronyms(text: str) -> Iterable[Remark]:
    explained = set(re.findall(r"\(([A-ZÀ-Ý]{3,6})\)", text)) | set(re.findall(r"([A-ZÀ-Ý]{3,6}) \(", text))
    found = dict.fromkeys(word for word in _ACRONYM.findall(text) if word not in KNOWN_ACRONYMS | explained)
    for word in list(found)[:SHOWN]:
        yield Remark(
            _("Le sigle « %(word)s »") % {"word": word},
            _("Écrivez-le en entier la première fois, le sigle entre parenthèses."),
        )
