"""The analysis report (RAO): what was received, how it was judged, by whom, what is proposed and why."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.documents import services as documents
from foundation.documents.enums import DocumentForm
from foundation.documents.registry import DocumentKind, Section
from foundation.money import format_euros, format_number
from tenders import judging, rules
from tenders.documents.acts import TENDER_VARIABLES, issuer_facts, tender_about, tender_facts
from tenders.enums import BidState, TenderState
from tenders.models import LowOfferReview, Negotiation, Tender
from tenders.notifications import exact_words
from tenders.ranking import Ranked, price_formulas, ranking

ANALYSIS_REPORT = "tenders.analysis_report"


def _sees_report(user, document) -> bool:
    tender = tender_about(document)
    return tender is not None and rules.reads_offers(user, tender)


def report_sections(document) -> list[Section]:
    """The consultation, what was received, then each lot: criteria, ranking, reasons, what is proposed."""
    facts = document.facts
    intro = Section(
        title=_("La consultation"),
        paragraphs=(
            f"{facts['tender']['reference']} : {facts['tender']['title']}",
            facts["tender"]["description"],
            *facts.get("course", ()),
            _(
                "Les critères de qualité : note arrêtée en consensus, ou moyenne des notes rendues sur 5 par des "
                "évaluateurs qui ont d'abord noté seuls, ramenée au poids du critère."
            ),
        ),
    )
    return [intro, *(section for lot in facts["lots"] for section in _lot_sections(lot))]


def _lot_sections(lot: dict) -> list[Section]:
    title = _("Lot %(number)s : %(title)s") % lot
    if not lot["offers"]:
        return [Section(title=title, paragraphs=(_("Aucune offre n’a été ouverte pour ce lot."),))]
    head = (_("Rang"), _("Entreprise"), _("Total simulé HT"), *lot["criteria"], _("Note sur 100"))
    rows = tuple(
        (offer["rank"], offer["name"], offer["total"], *offer["marks"], offer["score"])
        for offer in lot["offers"]
    )
    ranked = Section(
        title=title,
        paragraphs=tuple(_proposal(lot)),
        caption=_("Classement des offres du lot %(number)s") % lot,
        head=head,
        rows=rows,
    )
    return [ranked, *_events(lot), *_words(lot)]


def _proposal(lot: dict):
    said = [lot["unawarded_reason"]] if lot["unawarded_reason"] else lot["holders"]
    yield _("Notation du prix : %(formula)s.") % {"formula": lot.get("formula", "")}
    if not said:
        yield _("Proposition : à faire.")
        return
    yield _("Proposition : %(holders)s.") % {"holders": ", ".join(said)}
    yield from lot.get("strengths", ())


def _events(lot: dict) -> list[Section]:
    """What happened to offers besides their marks: exclusions, low prices, ties, consensus sessions."""
    return [
        Section(title=label, paragraphs=tuple(lot[name]))
        for name, label in (
            ("exclusions", _("Offres écartées")),
            ("low_offers", _("Offres paraissant anormalement basses")),
            ("sessions", _("Séances de consensus")),
            ("negotiation", _("Négociation")),
            ("ties", _("Départage")),
        )
        if lot.get(name)
    ]


def _words(lot: dict) -> list[Section]:
    """The appreciations on each offer, criterion by criterion."""
    return [
        Section(
            title=offer["name"],
            caption=_("Appréciations sur l’offre de %(name)s") % offer,
            head=(_("Critère"), _("Points"), _("Appréciation")),
            rows=tuple(tuple(row) for row in offer["words"]),
        )
        for offer in lot["offers"]
        if offer.get("words")
    ]


KINDS = (
    DocumentKind(
        code=ANALYSIS_REPORT,
        label=gettext_lazy("Rapport d’analyse des offres"),
        template="documents/sections.html",
        forms=(DocumentForm.PDF, DocumentForm.DOCX),
        sections=report_sections,
        can_see=_sees_report,
        variables=TENDER_VARIABLES,
    ),
)


def request_analysis_report(tender: Tender, by, at):
    """The report as the analysis stands: a draft until the award is decided."""
    lots = tender.lots.prefetch_related("criteria", "awards__bidder", "tie_breaks__decided_by")
    facts = {
        "issuer": issuer_facts(tender),
        "tender": tender_facts(tender),
        "course": _course(tender),
        "lots": [_lot_report(lot) for lot in lots],
    }
    return documents.document_request(
        kind=ANALYSIS_REPORT,
        obj=tender,
        facts=facts,
        title=_("Rapport d’analyse : %(reference)s") % {"reference": tender.reference},
        by=by,
        at=at,
        organisation=tender.buyer,
        is_draft=tender.state != TenderState.AWARDED,
    )


def _course(tender: Tender) -> list[str]:
    """The dates of the procedure and what was received."""
    bids = tender.bids.values_list("state", flat=True)
    late = sum(1 for state in bids if state == BidState.LATE)
    opened = sum(1 for state in bids if state == BidState.OPENED)
    return [
        _("Procédure : %(name)s.") % {"name": tender.get_procedure_display()},
        _("Publiée le %(when)s.") % {"when": exact_words(tender.published_at)},
        _("Plis ouverts le %(when)s : %(opened)d ; hors délai, gardés fermés : %(late)d.")
        % {"when": exact_words(tender.opened_at), "opened": opened, "late": late},
    ]


def _lot_report(lot) -> dict:
    rows = ranking(lot)
    criteria = lot.scored_criteria()
    return {
        "number": lot.number,
        "title": lot.title,
        "formula": price_formulas(lot),
        "criteria": [f"{row.full_label} ({mark_words(row.share)})" for row in criteria],
        "offers": [_offer_report(row, criteria) for row in rows],
        "holders": [award.bidder.name for award in lot.awards.all()],
        "strengths": [award.strengths for award in lot.awards.all() if award.strengths],
        "unawarded_reason": lot.unawarded_reason,
        "exclusions": [
            f"{row.offer.bidder.name} : {row.exclusion.get_ground_display()}. {row.exclusion.reason}"
            for row in rows
            if row.exclusion
        ],
        "low_offers": [_low_words(review) for review in judging.low_reviews(lot).values()],
        "sessions": [_session_words(session) for session in judging.sessions_of(lot)],
        "negotiation": _negotiation_words(lot),
        "ties": [found.reason for found in lot.tie_breaks.all() if found.replaced_at is None],
    }


def _low_words(review: LowOfferReview) -> str:
    words = [f"{review.offer.bidder.name} : {review.get_state_display()}."]
    words += [
        _("%(label)s : %(gap)s %%.") % {"label": signal["label"], "gap": signal["gap"]}
        for signal in review.signals
    ]
    return " ".join([*words, review.decision_reason])


def _negotiation_words(lot) -> list[str]:
    """Who was heard and for how long, then the commitments countersigned, with their indicators."""
    negotiation = Negotiation.objects.filter(lot=lot).first()
    if negotiation is None:
        return []
    heard = _("Chaque candidat : %(minutes)d minutes, sur les mêmes sujets.") % {
        "minutes": negotiation.minutes
    }
    meetings = negotiation.meetings.select_related("offer__bid__bidder").prefetch_related("commitments")
    said = [f"{row.offer.bid.bidder.name} : {row.get_state_display()}." for row in meetings]
    promised = [
        f"{row.offer.bid.bidder.name} : {found.clause} {found.indicator} : {found.target}."
        for row in meetings
        for found in row.commitments.all()
    ]
    return [heard, *said, *promised]


def _session_words(session) -> str:
    people = ", ".join(str(person) for person in session.participants.all())
    return f"{exact_words(session.opened_at)} : {people}. {session.summary}"


def _offer_report(row: Ranked, criteria: list) -> dict:
    return {
        "rank": str(row.rank or "—"),
        "name": row.offer.bidder.name,
        "total": format_euros(row.offer.total_excl_tax),
        "marks": [mark_words(mark.value) for mark in row.marks] or ["—"] * len(criteria),
        "score": mark_words(row.score),
        "words": [
            [criterion.full_label, _mark_of(row, criterion), " / ".join(said)]
            for criterion in criteria
            if (said := judging.words_on(row.offer, criterion))
        ],
    }


def _mark_of(row: Ranked, criterion) -> str:
    return next((mark_words(mark.value) for mark in row.marks if mark.criterion == criterion), "—")


def mark_words(value) -> str:
    """A mark as it is written; a dash while it is missing."""
    return "—" if value is None else format_number(value)
