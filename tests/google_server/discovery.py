"""Google's published types, where the package that carries them is installed.

They ship inside google-api-python-client, which the tests have; someone who only tries the job may
not, and then requests are taken as they come.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Json = dict[str, Any]
DOCUMENTS = {"sheets": "sheets.v4.json", "drive": "drive.v3.json"}
KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}
PROTO = {"integer": "TYPE_INT32", "boolean": "TYPE_BOOL", "string": "TYPE_STRING"}
CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
COMMON = frozenset(
    {
        "alt",
        "fields",
        "key",
        "prettyPrint",
        "quotaUser",
        "userIp",
        "access_token",
        "$alt",
        "$fields",
    }
)


@dataclass(frozen=True, slots=True)
class Misfit:
    """Where JSON is not what was published, in Google's words."""

    path: str
    text: str


@cache
def document(service: str) -> Json | None:
    """The discovery document of a service; None where the package is missing."""
    spec = find_spec("googleapiclient")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations)))
    path = folder / "discovery_cache" / "documents" / DOCUMENTS[service]
    loaded: Json = json.loads(path.read_text(encoding="utf-8"))
    return loaded


@cache
def method(name: str) -> Json | None:
    """A method by its id, `sheets.spreadsheets.values.get`; None for one of an older version."""
    service = name.partition(".")[0]
    found = document(service) if service in DOCUMENTS else None
    if found is None:
        return None
    *resources, last = name.split(".")[1:]
    for resource in resources:
        found = found["resources"][resource]
    published: Json = found["methods"][last]
    return published


def snake(name: str) -> str:
    return CAPITAL.sub("_", name).lower()


def as_meant(service: str, schema: str, body: Any) -> Any:
    """A body as Google reads it, which takes more than it writes.

    Numbers may be texts, a single object may stand for a list of one, and lists inside a list of
    objects are taken apart.
    """
    found = document(service)
    return body if found is None else _meant(found["schemas"], {"$ref": schema}, body)


def _meant(schemas: Json, schema: Json, value: Any) -> Any:
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    kind = schema.get("type")
    if kind == "array":
        is_of_objects = "$ref" in schema["items"]
        if is_of_objects:
            value = _spread([value] if isinstance(value, dict) else value)
        if isinstance(value, list):
            return [_meant(schemas, schema["items"], one) for one in value]
    elif kind == "object" and isinstance(value, dict):
        known = schema.get("properties", {})
        return {name: _meant(schemas, known.get(name, {}), one) for name, one in value.items()}
    elif kind in ("integer", "number") and isinstance(value, str) and _is_number(value):
        number = float(value)
        return int(number) if number.is_integer() else number
    return value


def _spread(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    parts = [_spread(one) if isinstance(one, list) else [one] for one in value]
    return [one for part in parts for one in part]


def misfits(service: str, schema: str, value: Any, path: str = "") -> list[Misfit]:
    """Everything in some JSON that the published type does not know or that is of another type.

    `path` begins the paths: values that are written are the request's `data`.
    """
    found = document(service)
    if found is None:
        return []
    return _object(found["schemas"], found["schemas"][schema], value, path)


def _object(schemas: Json, schema: Json, value: Any, path: str) -> list[Misfit]:
    if not isinstance(value, dict):
        return [Misfit(path, f"Invalid value at '{path}' (type.googleapis.com/{schema['id']})")]
    known = schema.get("properties", {})
    wrong: list[Misfit] = []
    for name, inner in value.items():
        below = f"{path}.{snake(name)}" if path else snake(name)
        if name not in known:
            where = f" at '{path}'" if path else ""
            text = (
                f'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.'
            )
            wrong.append(Misfit(path, text))
        elif inner is not None:
            wrong += _value(schemas, known[name], inner, below)
    return wrong


def _value(schemas: Json, schema: Json, value: Any, path: str) -> list[Misfit]:
    if "$ref" in schema:
        return _object(schemas, schemas[schema["$ref"]], value, path)
    kind = schema["type"]
    if kind == "array":
        if not isinstance(value, list):
            of_lists = schema["items"].get("type") == "array"
            name = "type.googleapis.com/google.protobuf.ListValue" if of_lists else "array"
            return [Misfit(path, f"Invalid value at '{path}' ({name}), {json.dumps(value)}")]
        items = schema["items"]
        return [
            one
            for index, item in enumerate(value)
            for one in _value(schemas, items, item, f"{path}[{index}]")
            if item is not None
        ]
    if kind == "object":
        return _map(schemas, schema, value, path)
    return _scalar(schema, kind, value, path)


def _map(schemas: Json, schema: Json, value: Any, path: str) -> list[Misfit]:
    inner = schema.get("additionalProperties")
    if not isinstance(value, dict):
        return [Misfit(path, f"Invalid value at '{path}' (map), {json.dumps(value)}")]
    if inner is None:
        return []
    return [one for k, v in value.items() for one in _value(schemas, inner, v, f"{path}[{k}]")]


def _scalar(schema: Json, kind: str, value: Any, path: str) -> list[Misfit]:
    if kind == "any":
        return []
    if kind in ("integer", "number") and isinstance(value, str) and _is_number(value):
        return []
    fits = isinstance(value, KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        fits = True
    if fits and ("enum" not in schema or value in schema["enum"]):
        return []
    name = PROTO.get(kind, "TYPE_DOUBLE")
    return [Misfit(path, f"Invalid value at '{path}' ({name}), {json.dumps(value)}")]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def unknown_parameters(name: str, query: dict[str, list[str]]) -> list[Misfit]:
    """Parameters that a method does not have."""
    published = method(name)
    if published is None:
        return []
    known = {*published.get("parameters", {}), *COMMON}
    return [
        Misfit(
            "",
            f'Invalid JSON payload received. Unknown name "{given}": Cannot bind query parameter. '
            f"Field '{given}' could not be found in request message.",
        )
        for given in query
        if given not in known
    ]


def unknown_field(service: str, schema: str, mask: Json, path: str = "") -> str | None:
    """The first path of a field mask that the published type does not have."""
    found = document(service)
    if found is None:
        return None
    return _unknown_in(found["schemas"], found["schemas"][schema], mask, path)


def _unknown_in(schemas: Json, schema: Json, mask: Json, path: str) -> str | None:
    while "items" in schema:
        schema = schema["items"]
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    known = schema.get("properties")
    for name, inner in mask.items():
        below = f"{path}.{name}" if path else name
        if name == "*" or (known is None and schema.get("additionalProperties")):
            continue
        if known is None or name not in known:
            return below
        wrong = _unknown_in(schemas, known[name], inner, below)
        if wrong:
            return wrong
    return None
