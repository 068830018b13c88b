"""The two state machines: the agreement, and the purchase order."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.errors import Reason
from foundation.workflow import Transition, Workflow
from framework_agreements import legal, rules
from framework_agreements.enums import AgreementState, OrderState
from framework_agreements.models import UnitPrice
from tenders.models import Award, Contract


def _has_lots_and_holders(agreement, at):
    lots = list(agreement.lots.prefetch_related("holders", "work_units"))
    if not lots:
        yield Reason(_("Ajoutez au moins un lot avant d’activer l’accord-cadre."))
    for lot in lots:
        if not lot.holders.all():
            yield Reason(_("Le %(lot)s n’a pas de titulaire : ajoutez-en un.") % {"lot": lot})
        if not lot.work_units.all():
            yield Reason(_("Le %(lot)s n’a pas d’unité d’œuvre : chargez un catalogue.") % {"lot": lot})
    if lots and not UnitPrice.objects.filter(holder__lot__agreement=agreement).exists():
        yield Reason(_("Aucun prix unitaire : saisissez le bordereau de prix de chaque titulaire."))


def _has_beneficiaries(agreement, at):
    if not agreement.beneficiaries.exists():
        yield Reason(
            _("Nommez au moins un bénéficiaire : la liste est close une fois l’accord-cadre activé."),
            article=legal.CLOSED_LIST.article,
        )


def _has_maximum(agreement, at):
    if agreement.maximum_excl_tax is None and legal.is_maximum_required(agreement.legal_date):
        yield Reason(
            _(
                "Indiquez un montant maximum : depuis le 1er janvier 2022, un accord-cadre ne peut plus "
                "être conclu sans maximum."
            ),
            field="maximum_excl_tax",
            article=legal.MAXIMUM_REQUIRED.article,
        )


def _lasts_four_years_at_most(agreement, at):
    limit = legal.MAXIMUM_DURATION_MONTHS
    if agreement.total_months > limit.value and not agreement.duration_reason:
        yield Reason(
            _(
                "La durée totale, reconductions comprises, est de %(months)s mois. Ramenez-la à %(limit)s "
                "mois, ou écrivez ce qui justifie une durée plus longue."
            )
            % {"months": agreement.total_months, "limit": limit.value},
            field="firm_months",
            article=limit.article,
        )


def _a_contract_was_served(agreement, at):
    """An agreement that comes from a consultation starts with the first of its contracts; one that was concluded
    elsewhere has none here.
    """
    if agreement.tender_id is None:
        return
    served = Contract.objects.filter(award__lot__tender=agreement.tender_id, served_at__isnull=False)
    first = served.order_by("served_at").values_list("served_at", flat=True).first()
    if first is None:
        message = _(
            "Aucun contrat de la consultation n’est encore notifié à son titulaire : faites signer puis notifier les"
            " contrats, l’accord-cadre s’active ensuite."
        )
    elif timezone.localdate(agreement.served_at or at) < timezone.localdate(first):
        message = _(
            "Le premier contrat a été notifié le %(day)s : indiquez cette date de notification, ou une suivante."
        ) % {"day": timezone.localdate(first).strftime("%d/%m/%Y")}
    else:
        return
    yield Reason(message, field="served_at", article=legal.SERVED_CONTRACT.article, code="too_early")


AGREEMENT = Workflow(
    name="framework_agreement",
    states=AgreementState,
    transitions=(
        Transition(
            "activate",
            gettext_lazy("Activer"),
            (AgreementState.DRAFT,),
            AgreementState.ACTIVE,
            rules.can_administer_agreement,
            (
                _has_lots_and_holders,
                _has_beneficiaries,
                _has_maximum,
                _lasts_four_years_at_most,
                _a_contract_was_served,
            ),
        ),
        Transition(
            "end",
            gettext_lazy("Mettre fin"),
            (AgreementState.ACTIVE,),
            AgreementState.ENDED,
            rules.can_administer_agreement,
        ),
    ),
)


def _agreement_is_valid(order, at):
    agreement = order.agreement
    running = agreement.state == AgreementState.ACTIVE
    if running and agreement.served_at <= at < agreement.valid_until:
        return
    if running and at < agreement.served_at:
        message, code = (
            _("L’accord-cadre n’est pas encore notifié : émettez la commande ensuite."),
            "too_early",
        )
    else:
        message, code = (
            _(
                "L’accord-cadre %(reference)s est arrivé à son terme (%(end)s) : aucun bon de commande ne"
                " peut plus être émis. Passez par un autre accord-cadre ou une nouvelle consultation."
            )
            % {"reference": agreement.reference, "end": _end_in_words(agreement)},
            "too_late",
        )
    yield Reason(message, article=legal.ORDER_VALIDITY.article, code=code)


def _end_in_words(agreement):
    end = timezone.localdate(agreement.ended_at) if agreement.ended_at else agreement.end_date
    return min(end, agreement.end_date).strftime("%d/%m/%Y")


def _holder_keeps_its_award(order, at):
    awards = Award.every.filter(
        lot__tender=order.agreement.tender_id,
        bidder=order.holder.organisation_id,
        decided_at__isnull=False,
    )
    reversals = list(awards.values_list("reversed_at", flat=True)) if order.agreement.tender_id else []
    if reversals and all(reversals):
        yield Reason(
            _(
                "L’attribution à %(holder)s a été retirée : aucun bon de commande ne lui est adressé. Choisissez un"
                " autre titulaire ou passez par une nouvelle consultation."
            )
            % {"holder": order.holder},
            code="conflict",
        )


def _contract_of_holder_was_served(order, at):
    """Each holder takes orders from the service of its own contract on."""
    tender = order.agreement.tender_id
    contracts = Contract.objects.filter(
        award__lot__tender=tender,
        award__lot__number=order.holder.lot.number,
        award__bidder=order.holder.organisation_id,
        served_at__lte=at,
    )
    if tender and not contracts.exists():
        yield Reason(
            _(
                "Le contrat de %(holder)s n’est pas encore signé et notifié : il ne prend effet qu’à sa notification."
                " Notifiez-le, puis émettez la commande."
            )
            % {"holder": order.holder},
            article=legal.SERVED_CONTRACT.article,
            code="too_early",
        )


def _has_lines(order, at):
    if not order.lines.exists():
        yield Reason(
            _("Ajoutez au moins une unité d’œuvre et sa quantité avant d’émettre le bon de commande."),
            article=legal.WRITTEN_ORDER.article,
        )


ORDER = Workflow(
    name="purchase_order",
    states=OrderState,
    transitions=(
        Transition(
            "issue",
            gettext_lazy("Émettre"),
            (OrderState.DRAFT,),
            OrderState.ISSUED,
            rules.can_issue_order,
            (_agreement_is_valid, _holder_keeps_its_award, _contract_of_holder_was_served, _has_lines),
        ),
        Transition(
            "cancel",
            gettext_lazy("Abandonner le brouillon"),
            (OrderState.DRAFT,),
            OrderState.CANCELLED,
            rules.can_cancel_order,
        ),
        Transition(
            "acknowledge",
            gettext_lazy("Accuser réception"),
            (OrderState.ISSUED,),
            OrderState.ACKNOWLEDGED,
            rules.can_acknowledge_order,
        ),
        Transition(
            "complete",
            gettext_lazy("Solder"),
            (OrderState.ACKNOWLEDGED,),
            OrderState.COMPLETED,
            rules.can_complete_order,
        ),
    ),
)
