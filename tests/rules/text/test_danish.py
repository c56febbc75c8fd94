"""Typed text to values: every form of docs/workbook.md, and what must never be guessed."""

from __future__ import annotations

import datetime as dt
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from babel.dates import format_date
from babel.numbers import NumberFormatError, format_decimal, parse_decimal
from hypothesis import example, given
from hypothesis import strategies as st

from rules.gate.readers import UNDERSTAND, Reader
from rules.model.cells import Cell, FormulaError, Read, ReadState, cell_text, is_blank
from rules.model.tables import Kind
from rules.text import amounts, danish, dates
from rules.text.language import DANISH
from rules.text.personal_numbers import MASK, CprMatch, cpr_match, masked
from rules.text.quoting import quoted

EVENING = dt.datetime(2026, 12, 31, 23, 59)  # noqa: DTZ001  a spreadsheet knows no zones
NO_BREAK, NARROW, THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}"

AMOUNTS = {
    # the forms of the specification
    "1.250.000": 125_000_000,
    "1.250.000,50": 125_000_050,
    "1250000,5": 125_000_050,
    "1 250 000": 125_000_000,
    "1.250.000 kr.": 125_000_000,
    "kr. 1.250.000": 125_000_000,
    "1.250.000,-": 125_000_000,
    "DKK 500": 50_000,
    "1,5 mio.": 150_000_000,
    "250 t.kr.": 25_000_000,
    "-500": -50_000,
    "(500)": -50_000,
    "4,50-": -450,
    "5\x00": 500,
    "0": 0,
    # the same, as it is also written
    "500": 50_000,
    "500,5": 50_050,
    "500,05": 50_005,
    "0,01": 1,
    "0,1": 10,
    "1.250": 125_000,
    "1.250,50": 125_050,
    "1.250.000,00": 125_000_000,
    "12.500": 1_250_000,
    "125.000": 12_500_000,
    " 500 ": 50_000,
    f"1{NO_BREAK}250{NO_BREAK}000": 125_000_000,
    f"1{NARROW}250{NARROW}000": 125_000_000,
    f"1{THIN}250,50": 125_050,
    f"500{NO_BREAK}kr.": 50_000,
    "500 kr": 50_000,
    "500kr.": 50_000,
    "KR. 500": 50_000,
    "kr 500": 50_000,
    "500 DKK": 50_000,
    "dkk 500,25": 50_025,
    "kr. 1.250.000,-": 125_000_000,
    "1,5 mio. kr.": 150_000_000,
    "1,5 mio": 150_000_000,
    "1,25 MIO.": 125_000_000,
    "2 mio. kr.": 200_000_000,
    "250 tkr.": 25_000_000,
    "1.250 t.kr.": 125_000_000,
    "0,5 t.kr.": 50_000,
    "-1.250,50": -125_050,
    "\N{MINUS SIGN}500": -50_000,
    "(1.250,50)": -125_050,
    "-500 kr.": -50_000,
    "-1,5 mio.": -150_000_000,
    "(500 kr.)": -50_000,
}

NO_AMOUNTS = (
    # ambiguous or unreadable by the specification
    "1.25",
    "1,250",
    "1250.5",
    "1,250.50",
    "ca. 500",
    "se bilag",
    # groups that are not three digits, or not all of them
    "1.2500",
    "1.25.000",
    "1250.000",
    "1.250.00",
    "1.250 000",
    "1 250.000",
    "1 25",
    "1 2500",
    "12 50 000",
    "1..250",
    ".500",
    "1.",
    # marks for decimals
    "1,",
    ",5",
    "1,,5",
    "1,5,5",
    "1,500 mio.",
    "1.5 mio.",
    "1,005",
    "500.-",
    "1.250.000.50",
    "1'250",
    "1_000",
    # signs
    "--500",
    "- -500",
    "(-500)",
    "-(500)",
    "(500",
    "500)",
    "((500))",
    "+-500",
    "500-200",
    "()",
    "-",
    # words and units
    "",
    " ",
    "kr.",
    "mio.",
    "kr. kr. 500",
    "500 EUR",
    "500 $",
    "€ 500",
    "500 mia.",
    "500 pr. år",
    "500 og 600",
    "500/600",
    "500 %",
    "1e6",
    "0x10",
    "inf",
    "nan",
    "=500",
    "fem hundrede",
    "31-12-2026",
    "٥٠٠",
    "\N{SUPERSCRIPT TWO}",
    "½",
    "99.999.999.999.999.999.999",
    "9" * 400,
)


