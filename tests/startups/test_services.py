"""Plan, run, demonstrate and accept an iteration; the phases, the orders and the impact of a startup."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from foundation.accounts.enums import Role
from foundation.errors import Refusal
from foundation.journal.selectors import history
from foundation.notifications.models import OutboxEmail
from framework_agreements import services as orders
from framework_agreements.models import ProgressEntry
from startups import services
from startups.models import AcceptanceRecord, Story
from startups.selectors.impact import impact_of, next_measure_due
from startups.selectors.portfolio import timeline
from tests.accounts.factories import make_buyer_org, make_member
from tests.framework_agreements.factories import make_issued_order, make_order
from tests.startups.factories import (
    START,
    make_delivery,
    make_demonstrated,
    make_iteration,
    make_startup,
    make_story,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery():
    return make_delivery()


def decide(delivery, iteration, decision="accepted", **options):
    options.setdefault("signature", True)
    options.setdefault("by", delivery.product_owner)
    return services.iteration_decide(iteration=iteration, decision=decision, at=delivery.world.at, **options)


def line_of(delivery):
    return delivery.order.lines.get()


class TestPlanning:
    def test_numbers_are_gapless_within_the_startup(self, delivery):
        first = make_iteration(delivery)
        second = make_iteration(delivery, start=START + timedelta(days=30))
        assert (first.number, second.number) == (1, 2)

    def test_twenty_one_days_are_accepted(self, delivery):
        assert make_iteration(delivery, days=21).day_count == 21

    def test_four_weeks_are_refused_with_the_article_and_the_last_possible_day(self, delivery):
        with pytest.raises(Refusal) as refusal:
            make_iteration(delivery, days=28)
        reason = refusal.value.reasons[0]
        assert reason.field == "end_date"
        assert "trois semaines au plus" in reason.message and "22 mars 2026" in reason.message
        assert "CCTP" in reason.article and "§1.4" in reason.article

    def test_crossed_dates_are_refused(self, delivery):
        with pytest.raises(Refusal) as refusal:
            make_iteration(delivery, days=0)
        assert refusal.value.reasons[0].field == "end_date"

    def test_an_overlap_is_refused_even_by_one_day(self, delivery):
        make_iteration(delivery, days=21)
        with pytest.raises(Refusal) as refusal:
            make_iteration(delivery, start=START + timedelta(days=20))
        assert "itération 1 occupe" in str(refusal.value)
        assert make_iteration(delivery, start=START + timedelta(days=21)).number == 2

    def test_a_cancelled_iteration_frees_its_dates(self, delivery):
        iteration = make_iteration(delivery)
        services.iteration_cancel(
            iteration=iteration, reason="Erreur de date", by=delivery.product_owner, at=delivery.world.at
        )
        assert make_iteration(delivery).number == 2

    def test_only_a_linked_running_order_pays(self, delivery):
        other = make_issued_order(delivery.world)
        with pytest.raises(Refusal) as refusal:
            services.iteration_plan(
                startup=delivery.startup,
                order=other,
                goal="But",
                start_date=START,
                end_date=START,
                by=delivery.product_owner,
                at=delivery.world.at,
            )
        assert refusal.value.reasons[0].field == "order"

    def test_only_the_product_owner_plans(self, delivery):
        other = make_member(delivery.startup.organisation, Role.PRODUCT_OWNER)
        delivery.product_owner = other
        with pytest.raises(Refusal) as refusal:
            make_iteration(delivery)
        assert refusal.value.code == "forbidden"


class TestRunning:
    def test_an_iteration_without_story_does_not_start(self, delivery):
        iteration = make_iteration(delivery)
        with pytest.raises(Refusal) as refusal:
            services.iteration_start(iteration=iteration, by=delivery.supplier, at=delivery.world.at)
        assert "récit utilisateur" in str(refusal.value)

    def test_what_the_work_unit_expects_becomes_due(self, delivery):
        iteration = make_iteration(delivery)
        make_story(iteration, by=delivery.supplier, at=delivery.world.at)
        services.iteration_start(iteration=iteration, by=delivery.supplier, at=delivery.world.at)
        moments = set(iteration.deliverables.values_list("expected__moment", flat=True))
        assert moments == {"before_iteration", "end_of_iteration"}
        row = iteration.deliverables.first()
        services.deliverable_deliver(
            deliverable=row, location="https://exemple.fr/depot", by=delivery.supplier, at=delivery.world.at
        )
        row.refresh_from_db()
        assert row.delivered_by == delivery.supplier

    def test_a_story_is_paid_by_its_own_order(self, delivery):
        iteration = make_iteration(delivery)
        other = make_issued_order(delivery.world).lines.get()
        with pytest.raises(Refusal) as refusal:
            make_story(iteration, by=delivery.supplier, at=delivery.world.at, line=other)
        assert refusal.value.reasons[0].field == "order_line"

    def test_the_demonstration_is_told_to_the_product_owner(self, delivery):
        make_demonstrated(delivery, settle="")
        assert OutboxEmail.objects.filter(recipient=delivery.product_owner).exists()

    def test_the_demonstration_needs_something_to_show_and_minutes(self, delivery):
        iteration = make_iteration(delivery)
        make_story(iteration, by=delivery.supplier, at=delivery.world.at)
        services.iteration_start(iteration=iteration, by=delivery.supplier, at=delivery.world.at)
        show = {"iteration": iteration, "by": delivery.supplier, "at": delivery.world.at}
        with pytest.raises(Refusal) as refusal:
            services.iteration_demonstrate(minutes=" ", **show)
        assert refusal.value.reasons[0].field == "minutes"
        with pytest.raises(Refusal):
            services.iteration_demonstrate(minutes="Rien à montrer", **show)

    def test_stories_change_until_the_demonstration(self, delivery):
        iteration = make_demonstrated(delivery)
        with pytest.raises(Refusal) as refusal:
            make_story(iteration, by=delivery.product_owner, at=delivery.world.at)
        assert refusal.value.code == "conflict"

    def test_a_refusal_needs_its_reason(self, delivery):
        iteration = make_demonstrated(delivery, settle="")
        story = iteration.stories.first()
        with pytest.raises(Refusal) as refusal:
            services.story_refuse(story=story, reason=" ", by=delivery.product_owner, at=delivery.world.at)
        assert refusal.value.reasons[0].field == "reason"

    def test_the_holder_does_not_validate_its_own_story(self, delivery):
        iteration = make_demonstrated(delivery, settle="")
        with pytest.raises(Refusal) as refusal:
            services.story_validate(
                story=iteration.stories.first(), by=delivery.supplier, at=delivery.world.at
            )
        assert refusal.value.code == "forbidden"


class TestDeciding:
    def test_acceptance_records_the_validated_days_and_freezes_the_record(self, delivery):
        iteration = make_demonstrated(delivery, stories=("3", "2.5", "4"), settle="")
        first, second, third = iteration.stories.all()
        settle = {"by": delivery.product_owner, "at": delivery.world.at}
        services.story_validate(story=first, **settle)
        services.story_validate(story=second, **settle)
        services.story_refuse(story=third, reason="La photo ne s'affiche pas", **settle)
        record = decide(delivery, iteration)
        line = line_of(delivery)
        assert (record.recorded_days, line.done_days) == (Decimal("5.5"), Decimal("5.5"))
        assert line.remaining_days == line.planned_days - Decimal("5.5")
        entry = ProgressEntry.objects.get()
        assert (entry.days, entry.source_label) == (Decimal("5.5"), f"Procès-verbal {record.document.number}")
        assert record.document.number.startswith("PV-")
        facts = record.document.facts
        assert facts["refused_days"] == "4.00" and facts["decision"] == "accepted"
        assert [story["state"] for story in facts["stories"]] == ["validated", "validated", "refused"]
        assert facts["signatures"][0]["name"] == delivery.product_owner.full_name
        assert history(iteration)[0].what == "a signé le procès-verbal de l'itération"
        assert OutboxEmail.objects.filter(recipient=delivery.supplier).exists()

    def test_the_facts_stay_what_they_were(self, delivery):
        record = decide(delivery, make_demonstrated(delivery))
        Story.objects.update(want="autre chose")
        delivery.startup.organisation.name = "Autre nom"
        delivery.startup.organisation.save()
        record.document.refresh_from_db()
        assert "autre chose" not in str(record.document.facts)
        assert record.document.facts["issuer"]["name"] != "Autre nom"

    def test_every_story_shown_is_settled_first(self, delivery):
        iteration = make_demonstrated(delivery, settle="")
        with pytest.raises(Refusal) as refusal:
            decide(delivery, iteration)
        assert "2 récits attendent" in str(refusal.value)

    def test_a_deferral_pays_nothing_and_lets_the_holder_come_back(self, delivery):
        iteration = make_demonstrated(delivery, settle="")
        at = delivery.world.at
        for story in iteration.stories.all():
            services.story_refuse(story=story, reason="Incomplet", by=delivery.product_owner, at=at)
        with pytest.raises(Refusal) as refusal:
            decide(delivery, iteration, "accepted")
        assert "pas admise" in str(refusal.value)
        with pytest.raises(Refusal) as refusal:
            decide(delivery, iteration, "deferred")
        assert refusal.value.reasons[0].field == "reason"
        record = decide(delivery, iteration, "deferred", reason="Les critères ne sont pas tenus")
        assert record.recorded_days == 0 and line_of(delivery).done_days == 0
        story = iteration.stories.first()
        services.story_present(story=story, by=delivery.supplier, at=at)
        services.iteration_demonstrate(iteration=iteration, minutes="Corrigé", by=delivery.supplier, at=at)
        story.refresh_from_db()
        services.story_validate(story=story, by=delivery.product_owner, at=at)
        decide(delivery, iteration)
        assert line_of(delivery).done_days == Decimal(3)
        assert AcceptanceRecord.objects.filter(iteration=iteration).count() == 2

    def test_a_reduction_pays_less(self, delivery):
        iteration = make_demonstrated(delivery, stories=("3", "2"))
        for wrong in (None, Decimal(0), Decimal(100)):
            with pytest.raises(Refusal) as refusal:
                decide(delivery, iteration, "reduced", reason="Retard", reduction_percent=wrong)
            assert refusal.value.reasons[0].field == "reduction_percent"
        record = decide(delivery, iteration, "reduced", reason="Retard", reduction_percent=Decimal("12.5"))
        assert record.recorded_days == line_of(delivery).done_days == Decimal("4.38")

    def test_a_rejection_pays_nothing(self, delivery):
        record = decide(delivery, make_demonstrated(delivery), "rejected", reason="Hors sujet")
        assert record.recorded_days == 0 and not ProgressEntry.objects.exists()

    def test_only_the_product_owner_signs_and_says_so(self, delivery):
        iteration = make_demonstrated(delivery)
        with pytest.raises(Refusal) as refusal:
            decide(delivery, iteration, signature=False)
        assert refusal.value.reasons[0].field == "signature"
        strangers = [
            delivery.supplier,
            delivery.world.buyer,
            make_member(delivery.startup.organisation, Role.PRODUCT_OWNER),
        ]
        for stranger in strangers:
            with pytest.raises(Refusal) as refusal:
                decide(delivery, iteration, by=stranger)
            assert refusal.value.code == "forbidden"

    def test_an_order_that_is_closed_takes_no_day(self, delivery):
        iteration = make_demonstrated(delivery)
        orders.order_acknowledge(order=delivery.order, by=delivery.supplier, at=delivery.world.at)
        orders.order_complete(order=delivery.order, by=delivery.world.buyer, at=delivery.world.at)
        with pytest.raises(Refusal) as refusal:
            decide(delivery, iteration)
        assert refusal.value.code == "conflict"


class TestPortfolio:
    def test_construction_is_decided_on_the_product_sheet(self):
        startup = make_startup(solution="")
        owner = startup.product_owner
        change = {
            "startup": startup,
            "transition": "build",
            "on_date": START,
            "by": owner,
            "at": startup.created_at,
        }
        with pytest.raises(Refusal) as refusal:
            services.phase_change(reason="Allons-y", **change)
        assert "fiche produit" in str(refusal.value) and "§4.3" in str(refusal.value)

    def test_phases_follow_the_decisions_and_their_dates(self, delivery):
        change = {"startup": delivery.startup, "by": delivery.product_owner, "at": delivery.world.at}
        with pytest.raises(Refusal) as refusal:
            services.phase_change(
                transition="consolidate", on_date=START - timedelta(days=1), reason="Usages", **change
            )
        assert refusal.value.reasons[0].field == "on_date"
        day = START + timedelta(days=90)
        startup = services.phase_change(transition="consolidate", on_date=day, reason="Usages", **change)
        assert [(step.label, step.status) for step in timeline(startup, startup.periods.all())] == [
            ("Investigation", "done"),
            ("Construction", "done"),
            ("Consolidation", "current"),
            ("Passation", "next"),
        ]
        assert startup.periods.filter(ended_date__isnull=True).get().phase == "consolidation"

    def test_a_startup_with_an_iteration_under_way_does_not_stop(self, delivery):
        make_demonstrated(delivery)
        with pytest.raises(Refusal):
            services.phase_change(
                startup=delivery.startup,
                transition="stop",
                on_date=START,
                reason="Pas d'usage",
                by=delivery.product_owner,
                at=delivery.world.at,
            )

    def test_only_issued_orders_of_the_administration_are_linked(self, delivery):
        link = {"startup": delivery.startup, "by": delivery.product_owner, "at": delivery.world.at}
        for order in (make_order(delivery.world), delivery.order):
            with pytest.raises(Refusal) as refusal:
                services.order_link(order=order, **link)
            assert refusal.value.reasons[0].field == "order"
        elsewhere = make_startup()
        with pytest.raises(Refusal):
            services.order_link(
                startup=elsewhere, order=delivery.order, by=elsewhere.product_owner, at=delivery.world.at
            )

    def test_the_product_owner_is_of_the_administration(self):
        with pytest.raises(Refusal) as refusal:
            make_startup(product_owner=make_member(make_buyer_org(), Role.PRODUCT_OWNER))
        assert refusal.value.code == "forbidden"

    def test_a_name_is_taken_once(self):
        startup = make_startup(name="Accès libre")
        assert startup.slug == "acces-libre"
        with pytest.raises(Refusal) as refusal:
            make_startup(name="Acces Libre")
        assert refusal.value.reasons[0].field == "name"
        with pytest.raises(Refusal):
            make_startup(name="Itérations")


class TestImpact:
    def test_measures_are_dated_sourced_and_due_every_six_months(self):
        startup = make_startup()
        owner, at = startup.product_owner, startup.created_at
        indicator = services.indicator_add(
            startup=startup, name="Lieux décrits", unit="lieux", by=owner, at=at
        )
        write = {"indicator": indicator, "source": "Base ouverte", "by": owner, "at": at}
        services.measure_record(value=Decimal(100), measured_date=date(2025, 1, 31), **write)
        services.measure_record(value=Decimal(250), measured_date=date(2025, 8, 31), **write)
        view = impact_of(startup, date(2026, 3, 1))[0]
        assert (view.due_date, view.is_overdue) == (date(2026, 2, 28), True)
        assert len(view.chart.points) == 2 and "," in view.chart.line
        with pytest.raises(Refusal) as refusal:
            services.measure_record(value=Decimal(1), measured_date=at.date() + timedelta(days=1), **write)
        assert refusal.value.reasons[0].field == "measured_date"

    def test_six_months_after_a_month_end(self):
        assert next_measure_due(date(2025, 8, 31)) == date(2026, 2, 28)
        assert next_measure_due(date(2025, 12, 15)) == date(2026, 6, 15)
