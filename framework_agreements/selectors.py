"""Reads of agreements, work units, orders, ceilings and progress."""

from decimal import Decimal

from django.db.models import Count, F, Max, OuterRef, Prefetch, Q, Subquery, Sum, Value

from framework_agreements.enums import ORDERED_STATES, AgreementState, AllocationRule, CeilingScope
from framework_agreements.models import (
    AgreementLot,
    Beneficiary,
    Ceiling,
    FrameworkAgreement,
    Holder,
    OrderLine,
    ProgressEntry,
    PurchaseOrder,
    UnitPrice,
    WorkUnit,
)
from tenders.enums import TenderState
from tenders.legal import ORDERING
from tenders.models import Tender

ZERO = Decimal(0)


def order_rows():
    """Orders with all that a line of a list or a rule looks at."""
    return PurchaseOrder.objects.select_related(
        "agreement__buyer",
        "lot__agreement",
        "holder__organisation",
        "holder__lot",
        "beneficiary__organisation",
    )


def agreement_rows():
    """Agreements with their buyer and the numbers that lists show."""
    return FrameworkAgreement.objects.select_related("buyer").annotate(
        lot_count=Count("lots", distinct=True),
        holder_count=Count("lots__holders__organisation", distinct=True),
        beneficiary_count=Count("beneficiaries", distinct=True),
    )


def order_facts(order) -> dict:
    """What the journal digests of an order."""
    return {
        "state": order.state,
        "number": order.number,
        "title": order.title,
        "holder": order.holder_id,
        "beneficiary": order.beneficiary_id,
        "total_excl_tax": order.total_excl_tax,
    }


def agreement_facts(agreement) -> dict:
    """What the journal digests of an agreement."""
    return {
        "state": agreement.state,
        "reference": agreement.reference,
        "maximum_excl_tax": agreement.maximum_excl_tax,
        "start_date": agreement.start_date,
        "end_date": agreement.end_date,
    }


def holders_by_lot(agreement) -> dict[int, list[int]]:
    """The number of each lot with its holders (organisation ids), by rank."""
    lots = agreement.lots.prefetch_related("holders")
    return {lot.number: [holder.organisation_id for holder in lot.holders.all()] for lot in lots}


def designated_holder(lot) -> Holder | None:
    """The holder that the announced rule designates for the next order: the first rank in a cascade, the one
    with the smallest ordered amount (then the best rank) in turn."""
    holders = lot.holders.select_related("organisation")
    if lot.allocation_rule != AllocationRule.ROTATION:
        return holders.order_by("rank").first()
    ordered = Sum("orders__total_excl_tax", filter=Q(orders__state__in=ORDERED_STATES), default=ZERO)
    return holders.annotate(ordered=ordered).order_by("ordered", "rank").first()


def ceilings_by_scope(agreement) -> dict:
    """The counters of an agreement: `agreement` (one), `lots` and `beneficiaries` (lists, in order)."""
    rows = Ceiling.objects.filter(agreement=agreement).select_related(
        "agreement", "lot", "beneficiary__organisation"
    )
    found = list(rows.order_by("scope", "lot__number", "beneficiary__organisation__name"))
    return {
        "agreement": next((c for c in found if c.scope == CeilingScope.AGREEMENT), None),
        "lots": [c for c in found if c.scope == CeilingScope.LOT],
        "beneficiaries": [c for c in found if c.scope == CeilingScope.BENEFICIARY],
    }


def ceilings_around(order) -> list[dict]:
    """For the page that confirms an order: each counter before, after, and whether the order fits."""
    rows = Ceiling.objects.filter(
        Q(scope=CeilingScope.AGREEMENT, agreement=order.agreement_id)
        | Q(lot=order.lot_id)
        | Q(beneficiary=order.beneficiary_id)
    ).select_related("agreement", "lot", "beneficiary__organisation")
    amount = order.total_excl_tax if not order.number else ZERO
    return [_around(ceiling, amount) for ceiling in rows.order_by("scope")]


