"""The last look at an answer that the server seals, and whether the page that was sent still shows what is held."""

import json
from dataclasses import dataclass
from decimal import Decimal

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from foundation.money import format_euros
from tenders.enums import PartKind
from tenders.models import Lot, UploadedFile
from tenders.prices import simulated_total

SALT = "tenders.recap"
FORM, SEEN, REPLACES, READ, WITHOUT_FILES = "envoi", "vu", "remplace", "relu", "sans-fichier"
"""Fields of the form: its own number, files shown, bid shown as replaced, what was read again, consent to no file."""
TICK = _lazy("Cochez la case : ce pli n'a pas de fichier, celui qu'il remplace en avait.")


@dataclass(frozen=True)
class RecapLot:
    """A lot that is answered: its lines with their prices, their total for the announced quantities, its files."""

    lot: Lot
    rows: list
    total: Decimal
    files: list


def recap(form, files: list[dict]) -> dict:
    """What the page shows once the form is valid. `files`: those of `uploads.sent_files`."""
    chosen = [lot for lot in getattr(form, "lots", []) if lot.number in form.prices]
    return {
        "lots": [_lot(form, lot, files) for lot in chosen],
        "left": [lot for lot in getattr(form, "lots", []) if lot not in chosen],
        "whole": [file for file in files if file["lot"] is None],
        "files": files,
        "read": read_again(form),
    }


def _lot(form, lot, files) -> RecapLot:
    prices = {line: form.cleaned_data[f"prix-{line.pk}"] for line in lot.price_lines.all()}
    rows = [(line, format_euros(price, line.price_places)) for line, price in prices.items()]
    return RecapLot(lot, rows, simulated_total(prices), [file for file in files if file["lot"] == lot])


def read_again(form) -> str:
    """Commits to what the recap showed: a form that was changed after it is shown again first."""
    told = json.dumps([form.prices, form.answers], sort_keys=True)
    return salted_hmac(SALT, told, algorithm="sha256").hexdigest()


def differences(request, envelope, in_force, arrived: set) -> list[str]:
    """What the page that was sent no longer shows as it is: files, or the bid that it says it replaces."""
    found = []
    own = _sent_before(envelope, request.POST.get(FORM, ""))
    if set(request.POST.getlist(SEEN)) - own != held_files(envelope) - arrived - own:
        found.append(
            _("Les fichiers de votre envoi ont changé depuis une autre page : voici ceux qui y sont.")
        )
    if request.POST.get(REPLACES, "") != (str(in_force.pk) if in_force else ""):
        found.append(
            _("Un pli a été déposé ou retiré entre-temps : vérifiez celui que ce dépôt remplacerait.")
        )
    return found


def held_files(envelope) -> set[str]:
    """Ids of the files that wait for this answer."""
    return {str(part.id) for part in envelope.parts if part.kind == PartKind.FILE} | _unfinished(envelope)


def _sent_before(envelope, form: str) -> set[str]:
    """Files that this very form brought already: sent again, they take their own place."""
    if envelope.session is None or not form:
        return set()
    return {str(pk) for pk in envelope.session.files.filter(form=form).values_list("pk", flat=True)}


def _unfinished(envelope) -> set[str]:
    if envelope.session is None:
        return set()
    return {str(pk) for pk in envelope.session.files.filter(removed_at=None).values_list("pk", flat=True)}


def loses_files(in_force, files) -> bool:
    """Whether a bid with files would be replaced by one without."""
    return bool(in_force) and not files and _has_files(in_force)


def _has_files(bid) -> bool:
    """Files of the answer; those of the firm's candidature are for the whole answer and came in no sending."""
    files = bid.parts.filter(kind=PartKind.FILE)
    sent = UploadedFile.objects.filter(session=bid.pk, removed_at=None)
    return files.exclude(lot=None).exists() or files.filter(pk__in=sent.values("pk")).exists()
