"""The letters to those who answered: what was decided of their offer, and why."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.enums import Role
from foundation.accounts.selectors import has_role
from foundation.documents import services as documents
from foundation.documents.enums import DocumentForm
from foundation.documents.registry import DocumentKind, Section, Variable
from tenders import rules
from tenders.documents.acts import TENDER_VARIABLES, issuer_facts, tender_facts
from tenders.documents.report import mark_words
from tenders.enums import TenderState
from tenders.models import Offer, Tender
from tenders.ranking import Ranked, ranking

LETTER = "tenders.result_letter"


def _sees_letter(user, document) -> bool:
    return bool(_letters_seen(user, [document]))


def _letters_seen(user, letters: list) -> list:
    """The buyer's people see them all; once a letter is final, so do the members of the firm it is written to."""
    wanted = Offer.objects.filter(pk__in={letter.object_id for letter in letters})
    offers = {str(offer.pk): offer.bid for offer in wanted.select_related("bid__tender")}
    return [
        letter
        for letter in letters
        if letter.object_id in offers and _reads(user, letter, offers[letter.object_id])
    ]


def _reads(user, letter, bid) -> bool:
    is_own = not letter.is_draft and has_role(user, bid.bidder_id, Role.SUPPLIER)
    return is_own or rules.reads_offers(user, bid.tender)


def letter_sections(document) -> list[Section]:
    """The letter: what was decided of this offer, why, who holds the lot, from when the contract may be signed."""
    facts = document.facts
    lot = _("lot %(number)s, %(title)s") % facts["lot"]
    if facts["is_holder"]:
        decided = _("Votre offre est retenue pour le %(lot)s, au rang %(rank)s.") % {
            "lot": lot,
            "rank": facts["rank"],
        }
    else:
        decided = _("Votre offre n’est pas retenue pour le %(lot)s.") % {"lot": lot}
    marks = Section(
        title=_("Les notes de votre offre"),
        paragraphs=(_("Rang %(rank)s, note %(score)s sur 100.") % facts,) if facts["rank"] else (),
        caption=_("Notes par critère"),
        head=(_("Critère"), _("Note attribuée")),
        rows=tuple((mark["label"], mark["value"]) for mark in facts["marks"]),
    )
    return [
        Section(title=_("Décision"), paragraphs=(facts["bidder"]["name"], decided)),
        *([marks] if facts["marks"] else []),
        *_reasons(facts),
        _outcome(facts),
    ]


def _reasons(facts: dict) -> list[Section]:
    """To a firm not retained: why the holders were, by the criteria on which they were better, without a figure."""
    said = [
        _(
            "L’offre de %(name)s est classée au rang %(rank)s. Elle est mieux notée que la vôtre sur : %(labels)s."
        )
        % {**holder, "labels": ", ".join(holder["better_on"])}
        for holder in facts.get("preferred", ())
        if holder["better_on"]
    ]
    if facts.get("exclusion"):
        said = [_("Votre offre a été écartée : %(exclusion)s") % facts]
    elif not facts["is_holder"]:
        said += facts.get("strengths", [])
    if not said:
        return []
    secret = _(
        "Ni les prix ni le contenu des autres offres ne sont donnés : le secret des affaires les protège "
        "(art. L2132-1 du code de la commande publique)."
    )
    return [Section(title=_("Les motifs du choix"), paragraphs=(*said, secret))]


def _outcome(facts: dict) -> Section:
    if facts["holders"]:
        held = _("Le lot est attribué à : %(holders)s.") % {"holders": ", ".join(facts["holders"])}
    else:
        held = _("Le lot n’est pas attribué : %(reason)s") % {"reason": facts["unawarded_reason"]}
    signature = _(
        "Le contrat ne sera pas signé avant le %(day)s (art. R2182-1 du code de la commande publique). "
        "D’ici là, le juge du référé précontractuel peut être saisi."
    )
    more = _(
        "Les motifs détaillés vous sont donnés dans les quinze jours d’une demande écrite (art. R2181-4)."
    )
    return Section(
        title=_("Suite de la procédure"), paragraphs=(held, signature % {"day": facts["signature_day"]}, more)
    )


KINDS = (
    DocumentKind(
        code=LETTER,
        label=gettext_lazy("Courrier de résultat"),
        template="documents/sections.html",
        forms=(DocumentForm.PDF, DocumentForm.DOCX),
        sections=letter_sections,
        can_see=_sees_letter,
        see_many=_letters_seen,
        variables=(
            *TENDER_VARIABLES,
            Variable(
                "entreprise", gettext_lazy("entreprise qui reçoit le courrier"), "Atelier", "bidder.name"
            ),
        ),
    ),
)


def request_letters(tender: Tender, by, at):
    """One letter for each ranked offer of each lot, in one batch. Final once the award is decided, drafts before.

    Raises Refusal when no offer is ranked.
    """
    is_draft = tender.state != TenderState.AWARDED
    requests = [
        {
            "kind": LETTER,
            "obj": row.offer,
            "facts": _letter_facts(tender, lot, row, rows),
            "title": _("Résultat du lot %(number)s : %(name)s")
            % {"number": lot.number, "name": row.offer.bidder.name},
            "organisation": tender.buyer,
            "is_draft": is_draft,
        }
        for lot in tender.lots.prefetch_related("criteria", "awards__bidder")
        for rows in [ranking(lot)]
        for row in rows
        if row.rank or row.exclusion
    ]
    title = _("Courriers de résultat : %(reference)s") % {"reference": tender.reference}
    return documents.batch_request(title=title, obj=tender, requests=requests, by=by, at=at)


def _letter_facts(tender: Tender, lot, row: Ranked, rows: list[Ranked]) -> dict:
    """What this firm may read: its own marks, the holders' names and why they hold the lot (R2181-3); no price, no mark
    and no word of another offer, no name of another loser (L2132-1).
    """
    holders = [award.bidder for award in lot.awards.all()]
    day = tender.earliest_signature_date
    return {
        "issuer": issuer_facts(tender),
        "tender": tender_facts(tender),
        "lot": {"number": lot.number, "title": lot.title},
        "bidder": {"name": row.offer.bidder.name, "siret": row.offer.bidder.siret},
        "rank": row.rank,
        "score": mark_words(row.score),
        "marks": [
            {"label": mark.criterion.full_label, "value": mark_words(mark.value)} for mark in row.marks
        ],
        "is_holder": row.offer.bidder in holders,
        "holders": [holder.name for holder in holders],
        "exclusion": row.exclusion.reason if row.exclusion else "",
        "strengths": [award.strengths for award in lot.awards.all() if award.strengths],
        "preferred": [] if row.offer.bidder in holders else _preferred(row, rows, holders),
        "unawarded_reason": lot.unawarded_reason,
        "signature_day": f"{day:%d/%m/%Y}" if day else _("(date de la décision à venir)"),
    }


def _preferred(row: Ranked, rows: list[Ranked], holders: list) -> list[dict]:
    """Each holder with its rank and the criteria on which its mark is above that of this offer."""
    return [
        {
            "name": other.offer.bidder.name,
            "rank": other.rank,
            "better_on": [
                its.criterion.label
                for its, ours in zip(other.marks, row.marks, strict=False)
                if its.value is not None and ours.value is not None and its.value > ours.value
            ],
        }
        for other in rows
        if other.offer.bidder in holders
    ]
