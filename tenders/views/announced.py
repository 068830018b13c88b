"""What a notice announces of its own rules, beyond its subject: who is admitted, negotiation, limits on lots."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenders import legal
from tenders.enums import DelayGround


def announced_rules(tender) -> list[tuple]:
    """Rows for the card « En bref »: only what this consultation says."""
    return [(term, words) for term, words in (*_candidates(tender), *_lots(tender), *_sizes(tender)) if words]


def _candidates(tender):
    rule = legal.PROCEDURES[tender.procedure]
    if rule.selects_candidates and tender.max_candidates:
        words = ngettext("%(count)d au plus", "%(count)d au plus", tender.max_candidates)
        yield _("Candidats admis à remettre une offre"), words % {"count": tender.max_candidates}
    if rule.negotiates and tender.may_award_first_offers:
        yield _("Négociation"), _("possible ; l'acheteur peut attribuer sur les premières offres")
    elif rule.negotiates:
        yield _("Négociation"), _("possible")
    if tender.delay_ground != DelayGround.ORDINARY:
        yield _("Délai"), f"{tender.get_delay_ground_display()} : {tender.delay_justification}"


def _lots(tender):
    if tender.max_lots_tendered:
        words = ngettext("un lot au plus", "%(count)d lots au plus", tender.max_lots_tendered)
        yield _("Une entreprise peut répondre à"), words % {"count": tender.max_lots_tendered}
    if tender.max_lots_awarded:
        words = ngettext("un lot au plus", "%(count)d lots au plus", tender.max_lots_awarded)
        yield _("Une entreprise peut obtenir"), words % {"count": tender.max_lots_awarded}
        yield _("Si elle est en tête de plus de lots"), tender.lots_rule


def _sizes(tender):
    words = _("%(file)d Mio par fichier, %(bid)d Mio en tout")
    yield _("Taille d'un pli"), words % {"file": tender.file_limit_mib, "bid": tender.bid_limit_mib}
