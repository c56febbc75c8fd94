"""Settings that make no sense are refused, and the error names the setting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from rules.model.parameter_types import (
    HOUSE_RULE,
    ApprovalStep,
    Area,
    EffortArea,
    Limit,
    Organisation,
    Programme,
)
from rules.model.parameters import ParameterError, Parameters
from rules.model.shipped import SHIPPED
from tests.rules.helpers import book, noticed


def limit(value: Fraction) -> Limit[Fraction]:
    """The share with another value."""
    return replace(SHIPPED.minimum_local_share, value=value)


def years(value: int) -> Limit[int]:
    """The number of years or months with another value."""
    return replace(SHIPPED.longest_years, value=value)


def step(name: str, requires: tuple[str, ...] = (), follows: tuple[str, ...] = ()) -> Parameters:
    """The shipped parameters with one step's order changed."""
    steps = tuple(
        replace(each, requires=requires, follows=follows) if each.name == name else each
        for each in SHIPPED.steps
    )
    return replace(SHIPPED, steps=steps)


NORD = Organisation("Nordkysten")
SENSELESS: list[tuple[str, str, Callable[[], Parameters]]] = [
    # what is wrong, what the error's key must name, the parameters
    ("a required step that is not there", "Byråd", lambda: step("Byråd", requires=("Rigsret",))),
    ("a step to follow that is not there", "Styregruppe", lambda: step("Styregruppe", (), ("X",))),
    ("a step that requires itself", "Byråd", lambda: step("Byråd", requires=("Byråd",))),
    (
        "two steps that require each other",
        "approval_steps",
        lambda: step("Politisk udvalg", requires=("Byråd",)),
    ),
    (
        "a circle over a custom and a requirement",
        "approval_steps",
        lambda: step("Politisk udvalg", follows=("Landsbyggefonden",)),
    ),
    ("no steps", "approval_steps", lambda: replace(SHIPPED, steps=())),
    (
        "a step twice",
        "approval_steps",
        lambda: replace(SHIPPED, steps=(*SHIPPED.steps, ApprovalStep("BYRÅD:"))),
    ),
    ("an unknown final step", "final_step", lambda: replace(SHIPPED, final_step="Kongen")),
    (
        "an unknown preliminary step",
        "preliminary_step",
        lambda: replace(SHIPPED, preliminary_step="Ansøgning"),
    ),
    (
        "an unknown step for the organisations",
        "organisation_step",
        lambda: replace(SHIPPED, organisation_step="Lejere"),
    ),
    (
        "a share above 1",
        "minimum_local_share",
        lambda: replace(SHIPPED, minimum_local_share=limit(Fraction(5, 4))),
    ),
    (
        "a share of 1",
        "minimum_local_share",
        lambda: replace(SHIPPED, minimum_local_share=limit(Fraction(1))),
    ),
    (
        "a share of 25, for 25 %",
        "minimum_local_share",
        lambda: replace(SHIPPED, minimum_local_share=limit(Fraction(25))),
    ),
    (
        "a negative share",
        "low_grant_share",
        lambda: replace(SHIPPED, low_grant_share=limit(Fraction(-1, 2))),
    ),
    (
        "shortest above longest",
        "shortest_years",
        lambda: replace(SHIPPED, shortest_years=years(5)),
    ),
    ("no years", "shortest_years", lambda: replace(SHIPPED, shortest_years=years(0))),
    (
        "no notice",
        "expiry_notice_months",
        lambda: replace(SHIPPED, expiry_notice_months=years(-1)),
    ),
    (
        "no hours in a week",
        "weekly_hours",
        lambda: replace(SHIPPED, weekly_hours=replace(SHIPPED.weekly_hours, value=Decimal(0))),
    ),
    ("no areas", "areas", lambda: replace(SHIPPED, areas=())),
    (
        "an area twice",
        "areas",
        lambda: replace(SHIPPED, areas=(*SHIPPED.areas, Area(" vapnagaard ", "Boliggården"))),
    ),
    (
        "an area without a name",
        "areas",
        lambda: replace(SHIPPED, areas=(*SHIPPED.areas, Area(" ", "Boliggården"))),
    ),
    (
        "an area of an organisation that is not there",
        "Vapnagaard",
        lambda: replace(SHIPPED, organisations=(NORD,)),
    ),
    (
        "an organisation twice",
        "organisations",
        lambda: replace(SHIPPED, organisations=(*SHIPPED.organisations, NORD)),
    ),
    (
        "a programme twice",
        "programmes",
        lambda: replace(SHIPPED, programmes=(*SHIPPED.programmes, Programme("2011-14", ()))),
    ),
    (
        "an unknown default programme",
        "default_programme",
        lambda: replace(SHIPPED, default_programme="2027-30"),
    ),
    (
        "an unknown local type",
        "local_types",
        lambda: replace(SHIPPED, local_types=("Kommune", "Staten")),
    ),
    ("nothing is local", "local_types", lambda: replace(SHIPPED, local_types=())),
]


@pytest.mark.parametrize(
    ("key", "make"), [row[1:] for row in SENSELESS], ids=[row[0] for row in SENSELESS]
)
def test_senseless_settings_are_refused_by_name(key: str, make: Callable[[], Parameters]) -> None:
    with pytest.raises(ParameterError) as caught:
        make()

    assert key in caught.value.key
    assert caught.value.problem
    assert str(caught.value).startswith(caught.value.key)


