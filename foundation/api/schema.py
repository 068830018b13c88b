"""The OpenAPI document: every operation shows its problems and an example, without each stage writing them.

`complete` is a drf-spectacular post-processing hook. An example written by a stage (`OpenApiExample`) is left
alone; where there is none, one is composed from the schema, so that it is always valid against it.
"""

import re

from drf_spectacular.openapi import AutoSchema as SpectacularSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework.mixins import ListModelMixin

from foundation.api.errors import CONTENT_TYPE
from foundation.api.problems import KINDS

METHODS = ("get", "post", "put", "patch", "delete")
DEEPEST = 8
_MATCH = "L'ETag reçu en lisant la ressource : 412 si elle a changé depuis"
FIELDS = OpenApiParameter(
    "fields",
    str,
    description="Les seuls champs à répondre, séparés par des virgules ; « lots.title » entre dans un champ.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="L'ETag déjà reçu : 304 si la ressource n'a pas changé.",
)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description=f"{_MATCH}, 428 sans lui."
)
IF_MATCH_OPTIONAL = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description=f"{_MATCH}.")
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Un texte nouveau pour chaque acte : la même demande renvoyée n'agit qu'une fois (24 heures).",
)

PROBLEM_SCHEMA = {
    "type": "object",
    "description": "Problème au sens de la RFC 9457 ; « type » mène à une page qui l'explique.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail", "code", "article"],
                "properties": {
                    "pointer": {"type": "string", "description": "Pointeur JSON dans le corps envoyé."},
                    "parameter": {"type": "string", "description": "Paramètre d'adresse en cause."},
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                    "article": {"type": "string", "description": "Article de droit, quand il y en a un."},
                },
            },
        },
    },
}

_STRING_EXAMPLES = {
    "date": "2026-09-01",
    "date-time": "2026-09-01T12:00:00Z",
    "uuid": "0b0f4c0e-6f0a-4d39-9d5e-2f1f6f0c2a11",
    "uri": "https://jalon.example/api/v1/?cursor=cD0yMDI2",
    "email": "acheteuse@jalon.example",
    "binary": "(fichier)",
    "time": "12:00:00",
}
# Tried in this order against the pattern of a field: amounts, days, marks, then codes.
_PATTERN_SAMPLES = (
    "1234.50",
    "12.50",
    "12.5",
    "1.50",
    "1.5",
    "12",
    "1",
    "72262000",
    "13002526500013",
    "2026-014",
)
_SAMPLES = {
    "reference": "2026-014",
    "siret": "13002526500013",
    "postal_code": "75007",
    "city": "Paris",
    "full_name": "Nadia Ferrand",
    "name": "Direction interministérielle du numérique",
    "title": "Développement d'un service numérique",
    "number": "BC-2026-0001",
}


class AutoSchema(SpectacularSchema):
    """Components are named after their app (`tenders.Lot`): two stages may name a serializer alike."""

    def get_serializer_name(self, serializer, direction):
        """The name of the class after that of the app it is written in."""
        module = type(serializer).__module__.removeprefix("foundation.")
        return f"{module.split('.')[0]}.{type(serializer).__name__}"

    def _is_list_view(self, serializer=None):
        """`me` and the search answer one object at the address of a list."""
        if getattr(self.view, "action", "") == "list" and not isinstance(self.view, ListModelMixin):
            return False
        return super()._is_list_view(serializer)

    def get_override_parameters(self):
        """What every address of the contract understands, by its method and action."""
        return [*super().get_override_parameters(), *_contract(self.view, self.method)]

    def get_operation(self, *args, **kwargs):
        """The operation, with the scope that a token needs for it."""
        operation = super().get_operation(*args, **kwargs)
        if operation is not None and hasattr(self.view, "scope_for"):
            operation["x-scope"] = self.view.scope_for(self.method)
        return operation


def _contract(view, method):
    """The parameters that an `ApiViewSet` understands (which imports this module through DRF's settings)."""
    if not hasattr(view, "scope_for"):
        return
    if view.is_narrowed:
        yield FIELDS
    if view.action == "retrieve":
        yield IF_NONE_MATCH
    if method != "GET" and view.detail:
        yield IF_MATCH if view.is_guarded(method) else IF_MATCH_OPTIONAL
    if method == "POST" and view.action not in view.keyless_actions:
        yield IDEMPOTENCY_KEY