@pytest.mark.parametrize(("text", "oere"), AMOUNTS.items())
def test_an_amount_is_read_exactly(text: str, oere: int) -> None:
    assert amounts.parse_amount(text) == oere


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_what_is_ambiguous_or_no_amount_is_not_guessed(text: str) -> None:
    assert amounts.parse_amount(text) is None


@pytest.mark.parametrize(
    ("number", "oere"),
    [
        (0.1 + 0.2, 30),
        (0.1, 10),
        (1250000.0, 125_000_000),
        (1250000.5, 125_000_050),
        (-500.0, -50_000),
        (-0.0, 0),
        (0.005, 0),
        (0.015, 2),
        (0.025, 2),
        (0.035, 4),
        (-0.005, 0),
        (-0.015, -2),
        (2.675, 268),
        (1.005, 100),
        (1.0051, 101),
        (33333.333333333336, 3_333_333),
        (1e-300, 0),
        (99_999_999_999.99, 9_999_999_999_999),
        (4503599627370497.5, None),
        (1e300, None),
        (float("nan"), None),
        (float("inf"), None),
        (float("-inf"), None),
    ],
)
def test_a_number_is_rounded_half_even_to_the_oere(number: float, oere: int | None) -> None:
    assert amounts.amount_from_number(number) == oere


DATES = {
    # the forms of the specification
    "31-12-2026": date(2026, 12, 31),
    "31.12.2026": date(2026, 12, 31),
    "31/12/2026": date(2026, 12, 31),
    "31/12-2026": date(2026, 12, 31),
    "31/12-26": date(2026, 12, 31),
    "2026-12-31": date(2026, 12, 31),
    "2026 - 12 - 31": date(2026, 12, 31),
    "31. december 2026": date(2026, 12, 31),
    "31. dec. 2026": date(2026, 12, 31),
    # day first, always
    "01-02-2026": date(2026, 2, 1),
    "1/2-2026": date(2026, 2, 1),
    "12-11-2026": date(2026, 11, 12),
    "1.2.26": date(2026, 2, 1),
    "01-01-99": date(2099, 1, 1),
    "29-02-2028": date(2028, 2, 29),
    "1. maj 2026": date(2026, 5, 1),
    "1 maj 2026": date(2026, 5, 1),
    "1. MARTS 2026": date(2026, 3, 1),
    "3. sept. 2026": date(2026, 9, 3),
    "3. sep 2026": date(2026, 9, 3),
    " 31-12-2026 ": date(2026, 12, 31),
    f"31.{NO_BREAK}december{NO_BREAK}2026": date(2026, 12, 31),
}

NO_DATES = (
    "30-02-2026",
    "29-02-2026",
    "31-04-2026",
    "31-13-2026",
    "12-31-2026",
    "00-01-2026",
    "01-00-2026",
    "32-01-2026",
    "2026-31-12",
    "2026",
    "46387",
    "december 2026",
    "31-12",
    "31/12",
    "31-12-026",
    "31-12-20260",
    "31-12.2026",
    "31.12/2026",
    "31--12-2026",
    "31. dezember 2026",
    "31. d. 2026",
    "snarest",
    "uge 12",
    "31-12-2026?",
    "ca. 31-12-2026",
    "1-1-2026 og 1-2-2026",
    "01-01-0000",
    "٣١-١٢-٢٠٢٦",
    "",
    " ",
    "-",
)


@pytest.mark.parametrize(("text", "day"), DATES.items())
def test_a_date_is_read_day_first(text: str, day: date) -> None:
    assert dates.parse_date(text) == day


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert dates.parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("37", Decimal(37)),
        ("32,5", Decimal("32.5")),
        (" 7,25 ", Decimal("7.25")),
        ("0", Decimal(0)),
        ("-1", Decimal(-1)),
    ],
)
def test_a_number_has_a_decimal_comma(text: str, number: Decimal) -> None:
    assert amounts.parse_number(text) == number
    assert read(Kind.NUMBER, text) == (number, ReadState.READ)


