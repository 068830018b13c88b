"""What OPTIONS answers: the name of an address and the types that it reads and writes."""

from rest_framework.metadata import SimpleMetadata


class Metadata(SimpleMetadata):
    """Without `actions`: the fields are told by the OpenAPI document, and what a person may do by `abilities`.

    The library would also read the object of an address that has none, and call its absence an error.
    """

    def determine_actions(self, request, view) -> dict:
        """None of them."""
        return {}
