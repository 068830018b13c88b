"""Who reads the papers of a draft and the clauses of a library, outside the pages of the draft."""

from django.db.models import Q, QuerySet

from foundation.accounts.selectors import lent_inside, organisation_ids
from tenders import rules
from tenders.library.rules import can_write_clauses, clause_houses
from tenders.models import OwnClause, Paper


def papers_visible_to(user) -> QuerySet[Paper]:
    """Those who work on the consultations of a buyer read their papers while they are written."""
    own = Q(tender__buyer_id__in=organisation_ids(user, *rules.DRAFT_READERS))
    return Paper.objects.filter(own | lent_inside(user, rules.BID_INSIDE, *rules.DRAFT_READERS))


def can_edit_paper(user, paper: Paper) -> bool:
    """Who writes the draft writes its papers."""
    return rules.can_edit_tender(user, paper.tender)


def own_clauses_visible_to(user) -> QuerySet[OwnClause]:
    """Buyers read every version of the clauses that their organisations wrote."""
    if not user.is_authenticated:
        return OwnClause.objects.none()
    return OwnClause.objects.filter(organisation__in=clause_houses(user))


def can_write_clause(user, clause: OwnClause) -> bool:
    """Who writes in the library of an organisation saves the next version."""
    return can_write_clauses(user, clause.organisation_id)
