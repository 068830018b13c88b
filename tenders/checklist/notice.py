"""Is the notice complete, and do its procedure, its value and its delay go together?"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.errors import Reason
from foundation.money import format_euros
from tenders import legal
from tenders.enums import DelayGround, Procedure, Technique
from tenders.models import Tender
from tenders.nomenclatures import cpv_label


def rule_of(tender: Tender) -> legal.ProcedureRule:
    """What the procedure of the draft asks."""
    return legal.PROCEDURES[Procedure(tender.procedure)]


def technique_of(tender: Tender) -> legal.TechniqueRule:
    """What the technique of the draft asks."""
    return legal.TECHNIQUES[Technique(tender.technique)]


def description_reasons(tender: Tender) -> Iterable[Reason]:
    """A title and the subject of the consultation."""
    if not tender.title.strip() or not tender.description.strip():
        yield Reason(_("Donnez un intitulé et décrivez l'objet de la consultation."), field="description")


def cpv_reasons(tender: Tender) -> Iterable[Reason]:
    """A code of the common vocabulary: it is how firms abroad find the notice."""
    if not tender.cpv_code:
        yield Reason(
            _("Choisissez le code CPV de l'achat, par exemple 72262000 (développement de logiciels)."),
            field="cpv_code",
        )
    elif not cpv_label(tender.cpv_code):
        yield Reason(
            _(
                "Le code CPV %(code)s n'appartient à aucune division connue : vérifiez ses deux premiers chiffres."
            )
            % {"code": tender.cpv_code},
            field="cpv_code",
        )


def place_reasons(tender: Tender) -> Iterable[Reason]:
    """Where the contract is carried out."""
    if not tender.department_codes:
        yield Reason(_("Indiquez au moins un département d'exécution."), field="department_codes")


def procedure_reasons(tender: Tender) -> Iterable[Reason]:
    """The procedure is permitted in this case, with this technique, for this number of candidates."""
    rule, technique = rule_of(tender), technique_of(tender)
    if rule.justified_by and not tender.procedure_justification.strip():
        yield Reason(
            _(
                "Cette procédure n'est permise que dans certains cas : écrivez lequel est le vôtre, et pourquoi."
            ),
            field="procedure_justification",
            article=rule.justified_by.cited,
        )
    if technique.procedures and rule.procedure not in technique.procedures:
        names = ", ".join(str(procedure.label).lower() for procedure in technique.procedures)
        yield Reason(
            _("Avec cette technique d'achat, la procédure est : %(names)s.") % {"names": names},
            field="procedure",
            article=technique.article,
        )
    if rule.techniques and technique.technique not in rule.techniques:
        yield Reason(
            _("Un marché subséquent est un marché ordinaire, passé sur un accord-cadre déjà attribué."),
            field="technique",
            article=rule.article,
        )
    yield from _candidates(tender, rule)


def _candidates(tender: Tender, rule) -> Iterable[Reason]:
    fewest = rule.minimum_candidates
    if tender.max_candidates is None:
        return
    if not rule.selects_candidates:
        yield Reason(
            _("Cette procédure ne choisit pas de candidats avant les offres : laissez ce nombre vide."),
            field="max_candidates",
        )
    elif fewest and tender.max_candidates < fewest.value:
        yield Reason(
            _("Invitez au moins %(count)d candidats à remettre une offre.") % {"count": fewest.value},
            field="max_candidates",
            article=fewest.cited,
        )


def value_reasons(tender: Tender, on) -> Iterable[Reason]:
    """The value is estimated, and the procedure is permitted for it."""
    if tender.estimated_value_excl_tax is None:
        yield Reason(
            _("Estimez la valeur du besoin hors taxes : elle décide de la procédure."),
            field="estimated_value_excl_tax",
            article=legal.ART.format("R2121-1"),
        )
        return
    rule = rule_of(tender)
    ceiling = legal.in_force(rule.ceiling, on)
    if _reaches(tender, ceiling):
        message = _("À partir de %(threshold)s HT : %(above)s")
        words = {"threshold": format_euros(ceiling.value), "above": rule.above}
        yield Reason(message % words, field="procedure", article=ceiling.cited)


def state_threshold_reasons(tender: Tender, on) -> Iterable[Reason]:
    """What the State, whose threshold is lower, must know."""
    rule = rule_of(tender)
    ceiling = legal.in_force(rule.state_ceiling, on)
    if _reaches(tender, ceiling) and not _reaches(tender, legal.in_force(rule.ceiling, on)):
        yield Reason(
            _(
                "Si vous êtes un service de l'État, une procédure formalisée est obligatoire dès %(threshold)s HT."
            )
            % {"threshold": format_euros(ceiling.value)},
            field="procedure",
            article=ceiling.cited,
        )


def _reaches(tender: Tender, threshold) -> bool:
    """Whether the value that counts reaches a threshold: the maximum of a framework, if higher (L05)."""
    if threshold is None:
        return False
    values = [tender.estimated_value_excl_tax, tender.maximum_value_excl_tax]
    return max((value for value in values if value is not None), default=Decimal(0)) >= threshold.value


def framework_reasons(tender: Tender, on) -> Iterable[Reason]:
    """The duration, and for a framework agreement its maximum (J11)."""
    if not tender.duration_months:
        yield Reason(_("Indiquez la durée totale en mois, reconductions comprises."), field="duration_months")
    technique = technique_of(tender)
    maximum = technique.maximum
    if maximum and tender.maximum_value_excl_tax is None and on >= maximum.from_date:
        yield Reason(
            _(
                "Un accord-cadre annonce son montant maximum : indiquez-le, pour toute la durée et tous "
                "les lots."
            ),
            field="maximum_value_excl_tax",
            article=maximum.cited,
        )
    if technique.is_framework and _maximum_below_estimate(tender):
        yield Reason(
            _("Le montant maximum est inférieur à la valeur estimée : augmentez-le ou revoyez l'estimation."),
            field="maximum_value_excl_tax",
        )
    longest = technique.longest
    too_long = longest and (tender.duration_months or 0) > longest.value
    if too_long and not tender.duration_justification.strip():
        yield Reason(
            _("Un accord-cadre dure au plus quatre ans : ramenez la durée à 48 mois ou justifiez-la."),
            field="duration_months",
            article=longest.cited,
        )


def _maximum_below_estimate(tender: Tender) -> bool:
    maximum, estimate = tender.maximum_value_excl_tax, tender.estimated_value_excl_tax
    return maximum is not None and estimate is not None and maximum < estimate


def deadline_reasons(tender: Tender, at: datetime) -> list[Reason]:
    """Why the deadline cannot be that of a notice sent at `at`; empty when it can."""
    due_at = tender.submission_due_at
    if due_at is None:
        return [Reason(_("Fixez la date et l'heure limites de réception."), field="submission_due_at")]
    if due_at <= at:
        return [
            Reason(
                _("La date limite est passée : choisissez-en une plus tardive."), field="submission_due_at"
            )
        ]
    return [*_too_short(tender, due_at, at), *_ground(tender)]


def _too_short(tender: Tender, due_at: datetime, at: datetime) -> Iterable[Reason]:
    earliest = legal.earliest_due_at(tender.procedure, at, ground=tender.delay_ground)
    if earliest is None or due_at >= earliest:
        return
    on = at.astimezone(legal.PARIS).date()
    rule = legal.minimum_delay(tender.procedure, on, ground=tender.delay_ground)
    message = ngettext(
        "Le délai est trop court : pour un avis envoyé ce jour, il faut au moins %(days)s jour franc, "
        "soit une date limite au plus tôt le %(earliest)s.",
        "Le délai est trop court : pour un avis envoyé ce jour, il faut au moins %(days)s jours francs, "
        "soit une date limite au plus tôt le %(earliest)s.",
        rule.value,
    )
    words = {"days": rule.value, "earliest": date_format(earliest.astimezone(legal.PARIS), r"j F Y à G \h i")}
    yield Reason(message % words, field="submission_due_at", article=rule.cited)


def _ground(tender: Tender) -> Iterable[Reason]:
    """A shorter delay is one that the procedure knows, and is explained."""
    if tender.delay_ground == DelayGround.ORDINARY:
        return
    delays = rule_of(tender).first_step.delays
    if tender.delay_ground not in delays:
        yield Reason(
            _("Cette procédure ne connaît pas ce délai réduit : revenez au délai ordinaire."),
            field="delay_ground",
        )
    elif not tender.delay_justification.strip():
        yield Reason(
            _(
                "Justifiez le délai réduit : l'urgence et sa cause, ou la référence de l'avis de préinformation."
            ),
            field="delay_justification",
            article=delays[DelayGround(tender.delay_ground)][0].cited,
        )
