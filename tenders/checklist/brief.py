"""What a reader will look for in the notice: the need as the project tells it, and plain words. Advice only."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from foundation.errors import Reason
from needs import plain
from needs.selectors import brief_quality
from tenders.models import Tender


def brief_reasons(tender: Tender) -> Iterable[Reason]:
    """What the brief of the project still lacks, each point with an example."""
    brief = getattr(tender.project, "brief", None) if tender.project_id else None
    if brief is None:
        return
    for point in brief_quality(brief):
        if not point.met and point.code != "plain":
            message = _("%(label)s : à compléter. %(advice)s %(example)s")
            words = {"label": point.label, "advice": point.advice, "example": point.example}
            yield Reason(message % words)


def plain_reasons(tender: Tender) -> Iterable[Reason]:
    """Long sentences, jargon and unexplained initials of what the public will read first."""
    for remark in plain.remarks(f"{tender.title}\n{tender.description}"):
        yield Reason(f"{remark.found} {remark.advice}", field="description")
