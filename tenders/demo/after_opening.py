"""Chapters of the demonstration on what follows the opening: consensus, low price, negotiation, signed contract."""

from datetime import timedelta
from decimal import Decimal

from django.core.files.base import ContentFile

from tenders import judging, legal, negotiating, services
from tenders.demo.candidatures import admit_all
from tenders.demo.signing import plain_act, signed_act
from tenders.demo.stories import mark, noon, opened
from tenders.enums import Procedure, Stage, Technique
from tenders.models import Contract, Offer, Tender
from tenders.ranking import ranking

SMALL = {
    "procedure": Procedure.ADAPTED,
    "technique": Technique.CONTRACT,
    "duration_months": 24,
    "estimated_value_excl_tax": Decimal(130_000),
}
CONSENSUS = "Prévenir les impayés de loyer"
NEGOTIATED = "Simplifier la demande de carte mobilité inclusion"
SIGNED = "Suivre les travaux de son école"


def tell(cast, *, at) -> None:
    """Tell the chapters whose title is missing."""
    known = set(Tender.objects.filter(buyer=cast.orgs["dinum"]).values_list("title", flat=True))
    for title, story in ((CONSENSUS, _consensus), (NEGOTIATED, _negotiated), (SIGNED, _signed)):
        if title not in known:
            story(cast, at)


def _offer(tender, organisation) -> Offer:
    rows = Offer.objects.select_related("lot", "bid__tender__buyer", "bid__bidder")
    return rows.get(bid__tender=tender, bid__bidder=organisation)


def _consensus(cast, at) -> None:
    """Two evaluators differ and settle it, one mark being left; a price looks too low and its firm explains it."""
    tender = opened(
        cast,
        CONSENSUS,
        at,
        "Repérer les difficultés avec les bailleurs et les associations, avant la procédure d'expulsion.",
        bids=(("fournisseur", "1.00"), ("fournisseur2", "1.08"), ("fournisseur3", "0.58")),
        estimated_value_excl_tax=Decimal(610_000),
        maximum_value_excl_tax=Decimal(850_000),
    )
    mark(cast, tender, "evaluatrice", {"fournisseur": "4", "fournisseur2": "4.5", "fournisseur3": "3"}, at)
    mark(cast, tender, "evaluateur", {"fournisseur": "4", "fournisseur2": "3.5", "fournisseur3": "3"}, at)
    lot, chair = tender.lots.get(), cast.people["evaluatrice"]
    session = services.consensus_open(lot=lot, by=chair, at=at)
    for row in judging.left_to_settle(lot)[:-1]:
        services.consensus_settle(
            session=session,
            offer=row.offer,
            criterion=row.criterion,
            points="4",
            reason="Le mémoire décrit la méthode page 12 ; l'engagement de délai reste à préciser.",
            by=chair,
            at=at,
        )
    buyer = cast.people["acheteuse"]
    review = services.low_offer_ask(
        offer=_offer(tender, cast.orgs["fournisseur3"]),
        question="Comment tenez-vous le prix de la journée de développement, deux cinquièmes sous les autres ?",
        due_at=noon(at + timedelta(days=5)),
        by=buyer,
        at=at,
    )
    services.low_offer_answer(
        review=review,
        answer="Notre composant de relances, publié sous licence libre, couvre la moitié du besoin.",
        by=cast.people["fournisseur3"],
        at=at,
    )
    today = at.astimezone(legal.PARIS).date()
    dates = {Stage.ANALYSIS: today + timedelta(days=12), Stage.DECISION: today + timedelta(days=20)}
    services.stages_plan(tender=tender, dates=dates, by=buyer, at=at)


