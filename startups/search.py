"""State startups in the one search box, and whose records of acceptance a person finds."""

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.search.registry import SearchKind, register, register_documents
from startups import rules
from startups.models.portfolio import SEARCHED


def declare() -> None:
    """Make the kind known to the search."""
    register(
        SearchKind(
            code="startups",
            label=_("Startups d'État"),
            visible_to=rules.startups_visible_to,
            address=lambda key: reverse("startups:detail", args=[key]),
            vector=SEARCHED,
            title="name",
            facts=F("organisation__name"),
            text=F("problem"),
            key="slug",
            order=50,
        )
    )
    register_documents("startups.acceptance_record", rules.iterations_visible_to)
