"""What the foundation itself lets find: documents and organisations."""

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.rules import organisations_visible_to
from foundation.documents.enums import DocumentState
from foundation.documents.models import Document
from foundation.search import registry
from foundation.search.text import vector


def documents_visible_to(user) -> QuerySet[Document]:
    """Documents that are ready and about objects whose documents this person reads, kind by kind."""
    readable = Q(pk__in=[])
    for code, objects in registry.document_readers().items():
        about = objects(user)
        of_kind = Q(kind=code)
        if about is not None:
            of_kind &= Q(object_id__in=about.order_by().values_list(Cast("pk", TextField()), flat=True))
        readable |= of_kind
    return Document.objects.filter(readable, state=DocumentState.READY)


def declare() -> None:
    """Fill the registry."""
    registry.register(
        registry.SearchKind(
            code="documents",
            label=_("Documents"),
            visible_to=documents_visible_to,
            address=lambda key: reverse("documents:detail", args=[key]),
            vector=vector("title", "number"),
            facts=F("number"),
            order=60,
        )
    )
    registry.register(
        registry.SearchKind(
            code="organisations",
            label=_("Organisations"),
            visible_to=organisations_visible_to,
            address=lambda key: reverse("accounts:organisation_detail", args=[key]),
            vector=vector("name", "siret", "city"),
            title="name",
            facts=Concat(Value("SIRET "), F("siret"), Value(" · "), F("city")),
            order=70,
        )
    )
