"""The second look at a draft, as a table."""

from django.utils.translation import gettext_lazy

from foundation.workflow import Transition, Workflow
from tenders import rules
from tenders.checklist.review import says_what_to_mend, version_is_still_the_draft, version_may_be_published
from tenders.enums import ReviewState

REVIEW = Workflow(
    gettext_lazy("Relecture d'un brouillon"),
    ReviewState,
    (
        Transition(
            name="approve",
            label=gettext_lazy("Approuver cette version"),
            sources=(ReviewState.ASKED,),
            target=ReviewState.APPROVED,
            who=rules.can_review_draft,
            conditions=(version_is_still_the_draft, version_may_be_published),
        ),
        Transition(
            name="send_back",
            label=gettext_lazy("Renvoyer à l'auteur"),
            sources=(ReviewState.ASKED,),
            target=ReviewState.SENT_BACK,
            who=rules.can_review_draft,
            conditions=(says_what_to_mend,),
        ),
        Transition(
            name="reopen",
            label=gettext_lazy("Reprendre la rédaction"),
            sources=(ReviewState.ASKED, ReviewState.APPROVED),
            target=ReviewState.REOPENED,
            who=rules.can_reopen_review,
        ),
    ),
)