def _negotiated(cast, at) -> None:
    """Two candidates heard on the same grid: one record is countersigned with a commitment, one slot is chosen."""
    tender = opened(
        cast,
        NEGOTIATED,
        at,
        "Une demande qui se remplit une fois, relue par les personnes concernées.",
        bids=(("fournisseur", "1.03"), ("fournisseur2", "0.97")),
        **SMALL,
    )
    lot, buyer = tender.lots.get(), cast.people["acheteuse"]
    topics = negotiating.topics_offered(lot)
    negotiation = services.negotiation_start(lot=lot, topics=topics, minutes=60, by=buyer, at=at)
    for place, meeting in enumerate(negotiation.meetings.all()):
        first = noon(at + timedelta(days=4 + place))
        services.meeting_prepare(
            meeting=meeting,
            place="Visioconférence, lien envoyé la veille",
            slots=[first, first + timedelta(hours=3)],
            prompts={
                topics_row.pk: "Précisez ce point de votre offre." for topics_row in negotiation.topics.all()
            },
            by=buyer,
            at=at,
        )
    services.negotiation_invite(negotiation=negotiation, by=buyer, at=at)
    for name in ("fournisseur", "fournisseur2"):
        meeting = negotiation.meetings.get(offer__bid__bidder=cast.orgs[name])
        services.slot_choose(meeting=meeting, starts_at=meeting.slots[0], by=cast.people[name], at=at)
    _hear(cast, negotiation.meetings.get(offer__bid__bidder=cast.orgs["fournisseur"]), at)


def _hear(cast, meeting, at) -> None:
    buyer = cast.people["acheteuse"]
    services.commitment_add(
        meeting=meeting,
        topic=meeting.negotiation.topics.last(),
        clause="Le titulaire publie l'empreinte carbone de l'hébergement chaque trimestre et la réduit.",
        indicator="Empreinte de l'hébergement, en kg équivalent CO₂ par mois",
        target="− 20 % un an après la notification",
        by=buyer,
        at=at,
    )
    outcomes = {note.topic_id: "Point éclairci, repris dans l'offre finale." for note in meeting.notes.all()}
    services.record_share(meeting=meeting, outcomes=outcomes, by=buyer, at=at)
    services.record_sign(
        meeting=meeting, remarks="Compte rendu conforme.", by=cast.people["fournisseur"], at=at
    )


def _signed(cast, at) -> None:
    """A small contract gone through to the end: documents, signature, service, notice; the loser asks why."""
    tender = opened(
        cast,
        SIGNED,
        at,
        "Dire aux familles ce qui se fait, quand et pourquoi.",
        bids=(("fournisseur", "0.95"), ("fournisseur3", "1.10")),
        **SMALL,
    )
    admit_all(tender, cast.people["acheteuse"], at)
    mark(cast, tender, "evaluatrice", {"fournisseur": "4", "fournisseur3": "3"}, at)
    lot, buyer = tender.lots.get(), cast.people["acheteuse"]
    services.lot_award(
        lot=lot,
        offers=[ranking(lot)[0].offer],
        strengths="Une équipe déjà en place, des démonstrations toutes les deux semaines dans une école.",
        by=buyer,
        at=at,
    )
    services.tender_award(tender=tender, by=cast.people["signataire"], at=at)
    loser = cast.people["fournisseur3"]
    asked = services.reasons_ask(offer=_offer(tender, cast.orgs["fournisseur3"]), by=loser, at=at)
    services.reasons_answer(
        request=asked,
        answer="Votre mémoire ne nomme pas l'équipe ; l'offre retenue décrit chaque itération.",
        by=buyer,
        at=at,
    )
    _sign(cast, Contract.objects.get(award__lot=lot, cancelled_at=None), at)
    services.award_notice_publish(tender=Tender.objects.get(pk=tender.pk), by=buyer, at=at)


def _sign(cast, contract, at) -> None:
    buyer, signatory = cast.people["acheteuse"], cast.people["signataire"]
    label = legal.HOLDER_PIECES[2]
    due = noon(at + timedelta(days=6))
    [piece] = services.pieces_ask(contract=contract, labels=[label], due_at=due, by=buyer, at=at)
    paper = ContentFile(plain_act(f"{label} (démonstration)"), name="attestation-de-vigilance.pdf")
    piece = services.piece_send(piece=piece, upload=paper, by=cast.people["fournisseur"], at=at)
    services.piece_check(piece=piece, is_accepted=True, by=buyer, at=at)
    names = [f"{person} (démonstration)" for person in (cast.people["fournisseur"], signatory)]
    act = ContentFile(
        signed_act("Acte d'engagement (démonstration)", *names, at=at), name="acte-d-engagement-signe.pdf"
    )
    contract = services.contract_sign(contract=contract, upload=act, by=signatory, at=at)
    services.contract_serve(contract=contract, by=buyer, at=at)