@pytest.mark.parametrize(
    "text",
    [
        "fuld tid",
        "37 timer",
        "32.5",
        "1.000",
        "30-37",
        "37,",
        ",5",
        "1e3",
        "NaN",
        "Infinity",
        "٣٧",
        "9" * 400,
        "",
    ],
)
def test_what_is_no_number_is_not_guessed(text: str) -> None:
    assert amounts.parse_number(text) is None


# The same for cells, of whatever type a store gives them


def read(kind: Kind, cell: Cell) -> Read:
    """The cell as it is read in a column of this kind."""
    return Reader(UNDERSTAND[kind])[cell]


CELLS: list[tuple[Cell, ReadState, ReadState, ReadState]] = [
    # cell, read as an amount, as a date, as a number
    (None, ReadState.EMPTY, ReadState.EMPTY, ReadState.EMPTY),
    ("", ReadState.EMPTY, ReadState.EMPTY, ReadState.EMPTY),
    ("  ", ReadState.EMPTY, ReadState.EMPTY, ReadState.EMPTY),
    (NO_BREAK, ReadState.EMPTY, ReadState.EMPTY, ReadState.EMPTY),
    ("\n\t", ReadState.EMPTY, ReadState.EMPTY, ReadState.EMPTY),
    (500, ReadState.READ, ReadState.UNREADABLE, ReadState.READ),
    (46387.0, ReadState.READ, ReadState.UNREADABLE, ReadState.READ),
    ("500,-", ReadState.TYPED_AS_TEXT, ReadState.UNREADABLE, ReadState.UNREADABLE),
    ("31-12-2026", ReadState.UNREADABLE, ReadState.READ, ReadState.UNREADABLE),
    (date(2026, 12, 31), ReadState.UNREADABLE, ReadState.READ, ReadState.UNREADABLE),
    (EVENING, ReadState.UNREADABLE, ReadState.READ, ReadState.UNREADABLE),
    (dt.time(12, 30), ReadState.UNREADABLE, ReadState.UNREADABLE, ReadState.UNREADABLE),
    (dt.timedelta(hours=37), ReadState.UNREADABLE, ReadState.UNREADABLE, ReadState.UNREADABLE),
    ("SAND", ReadState.UNREADABLE, ReadState.UNREADABLE, ReadState.UNREADABLE),
    (
        FormulaError("#REF!"),
        ReadState.FORMULA_ERROR,
        ReadState.FORMULA_ERROR,
        ReadState.FORMULA_ERROR,
    ),
    (float("nan"), ReadState.UNREADABLE, ReadState.UNREADABLE, ReadState.UNREADABLE),
    (float("inf"), ReadState.UNREADABLE, ReadState.UNREADABLE, ReadState.UNREADABLE),
]


@pytest.mark.parametrize(("cell", "amount", "day", "number"), CELLS, ids=repr)
def test_a_cell_is_read_or_said_why_not(
    cell: Cell, amount: ReadState, day: ReadState, number: ReadState
) -> None:
    readings = [read(kind, cell)[1] for kind in (Kind.AMOUNT, Kind.DATE, Kind.NUMBER)]

    assert readings == [amount, day, number]


def test_a_datetime_is_its_day() -> None:
    assert read(Kind.DATE, EVENING) == (date(2026, 12, 31), ReadState.READ)


def test_what_was_read_before_does_not_change_what_is_read_next() -> None:
    reader = Reader(UNDERSTAND[Kind.AMOUNT])
    cells: list[Cell] = [1, 1.0, "1", "1,00", -0.0, 0, "0", FormulaError("1"), date(2026, 1, 1)]

    together = [reader[cell] for cell in [*cells, *reversed(cells)]]

    assert together[: len(cells)] == [read(Kind.AMOUNT, cell) for cell in cells]
    assert together[len(cells) :] == list(reversed(together[: len(cells)]))


@pytest.mark.parametrize("kind", [Kind.AMOUNT, Kind.TEXT])
def test_a_huge_whole_number_is_read_or_refused(kind: Kind) -> None:
    read(kind, 10**400)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (3.0, "3"),
        (1.5, "1,5"),
        (-2.25, "-2,25"),
        (" Mette  Holm ", "Mette  Holm"),
        (date(2026, 3, 1), "01-03-2026"),
        (EVENING, "31-12-2026"),
        ("SAND", "SAND"),
        (FormulaError("#REF!"), "#REFERENCE!"),
        (FormulaError("#N/A"), "#I/T"),
        (FormulaError("#NUM!"), "#NUM!"),
        (dt.timedelta(hours=37), "37:00:00"),
    ],
)
def test_a_cell_is_quoted_as_a_person_sees_it(cell: Cell, text: str) -> None:
    assert cell_text(cell) == text


