"""Purchase projects in the one search box."""

from django.db.models import CharField, F, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.search.registry import SearchKind, register
from needs.models import SEARCHED
from needs.rules import projects_visible_to


def declare() -> None:
    """Make the kind known to the search."""
    register(
        SearchKind(
            code="projects",
            label=_("Projets d'achat"),
            visible_to=projects_visible_to,
            address=lambda key: reverse("needs:detail", args=[key]),
            vector=SEARCHED,
            facts=Concat(F("reference"), Value(" · "), F("organisation__name"), output_field=CharField()),
            text=F("origin"),
            order=10,
        )
    )
