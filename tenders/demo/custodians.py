"""Keys of the demonstration's custodians: one passphrase for all, printed with the accounts. Never so in
real life.
"""

from django.utils.translation import gettext as _

from tenders import services
from tenders.models import CustodianKey, KeyRehearsal

PASSPHRASE = "quatre cailloux blancs du chemin"  # noqa: S105
CUSTODIANS = ("depositaire1", "depositaire2", "depositaire3")


def passphrase_line() -> str:
    """What the start of the platform prints below the accounts."""
    told = _("Phrase de passe des trois dépositaires de démonstration : « %(passphrase)s »")
    return told % {"passphrase": PASSPHRASE}


def make_keys(cast, *, at) -> None:
    """Give each custodian of the cast the key that he misses; all but the last have rehearsed it."""
    people = [cast.people[name] for name in CUSTODIANS]
    give_keys(people, at)
    proven = set(KeyRehearsal.objects.filter(key__user__in=people).values_list("key__user_id", flat=True))
    for person in people[:-1]:
        if person.pk not in proven:
            services.key_rehearse(passphrase=PASSPHRASE, by=person, at=at)


def give_keys(people, at) -> None:
    """Make the missing keys of these custodians."""
    ready = set(CustodianKey.objects.filter(user__in=people).values_list("user_id", flat=True))
    for person in people:
        if person.pk not in ready:
            services.custodian_key_create(passphrase=PASSPHRASE, by=person, at=at)
