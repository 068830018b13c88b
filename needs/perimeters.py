"""A role may be lent for one purchase project and its consultations."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts import perimeters
from needs.enums import ProjectState
from needs.models import PurchaseProject
from needs.rules import projects_visible_to


def declare() -> None:
    """Let a delegation be limited to a project."""
    perimeters.register(
        perimeters.Perimeter(
            code=PurchaseProject._meta.label,
            label=_("Projet d’achat"),
            offered=_offered,
            page=lambda pk: reverse("needs:detail", args=[pk]),
        )
    )
    perimeters.cover(PurchaseProject, lambda project: [(PurchaseProject._meta.label, project.pk)])


def _offered(user, organisation):
    return projects_visible_to(user).filter(organisation=organisation).exclude(state=ProjectState.CLOSED)
