"""Keys of the demonstration's custodians: one passphrase for all, printed with the accounts. Never so in
real life.
"""

from django.utils.translation import gettext as _

from tenders import identities, selectors, services
from tenders.envelopes import share_binding
from tenders.identities import Identity
from tenders.models import CustodianKey, KeyRehearsal
from tenders.shares import open_share

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
            challenge = services.rehearsal_challenge(person)
            signature = unlocked(selectors.current_custodian_key(person)).rehearsed(challenge)
            services.key_rehearse(challenge=challenge, signature=signature, by=person, at=at)


def unlocked(key: CustodianKey) -> Identity:
    """The keys of a custodian of the demonstration, as his own device finds them: no try is counted."""
    return identities.unlock(key.locked_seed, PASSPHRASE, key.lock_parameters, str(key.user_id))


def contribute(tender, custodian) -> None:
    """Give one's shares, unsealed as one's own device does."""
    seat, sealed = services.sealed_shares(tender=tender, by=custodian)
    own = unlocked(seat.custodian_key)
    given = {
        one.bid_id: open_share(
            one.sealed_share, own.share_key, share_binding(one.bid, custodian.pk), one.commitment
        )
        for one in sealed
    }
    services.opening_contribute(tender=tender, shares=given, by=custodian)


def give_keys(people, at) -> None:
    """Make the missing keys of these custodians."""
    ready = set(CustodianKey.objects.filter(user__in=people).values_list("user_id", flat=True))
    for person in people:
        if person.pk not in ready:
            services.custodian_key_create(passphrase=PASSPHRASE, by=person, at=at)
