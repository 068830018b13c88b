"""The kinds of problem the API answers with (RFC 9457): stable code, HTTP status, meaning, what to do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException


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
        "idempotency_key_invalid",
        400,
        _("Clé d’idempotence inutilisable"),
        _("« Idempotency-Key » porte 1 à 255 caractères imprimables, par exemple un UUID nouveau par acte."),
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
        "insufficient_scope",
        403,
        _("Portée du jeton insuffisante"),
        _("Ce jeton n’a pas la portée nommée dans « errors » : créez-en un qui l’a."),
    ),
    ProblemKind(
        "second_factor",
        403,
        _("Second facteur nécessaire"),
        _(
            "Votre rôle demande un second facteur : activez-le ou donnez-le depuis votre profil, puis recommencez."
        ),
    ),
    ProblemKind(
        "fresh_sign_in",
        403,
        _("Connexion récente nécessaire"),
        _("Cette action demande une connexion de moins de dix minutes, ou un jeton : reconnectez-vous."),
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
        "too_slow",
        408,
        _("Envoi interrompu"),
        _("Le corps de la requête n’est pas arrivé en entier, ou trop lentement : renvoyez-la."),
    ),
    ProblemKind(
        "conflict",
        409,
        _("État incompatible"),
        _("La ressource a changé ou n’est pas dans l’état attendu : relisez-la, puis recommencez."),
    ),
    ProblemKind(
        "idempotency_in_progress",
        409,
        _("Même demande en cours"),
        _("Une demande de même clé est en cours : attendez un instant, puis renvoyez la même."),
    ),
    ProblemKind(
        "precondition_failed",
        412,
        _("La ressource a changé"),
        _(
            "Elle n’est plus celle de l’« ETag » envoyé : relisez-la, décidez de nouveau, renvoyez « If-Match »."
        ),
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
        "idempotency_mismatch",
        422,
        _("Clé déjà employée autrement"),
        _("Cette clé a servi à une autre demande : prenez-en une nouvelle pour chaque acte différent."),
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
        "precondition_required",
        428,
        _("Précondition nécessaire"),
        _(
            "Lisez la ressource, puis renvoyez son « ETag » dans « If-Match » : rien n’est écrasé sans être lu."
        ),
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
    ProblemKind(
        "unavailable",
        503,
        _("Plateforme momentanément indisponible"),
        _(
            "Sans réponse de succès, rien n’est acquis : renvoyez la même demande, sous la même "
            "« Idempotency-Key », après le délai de « Retry-After »."
        ),
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


class ProblemError(APIException):
    """A problem of a kind that no Django or DRF exception says by itself."""

    def __init__(self, code, detail="", *, headers=None, errors=()):
        self.kind = KINDS[code]
        self.headers = headers or {}
        self.errors = errors
        self.status_code = self.kind.status
        super().__init__(detail or self.kind.advice, code)
