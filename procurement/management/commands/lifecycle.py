"""`manage.py lifecycle`: draws docs/lifecycle.md from the workflow tables."""

from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from foundation.workflow import Transition, Workflow

MODULES = [
    ("Invitations et rattachements", "foundation.accounts.workflow"),
    ("Actes à deux", "foundation.accounts.approvals.workflow"),
    ("Besoin", "needs.workflow"),
    ("Consultation", "tenders.workflow"),
    ("Accord-cadre et bons de commande", "framework_agreements.workflow"),
    ("Suivi de la livraison", "startups.workflow"),
    ("Documents", "foundation.documents.workflow"),
    ("Envois vers d’autres systèmes", "foundation.webhooks.workflow"),
]

HEADER = """# Le cycle de vie, dessiné depuis les tables

Cette page est écrite par `./jalon manage lifecycle` à partir des tables de `workflow.py` de chaque étape ; un test
vérifie qu'elle dit la même chose. PostgreSQL refuse tout changement d'état qui n'y figure pas.
"""


def workflows(module: str) -> list[Workflow]:
    """The state machines declared in `module`, in the order of the file."""
    return [value for value in vars(import_module(module)).values() if isinstance(value, Workflow)]


def row(transition: Transition, workflow: Workflow) -> str:
    """A transition as a line of the table: act, from, to, rule."""
    sources = ", ".join(str(workflow.states(source).label) for source in transition.sources)
    rule = transition.who.__name__
    return f"| {transition.label} | {sources} | {workflow.states(transition.target).label} | `{rule}` |"


def section(workflow: Workflow) -> str:
    """One state machine: its drawing and its table."""
    table = [
        "| acte | depuis | vers | règle |",
        "|---|---|---|---|",
        *(row(t, workflow) for t in workflow.transitions),
    ]
    return "\n".join([f"### {workflow.name}", "", "```mermaid", workflow.draw(), "```", "", *table])


def page() -> str:
    """The whole page, in Markdown."""
    parts = [HEADER]
    for title, module in MODULES:
        parts += [f"## {title}\n", *(section(workflow) + "\n" for workflow in workflows(module))]
    return "\n".join(parts)


class Command(BaseCommand):
    """Write the page."""

    help = "Dessine docs/lifecycle.md depuis les tables de workflow."

    def handle(self, *args, **options) -> None:
        """Write docs/lifecycle.md."""
        path = Path(settings.BASE_DIR) / "docs" / "lifecycle.md"
        path.write_text(page(), encoding="utf-8")
        self.stdout.write(f"{path.relative_to(settings.BASE_DIR)} est à jour.")
