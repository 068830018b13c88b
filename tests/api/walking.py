"""Every reading of the API as each person of a story: what X2, X6 and the examples of the schema are tested on."""

from dataclasses import dataclass
from itertools import product

from django.test import Client

from foundation import clock
from foundation.api import scopes
from foundation.api.services import token_create
from procurement.api_urls import router

KEPT = 2
"""How many rows of each resource are read: the last ones made."""


@dataclass(frozen=True)
class Reading:
    """What one person (or nobody) got from one address."""

    operation: str
    path: str
    person: str
    status: int
    text: str


def keys() -> dict[str, list[str]]:
    """The last keys of each resource, by the prefix of its address."""
    found = {}
    for prefix, viewset, _name in router.registry:
        model = getattr(getattr(getattr(viewset, "serializer_class", None), "Meta", None), "model", None)
        if model is not None:
            rows = model._base_manager.order_by("-pk").values_list(viewset.lookup_field, flat=True)
            found[prefix] = [str(key) for key in rows[:KEPT]]
    return found


def addresses(path: str, known) -> list[str]:
    """The addresses of this path of the schema, with the keys that exist; none when an inner key is unknown."""
    prefix, _slash, rest = path.removeprefix("/api/v1/").partition("/")
    if "{" not in rest:
        return [path]
    head, _brace, tail = rest.partition("}")
    if "{" in tail or not head.startswith("{"):
        return []
    return [f"/api/v1/{prefix}/{key}{tail}" for key in known.get(prefix, [])]


def bearers(people) -> dict[str, dict[str, str]]:
    """The headers of each person, with a token of every scope, and of nobody."""
    every = [code for code, _label in scopes.choices()]
    headers = {"nobody": {}}
    for name, user in people.items():
        _token, secret = token_create(name="Lecture", scopes=every, lifetime_days=7, by=user, at=clock.now())
        headers[name] = {"Authorization": f"Token {secret}"}
    return headers


def walk(schema, people) -> list[Reading]:
    """Each GET of the schema, on each row kept, as each person."""
    client, known, headers = Client(), keys(), bearers(people)
    found = []
    for path, operations in schema["paths"].items():
        if "get" not in operations:
            continue
        for address, (name, bearer) in product(addresses(path, known), headers.items()):
            answer = client.get(address, headers=bearer)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = content.decode("utf-8", errors="replace")
            found.append(Reading(path, address, name, answer.status_code, text))
    return found
