"""Who takes part: the buyer, and once the award is decided the firms that hold."""

from foundation.accounts.models import Organisation
from tenders.models import Award, Tender

SCHEME = "FR-INSEE"
"""The register of SIRET numbers, kept by INSEE."""


def party_id(organisation: Organisation) -> str:
    """The same everywhere in our releases: scheme and SIRET, else our own number."""
    return f"{SCHEME}-{organisation.siret}" if organisation.siret else f"JALON-{organisation.pk}"


def reference(organisation: Organisation) -> dict:
    """What names a party elsewhere in a release."""
    return {"id": party_id(organisation), "name": organisation.name}


def parties(tender: Tender, awards: list[Award]) -> list[dict]:
    """The organisations that the release names, each once."""
    told = {tender.buyer_id: _party(tender.buyer, ["buyer", "procuringEntity"])}
    for award in awards:
        told.setdefault(award.bidder_id, _party(award.bidder, ["tenderer", "supplier"]))
    return list(told.values())


def _party(organisation: Organisation, roles: list[str]) -> dict:
    return {
        **reference(organisation),
        "identifier": {
            "scheme": SCHEME if organisation.siret else "",
            "id": organisation.siret,
            "legalName": organisation.name if organisation.siret else "",
        },
        "address": {
            "streetAddress": organisation.address,
            "locality": organisation.city,
            "postalCode": organisation.postal_code,
            "countryName": "France" if organisation.siret else "",
        },
        "roles": roles,
    }
