"""In which forms a CPR number is found and hidden, and what looks like one and is none."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rules.text.language import DANISH
from rules.text.personal_numbers import MASK, CprMatch, cpr_match, masked

BLANK = st.sampled_from(["", " ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\t"])
DASH = st.sampled_from("-\N{EN DASH}\N{EM DASH}\N{NON-BREAKING HYPHEN}\N{MINUS SIGN}/")
DASHED = st.builds("{}{}{}".format, BLANK, DASH, BLANK)
BIRTHDAYS = st.dates(date(1940, 1, 1), date(1999, 12, 31))
DAYS_OF_PLANS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
DAY = st.sampled_from(["%d%m%y", "%d%m%Y", "%d-%m-%y", "%d.%m.%Y", "%d/%m/%y", "%d. %m. %Y"])


@given(
    BIRTHDAYS, st.one_of(BLANK, DASHED, st.sampled_from("./-")), st.sampled_from(["%y", "%Y"]),
    st.one_of(BLANK, DASHED, st.sampled_from("._")), st.integers(4000, 9999),
)  # fmt: skip
def test_every_form_is_found_and_hidden(
    day: date, pair: str, year: str, between: str, last: int
) -> None:
    number = day.strftime(pair.join(["%d", "%m", year])) + f"{between}{last}"
    is_bare = number.isdecimal() and year == "%y"
    assert cpr_match(number) == (CprMatch.TEN_DIGITS if is_bare else CprMatch.WRITTEN_AS_CPR)
    assert masked(f"Ring til {number}, tak") == f"Ring til {MASK}, tak"


@given(st.one_of(
    st.integers(0, 10**14).map(DANISH.kroner),
    st.builds("{}-{}".format, DAYS_OF_PLANS, DAYS_OF_PLANS),
    st.builds("{:{}} - {:%d.%m.%Y}".format, DAYS_OF_PLANS, DAY, DAYS_OF_PLANS),
    st.builds("{:{}}/{:%H%M}".format, DAYS_OF_PLANS, DAY, st.times()),
    st.builds("+45 {:%d %m %y} {:02}".format, BIRTHDAYS, st.integers(0, 99)),
    st.builds("{:%d%m%y}{:02}/{:%d%m%y}{:02}".format,
              BIRTHDAYS, st.integers(0, 99), BIRTHDAYS, st.integers(0, 99)),
    st.builds("sag {:%d%m%y}/{:%Y}".format, BIRTHDAYS, DAYS_OF_PLANS),
    st.builds("{:%y}/{}-{}".format, DAYS_OF_PLANS, st.integers(1, 99999), st.integers(1, 99)),
    st.builds("{}.{}".format, st.integers(1, 99), st.integers(1, 99)),
))  # fmt: skip
def test_amounts_dates_telephone_and_case_numbers_are_none(text: str) -> None:
    assert cpr_match(text) is None
    assert masked(text) == text
