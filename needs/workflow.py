"""The life of a purchase project, as a table."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.errors import Reason
from foundation.workflow import Transition, Workflow
from needs import rules
from needs.enums import ProjectState


def _has_a_strategy(project, at) -> Iterator[Reason]:
    if not project.strategy_lines.exists():
        yield Reason(
            _(
                "Le projet n'a pas encore de stratégie : ajoutez au moins une ligne (un achat, par exemple) "
                "avant de le déclarer prêt."
            )
        )


PROJECT = Workflow(
    gettext_lazy("Projet d'achat"),
    ProjectState,
    (
        Transition(
            name="make_ready",
            label=gettext_lazy("Déclarer le projet prêt"),
            sources=(ProjectState.DRAFT,),
            target=ProjectState.READY,
            who=rules.can_settle_project,
            conditions=(_has_a_strategy,),
        ),
        Transition(
            name="take_back",
            label=gettext_lazy("Reprendre la préparation"),
            sources=(ProjectState.READY,),
            target=ProjectState.DRAFT,
            who=rules.can_settle_project,
        ),
        Transition(
            name="close",
            label=gettext_lazy("Clore le projet"),
            sources=(ProjectState.DRAFT, ProjectState.READY),
            target=ProjectState.CLOSED,
            who=rules.can_settle_project,
        ),
    ),
)
