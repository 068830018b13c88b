"""Plain functions that make consultations, bids and openings for tests, through the services."""

import itertools
from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from foundation.accounts.enums import Role
from foundation.clock import database_now, now
from foundation.journal import services as journal
from tenders import identities, services
from tenders.enums import CriterionKind, Procedure, Technique
from tenders.envelopes import share_binding
from tenders.models import Candidature, Contract, Round, Tender
from tenders.selectors import candidature_table, interest_declaration, round_in_force
from tenders.shares import open_share
from tests.accounts.factories import make_buyer_org, make_member, make_supplier_org
from tests.files.packages import pdf
from tests.needs.factories import make_project
from tests.owner import behind_the_triggers
from tests.tenders.signed_pdf import signed_pdf

PASSPHRASE = "une phrase de passe pour les tests"
PDF = pdf()
CRITERIA = [
    {"label": "Prix", "kind": CriterionKind.PRICE, "weight": Decimal(40)},
    {"label": "Valeur technique", "kind": CriterionKind.QUALITY, "weight": Decimal(50)},
    {
        "label": "Sobriété du service",
        "kind": CriterionKind.QUALITY,
        "weight": Decimal(10),
        "is_environmental": True,
    },
]
LINES = [
    {"code": "UO-1", "label": "Investigation", "unit": "forfait", "simulated_quantity": Decimal(2)},
    {"code": "UO-2", "label": "Développement", "unit": "mois", "simulated_quantity": Decimal(10)},
]
QUIET = {
    "procedure": Procedure.BELOW_THRESHOLD,
    "technique": Technique.CONTRACT,
    "estimated_value_excl_tax": Decimal(35_000),
    "maximum_value_excl_tax": None,
    "duration_months": 6,
}
"""The notice of a purchase below the threshold of publicity: firms are invited."""
_numbers = itertools.count(1)


def make_custodian(organisation, *, passphrase=PASSPHRASE, at=None):
    """A custodian of the organisation who has made his key."""
    custodian = make_member(organisation, Role.CUSTODIAN)
    services.custodian_key_create(passphrase=passphrase, by=custodian, at=at or now())
    return custodian


def make_draft(*, organisation=None, by=None, at=None, lots=1, custodians=3, **notice) -> Tender:
    """A draft that the check-list accepts: `lots` lots with criteria and prices, custodians with their
    keys.
    """
    at = at or now()
    organisation = organisation or make_buyer_org()
    by = by or make_member(organisation, Role.BUYER)
    project = make_project(organisation=organisation, by=by, at=at)
    tender = services.tender_create(project=project, by=by, at=at, **{**_notice(at), **notice})
    for number in range(1, lots + 1):
        lot = services.lot_add(tender=tender, title=f"Lot de test {number}", max_holders=2, by=by, at=at)
        services.criteria_set(lot=lot, criteria=CRITERIA, by=by, at=at)
        services.price_lines_set(lot=lot, lines=LINES, by=by, at=at)
    people = [make_custodian(organisation, at=at) for _number in range(custodians)]
    return services.custodians_set(tender=tender, custodians=people, by=by, at=at)


def _notice(at) -> dict:
    return {
        "title": f"Développement d'un service numérique n° {next(_numbers)}",
        "description": "Conception et développement agiles d'un service public numérique.",
        "procedure": Procedure.OPEN,
        "technique": Technique.FRAMEWORK_ORDERS,
        "estimated_value_excl_tax": Decimal(900_000),
        "maximum_value_excl_tax": Decimal(1_500_000),
        "duration_months": 48,
        "cpv_code": "72262000",
        "department_codes": ["75", "93"],
        "submission_due_at": at + timedelta(days=45),
    }


def make_reviewer(organisation):
    """Somebody of the organisation who approves what others wrote."""
    return make_member(organisation, Role.SIGNATORY)


def approve(tender, *, by=None, at=None) -> Tender:
    """Have somebody else approve the draft as it stands."""
    at = at or now()
    by = by or make_reviewer(tender.buyer)
    review = services.review_ask(tender=tender, by=tender.created_by, at=at)
    services.review_approve(review=review, by=by, at=at)
    return tender


def publish(tender, *, by=None, at=None) -> Tender:
    """Have a draft approved by somebody else, then published."""
    at = at or now()
    approve(tender, at=at)
    return services.tender_publish(tender=tender, by=by or tender.created_by, at=at)


def make_published(*, at=None, **fields) -> Tender:
    """A published consultation."""
    return publish(make_draft(at=at, **fields), at=at)


def make_supplier():
    """A person who answers for a new firm, and the firm."""
    firm = make_supplier_org()
    return make_member(firm, Role.SUPPLIER), firm


