"""The kinds of problem the API answers with (RFC 9457): stable code, HTTP status, meaning, what to do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ProblemKind:
    """One kind of problem; `code` ends its public address and never changes once published."""

    code: str
    status: int
    title: str | Promise
    advice: str | Promise


_KINDS = (
    ProblemKind(
        "malformed",
        400,
        _("Requête illisible"),
        _("Le corps de la requête n’est pas du JSON valide : corrigez sa syntaxe puis renvoyez-la."),
    ),
    ProblemKind(
        "unauthenticated",
        401,
        _("Identification nécessaire"),
        _("Envoyez l’en-tête « Authorization: Token … » avec un jeton valide, créé depuis votre profil."),
    ),
    ProblemKind(
        "forbidden",
        403,
        _("Action non autorisée"),
        _("Votre rôle ne le permet pas. L’administrateur de votre organisation attribue les rôles."),
    ),
    ProblemKind(
        "not_found",
        404,
        _("Ressource introuvable"),
        _("L’adresse n’existe pas, ou la ressource n’est pas visible avec ce compte."),
    ),
    ProblemKind(
        "method_not_allowed",
        405,
        _("Méthode non acceptée"),
        _("Cette adresse n’accepte pas cette méthode ; l’en-tête « Allow » donne celles qu’elle accepte."),
    ),
    ProblemKind(
        "not_acceptable",
        406,
        _("Format de réponse non disponible"),
        _("L’API répond en JSON : envoyez « Accept: application/json »."),
    ),
    ProblemKind(
        "conflict",
        409,
        _("État incompatible"),
        _("La ressource a changé ou n’est pas dans l’état attendu : relisez-la, puis recommencez."),
    ),
    ProblemKind(
        "payload_too_large",
        413,
        _("Contenu trop volumineux"),
        _("Réduisez la taille du contenu envoyé."),
    ),
    ProblemKind(
        "unsupported_media_type",
        415,
        _("Format d’envoi non accepté"),
        _("Envoyez du JSON avec « Content-Type: application/json »."),
    ),
    ProblemKind(
        "invalid",
        422,
        _("Données refusées"),
        _("Corrigez chaque élément de « errors » : « pointer » dit où, « detail » dit quoi faire."),
    ),
    ProblemKind(
        "too_early",
        422,
        _("Trop tôt"),
        _("L’action n’est pas encore ouverte : la date à laquelle elle le sera est dans « detail »."),
    ),
    ProblemKind(
        "too_late",
        422,
        _("Trop tard"),
        _("Le délai est dépassé : l’action n’est plus ouverte."),
    ),
    ProblemKind(
        "ceiling",
        422,
        _("Plafond dépassé"),
        _("Le montant demandé dépasse ce qui reste disponible : réduisez-le ou demandez un avenant."),
    ),
    ProblemKind(
        "too_many_requests",
        429,
        _("Trop de requêtes"),
        _("Attendez le nombre de secondes donné par « Retry-After », puis recommencez."),
    ),
    ProblemKind(
        "internal",
        500,
        _("Erreur de la plateforme"),
        _("L’erreur est enregistrée. Réessayez ; si elle persiste, écrivez-nous en citant l’heure."),
    ),
)

KINDS = {kind.code: kind for kind in _KINDS}
# The first kind listed for a status is the one used when only the status is known.
BY_STATUS: dict[int, ProblemKind] = {}
for _kind in _KINDS:
    BY_STATUS.setdefault(_kind.status, _kind)

REFUSAL_STATUS = {"forbidden": 403, "conflict": 409}


def kind_for_refusal(codes):
    """The kind that tells a refusal best, from the codes of its reasons.

    A missing right comes before a state that does not fit, which comes before a value to correct; several
    reasons of different codes are simply `invalid`.
    """
    found = set(codes)
    for code in ("forbidden", "conflict"):
        if code in found:
            return KINDS[code]
    if len(found) == 1:
        return KINDS.get(found.pop(), KINDS["invalid"])
    return KINDS["invalid"]
