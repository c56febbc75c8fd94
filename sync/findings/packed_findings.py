"""Findings as msgspec packs them, and back: every fact keeps its type and its exact value."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from msgspec.msgpack import Encoder, Ext

from rules.model.finding import Fact, Finding, Place, Severity

_SMALL_INTEGERS = range(-(2**63), 2**63)
_FROM_TEXT: tuple[Callable[[str], Fact], ...] = (int, Decimal, Fraction, date.fromisoformat)
_LARGE, _DECIMAL, _FRACTION, _DATE = range(len(_FROM_TEXT))
_ENCODER = Encoder()


class PackedFinding(NamedTuple):
    """A finding whose facts have only types that msgpack distinguishes."""

    code: str
    place: Place
    facts: dict[str, Any]
    identity: str
    variant: str
    severity: Severity | None


def packed_finding(finding: Finding) -> PackedFinding:
    """The finding, ready to be encoded."""
    facts = {name: _packed(fact) for name, fact in finding.facts.items()}
    return PackedFinding(
        finding.code, finding.place, facts, finding.identity, finding.variant, finding.severity
    )


def unpacked_finding(packed: PackedFinding) -> Finding:
    """The finding that was packed; the decoder was given `fact_of`."""
    facts = {n: tuple(f) if isinstance(f, list) else f for n, f in packed.facts.items()}
    return Finding(
        packed.code, packed.place, facts, packed.identity, packed.variant, packed.severity
    )


def fact_of(kind: int, text: memoryview) -> Fact:
    """A fact that msgpack has no type for: an `ext_hook` for the decoder."""
    return _FROM_TEXT[kind](str(text, "utf-8"))


def facts_digest(finding: Finding) -> str:
    """A digest of the facts and of which wording is used, but not of the wording itself.

    The zeros at the end of a decimal do not count.
    """
    facts: Mapping[str, Any] = {
        name: _packed(fact.normalize() if isinstance(fact, Decimal) else fact)
        for name, fact in finding.facts.items()
    }
    content = _ENCODER.encode((finding.variant, sorted(facts.items())))
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _packed(fact: Fact) -> object:
    match fact:
        case int() if fact not in _SMALL_INTEGERS:
            return Ext(_LARGE, str(fact).encode())
        case Decimal():
            return Ext(_DECIMAL, str(fact).encode())
        case Fraction():
            return Ext(_FRACTION, str(fact).encode())
        case date():
            return Ext(_DATE, fact.isoformat().encode())
    return fact
