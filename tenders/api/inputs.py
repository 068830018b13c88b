"""What the API takes: small serializers, one per act. The rules stay in the services."""

import json
import re

from django.utils.translation import gettext as _
from rest_framework import serializers

from foundation.accounts.models import User
from foundation.api.fields import DecimalField
from foundation.money import written
from needs.models import PurchaseProject
from tenders import rules
from tenders.api.binary import Base64Field
from tenders.enums import CancelGround, CriterionKind
from tenders.models import CostItem, Criterion, ImpactQuestion, Lot, Offer, PriceLine, QualityLevel, Tender
from tenders.models.notices import PRICE_PLACES
from tenders.services.drafting import NOTICE_FIELDS
from tenders.snapshots import SECTIONS

COUNTED = {name: {"min_value": 1} for name in ("max_candidates", "max_lots_tendered", "max_lots_awarded")}
"""What a notice limits is at least one."""


class NoticeInput(serializers.ModelSerializer):
    """The notice of a draft; an absent field does not change."""

    class Meta:
        model = Tender
        fields = NOTICE_FIELDS
        extra_kwargs = COUNTED | {
            "title": {"required": False},
            "procedure": {"required": False},
            "description": {"required": False},
        }


class TenderInput(serializers.ModelSerializer):
    """A new draft on one of the caller's projects."""

    project = serializers.PrimaryKeyRelatedField(queryset=PurchaseProject.objects.none())

    class Meta:
        model = Tender
        fields = ["project", *NOTICE_FIELDS]
        extra_kwargs = COUNTED

    def get_fields(self):
        """The caller chooses among the projects where he buys: the others do not exist for him."""
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["project"].queryset = rules.projects_for_new_tender(request.user)
        return fields


class LotInput(serializers.Serializer):
    """A lot."""

    title = serializers.CharField(max_length=200)
    description = serializers.CharField(required=False, allow_blank=True, default="")
    max_holders = serializers.IntegerField(min_value=1, max_value=100, required=False, default=1)


class OtherLotInput(serializers.Serializer):
    """Another lot of the same consultation."""

    other = serializers.PrimaryKeyRelatedField(queryset=Lot.objects.none())

    def get_fields(self):
        """The lots of the consultation."""
        fields = super().get_fields()
        if "lot" in self.context:
            fields["other"].queryset = self.context["lot"].tender.lots.all()
        return fields


class SubCriterionInput(serializers.ModelSerializer):
    """A sub-criterion, weight in percent of its criterion."""

    class Meta:
        model = Criterion
        fields = ["label", "description", "weight", "is_environmental"]


class CriterionInput(serializers.ModelSerializer):
    """A criterion, weight in percent."""

    kind = serializers.ChoiceField(choices=CriterionKind.choices)
    children = SubCriterionInput(many=True, required=False)

    class Meta:
        model = Criterion
        fields = ["label", "description", "kind", "weight", "is_environmental", "children"]


class CriteriaInput(serializers.Serializer):
    """All the criteria of a lot; their weights make 100."""

    criteria = CriterionInput(many=True)


class QualityLevelInput(serializers.ModelSerializer):
    """A written level of notation, out of 5."""

    class Meta:
        model = QualityLevel
        fields = ["points", "label", "description"]


class CostItemInput(serializers.ModelSerializer):
    """A cost of use added to the price."""

    class Meta:
        model = CostItem
        fields = ["label", "unit", "unit_cost_excl_tax", "multiplier"]


class NotationInput(serializers.ModelSerializer):
    """How a criterion is marked; an absent field does not change, absent levels and costs are removed."""

    levels = QualityLevelInput(many=True, required=False)
    cost_items = CostItemInput(many=True, required=False)

    class Meta:
        model = Criterion
        fields = ["formula", "formula_parameter", "minimum_points", "levels", "cost_items"]


class ImpactQuestionInput(serializers.ModelSerializer):
    """An impact question; `criterion` is read by the service, which refuses that of another lot."""

    class Meta:
        model = ImpactQuestion
        fields = ["theme", "text", "evidence", "is_required", "criterion", "code"]


class ImpactQuestionsInput(serializers.Serializer):
    """All the impact questions of a lot."""

    questions = ImpactQuestionInput(many=True)


class PriceLineInput(serializers.ModelSerializer):
    """A line of the price schedule."""

    class Meta:
        model = PriceLine
        fields = ["code", "label", "unit", "simulated_quantity", "price_places"]
        extra_kwargs = {"price_places": dict(zip(("min_value", "max_value"), PRICE_PLACES, strict=True))}


class PriceLinesInput(serializers.Serializer):
    """The whole price schedule of a lot."""

    lines = PriceLineInput(many=True)


class TemplateInput(serializers.Serializer):
    """The code of a known price catalogue."""

    code = serializers.CharField()


