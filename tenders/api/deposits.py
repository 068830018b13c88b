"""What goes in an envelope beside files and prices: the candidature, the answers to the impact questions."""

import json
import re
from contextlib import contextmanager
from dataclasses import replace

from rest_framework import serializers

from foundation.api.fields import DecimalField
from foundation.errors import Refusal
from tenders.enums import Grouping
from tenders.services import CandidatureDraft


class PartnerInput(serializers.Serializer):
    """A member of a consortium beside its agent, who deposits."""

    siret = serializers.CharField(max_length=14)
    name = serializers.CharField(max_length=200)
    share = serializers.CharField(max_length=250, allow_blank=True, default="")


class SubcontractorInput(serializers.Serializer):
    """A subcontractor presented; `is_relied_on`: the candidate counts its capacities among his own."""

    siret = serializers.CharField(max_length=14)
    name = serializers.CharField(max_length=200)
    services = serializers.CharField(max_length=250, allow_blank=True, default="")
    amount_excl_tax = DecimalField(
        max_digits=14, decimal_places=2, required=False, allow_null=True, default=None
    )
    is_relied_on = serializers.BooleanField(default=False)


class CandidatureInput(serializers.Serializer):
    """Who answers, with whom; the rest is copied from the supplier's file. `certificates`: papers of that file."""

    is_declared = serializers.BooleanField(help_text="The declaration on honour.")
    declared_quality = serializers.CharField(max_length=150, allow_blank=True, default="")
    grouping = serializers.ChoiceField(choices=Grouping.choices, default=Grouping.ALONE)
    is_agent_jointly_liable = serializers.BooleanField(default=False)
    members = PartnerInput(many=True, default=list)
    subcontractors = SubcontractorInput(many=True, default=list)
    certificates = serializers.ListField(child=serializers.IntegerField(min_value=1), default=list)
    lot_numbers = serializers.ListField(child=serializers.IntegerField(min_value=1), default=list)


class ImpactAnswerInput(serializers.Serializer):
    """The answer to an impact question, and where its evidence is."""

    lot = serializers.IntegerField(min_value=1, help_text="Number of the lot.")
    question = serializers.IntegerField(min_value=1)
    words = serializers.CharField(max_length=4000, allow_blank=True)
    evidence = serializers.CharField(max_length=4000, allow_blank=True, default="")


class BesidePricesInput(serializers.Serializer):
    """What a multipart deposit carries as JSON texts beside its prices."""

    candidature = CandidatureInput(required=False, allow_null=True, default=None)
    answers = ImpactAnswerInput(many=True, default=list)


def beside_the_prices(data) -> dict:
    """The candidature and the answers of a multipart deposit, checked. Raises ValidationError."""
    given = {}
    for name in ("candidature", "answers"):
        if data.get(name):
            try:
                given[name] = json.loads(data[name])
            except (ValueError, TypeError, RecursionError) as error:
                message = "Écrivez ce champ en JSON, comme dans l'exemple de la documentation."
                raise serializers.ValidationError({name: [message]}) from error
    checked = BesidePricesInput(data=given)
    checked.is_valid(raise_exception=True)
    return checked.validated_data


def draft_from(data) -> CandidatureDraft | None:
    """The candidature as the services take it; None when none was sent."""
    return CandidatureDraft(**data) if data else None


def answers_from(rows) -> dict[int, dict[int, dict[str, str]]]:
    """The answers as the services take them: {lot number: {question: {"words", "evidence"}}}."""
    found: dict[int, dict[int, dict[str, str]]] = {}
    for row in rows or ():
        told = {"words": row["words"], "evidence": row["evidence"]}
        found.setdefault(row["lot"], {})[row["question"]] = told
    return found


_PARTNER = re.compile(r"(membre|soustraitant)-(\d+)-(.+)")
_LISTS = {"membre": "members", "soustraitant": "subcontractors"}
_OWN = ("grouping", "lot_numbers", "certificates")


@contextmanager
def told_by_pointers(rows=()):
    """Refusals that name fields of the page are told again with the members of the body."""
    try:
        yield
    except Refusal as refusal:
        reasons = [replace(reason, field=_pointed(reason.field, rows or ())) for reason in refusal.reasons]
        raise Refusal.of(reasons) from refusal


def _pointed(field: str, rows) -> str:
    if field == "declared":
        return "candidature.is_declared"
    if field in _OWN:
        return f"candidature.{field}"
    partner = _PARTNER.fullmatch(field)
    if partner:
        return f"candidature.{_LISTS[partner[1]]}.{partner[2]}.{partner[3]}"
    asked = re.fullmatch(r"(impact|preuve)-(\d+)", field)
    if not asked:
        return field
    name = "words" if asked[1] == "impact" else "evidence"
    place = next((rank for rank, row in enumerate(rows) if row["question"] == int(asked[2])), None)
    return "answers" if place is None else f"answers.{place}.{name}"
