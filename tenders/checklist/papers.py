"""Are the written papers complete?"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from foundation.errors import Reason
from tenders import selectors
from tenders.library.variables import BY_NAME
from tenders.models import Tender


def papers_reasons(tender: Tender) -> Iterable[Reason]:
    """What the clauses of the papers still ask; nothing when the buyer brings his own files."""
    if not tender.pk:
        return
    papers = selectors.papers_of(tender)
    missing = selectors.missing_values(papers, selectors.values_for(tender)) if papers else []
    if missing:
        names = ", ".join(str(BY_NAME[name].label) if name in BY_NAME else name for name in missing)
        yield Reason(_("Les pièces écrites attendent encore : %(names)s.") % {"names": names}, field="papers")
