"""Who opens the bids of a round, with the keys to which their shares are sealed: anybody may compare them."""

from rest_framework import serializers

from tenders.models import Seat
from tenders.services import key_facts


class CustodianSerializer(serializers.Serializer):
    """A custodian to whom a share is sealed: his public keys, his signature under both, what people compare."""

    seat = serializers.IntegerField()
    person = serializers.CharField()
    name = serializers.CharField(help_text="To the firms that answer only; empty for the public.")
    public_key = serializers.CharField()
    signing_key = serializers.CharField()
    certificate = serializers.CharField()
    fingerprint = serializers.CharField()


class CustodySerializer(serializers.Serializer):
    """Who opens the bids of the round: any `threshold` of the custodians."""

    threshold = serializers.IntegerField()
    custodians = CustodianSerializer(many=True)


def custody_of(seats: list[Seat], *, is_named: bool = False) -> dict | None:
    """The custody of a round, as the API shows it: keys to everybody, names to those who seal for them."""
    if not seats:
        return None
    return {
        "threshold": seats[0].custody.threshold,
        "custodians": [
            {
                "seat": seat.pk,
                "name": str(seat.custodian) if is_named else "",
                **key_facts(seat.custodian_key),
            }
            for seat in seats
        ],
    }
