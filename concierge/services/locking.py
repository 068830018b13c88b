"""How every write of this app takes a file: made when it is missing, locked, for those who keep it."""

from django.utils.translation import gettext as _

from concierge import rules
from concierge.models import SupplierFile
from foundation.accounts.models import Organisation
from foundation.errors import Refusal
from foundation.journal import services as journal


def file_to_edit(organisation: Organisation, *, by, at) -> SupplierFile:
    """The file of a firm, locked until the end of the transaction. Raises Refusal (forbidden)."""
    if not rules.can_edit_supplier_file(by, organisation):
        raise Refusal(
            _("Seuls les fournisseurs et les administrateurs de l'entreprise tiennent son dossier."),
            code="forbidden",
        )
    # A firm that is quicker with its first writing leaves the row that this one then locks.
    SupplierFile.objects.bulk_create(
        [SupplierFile(organisation=organisation, updated_at=at)], ignore_conflicts=True
    )
    rows = SupplierFile.objects.select_related("organisation").select_for_update(of=("self",))
    return rows.get(organisation=organisation)


def record(file: SupplierFile, action: str, *, by, at, before=None, after=None) -> None:
    """Date the file and write the line of the journal, last."""
    file.updated_at = at
    file.save(update_fields=["updated_at"])
    journal.record(
        by=by,
        action=action,
        obj=file,
        at=at,
        before=before,
        after=after,
        organisation=file.organisation,
    )
