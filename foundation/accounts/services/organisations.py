"""Organisations: created by the platform, registered by a firm. `by=None` is the platform itself."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts import rules
from foundation.accounts.enums import OrganisationKind, Role
from foundation.accounts.models import Membership, Organisation
from foundation.accounts.selectors import forget_roles
from foundation.accounts.services.members import roles_against
from foundation.accounts.services.rows import forbidden, insert, refusal_of
from foundation.errors import Refusal
from foundation.journal import services as journal

PROFILE_FIELDS = ("name", "siret", "address", "postal_code", "city")


@transaction.atomic
def organisation_create(
    *, kind, name, siret, address="", postal_code="", city="", is_demonstration=False, by, at
):
    """A new organisation. Raises Refusal when the SIRET is wrong or known, or `by` may not create one."""
    if by is not None and not rules.can_create_organisation(by):
        raise forbidden(_("Seule l’administration de la plateforme crée une organisation."))
    organisation = _organisation_insert(
        kind=kind,
        name=name,
        siret=siret,
        address=address,
        postal_code=postal_code,
        city=city,
        is_demonstration=is_demonstration,
    )
    journal.record(
        by=by,
        action="accounts.create_organisation",
        obj=organisation,
        at=at,
        after=_organisation_facts(organisation),
    )
    return organisation


@transaction.atomic
def supplier_create(*, name, siret, address="", postal_code="", city="", by, at):
    """A firm registered by one of its people, whose address is proven: its first supplier and administrator."""
    organisation = _organisation_insert(
        kind=OrganisationKind.SUPPLIER,
        name=name,
        siret=siret,
        address=address,
        postal_code=postal_code,
        city=city,
    )
    reasons = list(roles_against(organisation, by, Role.SUPPLIER, field="siret"))
    if reasons:
        raise Refusal.of(reasons)
    for role in (Role.SUPPLIER, Role.ORG_ADMIN):
        Membership.objects.create(user=by, organisation=organisation, role=role)
    forget_roles(by)
    journal.record(
        by=by,
        action="accounts.register_supplier",
        obj=organisation,
        at=at,
        after=_organisation_facts(organisation),
        organisation=organisation,
    )
    return organisation


def _organisation_insert(**fields):
    fields["siret"] = "".join(str(fields["siret"]).split())
    organisation = Organisation(**fields)
    try:
        organisation.full_clean()
    except ValidationError as error:
        raise refusal_of(error) from error
    return insert(organisation, "siret", _("Une organisation porte déjà ce SIRET."))


def _organisation_facts(organisation):
    return {"kind": organisation.kind, **{name: getattr(organisation, name) for name in PROFILE_FIELDS}}
