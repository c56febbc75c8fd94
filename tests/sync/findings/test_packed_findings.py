"""A finding that is packed and unpacked is the same finding, with facts of the same types."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.model.finding import Fact, Finding, Place, Severity
from sync.findings.packed_findings import (
    PackedFinding,
    fact_of,
    facts_digest,
    packed_finding,
    unpacked_finding,
)

DECODER = msgspec.msgpack.Decoder(PackedFinding, ext_hook=fact_of)
NUMBERS = st.one_of(st.none(), st.integers(1, 2**40))
TEXTS = st.one_of(st.none(), st.text())
FACTS: st.SearchStrategy[Fact] = st.one_of(
    st.text(),
    st.integers(),
    st.decimals(allow_nan=False),
    st.fractions(),
    st.dates(),
    st.lists(st.text()).map(tuple),
)
FINDINGS = st.builds(
    Finding,
    code=st.text(),
    place=st.builds(Place, st.text(), TEXTS, NUMBERS, NUMBERS, TEXTS),
    facts=st.dictionaries(st.text(), FACTS),
    identity=st.text(),
    variant=st.text(),
    severity=st.one_of(st.none(), st.sampled_from(Severity)),
)


def kept(finding: Finding) -> Finding:
    """The finding as the next run has it."""
    return unpacked_finding(DECODER.decode(msgspec.msgpack.encode(packed_finding(finding))))


@given(FINDINGS)
def test_a_finding_comes_back_exactly(finding: Finding) -> None:
    back = kept(finding)
    assert back == finding
    # A repr tells a type, and the zeros at the end of a decimal.
    assert repr(back) == repr(finding)
    assert facts_digest(back) == facts_digest(finding)


ONE = Finding("X-01", Place("a.xlsx", "Plan", 3, 2, "Status"), {"amount": 100, "on": date.min}, "1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"amount": 100}, {"amount": 101}),
        ({"amount": 100}, {"amount": "100"}),
        ({"amount": 100}, {"total": 100}),
        ({"on": date(2026, 1, 2)}, {"on": "2026-01-02"}),
        ({"share": Fraction(1, 4)}, {"share": Decimal("0.25")}),
        ({"names": ("a", "b")}, {"names": ("b", "a")}),
        ({"names": ("a", "b")}, {"names": ("a", "b", "")}),
        ({"hours": Decimal("37.5")}, {"hours": Decimal("37.05")}),
    ],
)
def test_other_facts_have_another_digest(one: dict[str, Fact], other: dict[str, Fact]) -> None:
    assert facts_digest(replace(ONE, facts=one)) != facts_digest(replace(ONE, facts=other))


def test_another_wording_has_another_digest() -> None:
    assert facts_digest(replace(ONE, variant="long")) != facts_digest(ONE)


def test_the_digest_is_of_the_facts_alone() -> None:
    moved = ONE.place._replace(row=9)
    in_order = dict(sorted(ONE.facts.items(), reverse=True))
    other = Finding(ONE.code, moved, in_order, ONE.identity, severity=Severity.INFO)
    assert facts_digest(other) == facts_digest(ONE)
    hours = [replace(ONE, facts={"hours": Decimal(text)}) for text in ("37", "37.00")]
    assert facts_digest(hours[0]) == facts_digest(hours[1])
