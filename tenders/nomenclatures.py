"""Reference data that notices use: CPV codes, départements, communes. Files of `data/`, read once per process."""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "data"
ENOUGH = 20
"""Results shown for a search."""


@dataclass(frozen=True, slots=True)
class Place:
    """A département (no postal code) or a commune: official code, name, code of its département."""

    code: str
    name: str
    department: str
    postal_codes: tuple[str, ...] = ()

    @property
    def is_department(self) -> bool:
        """Whether it is a whole département."""
        return self.code == self.department

    def __str__(self) -> str:
        return f"{self.name} ({self.code if self.is_department else self.department})"


def plain(text: str) -> str:
    """Without accents, capitals nor punctuation: « L'Haÿ-les-Roses » gives « l hay les roses »."""
    bare = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    kept = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return re.sub(r"\bst(e?)\b", r"saint\1", re.sub(r"[^a-z0-9]+", " ", kept)).strip()


def _rows(name: str):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def cpv_codes() -> dict[str, str]:
    """Known CPV codes (eight digits) → label, in the order of the codes."""
    return {row["code"]: row["libelle"] for row in _rows("cpv.csv")}


def cpv_label(code: str) -> str:
    """The label of a code, or that of its nearest known parent; "" when even its division is unknown."""
    digits = code[:8]
    for kept in range(len(digits), 1, -1):
        label = cpv_codes().get(digits[:kept].ljust(8, "0"))
        if label:
            return label
    return ""


def search_cpv(words: str) -> list[tuple[str, str]]:
    """Codes whose label has every word (by its beginning), or that begin with the digits given."""
    asked = plain(words).split()
    if not asked:
        return []
    if asked[0].isdigit():
        branch = asked[0].rstrip("0").ljust(2, "0")
        return [pair for pair in cpv_codes().items() if pair[0].startswith(branch)][:ENOUGH]
    found = [(code, label) for code, label in cpv_codes().items() if _has_all(f" {plain(label)}", asked)]
    return found[:ENOUGH]


def _has_all(text: str, asked: list[str]) -> bool:
    return all(f" {word.removesuffix('s')}" in text for word in asked)


@cache
def departments() -> dict[str, Place]:
    """Code → département or overseas collectivity."""
    return {row["code"]: Place(row["code"], row["nom"], row["code"]) for row in _rows("departements.csv")}


@cache
def communes() -> dict[str, Place]:
    """Official code → commune or municipal arrondissement."""
    return {
        row["code"]: Place(row["code"], row["nom"], row["departement"], tuple(row["codes_postaux"].split()))
        for row in _rows("communes.csv")
    }


@cache
def _plain_communes() -> list[tuple[str, Place]]:
    return [(plain(place.name), place) for place in communes().values()]


def search_places(words: str) -> list[Place]:
    """Départements then communes, by name (accents forgiven) or by number; the closest names first."""
    asked = plain(words)
    if not asked:
        return []
    if re.fullmatch(r"\d+|2[ab]", asked):
        return _by_number(asked.upper())
    near = [place for place in departments().values() if asked in plain(place.name)]
    found = [(name, place) for name, place in _plain_communes() if asked in f" {name}"]
    found.sort(key=lambda row: (row[0] != asked, not row[0].startswith(asked), len(row[0]), row[1].code))
    return [*near, *(place for _name, place in found)][:ENOUGH]


def _by_number(digits: str) -> list[Place]:
    near = [place for code, place in departments().items() if code.startswith(digits)]
    if len(digits) < 4:
        return near[:ENOUGH]
    communes_there = [
        place for place in communes().values() if any(code.startswith(digits) for code in place.postal_codes)
    ]
    return [*near, *communes_there][:ENOUGH]


def place_names(department_codes: list[str], commune_codes: list[str]) -> list[str]:
    """The names of places, départements first; a code that is no longer official is shown as it is."""
    known = [departments().get(code, code) for code in department_codes]
    if commune_codes:
        known += [communes().get(code, code) for code in commune_codes]
    return [str(place) for place in known]