# Names


@pytest.mark.parametrize(
    "spelling",
    [
        "Timer pr. uge",
        "TIMER PR. UGE",
        "  Timer   pr. uge ",
        f"Timer{NO_BREAK}pr.{NO_BREAK}uge",
        "Timer pr. uge:",
        "Timer pr. uge *",
        "Timer pr. uge*",
        "Timer pr. uge (kr.)",
        "Timer pr. uge (kr.):",
        "Timer pr. uge * (kr.)",
        "Timer\npr. uge",
    ],
)
def test_spellings_of_a_header_are_one_name(spelling: str) -> None:
    assert danish.name_key(spelling) == danish.name_key("Timer pr. uge")


def test_a_composed_letter_is_the_same_as_its_parts() -> None:
    assert danish.name_key("Bolig A\N{COMBINING RING ABOVE}") == danish.name_key("bolig Å")


@pytest.mark.parametrize(
    "other", ["Timer pr uge", "Timer pr. uge.", "(kr.) Timer pr. uge", "Timer (pr. uge) x", ""]
)
def test_other_names_stay_other_names(other: str) -> None:
    assert danish.name_key(other) != danish.name_key("Timer pr. uge")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Børn, unge og familier", "Børn, unge og familie"),
        ("Beboernetværk, demokrati og inddragelse", "Beboernetværk, inddragelse og demokrati"),
        ("familier, børn og unge", "Børn, unge og familie"),
        ("UDSATTE GRUPPE", "Udsatte grupper"),
        ("Kultur & fritid", "Kultur og fritid"),
    ],
)
def test_word_order_case_and_plural_do_not_matter_for_effort_areas(typed: str, meant: str) -> None:
    assert danish.words_key(typed) == danish.words_key(meant)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Børn, unge og familie", "Børn og unge"),
        ("Uddannelse og beskæftigelse", "Uddannelse, beskæftigelse og erhverv"),
        ("Uddannelse og livschancer", "Uddannelse og beskæftigelse"),
    ],
)
def test_other_effort_areas_stay_other_ones(one: str, other: str) -> None:
    assert danish.words_key(one) != danish.words_key(other)


# Values to text


@pytest.mark.parametrize(
    ("oere", "text"),
    [
        (0, "0 kr."),
        (1, "0,01 kr."),
        (123_450, "1.234,50 kr."),
        (350_000_000, "3.500.000 kr."),
        (-50_050, "-500,50 kr."),
    ],
)
def test_kroner(oere: int, text: str) -> None:
    assert DANISH.kroner(oere) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(1, 4), "25 pct."),
        (Fraction(5, 8), "62,5 pct."),
        (Fraction(2_500_000, 10_000_001), "24,9 pct."),
        (Fraction(0), "0 pct."),
        (Fraction(1), "100 pct."),
    ],
)
def test_a_share_is_never_rounded_up(share: Fraction, text: str) -> None:
    assert DANISH.percent(share) == text


@pytest.mark.parametrize(
    ("words", "text"),
    [(["a"], "a"), (["a", "b"], "a og b"), (["a", "b", "c"], "a, b og c")],
)
def test_a_list_of_words(words: list[str], text: str) -> None:
    assert DANISH.listed(words) == text


def test_quoted_text_is_one_short_line() -> None:
    assert quoted("en\nto\tog \x00 tre") == "en to og tre"
    assert len(quoted("ord " * 100)) <= 60


# Properties

MARKS = st.text(st.sampled_from("0123456789.,-() krmiotdDKÆ/\N{NO-BREAK SPACE}"), max_size=16)


@given(st.one_of(st.text(), MARKS))
@example("1.")
@example("(")
def test_no_text_makes_a_parser_fail(text: str) -> None:
    amounts.parse_amount(text)
    dates.parse_date(text)
    amounts.parse_number(text)
    danish.name_key(text)
    danish.number_key(text)
    danish.words_key(text)
    quoted(text)
    is_blank(text)


