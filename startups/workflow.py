"""The phases of a startup, the life of an iteration and of a story, as tables."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.errors import Reason
from foundation.workflow import Transition, Workflow
from framework_agreements.enums import OrderState
from startups import legal, rules
from startups.enums import ACTIVE_PHASES, IterationState, Phase, StoryState

RUNNING_ORDERS = (OrderState.ISSUED, OrderState.ACKNOWLEDGED)


def _has_its_sheet(startup, at) -> Iterator[Reason]:
    if not startup.has_product_sheet:
        yield Reason(
            _(
                "La construction se décide sur la fiche produit : complétez la nature du produit, les "
                "conditions de succès et les impacts visés."
            ),
            article=legal.PRODUCT_SHEET.article,
        )


def _has_nothing_open(startup, at) -> Iterator[Reason]:
    waiting = startup.iterations.filter(state__in=[IterationState.RUNNING, IterationState.DEMONSTRATED])
    if waiting.exists():
        yield Reason(_("Une itération est en cours ou attend son procès-verbal : terminez-la d'abord."))


def _has_stories(iteration, at) -> Iterator[Reason]:
    if not iteration.stories.exists():
        yield Reason(
            _("L'itération n'a pas encore de récit utilisateur : écrivez-en au moins un avant de commencer.")
        )


def _is_paid(iteration, at) -> Iterator[Reason]:
    if iteration.order.state not in RUNNING_ORDERS:
        yield Reason(
            _(
                "Le bon de commande qui paie cette itération est « %(state)s » : aucun jour ne s'y inscrit. "
                "Voyez avec l'acheteur."
            )
            % {"state": iteration.order.get_state_display()},
            code="conflict",
        )


def _has_begun(iteration, at) -> Iterator[Reason]:
    if iteration.started_at > at:
        yield Reason(_("La démonstration ne peut pas précéder le début de l'itération."), code="too_early")


def _shows_something(iteration, at) -> Iterator[Reason]:
    if not iteration.stories.filter(state=StoryState.DONE).exists():
        yield Reason(
            _("Aucun récit n'est présenté : indiquez au moins un récit réalisé avant la démonstration.")
        )


def _every_story_is_settled(iteration, at) -> Iterator[Reason]:
    waiting = iteration.stories.filter(state=StoryState.DONE).count()
    if waiting:
        message = ngettext(
            "%(count)d récit attend votre validation ou votre refus : décidez-en avant de signer.",
            "%(count)d récits attendent votre validation ou votre refus : décidez de chacun.",
            waiting,
        )
        yield Reason(message % {"count": waiting})


def _something_is_validated(iteration, at) -> Iterator[Reason]:
    if not iteration.stories.filter(state=StoryState.VALIDATED).exists():
        yield Reason(
            _("Aucun récit n'est validé : l'itération peut être ajournée ou rejetée, pas admise."),
            field="decision",
        )


def _story_is_open(story, at) -> Iterator[Reason]:
    if story.iteration.state != IterationState.DEMONSTRATED:
        yield Reason(
            _("Un récit se valide ou se refuse après la démonstration et avant le procès-verbal."),
            code="conflict",
        )


STARTUP = Workflow(
    gettext_lazy("Startup d'État"),
    Phase,
    (
        Transition(
            "build",
            gettext_lazy("Engager la construction"),
            (Phase.INVESTIGATION,),
            Phase.CONSTRUCTION,
            rules.can_edit_startup,
            (_has_its_sheet,),
        ),
        Transition(
            "consolidate",
            gettext_lazy("Engager la consolidation"),
            (Phase.CONSTRUCTION,),
            Phase.CONSOLIDATION,
            rules.can_edit_startup,
        ),
        Transition(
            "transfer",
            gettext_lazy("Engager la passation"),
            (Phase.CONSOLIDATION,),
            Phase.TRANSFER,
            rules.can_edit_startup,
        ),
        Transition(
            "sustain",
            gettext_lazy("Pérenniser le service"),
            (Phase.TRANSFER,),
            Phase.SUSTAINED,
            rules.can_edit_startup,
            (_has_nothing_open,),
        ),
        Transition(
            "pivot",
            gettext_lazy("Revenir à l'investigation"),
            (Phase.CONSTRUCTION, Phase.CONSOLIDATION),
            Phase.INVESTIGATION,
            rules.can_edit_startup,
        ),
        Transition(
            "stop",
            gettext_lazy("Arrêter la startup"),
            ACTIVE_PHASES,
            Phase.STOPPED,
            rules.can_edit_startup,
            (_has_nothing_open,),
        ),
    ),
    field="phase",
)

_DECIDED_FROM = (IterationState.DEMONSTRATED,)

ITERATION = Workflow(
    gettext_lazy("Itération"),
    IterationState,
    (
        Transition(
            "start",
            gettext_lazy("Commencer l'itération"),
            (IterationState.PLANNED,),
            IterationState.RUNNING,
            rules.can_run_iteration,
            (_has_stories, _is_paid),
        ),
        Transition(
            "cancel",
            gettext_lazy("Annuler l'itération"),
            (IterationState.PLANNED,),
            IterationState.CANCELLED,
            rules.can_cancel_iteration,
        ),
        Transition(
            "demonstrate",
            gettext_lazy("Enregistrer la démonstration"),
            (IterationState.RUNNING, IterationState.DEFERRED),
            IterationState.DEMONSTRATED,
            rules.can_demonstrate_iteration,
            (_has_begun, _shows_something),
        ),
        Transition(
            "accepted",
            gettext_lazy("Admettre"),
            _DECIDED_FROM,
            IterationState.ACCEPTED,
            rules.can_decide_iteration,
            (_every_story_is_settled, _something_is_validated, _is_paid),
        ),
        Transition(
            "reduced",
            gettext_lazy("Admettre avec réfaction"),
            _DECIDED_FROM,
            IterationState.REDUCED,
            rules.can_decide_iteration,
            (_every_story_is_settled, _something_is_validated, _is_paid),
        ),
        Transition(
            "deferred",
            gettext_lazy("Ajourner"),
            _DECIDED_FROM,
            IterationState.DEFERRED,
            rules.can_decide_iteration,
            (_every_story_is_settled,),
        ),
        Transition(
            "rejected",
            gettext_lazy("Rejeter"),
            (IterationState.DEMONSTRATED, IterationState.DEFERRED),
            IterationState.REJECTED,
            rules.can_decide_iteration,
            (_every_story_is_settled,),
        ),
    ),
)

STORY = Workflow(
    gettext_lazy("Récit utilisateur"),
    StoryState,
    (
        Transition(
            "present",
            gettext_lazy("Présenter"),
            (StoryState.TODO, StoryState.REFUSED),
            StoryState.DONE,
            rules.can_present_story,
        ),
        Transition(
            "validate",
            gettext_lazy("Valider"),
            (StoryState.DONE, StoryState.REFUSED),
            StoryState.VALIDATED,
            rules.can_settle_story,
            (_story_is_open,),
        ),
        Transition(
            "refuse",
            gettext_lazy("Refuser"),
            (StoryState.DONE, StoryState.VALIDATED),
            StoryState.REFUSED,
            rules.can_settle_story,
            (_story_is_open,),
        ),
    ),
)
