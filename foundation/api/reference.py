"""The OpenAPI document turned into what the reference page shows."""

import json
from dataclasses import dataclass, field

from foundation.api.schema import METHODS


@dataclass(frozen=True)
class Parameter:
    name: str
    place: str
    required: bool
    type: str
    description: str


@dataclass(frozen=True)
class Example:
    label: str
    text: str


@dataclass(frozen=True)
class Operation:
    """One method on one path, with what to send and what comes back."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Parameter]
    examples: list[Example]
    statuses: list[tuple[str, str]]
    scope: str


@dataclass
class Section:
    """The operations on one resource."""

    anchor: str
    title: str
    operations: list[Operation] = field(default_factory=list)


_PLACES = {"path": "adresse", "query": "paramètre", "header": "en-tête", "cookie": "cookie"}


def read(schema):
    """Sections of the reference, in the order of the paths."""
    sections = {}
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                operation = methods[method]
                tag = (operation.get("tags") or ["api"])[0]
                section = sections.setdefault(tag, Section(anchor=f"ressource-{tag}", title=tag))
                section.operations.append(_operation(path, method, operation))
    return list(sections.values())


def _operation(path, method, operation):
    summary, _, rest = operation.get("description", "").partition("\n")
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary") or summary or operation["operationId"],
        description=operation.get("description", "") if operation.get("summary") else rest.strip(),
        parameters=[_parameter(one) for one in operation.get("parameters", [])],
        examples=_examples(operation),
        statuses=[
            (status, response.get("description") or "Réponse")
            for status, response in operation["responses"].items()
        ],
        scope=operation.get("x-scope", ""),
    )


def _parameter(parameter):
    schema = parameter.get("schema", {})
    values = schema.get("enum") or schema.get("items", {}).get("enum")
    kind = schema.get("type", "string")
    return Parameter(
        name=parameter["name"],
        place=_PLACES.get(parameter["in"], parameter["in"]),
        required=parameter.get("required", False),
        type=", ".join(str(value) for value in values) if values else str(kind),
        description=parameter.get("description", ""),
    )


def _examples(operation):
    found = []
    if "requestBody" in operation:
        found += _media_examples("Corps envoyé", operation["requestBody"])
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            found += _media_examples(f"Réponse {status}", response)
    return found


def _media_examples(label, body):
    for kind, media in body.get("content", {}).items():
        value = media.get("example")
        if value is None:
            value = next((one.get("value") for one in media.get("examples", {}).values()), None)
        if value is not None:
            text = (
                value
                if isinstance(value, str)
                else json.dumps(value, ensure_ascii=False, indent=2, default=str)
            )
            yield Example(label=f"{label} ({kind})", text=text)
