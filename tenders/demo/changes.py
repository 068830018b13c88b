"""What the tour shows of reviews and changes: a draft sent back with remarks, a corrigendum, a later deadline."""

from datetime import timedelta
from decimal import Decimal

from foundation.accounts.approvals.services import approval_confirm
from tenders import services
from tenders.demo.custodians import CUSTODIANS
from tenders.demo.papers import write_papers
from tenders.demo.stories import TEAM_LINES, add_lot, draft, publish
from tenders.models import Tender

IN_REVIEW = "Recueillir les avis des riverains sur un chantier"
CHANGED = "Alerter les pêcheurs des zones fermées"


def tell(cast, *, at) -> None:
    """Tell what is missing."""
    known = set(Tender.objects.filter(buyer=cast.orgs["dinum"]).values_list("title", flat=True))
    if IN_REVIEW not in known:
        _in_review(cast, at)
    if CHANGED not in known:
        _changed(cast, at)


def _in_review(cast, at) -> None:
    """Sent back with two remarks, one dealt with, put to review again: the reviewer reads what changed."""
    written, by, reviewer = at - timedelta(days=3), cast.people["acheteuse"], cast.people["signataire"]
    tender = draft(
        cast,
        IN_REVIEW,
        written,
        due_at=at + timedelta(days=45),
        description="Un service où chacun dit ce que le chantier change pour lui, et lit ce qu'on en fait.",
        estimated_value_excl_tax=Decimal(380_000),
        maximum_value_excl_tax=Decimal(600_000),
        duration_months=36,
    )
    add_lot(tender, "Conception et développement", TEAM_LINES, by, written)
    people = [cast.people[name] for name in CUSTODIANS]
    services.custodians_set(tender=tender, custodians=people, threshold=2, by=by, at=written)
    write_papers(tender, by, written)
    services.paper_versions_make(tender=tender, by=by, at=written)
    review = services.review_ask(tender=tender, message="Premier jet, dites-moi tout.", by=by, at=written)
    remarks = (
        ("identity", "« Un service où chacun » : dites plutôt qui est concerné, et combien de personnes."),
        ("prices", "Une ligne pour la reprise des contributions déjà reçues sur papier ?"),
    )
    read = written + timedelta(days=1)
    said = [
        services.review_comment(review=review, section=section, text=text, by=reviewer, at=read)
        for section, text in remarks
    ]
    services.review_send_back(review=review, reason="Presque : deux points.", by=reviewer, at=read)
    services.comment_settle(comment=said[0], by=by, at=at)
    services.tender_update(
        tender=tender,
        description=(
            "Un service où les 40 000 riverains de trois chantiers disent ce qu'ils changent pour eux, et "
            "lisent ce qu'on en fait."
        ),
        by=by,
        at=at,
    )
    services.paper_versions_make(tender=tender, by=by, at=at)
    services.review_ask(tender=tender, message="Public chiffré. Le papier attendra.", by=by, at=at)


def _changed(cast, at) -> None:
    """Published, then said otherwise, then given another week by two persons."""
    published, by = at - timedelta(days=12), cast.people["acheteuse"]
    tender = draft(
        cast,
        CHANGED,
        published,
        due_at=at + timedelta(days=25),
        description="Prévenir sur leur téléphone les 6 000 patrons pêcheurs des zones fermées.",
        estimated_value_excl_tax=Decimal(420_000),
        maximum_value_excl_tax=Decimal(700_000),
        department_codes=["29", "56"],
    )
    add_lot(tender, "Conception et développement", TEAM_LINES, by, published)
    write_papers(tender, by, published)
    tender = publish(cast, tender, published)
    services.corrigendum_publish(
        tender=tender,
        reason="Le service couvre aussi la Charente-Maritime, oubliée dans l'avis.",
        fields={"department_codes": ["17", "29", "56"]},
        by=by,
        at=at - timedelta(days=2),
    )
    approval = services.extension_ask(
        tender=tender,
        due_at=tender.submission_due_at + timedelta(days=7),
        reason="Laisser le temps de lire le rectificatif.",
        by=by,
        at=at - timedelta(days=2),
    )
    approval_confirm(
        approval=approval, digest=approval.digest, by=cast.people["signataire"], at=at - timedelta(days=1)
    )