CELL = st.one_of(
    st.floats(), st.integers(-(10**20), 10**20), st.text(), st.dates(), st.times(), st.timedeltas()
)


@pytest.mark.slow
@given(CELL)
def test_no_cell_makes_a_reader_fail(cell: Cell) -> None:
    for kind in UNDERSTAND:
        read(kind, cell)


@given(st.integers(-(10**13) + 1, 10**13 - 1))
def test_an_amount_survives_being_written(oere: int) -> None:
    assert amounts.parse_amount(DANISH.kroner(oere)) == oere


@given(st.integers(-(10**13) + 1, 10**13 - 1))
def test_a_number_cell_is_exact_to_the_oere(oere: int) -> None:
    assert amounts.amount_from_number(float(oere) / 100) == oere


@given(MARKS)
@example("1.250.000,50")
@example("1250000,5")
@example("1,250")
@example("-1.250")
def test_babel_never_reads_another_amount(text: str) -> None:
    try:
        number = parse_decimal(text, locale="da", strict=True)
    except NumberFormatError:
        return
    oere = amounts.parse_amount(text)

    assert oere is None or oere == number * 100


@given(st.decimals(-(10**9), 10**9, places=2))
def test_what_babel_writes_is_read(number: Decimal) -> None:
    text = format_decimal(number, format="#,##0.00", locale="da")

    assert amounts.parse_amount(text) == number * 100


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_a_date_survives_being_written(day: date) -> None:
    assert dates.parse_date(DANISH.day(day)) == day
    assert dates.parse_date(format_date(day, "dd.MM.y", locale="da")) == day
    assert dates.parse_date(format_date(day, "d. MMM y", locale="da")) == day
    assert dates.parse_date(day.isoformat()) == day


@given(MARKS)
def test_an_amount_is_built_of_the_digits_that_stand_there(text: str) -> None:
    oere = amounts.parse_amount(text)
    if oere is None:
        return
    digits = "".join(c for c in text if c.isdigit()).lstrip("0")

    assert str(abs(oere)).rstrip("0") == digits.rstrip("0")


# CPR numbers. They are made up: the last four digits are 0000.

CPR = {
    "010170-0000": CprMatch.WRITTEN_AS_CPR,
    "010170 0000": CprMatch.WRITTEN_AS_CPR,
    f"010170{NO_BREAK}0000": CprMatch.WRITTEN_AS_CPR,
    "010170\N{EN DASH}0000": CprMatch.WRITTEN_AS_CPR,
    "010170 - 0000": CprMatch.WRITTEN_AS_CPR,
    "Barnet (311299-0000) er henvist": CprMatch.WRITTEN_AS_CPR,
    "cpr:010170-0000.": CprMatch.WRITTEN_AS_CPR,
    "første linje\n010170-0000": CprMatch.WRITTEN_AS_CPR,
    "310170-0000": CprMatch.WRITTEN_AS_CPR,
    "290200-0000": CprMatch.WRITTEN_AS_CPR,
    "300470-0000": CprMatch.WRITTEN_AS_CPR,
    **dict.fromkeys(
        (
            "01 01 70 0000",
            "01.01.70-0000",
            "01/01/70-0000",
            "01-01-70-0000",
            "01.01.70.0000",
            "01/01/70/0000",
            "01\u00a001\u00a070\u00a00000",
            "d.01.01.70 0000.",
            "01011970-0000",
            "01.01.1970-0000",
            "01/01/1970 - 0000",
            "01-01-1970 0000",
            "010119700000",
            "12032015-4000",
            "12.03.15-4000",
            "010170.0000",
            "010170_0000",
            "010170/0000",
            "12/03-65-0000",
            "12 - 03 - 65 - 0000",
            "610170-0000",
            "910170-0000",
            "900470-0000",
            "０１０１７０-0000",
            "01\u200b0170-0000",
        ),
        CprMatch.WRITTEN_AS_CPR,
    ),
    "01\u200b01700000": CprMatch.TEN_DIGITS,
    "0101700000": CprMatch.TEN_DIGITS,
    "Se 0101700000!": CprMatch.TEN_DIGITS,
    "0101700000 og 020270-0000": CprMatch.WRITTEN_AS_CPR,
}

