"""The papers of the consultations of the tour: from the library of clauses, and one file of the buyer's own."""

from django.core.files.base import ContentFile

from tenders import services
from tenders.models import PaperClause

OWN_FILE = """Cadre du mémoire technique (démonstration)

Vingt pages au plus, dans cet ordre.

1. L'équipe : qui fait quoi, présence, ce qui se passe quand quelqu'un part.
2. Une itération, du premier au dernier jour, et la démonstration qui la clôt.
3. Ce que vous mesurez chez les usagers, et ce que vous arrêtez quand la mesure ne bouge pas.
4. Accessibilité, code ouvert, réversibilité : comment nous le vérifions avec vous.
5. Sobriété : hébergement, poids des pages, durée de vie des terminaux.

Les prix vont au bordereau, en ligne ; rien de chiffré ici.
"""
ANSWERS = {
    "probleme": "Ceux que le sujet concerne l'apprennent trop tard, par le journal ou par un voisin.",
    "usagers": "Habitants et professionnels du lieu ; vingt rencontrés en septembre, chez eux.",
    "indicateurs": "part des personnes prévenues à temps, aujourd'hui une sur cinq, trois sur quatre dans un an",
    "tribunal": "tribunal administratif de Paris",
    "avance": "30 %",
}
"""What the clauses ask, for a service that warns people."""


def write_papers(tender, by, at, **answers: str) -> None:
    """The papers from the library, one clause written otherwise, what they ask answered."""
    services.papers_compose(tender=tender, by=by, at=at)
    clause = PaperClause.objects.get(paper__tender=tender, code="ccap-avance")
    services.paper_clause_write(
        clause=clause,
        title=clause.title,
        text=clause.text.replace("50 000 € HT", "25 000 € HT"),
        reason="Des équipes de deux ou trois personnes répondent : l'avance doit jouer dès les petits bons.",
        by=by,
        at=at,
    )
    services.paper_values_set(tender=tender, values={**ANSWERS, **answers}, by=by, at=at)


def attach_own_file(tender, by, at) -> None:
    """What no clause says: how the technical answer is laid out."""
    upload = ContentFile(OWN_FILE.encode(), name="cadre-du-memoire-technique.txt")
    services.document_add(tender=tender, title="Cadre du mémoire technique", upload=upload, by=by, at=at)