UNNOTICED: list[tuple[str, str, Callable[[], Parameters]]] = [
    (
        "one spelling of two areas",
        "areas",
        lambda: replace(
            SHIPPED, areas=(*SHIPPED.areas, Area("Vapnagård Øst", "Boliggården", ("Vapnagård",)))
        ),
    ),
    (
        "a spelling that is another step's name",
        "approval_steps",
        lambda: replace(
            SHIPPED, steps=(*SHIPPED.steps, ApprovalStep("Rådet", spellings=("Byråd",)))
        ),
    ),
    (
        "a programme without effort areas",
        "programmes",
        lambda: replace(SHIPPED, programmes=(*SHIPPED.programmes, Programme("2027-30", ()))),
    ),
    (
        "an effort area twice",
        "programmes",
        lambda: replace(
            SHIPPED,
            programmes=(
                *SHIPPED.programmes,
                Programme("2027-30", (EffortArea("Leg og job"), EffortArea("job og leg"))),
            ),
        ),
    ),
    (
        "header aliases of a tab that is not there",
        "header_aliases",
        lambda: replace(SHIPPED, header_aliases={"Indsats": {"Budget": ("Pris",)}}),
    ),
    (
        "header aliases of a column that is not there",
        "header_aliases",
        lambda: replace(SHIPPED, header_aliases={"Indsatser": {"Beløb": ("Pris",)}}),
    ),
    (
        "an alias that is another column's header",
        "header_aliases",
        lambda: replace(SHIPPED, header_aliases={"Indsatser": {"Startdato": ("Slutdato",)}}),
    ),
]


@pytest.mark.parametrize(
    ("key", "make"), [row[1:] for row in UNNOTICED], ids=[row[0] for row in UNNOTICED]
)
def test_settings_that_contradict_each_other_are_refused(
    key: str, make: Callable[[], Parameters]
) -> None:
    with pytest.raises(ParameterError) as caught:
        make()

    assert key in caught.value.key


def test_the_shipped_areas_and_their_organisations() -> None:
    assert {area.name: area.organisation for area in SHIPPED.areas} == {
        "Vapnagaard": "Boliggården",
        "Nøjsomhed": "Boliggården",
        "Tibberupparken": "Nordkysten",
        "Ellekildehave": "Nordkysten",
    }


def test_the_area_without_a_source_is_to_be_confirmed() -> None:
    assert "bekræftes" in SHIPPED.area_by_name["Ellekildehave"].source


def test_the_shipped_programmes() -> None:
    assert SHIPPED.default_programme == "2011-14"
    assert {
        programme.name: tuple(each.name for each in programme.effort_areas)
        for programme in SHIPPED.programmes
    } == {
        "2011-14": (
            "Børn, unge og familie",
            "Uddannelse, beskæftigelse og erhverv",
            "Beboernetværk, inddragelse og demokrati",
            "Sundhed",
            "Udsatte grupper",
            "Kultur og fritid",
            "Image og kommunikation",
        ),
        "2015-18": (
            "Tryghed og trivsel",
            "Kriminalpræventiv indsats",
            "Uddannelse og beskæftigelse",
            "Forebyggelse og forældreansvar",
        ),
        "2019-26": (
            "Uddannelse og livschancer",
            "Beskæftigelse",
            "Kriminalitetsforebyggelse",
            "Sammenhængskraft og medborgerskab",
        ),
    }


def test_the_shipped_steps_and_their_order() -> None:
    assert {step.name: (step.requires, step.follows, step.mandatory) for step in SHIPPED.steps} == {
        "Prækvalifikation": ((), (), False),
        "Politisk udvalg": ((), (), True),
        "Byråd": (("Politisk udvalg",), (), True),
        "Boligorganisation": ((), ("Byråd",), True),
        "Beboerdemokrati": ((), ("Byråd",), True),
        "Styregruppe": ((), ("Boligorganisation", "Beboerdemokrati"), True),
        "Landsbyggefonden": (
            ("Politisk udvalg", "Byråd", "Boligorganisation", "Beboerdemokrati", "Styregruppe"),
            ("Prækvalifikation",),
            True,
        ),
    }


def test_the_shipped_limits() -> None:
    assert SHIPPED.minimum_local_share.value == Fraction(1, 4)
    assert SHIPPED.low_grant_share.value == Fraction(1, 2)
    assert (SHIPPED.shortest_years.value, SHIPPED.longest_years.value) == (3, 4)
    assert SHIPPED.expiry_notice_months.value == 18
    assert SHIPPED.weekly_hours.value == 37
    assert set(SHIPPED.local_types) == {"Kommune", "Boligorganisation", "Boligafdeling"}


def test_what_has_no_published_rule_is_local_practice() -> None:
    assert SHIPPED.low_grant_share.source == HOUSE_RULE
    assert SHIPPED.weekly_hours.source == HOUSE_RULE
    assert SHIPPED.minimum_local_share.source != HOUSE_RULE


def test_the_limits_are_those_of_the_configuration() -> None:
    fewer_hours = replace(
        SHIPPED, weekly_hours=replace(SHIPPED.weekly_hours, value=Decimal("36.5"))
    )
    three_years = replace(SHIPPED, longest_years=years(3))

    assert [n.code for n in noticed(book(), parameters=fewer_hours)] == ["MED-03"]
    assert [n.code for n in noticed(book(), parameters=three_years)] == ["PLA-02"]
