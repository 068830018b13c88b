"""What a custodian's passphrase must be when the server itself locks his key."""

from django.utils.translation import gettext as _

from foundation.errors import Refusal
from tenders.identities import normalised

MIN_LENGTH = 20
MIN_DISTINCT = 8
MIN_WORDS = 4


def demand_strong(passphrase: str, by) -> None:
    """Refuse what somebody who stole a copy of the base would find: short, repeated, the person's own words, or the
    password of the account. Raises Refusal.
    """
    words = normalised(passphrase)
    if weakness := _weakness(words, by):
        raise Refusal(weakness, field="passphrase")


def _weakness(words: str, by) -> str:
    if len(words) < MIN_LENGTH or len(set(words.casefold().split())) < MIN_WORDS:
        return _(
            "Écrivez au moins quatre mots différents, sans lien entre eux, et %(length)s caractères en tout : six mots "
            "tirés au hasard conviennent."
        ) % {"length": MIN_LENGTH}
    if len(set(words)) < MIN_DISTINCT:
        return _("Cette phrase répète toujours les mêmes signes : choisissez d'autres mots.")
    known = [by.email.casefold(), *by.email.casefold().split("@"), by.full_name.casefold()]
    rest = words.casefold()
    for one in sorted((one for one in known if len(one) > 2), key=len, reverse=True):
        rest = rest.replace(one, "")
    if len(rest.strip()) < MIN_LENGTH // 2:
        return _("Cette phrase est faite de votre nom ou de votre adresse : choisissez d'autres mots.")
    if by.check_password(words):
        return _("Cette phrase est votre mot de passe : choisissez-en une autre.")
    return ""
