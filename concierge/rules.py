"""Who keeps the file of a firm."""

from django.db.models import QuerySet

from concierge.models import SupplierFile
from foundation.accounts.enums import OrganisationKind, Role
from foundation.accounts.models import Organisation
from foundation.accounts.selectors import has_role, organisations_of, roles_held

KEEPERS = (Role.SUPPLIER, Role.ORG_ADMIN)


def firms_of(user) -> QuerySet[Organisation]:
    """The firms whose file this person keeps; the active one first."""
    return organisations_of(user, *KEEPERS).filter(kind=OrganisationKind.SUPPLIER)


def keeps_a_file(user) -> bool:
    """Whether this person keeps the file of a firm, wherever. Asks the database nothing more: the menu does."""
    return any(
        one.organisation_kind == OrganisationKind.SUPPLIER and one.role in KEEPERS for one in roles_held(user)
    )


def can_edit_supplier_file(user, organisation: Organisation) -> bool:
    """The suppliers and the administrators of a firm keep its file; they alone read it."""
    return organisation.kind == OrganisationKind.SUPPLIER and has_role(user, organisation, *KEEPERS)


def files_visible_to(user) -> QuerySet[SupplierFile]:
    """The files of one's own firms. Buyers read the copy that a candidature holds, never the file itself."""
    return SupplierFile.objects.filter(organisation__in=firms_of(user).order_by())
