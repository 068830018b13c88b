"""The agreement itself: recorded by hand, activated, renewed, ended."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.documents.services import term_start
from foundation.errors import Refusal
from foundation.journal import services as journal
from framework_agreements import legal, notifications, rules, selectors
from framework_agreements.enums import AgreementState
from framework_agreements.models import FrameworkAgreement
from framework_agreements.models.agreements import last_day_of_period
from framework_agreements.services.ceilings import ceilings_open
from framework_agreements.services.composition import agreement_to_edit
from framework_agreements.workflow import AGREEMENT
from tenders.selectors import pieces_of

FIELDS = (
    "reference",
    "title",
    "description",
    "source_note",
    "price_note",
    "notice_date",
    "estimated_excl_tax",
    "maximum_excl_tax",
    "firm_months",
    "renewal_count",
    "renewal_months",
    "renewal_tacit",
    "notice_months",
    "duration_reason",
)


@transaction.atomic
def agreement_create(*, buyer, by, at, **fields) -> FrameworkAgreement:
    """Record an agreement concluded elsewhere, as a draft (`fields`: those of `FIELDS`).

    Raises Refusal: forbidden, reference taken, more than four years without a reason (L2125-1).
    """
    if not rules.can_record_agreement(by, buyer):
        raise Refusal(
            _("Seuls l’administrateur d’accords-cadres et le signataire de l’organisation en enregistrent."),
            code="forbidden",
        )
    agreement = FrameworkAgreement(buyer=buyer, created_at=at)
    _write(agreement, fields)
    _record("agreement_create", agreement, by=by, at=at)
    return agreement


@transaction.atomic
def agreement_update(*, agreement, by, at, **fields) -> FrameworkAgreement:
    """Change a draft. Raises Refusal as `agreement_create` does, or when it is activated."""
    agreement = agreement_to_edit(agreement, by=by)
    before = selectors.agreement_facts(agreement)
    _write(agreement, fields)
    _record("agreement_update", agreement, by=by, at=at, before=before)
    return agreement


def _write(agreement, fields):
    for name in FIELDS:
        if name in fields:
            setattr(agreement, name, fields[name])
    limit = legal.MAXIMUM_DURATION_MONTHS
    if agreement.total_months > limit.value and not agreement.duration_reason.strip():
        raise Refusal(
            _(
                "La durée totale, reconductions comprises, est de %(months)s mois. Ramenez-la à %(limit)s"
                " mois, ou écrivez ce qui justifie une durée plus longue."
            )
            % {"months": agreement.total_months, "limit": limit.value},
            field="firm_months",
            article=limit.article,
        )
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError as error:
        if "reference" not in str(error):
            raise
        raise Refusal(
            _("Cette référence existe déjà : choisissez-en une autre."), field="reference"
        ) from error


@transaction.atomic
def agreement_activate(*, agreement, served_at, by, at) -> FrameworkAgreement:
    """Start the agreement from the moment it was served on the holders: firm period, counters, closed list.

    Raises Refusal: forbidden, no lot, holder, price or beneficiary, no maximum (R2162-4), more than four
    years (L2125-1), served in the future.
    """
    agreement = _locked(agreement)
    if served_at > at:
        raise Refusal(
            _("La date de notification est dans l’avenir : activez l’accord-cadre une fois notifié."),
            field="served_at",
            code="too_early",
        )
    agreement.served_at = served_at
    AGREEMENT.apply(agreement, "activate", by=by, at=at)
    agreement.start_date = timezone.localdate(served_at)
    agreement.end_date = last_day_of_period(agreement.start_date, agreement.firm_months)
    agreement.save()
    ceilings_open(agreement)
    if agreement.tender:
        term_start(objects=pieces_of(agreement.tender), starts_date=agreement.start_date, by=by, at=at)
    notifications.tell_holders_of_activation(agreement, at=at)
    _record("agreement_activate", agreement, by=by, at=at)
    return agreement


@transaction.atomic
def agreement_renew(*, agreement, by, at) -> FrameworkAgreement:
    """Note a renewal: the period grows by the months put to competition (R2112-4).

    Raises Refusal when every renewal is done, or the period already over.
    """
    agreement = _locked(agreement)
    _check_renewal(agreement, by, at)
    before = selectors.agreement_facts(agreement)
    agreement.renewals_done += 1
    months = agreement.firm_months + agreement.renewals_done * agreement.renewal_months
    agreement.end_date = last_day_of_period(agreement.start_date, months)
    agreement.save(update_fields=["renewals_done", "end_date"])
    _record("agreement_renew", agreement, by=by, at=at, before=before)
    return agreement


def _check_renewal(agreement, by, at):
    if not rules.can_administer_agreement(by, agreement):
        raise Refusal(_("Vous n’avez pas le droit de reconduire cet accord-cadre."), code="forbidden")
    if agreement.state != AgreementState.ACTIVE or at >= agreement.valid_until:
        raise Refusal(
            _(
                "L’accord-cadre est arrivé à son terme : il ne se reconduit plus, préparez une nouvelle"
                " consultation."
            ),
            article=legal.ORDER_VALIDITY.article,
            code="too_late",
        )
    if agreement.renewals_done >= agreement.renewal_count:
        raise Refusal(
            _(
                "Toutes les reconductions mises en concurrence sont faites (%(count)s) : préparez une"
                " nouvelle consultation."
            )
            % {"count": agreement.renewal_count},
            article=legal.RENEWAL.article,
            code="conflict",
        )


@transaction.atomic
def agreement_end(*, agreement, reason, by, at) -> FrameworkAgreement:
    """End an agreement (its term, its maximum reached, a termination): no order follows."""
    agreement = _locked(agreement)
    if not reason.strip():
        raise Refusal(
            _("Écrivez pourquoi l’accord-cadre prend fin : terme, maximum atteint, résiliation…"),
            field="reason",
        )
    AGREEMENT.apply(agreement, "end", by=by, at=at)
    agreement.ended_at = at
    agreement.save(update_fields=["state", "ended_at"])
    _record("agreement_end", agreement, by=by, at=at, reason=reason.strip())
    return agreement


def _locked(agreement) -> FrameworkAgreement:
    rows = FrameworkAgreement.objects.select_related("buyer").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=agreement.pk)


def _record(action, agreement, *, by, at, before=None, reason=""):
    journal.record(
        by=by,
        action=f"framework_agreements.{action}",
        obj=agreement,
        at=at,
        reason=reason,
        before=before,
        after=selectors.agreement_facts(agreement),
        organisation=agreement.buyer,
    )
