"""What a device or a program seals itself, as the API takes and shows it (docs/api.md, « sealing »)."""

from rest_framework import serializers

from tenders.api.binary import Base64Field, Hex32Field
from tenders.api.deposits import CandidatureInput
from tenders.enums import PartKind, SealedBy
from tenders.services import SealedAnswer, SealedFacts
from tenders.shares import DealtShare

SEALED_KINDS = [PartKind.PRICES.value, PartKind.ANSWERS.value, PartKind.CONTENTS.value]


class ShareInput(serializers.Serializer):
    """A share of the private key of the bid, sealed to one custodian. `commitment`: SHA-256 that binds the share."""

    seat = serializers.IntegerField(min_value=1)
    x = serializers.IntegerField(min_value=1, max_value=255, help_text="Abscissa of the share.")
    sealed_share = Base64Field(max_length=400)
    commitment = Hex32Field()


class KeyInput(serializers.Serializer):
    """The key that the device or the program drew for this bid: its public half, its private half as sealed shares."""

    sealed_by = serializers.ChoiceField(choices=[SealedBy.DEVICE.value, SealedBy.PROGRAM.value])
    public_key = Hex32Field(help_text="X25519, hexadecimal.")
    shares = ShareInput(many=True, min_length=2, max_length=50)


class SealedFileInput(serializers.Serializer):
    """A file that the sender seals: its name, type and digest are in `sealed_facts`."""

    id = serializers.UUIDField()
    lot = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    sealed_size = serializers.IntegerField(min_value=1)
    sealed_facts = Base64Field(max_length=100_000)


class SealedFactsInput(serializers.Serializer):
    """Prices or answers of a lot, or the contents, already sealed."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=SEALED_KINDS)
    lot = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    sealed = Base64Field(max_length=3_000_000)


class SealedDepositInput(serializers.Serializer):
    """A bid sealed before it reached the platform; `files` and `replaces` say what its author saw."""

    parts = SealedFactsInput(many=True, min_length=1, max_length=200)
    commitment = Hex32Field()
    files = serializers.ListField(child=serializers.UUIDField(), max_length=200)
    replaces = serializers.UUIDField(allow_null=True)
    candidature = CandidatureInput(required=False, allow_null=True, default=None)
    is_backup = serializers.BooleanField(default=False)


def dealt_from(shares, persons: dict[int, str]) -> list[DealtShare]:
    """The shares as the service takes them; a seat that is not of this round gives no person."""
    return [
        DealtShare(
            one["seat"], persons.get(one["seat"], ""), one["x"], one["sealed_share"], one["commitment"]
        )
        for one in shares
    ]


def sealed_from(data) -> SealedAnswer:
    """The sealed parts as the service takes them."""
    parts = tuple(SealedFacts(one["id"], one["kind"], one["lot"], one["sealed"]) for one in data["parts"])
    return SealedAnswer(parts, data["commitment"])


class SealedShareSerializer(serializers.Serializer):
    """One's share of a bid to open, still sealed."""

    bid = serializers.UUIDField(source="bid_id")
    bidder = serializers.IntegerField(source="bid.bidder_id")
    sealed_share = Base64Field()
    commitment = serializers.CharField()


class OpeningSharesSerializer(serializers.Serializer):
    """What one's own program needs to give one's shares: the key that one locked, and the shares to unseal."""

    tender = serializers.IntegerField()
    round = serializers.IntegerField()
    person = serializers.IntegerField()
    public_key = serializers.CharField()
    locked = serializers.CharField()
    parameters = serializers.DictField()
    bids = SealedShareSerializer(many=True)


def shares_to_open(seat, rows) -> dict:
    """The answer to a custodian who opens on his own device."""
    key, round = seat.custodian_key, seat.custody.round
    return {
        "tender": round.tender_id,
        "round": round.pk,
        "person": seat.custodian_id,
        "public_key": bytes(key.public_key).hex(),
        "locked": bytes(key.locked_seed).hex(),
        "parameters": key.lock_parameters,
        "bids": rows,
    }
