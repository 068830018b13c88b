"""The words between braces of the clauses: those that the draft already says, those that are asked of the buyer."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.documents.markup import VARIABLE
from foundation.documents.registry import Variable
from foundation.money import format_euros
from tenders.models import Tender
from tenders.snapshots import words_of


@dataclass(frozen=True)
class Known(Variable):
    """A variable that the draft already says."""

    read: Callable[[Tender], str] = lambda tender: ""


@dataclass(frozen=True)
class Asked(Variable):
    """A variable asked of the buyer; `default` is what is usual, empty when nothing is."""

    default: str = ""


def _brief(tender: Tender, name: str) -> str:
    brief = getattr(tender.project, "brief", None)
    return getattr(brief, name, "").strip() if brief else ""


def _maximum(tender: Tender) -> str:
    value = tender.maximum_value_excl_tax
    return _("%(amount)s HT") % {"amount": format_euros(value)} if value else _("sans objet")


def _duration(tender: Tender) -> str:
    return _("%(months)s mois") % {"months": tender.duration_months} if tender.duration_months else ""


_L = gettext_lazy
KNOWN = (
    Known("reference", _L("référence"), "C2026-00014", read=lambda t: t.reference),
    Known("intitule", _L("intitulé"), "Suivi des demandes", read=lambda t: t.title),
    Known("objet", _L("objet"), "Concevoir le suivi des demandes.", read=lambda t: t.description),
    Known("acheteur", _L("acheteur"), "DINUM", read=lambda t: t.buyer.name),
    Known("siret", _L("SIRET de l'acheteur"), "13002526500013", read=lambda t: t.buyer.siret),
    Known("ville", _L("ville de l'acheteur"), "Paris", read=lambda t: t.buyer.city),
    Known("cpv", _L("code CPV"), "72262000", read=lambda t: t.cpv_code),
    Known("lieux", _L("départements"), "75, 93", read=lambda t: ", ".join(t.department_codes)),
    Known("procedure", _L("procédure"), "appel d'offres ouvert", read=lambda t: t.get_procedure_display()),
    Known("technique", _L("forme du contrat"), "accord-cadre", read=lambda t: t.get_technique_display()),
    Known("duree", _L("durée"), "48 mois", read=_duration),
    Known("maximum", _L("montant maximum"), "900 000,00 € HT", read=_maximum),
    Known(
        "datelimite", _L("date limite"), "3 mars 2026 à 12:00", read=lambda t: words_of(t.submission_due_at)
    ),
    Known("depositaires", _L("dépositaires nécessaires"), "2", read=lambda t: str(t.custodian_threshold)),
)
ASKED = (
    Asked("probleme", _L("Le problème à résoudre"), _L("Un tiers des demandeurs abandonne à la pièce 7.")),
    Asked("usagers", _L("Les usagers"), _L("12 000 gestionnaires de logements, dont 8 rencontrés en mars.")),
    Asked("indicateurs", _L("Les indicateurs d'impact"), _L("taux d'abandon, aujourd'hui 33 %, visé 15 %")),
    Asked("tribunal", _L("Tribunal compétent"), _L("tribunal administratif de Paris")),
    Asked("delaiquestions", _L("Questions acceptées jusqu'à"), _L("dix jours"), default="dix jours"),
    Asked("delaivalidite", _L("Durée de validité des offres"), _L("six mois"), default="six mois"),
    Asked("pagesmemoire", _L("Longueur du mémoire"), _L("vingt pages"), default="vingt pages"),
    Asked(
        "formegroupement",
        _L("Groupement après l'attribution"),
        _L("conjoint avec mandataire solidaire"),
        default="conjoint ou solidaire, au choix",
    ),
    Asked("preavis", _L("Préavis de non-reconduction"), _L("trois mois"), default="trois mois"),
    Asked("delairefus", _L("Délai pour renoncer à un bon"), _L("cinq jours"), default="cinq jours ouvrés"),
    Asked(
        "delairemplacement", _L("Délai de remplacement"), _L("quinze jours"), default="quinze jours ouvrés"
    ),
    Asked("delaiverification", _L("Délai d'acceptation"), _L("quinze jours"), default="quinze jours ouvrés"),
    Asked("garantie", _L("Durée de garantie"), _L("six mois"), default="six mois"),
    Asked("penalitejour", _L("Pénalité par jour de retard"), _L("100 €"), default="100 €"),
    Asked("plafondpenalites", _L("Plafond des pénalités"), _L("10 %"), default="10 %"),
    Asked("plafondrevision", _L("Hausse annuelle maximale"), _L("4 %"), default="4 %"),
    Asked("avance", _L("Taux de l'avance"), _L("30 %"), default="30 %"),
    Asked("delaipaiement", _L("Délai de paiement"), _L("trente jours"), default="trente jours"),
    Asked("licence", _L("Licence du code"), _L("licence EUPL 1.2"), default="licence EUPL 1.2"),
    Asked("delaiplan", _L("Remise du plan de réversibilité"), _L("trois mois"), default="trois mois"),
    Asked("delaifaille", _L("Correction d'une faille critique"), _L("72 heures"), default="72 heures"),
    Asked("heuresinsertion", _L("Part d'insertion"), _L("5 %"), default="5 %"),
    Asked("indemniteresiliation", _L("Indemnité de résiliation"), _L("5 %"), default="5 %"),
    Asked("entretiens", _L("Entretiens d'investigation"), _L("vingt"), default="vingt"),
    Asked("iteration", _L("Durée d'une itération"), _L("deux semaines"), default="deux semaines"),
    Asked("disponibilite", _L("Disponibilité"), _L("99,5 %"), default="99,5 %"),
    Asked("tauxrgaa", _L("Taux RGAA à l'ouverture"), _L("90 %"), default="90 %"),
    Asked("poidspage", _L("Poids d'une page"), _L("500 ko"), default="500 ko"),
    Asked("comite", _L("Rythme du comité"), _L("deux mois"), default="deux mois"),
)
BY_NAME = {variable.name: variable for variable in (*KNOWN, *ASKED)}
ASKED_NAMES = {variable.name for variable in ASKED}
_FROM_BRIEF = {"probleme": "problem", "usagers": "users"}


def used_in(text: str) -> list[str]:
    """Names of the variables written in a text, each once, in order."""
    return list(dict.fromkeys(match["name"] for match in VARIABLE.finditer(text)))


def unknown_in(text: str) -> list[str]:
    """Names written between braces that nobody declared."""
    return [name for name in used_in(text) if name not in BY_NAME]


def values_of(tender: Tender, typed: dict[str, str]) -> dict[str, str]:
    """What each variable says: the draft's facts, then what was typed, the brief, what is usual."""
    values = {known.name: str(known.read(tender) or "") for known in KNOWN}
    for asked in ASKED:
        told = _brief(tender, _FROM_BRIEF[asked.name]) if asked.name in _FROM_BRIEF else ""
        values[asked.name] = typed.get(asked.name, "").strip() or told or asked.default
    return values


def filled(text: str, values: dict[str, str]) -> str:
    """The text with its variables replaced; what is still to be said stands between brackets."""
    return VARIABLE.sub(lambda match: said(match["name"], values), text)


def said(name: str, values: dict[str, str]) -> str:
    """What a variable says, or that it is still asked of the buyer."""
    if values.get(name) or name not in ASKED_NAMES:
        return values.get(name, "")
    return _("[à compléter : %(what)s]") % {"what": BY_NAME[name].label}


def missing_in(texts, values: dict[str, str]) -> list[str]:
    """Variables asked by these texts that nothing answers yet, each once; the check-list asks for the draft's own."""
    names = [name for text in texts for name in used_in(text) if name in ASKED_NAMES]
    return [name for name in dict.fromkeys(names) if not values.get(name)]
