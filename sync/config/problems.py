"""What is wrong in the configuration: a sentence with the key, its value and the remedy."""

from __future__ import annotations

import difflib
import re
import tomllib
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from sync.config.section import ConfigurationError

_MUST_BE = {
    ("string_type", "path_type"): 'must be a text in quotes, like "…"',
    ("string_too_short",): "must not be empty",
    ("string_too_long",): "must have at most {max_length} characters",
    ("time_parsing", "time_type"): 'must be a time of day, like "06:00"',
    ("date_parsing", "date_type", "date_from_datetime_parsing", "date_from_datetime_inexact"): (
        "must be a day, like 2026-12-31"
    ),
    ("decimal_parsing", "decimal_type"): 'must be a number with a decimal point, like "0.25"',
    ("float_parsing", "float_type", "finite_number"): "must be a number, like 50 or 0.5",
    ("int_parsing", "int_type", "int_from_float", "int_parsing_size"): (
        "must be a whole number, without quotes"
    ),
    ("bool_parsing", "bool_type"): "must be true or false, without quotes",
    ("literal_error",): "must be one of: {expected}",
    ("too_short",): "must hold at least one entry",
    ("greater_than_equal",): "must be at least {ge}",
    ("greater_than",): "must be more than {gt}",
    ("less_than_equal",): "must be at most {le}",
    ("less_than",): "must be less than {lt}",
    ("tuple_type",): 'must be a list, like ["…"]',
    ("dict_type", "mapping_type", "model_type"): "must be a table of keys, like {{ … = … }}",
    ("extra_forbidden",): "there is no such key; delete it",
    ("missing",): "is missing; add it",
}
_SAID = {type_: said for types, said in _MUST_BE.items() for type_ in types}
_WITHOUT_VALUE = {"extra_forbidden", "missing", "too_short", "string_too_short"}
_SECRET = "state.database"
"""It may hold a password, although it must not."""
_LONGEST_VALUE = 60


def problems(
    error: ValidationError, model: type[BaseModel], kinds: Sequence[object]
) -> Iterator[str]:
    """A line for each problem; what only follows from another one is left out.

    `kinds` are the words that tell the sources' kinds apart, which no key of the file holds.
    """
    found = error.errors(include_url=False)
    places = [problem["loc"] for problem in found]
    for problem in found:
        place = problem["loc"]
        if any(len(other) > len(place) and other[: len(place)] == place for other in places):
            continue
        key = ".".join(str(part) for n, part in enumerate(place) if not (n == 2 and part in kinds))
        if problem["type"] == "kind":
            key, problem["input"] = f"{key}.kind", problem["input"].get("kind")
        near = ""
        if problem["type"] == "extra_forbidden":
            near = suggestion(str(place[-1]), keys_at(model, place[:-1]))
        said = "there is no such key." + near if near else _said(problem)
        yield f"{key}{_value_of(key, problem)}: {said}"


def _said(problem: Mapping[str, Any]) -> str:
    context = problem.get("ctx", {})
    if problem["type"] == "tuple_type" and isinstance(problem["input"], dict):
        return f"is a list of sections; write it as [[{'.'.join(map(str, problem['loc']))}]]"
    if problem["type"] == "value_error":  # our own words
        return str(context["error"])
    if problem["type"] in _SAID:
        words = {key: str(value).replace("'", '"') for key, value in context.items()}
        return _SAID[problem["type"]].format_map(words).replace('" or "', '", "')
    return str(problem["msg"])


def _value_of(key: str, problem: Mapping[str, Any]) -> str:
    """The value as the file has it, where it is one and may be shown."""
    value = problem["input"]
    is_shown = isinstance(value, str | int | float) and key != _SECRET
    if not is_shown or problem["type"] in _WITHOUT_VALUE or len(str(value)) > _LONGEST_VALUE:
        return ""
    return f" = {str(value).lower() if isinstance(value, bool) else toml(value)}"


def toml(value: object) -> str:
    """A value as it stands in a TOML file."""
    return f'"{value}"' if isinstance(value, str) else str(value)


