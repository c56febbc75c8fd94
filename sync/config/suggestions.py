"""What a misspelt key was probably meant to be."""

from __future__ import annotations

import difflib
import typing
from collections.abc import Iterable, Iterator, Sequence

from pydantic import BaseModel


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