def _around(ceiling, amount) -> dict:
    after = ceiling.consumed_excl_tax + amount
    limit = ceiling.limit_excl_tax
    return {
        "scope": ceiling.get_scope_display(),
        "label": ceiling.target_label,
        "limit_excl_tax": limit,
        "before_excl_tax": ceiling.consumed_excl_tax,
        "after_excl_tax": after,
        "left_excl_tax": None if limit is None else limit - after,
        "fits": limit is None or after <= limit,
    }


def prices_of(holder) -> dict:
    """Unit price of each work unit of a holder, by work unit id."""
    return dict(UnitPrice.objects.filter(holder=holder).values_list("work_unit_id", "unit_price_excl_tax"))


def prices_of_unit(unit):
    """The prices of a unit with their holders, by rank."""
    return unit.unit_prices.select_related("holder__organisation").order_by("holder__rank")


def work_unit_rows():
    """Work units with their lot and agreement."""
    return WorkUnit.objects.select_related("lot__agreement")


def progress_of_orders(orders) -> dict:
    """Person-days planned, done and left over these orders (CCTP § 7.2)."""
    totals = OrderLine.objects.filter(order__in=orders).aggregate(
        planned=Sum("planned_days", default=ZERO),
        done=Sum("done_days", default=ZERO),
        left=Sum(F("planned_days") - F("done_days"), filter=Q(done_days__lt=F("planned_days")), default=ZERO),
    )
    return {"planned_days": totals["planned"], "done_days": totals["done"], "remaining_days": totals["left"]}


def progress_by_project(user_orders) -> list[dict]:
    """Person-days planned, done and left for each purchase project among these orders."""
    lines = OrderLine.objects.filter(order__in=user_orders.filter(state__in=ORDERED_STATES))
    rows = lines.values("order__project__id", "order__project__title").annotate(
        order_count=Count("order", distinct=True),
        amount_excl_tax=Sum("amount_excl_tax"),
        planned=Sum("planned_days"),
        done=Sum("done_days"),
        left=Sum(F("planned_days") - F("done_days"), filter=Q(done_days__lt=F("planned_days")), default=ZERO),
    )
    return list(rows.order_by("order__project__title", "order__project__id"))


def progress_in_all(rows) -> dict:
    """The person-days of all these rows of `progress_by_project` together."""
    return {
        f"{name}_days": sum((row[key] for row in rows), ZERO)
        for name, key in (("planned", "planned"), ("done", "done"), ("remaining", "left"))
    }


def activities_of(orders) -> list[dict]:
    """Days done by operational activity over these orders, the largest first (CCTP § 7.2)."""
    entries = ProgressEntry.objects.filter(line__order__in=orders)
    return list(entries.values("activity").annotate(days=Sum("days")).order_by("-days", "activity"))


def figures() -> dict:
    """The public numbers of the platform's agreements, for the home page; one query."""
    active = FrameworkAgreement.objects.filter(state=AgreementState.ACTIVE)
    orders = PurchaseOrder.objects.filter(state__in=ORDERED_STATES, agreement__in=active).order_by()
    consumed = Ceiling.objects.filter(scope=CeilingScope.AGREEMENT, agreement__in=active).order_by()
    ordered = orders.values(every=Value(1)).annotate(n=Count("pk")).values("n")
    total = consumed.values(every=Value(1)).annotate(total=Sum("consumed_excl_tax")).values("total")
    return active.annotate(ordered=Subquery(ordered), consumed=Subquery(total)).aggregate(
        agreement_count=Count("pk", distinct=True),
        beneficiary_count=Count("beneficiaries__organisation", distinct=True),
        order_count=Max("ordered", default=0),
        consumed_excl_tax=Max("consumed", default=ZERO),
    )


def agreements_with_consumption(organisations):
    """Agreements that these organisations run, with their own counter, those that end last first."""
    own = Ceiling.objects.filter(scope=CeilingScope.AGREEMENT, agreement=OuterRef("pk"))
    return (
        FrameworkAgreement.objects.filter(buyer__in=organisations)
        .select_related("buyer")
        .annotate(consumed_excl_tax=Subquery(own.values("consumed_excl_tax")))
        .order_by("state", "-end_date", "-id")
    )