NO_CPR = (
    "320170-0000",
    "000170-0000",
    "010070-0000",
    "011370-0000",
    "300270-0000",
    "310470-0000",
    "310670-0000",
    "310970-0000",
    "311170-0000",
    "010170-000",
    "010170-00000",
    "1010170-0000",
    "01017-0000",
    "01-01-1970",
    "010170/2024",
    "010170--0000",
    "600170-0000",
    "920170-0000",
    "900270-0000",
    "910470-0000",
    # a day and the time, the year or the amount that stands behind it
    "01.01.2024-2027",
    "01.01.24-2027",
    "12.03.26 1400",
    "12-03-2026 0800",
    "betalt 12.03.24 1500 kr.",
    "12/03/2024 - 7500,-",
    "01-01-2024-31-12-2026",
    "2024-12-03 1030",
    "010120241030",
    # telephone numbers, and what is not written in one way
    "12 03 65 41 23",
    "12.03-65 4123",
    "3201700000",
    "00101700000",
    "01017000000",
    "010170000",
    "",
)


@pytest.mark.parametrize(("text", "seen"), CPR.items())
def test_a_cpr_number_is_seen(text: str, seen: CprMatch) -> None:
    assert cpr_match(text) is seen


@pytest.mark.parametrize("text", NO_CPR)
def test_what_is_no_cpr_number_is_left_alone(text: str) -> None:
    assert cpr_match(text) is None
    assert masked(text) == text


@pytest.mark.parametrize("text", CPR)
def test_a_cpr_number_is_masked(text: str) -> None:
    assert MASK in masked(text)
    assert not any(character.isdigit() for character in masked(text))
    assert not any(character.isdigit() for character in quoted(text))


DAYS = st.dates(date(1937, 1, 1), date(2036, 12, 31)).map(lambda day: f"{day:%d%m%y}")
BETWEEN = st.sampled_from(["-", " ", "", "\N{EN DASH}", " - ", NO_BREAK])
AROUND = st.text(st.sampled_from("abæ .,;-(\n"), max_size=8)


@given(AROUND, DAYS, BETWEEN, AROUND)
def test_a_masked_text_leaves_no_digit_of_the_number(
    before: str, birthday: str, between: str, after: str
) -> None:
    text = f"{before}{birthday}{between}0000{after}"

    assert cpr_match(text) is not None
    assert not any(character.isdigit() for character in masked(text))
    assert not any(character.isdigit() for character in quoted(text))


@pytest.mark.parametrize(
    "text",
    ["010170  0000", "010170\N{ZERO WIDTH SPACE}-0000", "010170 -\n\n0000", "010170\t\t0000"],
)
def test_a_quoted_text_never_becomes_a_cpr_number(text: str) -> None:
    assert cpr_match(quoted(text)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31-06-2030", (date(2030, 6, 1), 30)),
        ("31/4-26", (date(2026, 4, 1), 30)),
        ("29-02-2026", (date(2026, 2, 1), 28)),
        ("30.02.2028", (date(2028, 2, 1), 29)),
        ("31. november 2026", (date(2026, 11, 1), 30)),
        ("2026-09-31", (date(2026, 9, 1), 30)),
        ("30-06-2030", None),
        ("29-02-2028", None),
        ("32-01-2026", None),
        ("00-01-2026", None),
        ("31-13-2026", None),
        ("31-02-0000", None),
        ("i morgen", None),
        ("31. juny 2026", None),
    ],
)
def test_a_day_that_its_month_does_not_have(text: str, expected: tuple[date, int] | None) -> None:
    assert dates.month_that_is_too_short(text) == expected


@pytest.mark.parametrize("text", ["x" + "(a)" * 10_660, "x" + ":" * 32_000, "x" + " ()" * 10_000])
def test_a_long_end_of_a_name_is_read_once(text: str) -> None:
    assert danish.name_key(text) == "x"


def test_what_is_left_of_a_name() -> None:
    ends = ("Navn (a) (b): *", "Navn ((a))", "(a)", ":", "a) b)", "Navn (a", "Navn )")
    assert [danish.name_key(one) for one in ends] == [
        "navn", "navn ((a))", "(a)", ":", "a) b)", "navn (a", "navn )",
    ]  # fmt: skip