class CustodiansInput(serializers.Serializer):
    """The custodians of the key, by their e-mail address, and how many of them open the bids."""

    emails = serializers.ListField(child=serializers.EmailField(), min_length=2, max_length=16)
    threshold = serializers.IntegerField(min_value=2, max_value=16, default=2)

    def validate_emails(self, emails):
        """The people behind the addresses; an unknown one is refused."""
        people = list(User.objects.filter(email__in=[email.lower() for email in emails]))
        if len(people) < len({email.lower() for email in emails}):
            raise serializers.ValidationError("Une de ces adresses n'a pas de compte : vérifiez-les.")
        return people


class ReasonInput(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(allow_blank=True)


class CancelInput(ReasonInput):
    """Why a consultation ends without a contract, and in which case of the law."""

    ground = serializers.ChoiceField(choices=CancelGround.choices, default=CancelGround.OTHER)


class ReviewInput(serializers.Serializer):
    """A word to the reviewer."""

    message = serializers.CharField(allow_blank=True, default="")


class SendBackInput(serializers.Serializer):
    """What is to be mended."""

    reason = serializers.CharField(allow_blank=True, default="")


class CommentInput(serializers.Serializer):
    """What is said of one part of the version."""

    section = serializers.ChoiceField(choices=list(SECTIONS.items()))
    text = serializers.CharField()


class ExtensionInput(serializers.Serializer):
    """A later deadline, that a second person confirms."""

    due_at = serializers.DateTimeField()
    reason = serializers.CharField()


class DepositInput(serializers.Serializer):
    """The multipart body of a deposit, documented; files are sealed as they stream and never reach a
    serializer.
    """

    prices = serializers.JSONField(
        help_text='Unit prices excluding tax by lot number and line code: {"1": {"UO-1": "1200.00"}}.'
    )
    candidature = serializers.JSONField(
        required=False, help_text="Who answers, in JSON, as in the deposit of a sending (`/uploads/`)."
    )
    answers = serializers.JSONField(
        required=False, help_text="Answers to the impact questions, in JSON, as in the deposit of a sending."
    )
    files = serializers.ListField(
        child=serializers.FileField(),
        required=False,
        help_text="Files for the whole answer; name the field lot-1-files for those of lot 1.",
    )


_LOT_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
PRICES_MESSAGE = 'Écrivez les prix en JSON, par exemple {"1": {"UO-1": "1200.00"}}.'


def prices_from(text: str) -> dict[int, dict[str, str]]:
    """The prices of a deposit: {lot number: {line code: amount}}. Raises ValidationError when it is not
    that.
    """
    try:
        return prices_from_object(json.loads(text or "null", parse_float=str, parse_int=str))
    except (ValueError, RecursionError) as error:
        raise serializers.ValidationError({"prices": [PRICES_MESSAGE]}) from error


def prices_from_object(given) -> dict[int, dict[str, str]]:
    """The same, from JSON already read. Raises ValidationError."""
    if not isinstance(given, dict) or not all(isinstance(lines, dict) for lines in given.values()):
        raise serializers.ValidationError({"prices": [PRICES_MESSAGE]})
    if not all(_LOT_NUMBER.fullmatch(number) for number in given):
        raise serializers.ValidationError({"prices": [PRICES_MESSAGE]})
    return {
        int(number): {code: "" if price is None else written(price) for code, price in lines.items()}
        for number, lines in given.items()
    }


class InterestInput(serializers.Serializer):
    """A declaration of interests."""

    has_interest = serializers.BooleanField()
    statement = serializers.CharField(required=False, allow_blank=True, default="")


class UnsealedShareInput(serializers.Serializer):
    """One's share of a bid, unsealed: 33 bytes."""

    bid = serializers.UUIDField()
    share = Base64Field(max_length=60)


class ContributionInput(serializers.Serializer):
    """What a custodian gives: his shares, that his own program unsealed, or his passphrase, with which the server does.
    Neither is kept in clear.
    """

    passphrase = serializers.CharField(trim_whitespace=False, write_only=True, required=False)
    shares = UnsealedShareInput(many=True, write_only=True, required=False, max_length=5000)

    def validate(self, attrs):
        """One of the two."""
        if ("passphrase" in attrs) == ("shares" in attrs):
            raise serializers.ValidationError(
                {
                    "passphrase": [
                        _("Donnez votre phrase de passe, ou les parts que votre programme a ouvertes.")
                    ]
                }
            )
        return attrs


class ScoreInput(serializers.Serializer):
    """A mark out of 5 on a quality criterion, with its words."""

    criterion = serializers.PrimaryKeyRelatedField(queryset=Criterion.objects.all())
    points = DecimalField(max_digits=3, decimal_places=2, min_value=0, max_value=5)
    comment = serializers.CharField()


class AwardInput(serializers.Serializer):
    """The offers retained for a lot."""

    offers = serializers.PrimaryKeyRelatedField(queryset=Offer.objects.none(), many=True)
    strengths = serializers.CharField(
        allow_blank=True, default="", help_text="What distinguishes them, told to the other firms."
    )

    def get_fields(self):
        """The offers of the lot only."""
        fields = super().get_fields()
        if "lot" in self.context:
            fields["offers"].child_relation.queryset = self.context["lot"].offers.all()
        return fields
