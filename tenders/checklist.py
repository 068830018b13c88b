"""The legal check-list of a draft: what is missing, why, by which article. Read live by the form and by
publication.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.accounts.enums import Role
from foundation.accounts.selectors import users_with_role
from foundation.errors import Reason
from foundation.money import format_euros
from tenders import legal
from tenders.enums import CriterionKind, Procedure, Technique
from tenders.models import CustodianKey, Lot, Tender


@dataclass(frozen=True)
class Check:
    """A point of the check-list: done when it has no reason left. An advice never blocks the publication."""

    code: str
    label: str
    reasons: tuple[Reason, ...]
    blocking: bool = True

    @property
    def is_done(self) -> bool:
        return not self.reasons


def publication_checklist(tender: Tender, at: datetime, lots: Iterable[Lot] | None = None) -> list[Check]:
    """Every point checked before publication, in the order of the form.

    `lots` are those of the tender with their criteria and price lines, when the caller has read them already.
    """
    on = at.astimezone(legal.PARIS).date()
    if lots is None:
        lots = list(tender.lots.prefetch_related("criteria", "price_lines")) if tender.pk else []
    return [
        Check("description", _("Objet, code CPV et lieu"), tuple(_description(tender))),
        Check("value", _("Valeur estimée et procédure"), tuple(_value(tender, on))),
        Check(
            "threshold_state", _("Seuil propre à l'État"), tuple(_state_threshold(tender, on)), blocking=False
        ),
        Check("framework", _("Montant maximum et durée"), tuple(_framework(tender, on))),
        Check("deadline", _("Délai de réception des offres"), tuple(_deadline(tender, at))),
        Check("lots", _("Lots et bordereaux des prix"), tuple(_lots(lots))),
        Check("weights", _("Pondération des critères"), tuple(_weights(lots))),
        Check("environment", _("Critère environnemental"), tuple(_environment(lots, on))),
        Check("custodians", _("Dépositaires des clés"), tuple(_custodians(tender))),
    ]


def publication_reasons(tender: Tender, at: datetime) -> list[Reason]:
    """Why the consultation cannot be published at `at`; empty when it can. A condition of the workflow."""
    checks = publication_checklist(tender, at)
    return [reason for check in checks if check.blocking for reason in check.reasons]


def _description(tender: Tender) -> Iterable[Reason]:
    if not tender.title.strip() or not tender.description.strip():
        yield Reason(_("Donnez un intitulé et décrivez l'objet de la consultation."), field="description")
    if not tender.cpv_code:
        yield Reason(
            _("Choisissez le code CPV de l'achat, par exemple 72262000 (développement de logiciels)."),
            field="cpv_code",
        )
    if not tender.department_codes:
        yield Reason(_("Indiquez au moins un département d'exécution."), field="department_codes")


def _value(tender: Tender, on) -> Iterable[Reason]:
    if tender.estimated_value_excl_tax is None:
        yield Reason(
            _("Estimez la valeur du besoin hors taxes : elle décide de la procédure."),
            field="estimated_value_excl_tax",
            article=legal.ART.format("R2121-1"),
        )
        return
    threshold = legal.in_force(legal.FORMAL_THRESHOLD_OTHERS, on)
    if _over(tender, threshold):
        yield Reason(
            _(
                "À partir de %(threshold)s HT, la procédure adaptée n'est plus permise : choisissez un "
                "appel d'offres."
            )
            % {"threshold": format_euros(threshold.value)},
            field="procedure",
            article=threshold.cited,
        )


def _state_threshold(tender: Tender, on) -> Iterable[Reason]:
    threshold = legal.in_force(legal.FORMAL_THRESHOLD_STATE, on)
    if _over(tender, threshold) and not _over(tender, legal.in_force(legal.FORMAL_THRESHOLD_OTHERS, on)):
        yield Reason(
            _("Si vous êtes un service de l'État, l'appel d'offres est obligatoire dès %(threshold)s HT.")
            % {"threshold": format_euros(threshold.value)},
            field="procedure",
            article=threshold.cited,
        )


def _over(tender: Tender, threshold) -> bool:
    if threshold is None or tender.procedure != Procedure.ADAPTED:
        return False
    values = [tender.estimated_value_excl_tax, tender.maximum_value_excl_tax]
    return max((value for value in values if value is not None), default=Decimal(0)) >= threshold.value


def _framework(tender: Tender, on) -> Iterable[Reason]:
    if not tender.duration_months:
        yield Reason(_("Indiquez la durée totale en mois, reconductions comprises."), field="duration_months")
    if tender.technique != Technique.FRAMEWORK_ORDERS:
        return
    if tender.maximum_value_excl_tax is None and on >= legal.FRAMEWORK_MAXIMUM.from_date:
        yield Reason(
            _(
                "Un accord-cadre annonce son montant maximum : indiquez-le, pour toute la durée et tous "
                "les lots."
            ),
            field="maximum_value_excl_tax",
            article=legal.FRAMEWORK_MAXIMUM.cited,
        )
    if _maximum_below_estimate(tender):
        yield Reason(
            _("Le montant maximum est inférieur à la valeur estimée : augmentez-le ou revoyez l'estimation."),
            field="maximum_value_excl_tax",
        )
    longest = legal.FRAMEWORK_MONTHS
    if (tender.duration_months or 0) > longest.value and not tender.duration_justification.strip():
        yield Reason(
            _("Un accord-cadre dure au plus quatre ans : ramenez la durée à 48 mois ou justifiez-la."),
            field="duration_months",
            article=longest.cited,
        )


def _maximum_below_estimate(tender: Tender) -> bool:
    maximum, estimate = tender.maximum_value_excl_tax, tender.estimated_value_excl_tax
    return maximum is not None and estimate is not None and maximum < estimate


def deadline_reasons(procedure: str, due_at: datetime | None, at: datetime) -> list[Reason]:
    """Why `due_at` cannot be the deadline of a notice sent at `at`; empty when it can."""
    if due_at is None:
        return [
            Reason(_("Fixez la date et l'heure limites de réception des offres."), field="submission_due_at")
        ]
    if due_at <= at:
        return [
            Reason(
                _("La date limite est passée : choisissez-en une plus tardive."), field="submission_due_at"
            )
        ]
    earliest = legal.earliest_due_at(procedure, at)
    if earliest is None or due_at >= earliest:
        return []
    rule = legal.minimum_delay(procedure, at.astimezone(legal.PARIS).date())
    message = _(
        "Le délai est trop court : pour un avis envoyé ce jour, il faut au moins %(days)s jours francs, "
        "soit une date limite au plus tôt le %(earliest)s."
    )
    words = {"days": rule.value, "earliest": date_format(earliest, "j F Y à H:i")}
    return [Reason(message % words, field="submission_due_at", article=rule.cited)]


def _deadline(tender: Tender, at) -> Iterable[Reason]:
    return deadline_reasons(tender.procedure, tender.submission_due_at, at)


def _lots(lots: list[Lot]) -> Iterable[Reason]:
    if not lots:
        yield Reason(_("Créez au moins un lot (un marché non alloti a un seul lot)."), field="lots")
    for lot in lots:
        if not lot.price_lines.all():
            yield Reason(
                _("Lot %(number)s : ajoutez au moins une ligne au bordereau des prix.")
                % {"number": lot.number},
                field="price_lines",
            )


def weights_reason(lot: Lot) -> Reason | None:
    """Why the criteria of a lot do not make 100 %; None when they do."""
    total = sum((criterion.weight for criterion in lot.criteria.all()), Decimal(0))
    if total == 100:
        return None
    message = _("Lot %(number)s : les pondérations font %(total)s %% au lieu de 100 %% : corrigez-les.")
    shown = f"{total.normalize():f}".replace(".", ",")
    return Reason(
        message % {"number": lot.number, "total": shown},
        field="criteria",
        article=legal.ANNOUNCED_CRITERIA.cited,
    )


def _weights(lots: list[Lot]) -> Iterable[Reason]:
    for lot in lots:
        if reason := weights_reason(lot):
            yield reason
        if not any(criterion.is_scored_by_formula for criterion in lot.criteria.all()):
            yield Reason(
                _("Lot %(number)s : ajoutez un critère de prix ou de coût.") % {"number": lot.number},
                field="criteria",
                article=legal.ART.format("R2152-7"),
            )


def _environment(lots: list[Lot], on) -> Iterable[Reason]:
    rule = legal.ENVIRONMENTAL_CRITERION
    if on < rule.from_date:
        return
    for lot in lots:
        criteria = list(lot.criteria.all())
        if criteria and not any(criterion.is_environmental for criterion in criteria):
            yield Reason(
                _("Lot %(number)s : au moins un critère doit porter sur l'environnement : ajoutez-en un.")
                % {"number": lot.number},
                field="criteria",
                article=rule.cited,
            )
        if len(criteria) == 1 and criteria[0].kind == CriterionKind.PRICE:
            yield Reason(
                _(
                    "Lot %(number)s : le prix ne peut pas être le seul critère : retenez le coût du cycle "
                    "de vie."
                )
                % {"number": lot.number},
                field="criteria",
                article=rule.cited,
            )


def named_custodians(tender: Tender):
    """Those who will each hold a share of the key: named on the draft, still custodians of the buyer.

    `has_key` says whether each has made a personal key.
    """
    keys = CustodianKey.objects.filter(user=OuterRef("pk"), retired_at__isnull=True)
    named = users_with_role(tender.buyer, Role.CUSTODIAN).filter(pk__in=tender.custodians.values("pk"))
    return named.annotate(has_key=Exists(keys))


def custodians_with_key(tender: Tender):
    """Named custodians who have made their personal key."""
    return named_custodians(tender).filter(has_key=True)


def _custodians(tender: Tender) -> Iterable[Reason]:
    if not tender.pk:
        return
    named = list(named_custodians(tender))
    if len(named) < max(tender.custodian_threshold, 2):
        yield Reason(
            _(
                "Désignez au moins %(threshold)s dépositaires (trois de préférence) : ils ouvriront les "
                "plis ensemble."
            )
            % {"threshold": tender.custodian_threshold},
            field="custodians",
            article=legal.CONFIDENTIALITY.cited,
        )
    missing = [str(user) for user in named if not user.has_key]
    if missing:
        yield Reason(
            _("Ces dépositaires n'ont pas encore créé leur clé : %(names)s. Demandez-leur de le faire.")
            % {"names": ", ".join(missing)},
            field="custodians",
            article=legal.CONFIDENTIALITY.cited,
        )