def awards_to_take(organisations):
    """Awarded framework consultations of these organisations that have no agreement yet."""
    taken = FrameworkAgreement.objects.filter(tender__isnull=False).values("tender")
    awarded = Tender.objects.filter(state=TenderState.AWARDED, technique__in=ORDERING)
    return awarded.filter(buyer__in=organisations).exclude(pk__in=taken).order_by("-awarded_at")


def agreements_found(agreements, *, words="", state=""):
    """Rows of the list among these agreements: with these words, in this state."""
    rows = agreement_rows().filter(pk__in=agreements.values("pk"))
    if words:
        rows = rows.filter(
            Q(title__icontains=words)
            | Q(reference__icontains=words)
            | Q(buyer__name__icontains=words)
            | Q(beneficiaries__organisation__name__icontains=words)
        )
    if state:
        rows = rows.filter(state=state)
    own = Ceiling.objects.filter(scope=CeilingScope.AGREEMENT, agreement=OuterRef("pk"))
    return rows.annotate(consumed_excl_tax=Subquery(own.values("consumed_excl_tax"))).order_by(
        "-start_date", "-id"
    )


def lots_of(agreement):
    """The lots of an agreement with their holders and how many units each has."""
    return agreement.lots.annotate(unit_count=Count("work_units", distinct=True)).prefetch_related(
        Prefetch("holders", Holder.objects.select_related("organisation").order_by("rank"))
    )


def lots_to_order_from(beneficiaries):
    """Lots of the running agreements of these beneficiaries."""
    return (
        AgreementLot.objects.filter(
            agreement__beneficiaries__in=beneficiaries, agreement__state=AgreementState.ACTIVE
        )
        .select_related("agreement")
        .distinct()
        .order_by("-agreement__start_date", "agreement_id", "number")
    )


def units_of(lot) -> list:
    """The units of a lot in the text's order, with their deliverables; two queries."""
    return list(lot.work_units.prefetch_related("deliverables"))


def units_by_phase(units) -> list[tuple[str, list]]:
    """These units grouped by phase, in their order."""
    groups: dict = {}
    for unit in units:
        groups.setdefault(unit.get_phase_display(), []).append(unit)
    return list(groups.items())


def deliverables_by_moment(unit) -> list[tuple[str, list]]:
    """The deliverables of a unit grouped by the moment they are due."""
    groups: dict = {}
    for deliverable in unit.deliverables.all():
        groups.setdefault(deliverable.get_moment_display(), []).append(deliverable)
    return list(groups.items())


def price_rows(units, holders) -> list[dict]:
    """A price schedule: one row for each of these units, one price (or None) for each of these holders."""
    prices = {
        (price.work_unit_id, price.holder_id): price.unit_price_excl_tax
        for price in UnitPrice.objects.filter(holder__in=holders)
    }
    return [
        {"unit": unit, "prices": [prices.get((unit.pk, holder.pk)) for holder in holders]} for unit in units
    ]


def progress_by_order(orders):
    """Running and completed orders among these, with their days planned, done and left."""
    left = Sum(
        F("lines__planned_days") - F("lines__done_days"),
        filter=Q(lines__done_days__lt=F("lines__planned_days")),
        default=ZERO,
    )
    rows = orders.filter(state__in=ORDERED_STATES).select_related(
        "agreement", "holder__organisation", "beneficiary__organisation", "project"
    )
    return rows.annotate(
        planned=Sum("lines__planned_days", default=ZERO),
        done=Sum("lines__done_days", default=ZERO),
        left=left,
    ).order_by("-issued_at", "-id")


def order_totals(orders) -> dict:
    """How many of these orders are issued, and for how much."""
    return orders.order_by().aggregate(
        issued=Count("pk", filter=Q(number__isnull=False)),
        amount_excl_tax=Sum("total_excl_tax", filter=Q(number__isnull=False), default=ZERO),
    )


def beneficiary_rows():
    """Beneficiaries with their organisation."""
    return Beneficiary.objects.select_related("organisation")


def holders_of(lot):
    """The holders of a lot, by rank."""
    return lot.holders.select_related("organisation").order_by("rank")