def make_bid(
    tender, *, by=None, bidder=None, prices=None, files=(("memoire.pdf", PDF),), lots=(1,), is_backup=False
):
    """A bid deposited now, with files, the same prices on each of `lots` and, the first time, its candidature."""
    if bidder is None:
        by, bidder = make_supplier()
    envelope = services.envelope_for(tender=tender, bidder=bidder, by=by)
    for name, content in files:
        envelope.seal_file(name, [content])
    prices = prices or {"UO-1": "1000", "UO-2": "2000"}
    candidature = services.CandidatureDraft(is_declared=True) if envelope.round.number == 1 else None
    return services.bid_deposit(
        envelope=envelope,
        prices=dict.fromkeys(lots, prices),
        candidature=candidature,
        is_backup=is_backup,
        by=by,
    )


def make_candidature(tender, *, by, bidder, lots=(1,)):
    """A candidature deposited now in a procedure whose offers come later."""
    envelope = services.envelope_for(tender=tender, bidder=bidder, by=by)
    draft = services.CandidatureDraft(is_declared=True, lot_numbers=list(lots))
    return services.bid_deposit(envelope=envelope, prices={}, candidature=draft, by=by)


def settle_candidatures(tender, *, but=()) -> None:
    """Admit every candidature except those of `but`, left out of the short list, and close the list."""
    for row in candidature_table(tender, now()):
        found, by = row.candidature, tender.created_by
        if found.bid.bidder in but:
            reason = {"ground": "not_selected", "reason": "Quatrième du classement annoncé."}
            services.candidature_exclude(candidature=found, **reason, by=by, at=now())
        else:
            services.candidature_admit(candidature=found, by=by, at=now())
    services.candidatures_settle(tender=tender, by=tender.created_by, at=now())


def set_deadline(tender, due_at) -> None:
    """Have the deadline be then, for the rows and for the journal; only the owner of the tables may."""
    round = round_in_force(tender)
    # Together: a consultation announces the deadline of its round when the transaction ends.
    with behind_the_triggers(), transaction.atomic():
        Tender.objects.filter(pk=tender.pk).update(submission_due_at=due_at)
        Round.objects.filter(pk=round.pk).update(due_at=due_at)
    told = {"round": str(round.pk), "due_at": due_at.isoformat()}
    with transaction.atomic():
        journal.record(by=None, action="tenders.round_deadline", obj=round, at=now(), facts=told)


def pass_deadline(tender) -> Tender:
    """Have the deadline be this instant, after every deposit."""
    set_deadline(tender, min(round_in_force(tender).due_at, database_now()))
    tender.refresh_from_db(fields=["submission_due_at"])
    return tender


def custodians_of(tender) -> list:
    """The custodians named for the consultation."""
    return [seat.custodian for seat in round_in_force(tender).custody.seats.select_related("custodian")]


def open_bids(tender) -> Tender:
    """Pass the deadline and have as many custodians as needed open the bids."""
    pass_deadline(tender)
    for custodian in custodians_of(tender)[: tender.custodian_threshold]:
        if interest_declaration(tender, custodian) is None:
            services.interest_declare(tender=tender, has_interest=False, by=custodian, at=now())
        opening = give_shares(tender, custodian)
    return opening.tender


def give_shares(tender, custodian):
    """Contribute to the opening as one's own device does."""
    seat, sealed = services.sealed_shares(tender=tender, by=custodian)
    key = seat.custodian_key
    own = identities.unlock(key.locked_seed, PASSPHRASE, key.lock_parameters, str(custodian.pk))
    given = {
        one.bid_id: open_share(
            one.sealed_share, own.share_key, share_binding(one.bid, custodian.pk), one.commitment
        )
        for one in sealed
    }
    return services.opening_contribute(tender=tender, shares=given, by=custodian)


def score_all(tender, *, by=None, points=None) -> None:
    """Close the list of candidatures, then have an evaluator score and submit everything; `points` maps a bidder's
    pk to its points (3 by default).
    """
    if Candidature.objects.filter(bid__tender=tender, settled_at__isnull=True).exists():
        settle_candidatures(tender)
    by = by or make_member(tender.buyer, Role.EVALUATOR)
    for lot in tender.lots.all():
        for offer in lot.offers.all():
            mark = (points or {}).get(offer.bid.bidder_id, 3)
            for criterion in lot.scored_criteria():
                if criterion.is_scored_by_formula:
                    continue
                services.score_save(
                    offer=offer, criterion=criterion, points=mark, comment="Motif.", by=by, at=now()
                )
        services.scores_submit(lot=lot, by=by, at=now())


def serve_contracts(tender, *, but=()):
    """Sign and serve the contracts of an awarded consultation, except those of `but`, as soon as the wait is over;
    returns that instant.
    """
    rows = Contract.objects.filter(award__lot__tender=tender, cancelled_at=None)
    contracts = list(rows.exclude(award__bidder__in=but))
    at = max([now(), *(contract.signable_at for contract in contracts)])
    by, act = make_member(tender.buyer, Role.SIGNATORY), signed_pdf("Anne")
    for contract in contracts:
        upload = SimpleUploadedFile("acte.pdf", act, content_type="application/pdf")
        signed = services.contract_sign(contract=contract, upload=upload, by=by, at=at)
        services.contract_serve(contract=signed, by=tender.created_by, at=at)
    return at
