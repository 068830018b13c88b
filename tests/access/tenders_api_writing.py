"""What is written and told around a consultation, through the API: papers, files, firms, corrigenda, answers."""

from tenders import services
from tenders.models import Tender
from tests.access.matrix import EVERYONE, SIGNED_IN, Row
from tests.access.tenders import (
    BUYERS,
    BUYERS_PEOPLE,
    a_clause,
    draft,
    file_of_a_draft,
    in_review,
    laid_out,
    public_file,
    published,
    with_a_firm,
    with_a_remark,
    with_papers,
)
from tests.access.tenders_public import ready

EMPTY = frozenset({422})


def papers_of_a_draft(world):
    """A draft with its papers."""
    return {"pk": with_papers(world)["pk"]}


def a_paper(world):
    """A paper of a draft."""
    return {"pk": Tender.objects.get(**papers_of_a_draft(world)).papers.get(kind="rc").pk}


def clause_of_a_paper(world):
    """One of its clauses."""
    found = a_clause(world)
    paper = Tender.objects.get(pk=found["pk"]).papers.get(kind="rc")
    return {"pk": paper.pk, "clause": found["clause_pk"]}


def an_own_clause(world):
    """A clause that the buyer's organisation wrote."""
    saved = services.own_clause_save(
        organisation=world.own,
        code="propre",
        paper="ccap",
        chapter="Exécution",
        title="Suivi",
        text="Chaque semaine.",
        article="",
        by=world.user("buyer@own"),
        at=world.at,
    )
    return {"pk": saved.pk}


def an_invited_firm(world):
    """A draft without a notice, and the firm that it invites."""
    return {"pk": with_a_firm(world)["pk"], "siret": world.firm.siret}


ANY_BUYER = BUYERS | {"buyer@other"}
ROWS = {
    "api:tender-add-document": Row(allowed=BUYERS, make=draft, method="post", ok={415}),
    "api:tender-document": [
        Row(allowed=EVERYONE, make=public_file),
        Row(allowed=BUYERS, make=file_of_a_draft, method="delete"),
    ],
    "api:tender-invited": Row(allowed=BUYERS_PEOPLE, make=draft),
    "api:tender-invite": [
        Row(allowed=BUYERS, make=an_invited_firm, method="put"),
        Row(allowed=BUYERS, make=an_invited_firm, method="delete"),
    ],
    "api:tender-corrigendum": Row(
        allowed=BUYERS, make=published, method="post", data={"reason": "Erreur.", "title": "Autre titre"}
    ),
    "api:tender-stages": [
        Row(allowed=EVERYONE, make=published),
        Row(allowed=BUYERS, make=published, method="put", data={"stages": []}),
    ],
    "api:tender-publish-answers": Row(allowed={"buyer@own*", "prescriber@own*"}, make=ready, method="post"),
    "api:tender-reopen": Row(allowed=BUYERS, make=in_review, method="post"),
    "api:tender-settle": Row(allowed=BUYERS, make=with_a_remark, method="post"),
    "api:tender-follow": [
        Row(allowed=SIGNED_IN, make=published, method="put"),
        Row(allowed=SIGNED_IN, make=published, method="delete"),
    ],
    "api:tender-paper-values": [
        Row(allowed=BUYERS_PEOPLE, make=draft),
        Row(allowed=BUYERS, make=draft, method="put", data={"values": {"tribunal": "Paris"}}),
    ],
    "api:tender-paper-versions": [
        Row(allowed=BUYERS_PEOPLE, make=draft),
        Row(allowed=BUYERS, make=papers_of_a_draft, method="post"),
    ],
    "api:tender-paper-comparison": Row(allowed=BUYERS_PEOPLE, make=laid_out),
    "api:tender-paper-list": [
        Row(allowed=EVERYONE),
        Row(allowed=ANY_BUYER, method="post", data=lambda world: {"tender": draft(world)["pk"]}),
    ],
    "api:tender-paper-detail": Row(allowed=BUYERS_PEOPLE, make=a_paper),
    "api:tender-paper-library": Row(allowed=BUYERS_PEOPLE, make=a_paper),
    "api:tender-paper-add-clause": Row(
        allowed=BUYERS, make=a_paper, method="post", data={"code": "inconnue", "reason": "Il le faut."}
    ),
    "api:tender-paper-clause": [
        Row(
            allowed=BUYERS,
            make=clause_of_a_paper,
            method="put",
            data={"title": "Titre", "text": "Texte.", "reason": "Plus clair."},
        ),
        Row(allowed=BUYERS, make=clause_of_a_paper, method="delete"),
    ],
    "api:own-clause-list": [
        Row(allowed=EVERYONE),
        Row(allowed=ANY_BUYER, method="post", ok=EMPTY),
    ],
    "api:own-clause-detail": Row(allowed=BUYERS, make=an_own_clause),
}
