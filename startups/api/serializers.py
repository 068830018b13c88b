"""How the API shows startups and their delivery."""

from rest_framework import serializers

from foundation.accounts.models import Organisation
from foundation.api.fields import AbilitiesField, LabelField
from startups import rules
from startups.models import (
    AcceptanceRecord,
    Deliverable,
    ImpactMeasure,
    Incubator,
    Indicator,
    Iteration,
    PhasePeriod,
    Startup,
    Story,
)
from startups.services.portfolio import SHEET_FIELDS
from startups.services.stories import STORY_FIELDS


class AdministrationSerializer(serializers.ModelSerializer):
    """The administration that carries a startup."""

    class Meta:
        model = Organisation
        fields = ["id", "name", "siret"]


class IncubatorSerializer(serializers.ModelSerializer):
    """An incubator."""

    organisation = AdministrationSerializer()
    startup_count = serializers.IntegerField()
    abilities = AbilitiesField(open_startup=lambda user, incubator: rules.opens_startups(user))

    class Meta:
        model = Incubator
        fields = ["id", "name", "description", "organisation", "startup_count", "abilities"]


class PhasePeriodSerializer(serializers.ModelSerializer):
    """A phase, from a day to a day, and the decision that opened it."""

    phase_label = LabelField(source="get_phase_display")

    class Meta:
        model = PhasePeriod
        fields = ["phase", "phase_label", "started_date", "ended_date", "decision", "reason"]


class MeasureSerializer(serializers.ModelSerializer):
    """A measure of an indicator."""

    class Meta:
        model = ImpactMeasure
        fields = ["measured_date", "value", "source", "is_demonstration"]


class IndicatorSerializer(serializers.ModelSerializer):
    """An indicator and its measures."""

    measures = MeasureSerializer(many=True)

    class Meta:
        model = Indicator
        fields = ["id", "name", "unit", "measures"]


class AcceptedIterationSerializer(serializers.ModelSerializer):
    """What the public reads of an accepted iteration."""

    class Meta:
        model = Iteration
        fields = ["number", "goal", "start_date", "end_date", "state"]


class StartupRowSerializer(serializers.ModelSerializer):
    """A startup in the public list."""

    organisation = AdministrationSerializer()
    incubator = serializers.CharField(source="incubator.name")
    phase_label = LabelField(source="get_phase_display")
    url = LabelField(source="get_absolute_url")

    class Meta:
        model = Startup
        fields = [
            "id",
            "slug",
            "name",
            "problem",
            "organisation",
            "incubator",
            "phase",
            "phase_label",
            "has_national_impact",
            "url",
            "updated_at",
        ]


class StartupSerializer(StartupRowSerializer):
    """A startup with its sheet, its phases, its accepted iterations and its impact."""

    periods = PhasePeriodSerializer(many=True)
    indicators = IndicatorSerializer(many=True)
    accepted_iterations = AcceptedIterationSerializer(many=True)
    abilities = AbilitiesField(
        follow=rules.can_follow_startup,
        edit=rules.can_edit_startup,
        plan_iteration=rules.can_plan_iteration,
        link_order=rules.can_link_order,
    )

    class Meta(StartupRowSerializer.Meta):
        fields = [
            *StartupRowSerializer.Meta.fields,
            *[field for field in SHEET_FIELDS if field != "problem"],
            "source_note",
            "periods",
            "indicators",
            "accepted_iterations",
            "abilities",
        ]


class StorySerializer(serializers.ModelSerializer):
    """A user story and what was decided of it."""

    sentence = serializers.CharField()
    state_label = LabelField(source="get_state_display")
    work_unit = serializers.CharField(source="order_line.work_unit.code")
    abilities = AbilitiesField(present=rules.can_present_story, settle=rules.can_settle_story)

    class Meta:
        model = Story
        fields = [
            "id",
            "iteration",
            "position",
            *STORY_FIELDS,
            "sentence",
            "order_line",
            "work_unit",
            "state",
            "state_label",
            "presented_at",
            "settled_at",
            "refusal_reason",
            "abilities",
        ]


class DeliverableSerializer(serializers.ModelSerializer):
    """A deliverable expected of an iteration."""

    label = serializers.CharField(source="expected.label")
    work_unit = serializers.CharField(source="expected.work_unit.code")
    moment = serializers.CharField(source="expected.moment")

    class Meta:
        model = Deliverable
        fields = ["id", "label", "work_unit", "moment", "location", "delivered_at"]


class RecordSerializer(serializers.ModelSerializer):
    """An acceptance record; its document is at /api/v1/documents/."""

    number = serializers.CharField(source="document.number")
    decision_label = LabelField(source="get_decision_display")
    signed_by = serializers.CharField(source="signed_by.full_name")

    class Meta:
        model = AcceptanceRecord
        fields = [
            "id",
            "number",
            "document",
            "decision",
            "decision_label",
            "reason",
            "reduction_percent",
            "recorded_days",
            "signed_by",
            "signed_at",
        ]


class IterationRowSerializer(serializers.ModelSerializer):
    """An iteration in a list."""

    startup = serializers.CharField(source="startup.slug")
    state_label = LabelField(source="get_state_display")

    class Meta:
        model = Iteration
        fields = [
            "id",
            "startup",
            "number",
            "order",
            "goal",
            "start_date",
            "end_date",
            "state",
            "state_label",
        ]


class IterationSerializer(IterationRowSerializer):
    """An iteration with its stories, its deliverables and its records."""

    stories = StorySerializer(many=True)
    deliverables = DeliverableSerializer(many=True)
    records = RecordSerializer(many=True)
    abilities = AbilitiesField(
        write_stories=rules.can_write_stories,
        run=rules.can_run_iteration,
        demonstrate=rules.can_demonstrate_iteration,
        decide=rules.can_decide_iteration,
        deliver=rules.can_deliver,
    )

    class Meta(IterationRowSerializer.Meta):
        fields = [
            *IterationRowSerializer.Meta.fields,
            "attendees",
            "minutes",
            "started_at",
            "demonstrated_at",
            "decided_at",
            "cancel_reason",
            "stories",
            "deliverables",
            "records",
            "abilities",
        ]