def complete(result, generator, request, public):
    """Post-processing hook: problems and examples on every operation."""
    components = result.setdefault("components", {}).setdefault("schemas", {})
    components["Problem"] = PROBLEM_SCHEMA
    for component in components.values():
        _mend_defaults(component)
    for path, operations in result["paths"].items():
        for method in METHODS:
            if method in operations:
                _add_problems(path, method, operations[method])
                _add_examples(operations[method], components)
    return result


def _mend_defaults(component):
    """An optional text has no value when absent: an empty default would contradict its least length."""
    for field in component.get("properties", {}).values():
        if field.get("minLength") and field.get("default") == "":
            del field["default"]
        if any(one.get("maxLength") == 0 for one in field.get("oneOf", [])):
            field["anyOf"] = field.pop("oneOf")  # the empty text is also a text


def _add_problems(path, method, operation):
    statuses = ["not_found"] if "{" in path else []
    if operation.get("security") and {} not in operation["security"]:
        statuses.append("unauthenticated")
    if method != "get":
        statuses += ["unauthenticated", "forbidden", "invalid", "conflict"]
    elif operation.get("parameters"):
        statuses.append("invalid")
    headers = {one["name"]: one.get("required", False) for one in operation.get("parameters", [])}
    statuses += ["precondition_failed"] if "If-Match" in headers else []
    statuses += ["precondition_required"] if headers.get("If-Match") else []
    statuses.append("too_many_requests")
    if "If-None-Match" in headers:
        operation["responses"]["304"] = {"description": "Inchangée"}
    for code in statuses:
        kind = KINDS[code]
        operation["responses"].setdefault(str(kind.status), _problem_response(kind, path))


def _problem_response(kind, path):
    example = {
        "type": f"/api/v1/problems/{kind.code}",
        "title": str(kind.title),
        "status": kind.status,
        "detail": str(kind.advice),
        "instance": path,
    }
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    return {"description": str(kind.title), "content": {CONTENT_TYPE: content}}


def _add_examples(operation, components):
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    for body in [*bodies, *operation["responses"].values()]:
        for media in body.get("content", {}).values():
            if "example" not in media and "examples" not in media:
                media["example"] = example_of(media.get("schema", {}), components)


def example_of(schema, components, name="", depth=0):
    """A value that this schema accepts, with French samples for the usual names."""
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rsplit("/", 1)[-1]], components, name, depth)
    for key in ("example", "default"):
        if key in schema:
            return schema[key]
    if "examples" in schema:
        return schema["examples"][0]
    for key in ("allOf", "oneOf", "anyOf"):
        if schema.get(key):
            return example_of(schema[key][0], components, name, depth)
    if "enum" in schema:
        return schema["enum"][0]
    return _example_by_type(schema, components, name, depth)


def _example_by_type(schema, components, name, depth):
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    if kind == "object":
        return _example_object(schema, components, depth)
    if kind == "array":
        if depth >= DEEPEST:
            return []
        item = example_of(schema.get("items", {}), components, name, depth + 1)
        return [item] * max(1, schema.get("minItems", 1))
    if kind == "string":
        return _example_string(schema, name)
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), min(1, schema.get("maximum", 1)))
    return {"boolean": True, "null": None}.get(kind, {})


def _example_object(schema, components, depth):
    if depth >= DEEPEST:
        return {}
    return {
        name: example_of(inner, components, name, depth + 1)
        for name, inner in schema.get("properties", {}).items()
    }


def _example_string(schema, name):
    pattern = schema.get("pattern")
    if pattern:
        return next((sample for sample in _PATTERN_SAMPLES if re.search(pattern, sample)), "")
    if schema.get("format") in _STRING_EXAMPLES:
        return _STRING_EXAMPLES[schema["format"]]
    sample = _SAMPLES.get(name, "texte")
    return sample[: schema.get("maxLength", len(sample))]