def suggestion(word: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest known word; empty where none is near."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]}?" if near else ""


def keys_at(model: type[BaseModel], place: Sequence[object]) -> list[str]:
    """The keys that are known in the section at this place (`("areas", 0)`)."""
    models = [model]
    for part in place:
        if isinstance(part, str) and any(part in one.model_fields for one in models):
            models = [
                section
                for one in models
                if part in one.model_fields
                for section in _sections(one.model_fields[part].annotation)
            ]
    return sorted({key for one in models for key in one.model_fields})


def _sections(annotation: object) -> Iterator[type[BaseModel]]:
    """The sections that a key's type speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _sections(part)


_IN_SINGLE_QUOTES = r"write a path with \ in single quotes, like 'C:\plans'"
_SLIPS = (
    (r'"[^"]*\\', _IN_SINGLE_QUOTES),
    (r"=\s*[\w.~:]*\\", _IN_SINGLE_QUOTES),
    (r"=\s*\d+,\d+\s*(?:#|$)", 'a number has a decimal point, like "0.25"'),
    (r"=\s*\d+[-./]\d+[-./]\d{4}\b|=\s*\d{4}-\d+-\d+", "a day is written like 2026-12-31"),
    (r"=\s*\d{1,3}(?:[. ]\d{3})+\b", "a number is written without dots and blanks, like 12000000"),
    (r"=\s*[\d.,]+\s*%", 'a share is written like "0.25"'),
    (r"=\s*\[?\s*\d+:\d\d", 'a time of day stands in quotes, like "06:00"'),
    (r"=\s*\d[\d_.]*\s*[^\W\d_]", "a number stands alone, like 37; a text in quotes"),
    (r"=\s*(?i:ja|nej|yes|no|on|off|true|false)\s*(?:#|$)", "write true or false"),
    (r"=\s*[“”»«„]", 'write plain quotes: "'),
    (r"==", "one = stands between a key and its value"),
    (r"=\s*$", 'a value is missing behind =, like "" for none'),
    (r"=\s*\[?(?:\"[^\"]*|'[^']*)$", "a quote is not closed"),
    (r"^\[[^\]]*$|^\[\[[^\]]*\][^\]]*$|=\s*\[[^\]]*$", "a bracket is not closed"),
    (r"^\[[^\]=]*\]+\s*\w", "[a section] stands on a line of its own"),
)
"""How a line looks that is no TOML, and what to write."""
_A_LINE = "a line is a key of one word, = and its value, or [a section]"
_SAYS = (
    ("Unclosed array", "in a list a , stands between two entries, and ] at the end"),
    ("Unclosed inline table", "in { … } a , stands between two keys, and } at the end"),
    ("Expected '=' after a key", _A_LINE),
)
"""What the library says where no slip was seen, and what to write."""
_AT_LAST = (
    (r"^[^=]+$", _A_LINE),
    (r"=\s*[\w./\\~-]", 'a text stands in quotes, like "…"'),
    ("", "behind a value nothing may stand but # and a remark"),
)


def refusal_of(error: tomllib.TOMLDecodeError, text: str) -> str:
    """What is no TOML in a file, with its line and what to write."""
    says = str(error)
    place = re.search(r"\(at (?:line (\d+), column \d+|end of document)\)", says)
    if not place:
        return says
    lines = text.splitlines() or [""]
    number = int(place[1]) if place[1] else len(lines)
    line = lines[number - 1].strip()
    if re.match(r"Cannot (?:declare|overwrite|mutate)", says):
        remedy = "write its keys under the first one" if line.startswith("[") else "delete one"
        return f"line {number}: {line} stands twice; {remedy}"
    hints = [hint for slip, hint in _SLIPS if re.search(slip, line)]
    hints += [hint for word, hint in _SAYS if says.startswith(word)]
    hints += [hint for slip, hint in _AT_LAST if re.search(slip, line)]
    return f"line {number}: {line}: {hints[0]}"


_MEANT_AS_PATH = set("\t\b\f")
"""What a path of Windows turns into within double quotes, and what no name holds."""


def refuse_control_characters(value: object, key: str = "") -> None:
    r"""Refuse what "C:\temp" means in TOML: a tab, where a path was meant.

    Raises:
        ConfigurationError: there is such a value; the message names its key.
    """
    if isinstance(value, dict):
        for name, one in value.items():
            refuse_control_characters(one, f"{key}.{name}".lstrip("."))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            refuse_control_characters(one, f"{key}.{number}")
    elif isinstance(value, str) and _MEANT_AS_PATH & set(value):
        raise ConfigurationError(
            f"{key}: holds a character that cannot be seen. Write a path in single quotes, like "
            r"'C:\temp'"
        )
