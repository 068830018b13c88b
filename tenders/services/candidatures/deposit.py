"""The candidature of an answer: checked, then sealed in the envelope with the papers it shows.

Nothing of it is written anywhere else: until the opening it exists as ciphertext only.
"""

from dataclasses import asdict, dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from concierge import selectors as concierge
from foundation.accounts.models import Organisation
from foundation.accounts.models.people import validate_siret
from foundation.errors import Reason, Refusal
from tenders.enums import Grouping
from tenders.envelopes import Envelope
from tenders.legal import candidatures as law

VERSION = 1
MOST_PARTNERS = 20
MOST_WORDS = 250


@dataclass(frozen=True)
class CandidatureDraft:
    """What a candidate writes for one consultation; the rest comes from the file of his firm.

    `members`: {siret, name, share}. `subcontractors`: {siret, name, services, amount_excl_tax, is_relied_on}.
    Both may say in which `row` of the page they stand, for refusals.
    `certificates`: keys of the papers to show. `lot_numbers`: the lots it is for, when no offer comes with it.
    """

    is_declared: bool = False
    declared_quality: str = ""
    grouping: str = Grouping.ALONE
    is_agent_jointly_liable: bool = False
    members: list[dict] = field(default_factory=list)
    subcontractors: list[dict] = field(default_factory=list)
    certificates: list[int] = field(default_factory=list)
    lot_numbers: list[int] = field(default_factory=list)


def candidature_check(*, envelope: Envelope, draft: CandidatureDraft) -> None:
    """Raises Refusal on what misses in a candidature or contradicts itself, beside its fields."""
    bidder = envelope.bidder
    reasons = [
        *_declaration_reasons(draft),
        *_grouping_reasons(draft, bidder),
        *_subcontractor_reasons(draft),
        *_lot_reasons(draft, envelope),
    ]
    if reasons:
        raise Refusal.of(reasons)


def candidature_seal(*, envelope: Envelope, draft: CandidatureDraft, by, at) -> None:
    """Seal a checked candidature and its papers in an envelope. Raises Refusal for a paper that cannot be read."""
    bidder = envelope.bidder
    today = concierge.day_of(at)
    facts = asdict(draft)
    facts.pop("certificates")
    for one in (*facts["members"], *facts["subcontractors"]):
        one.pop("row", None)
    for one in facts["subcontractors"]:
        one["amount_excl_tax"] = str(one.get("amount_excl_tax") or "")
    facts |= {
        "version": VERSION,
        "declared_by": by.full_name,
        "declared_text": str(law.DECLARATION_WORDS),
        "supplier_file": concierge.frozen(bidder, today),
        "documents": _sealed_papers(envelope, bidder, draft.certificates, today),
    }
    envelope.seal_candidature(facts)


def _declaration_reasons(draft: CandidatureDraft) -> list[Reason]:
    if draft.is_declared:
        return []
    return [Reason(str(law.DECLARATION_MISSING), field="declared", article=law.DECLARATION.cited)]


def _grouping_reasons(draft: CandidatureDraft, bidder: Organisation) -> list[Reason]:
    article = law.CONSORTIUM.cited
    if draft.grouping == Grouping.ALONE:
        if draft.members:
            message = _("Vous avez écrit des membres : choisissez la forme du groupement, ou effacez-les.")
            return [Reason(message, field="grouping", article=article)]
        return []
    if not draft.members:
        message = _("Un groupement a au moins un membre de plus que son mandataire : écrivez-le.")
        return [Reason(message, field="membre-0-siret", article=article)]
    known, reasons = {bidder.siret}, []
    for rank, member in enumerate(draft.members):
        name = f"membre-{member.get('row', rank)}"
        reasons += _partner_reasons(member, name)
        if member["siret"] in known:
            message = _("Ce SIRET est déjà celui du mandataire ou d'un autre membre.")
            reasons.append(Reason(message, field=f"{name}-siret"))
        known.add(member["siret"])
    return reasons


def _subcontractor_reasons(draft: CandidatureDraft) -> list[Reason]:
    reasons = []
    for rank, one in enumerate(draft.subcontractors):
        name = f"soustraitant-{one.get('row', rank)}"
        reasons += _partner_reasons(one, name)
        if not one.get("services"):
            message = _("Dites quelles prestations lui seraient confiées.")
            reasons.append(Reason(message, field=f"{name}-services", article=law.SUBCONTRACTING.cited))
        amount = one.get("amount_excl_tax")
        if amount not in {None, ""} and Decimal(amount) <= 0:
            reasons.append(Reason(_("Un montant est supérieur à zéro."), field=f"{name}-amount_excl_tax"))
    return reasons


def _partner_reasons(partner: dict, name: str) -> list[Reason]:
    reasons = []
    try:
        validate_siret(partner.get("siret", ""))
    except ValidationError as error:
        reasons.append(Reason(error.message, field=f"{name}-siret"))
    if not partner.get("name"):
        reasons.append(Reason(_("Écrivez le nom de cette entreprise."), field=f"{name}-name"))
    return reasons


def _lot_reasons(draft: CandidatureDraft, envelope: Envelope) -> list[Reason]:
    known = {lot.number for lot in envelope.lots.values()}
    if set(draft.lot_numbers) <= known:
        return []
    return [Reason(_("Ce lot n'existe pas dans la consultation."), field="lot_numbers")]


def _sealed_papers(envelope: Envelope, bidder: Organisation, chosen: list[int], today) -> list[dict]:
    """Copy the chosen papers that are still valid in the envelope; gives what is said of each, with its part."""
    papers = concierge.usable_certificates(concierge.supplier_file(bidder), today)
    told = []
    for paper in papers:
        if paper.pk in chosen:
            try:
                part = envelope.seal_file(paper.name, concierge.content_of(paper))
            except OSError as error:
                message = _(
                    "La pièce « %(paper)s » de votre dossier ne peut pas être lue : ajoutez-la de nouveau."
                )
                raise Refusal(message % {"paper": paper}, field="certificates") from error
            told.append({**concierge.document_facts(paper), "part": str(part.id)})
    return told
