"""The catalogue: every rule of the specification, with its texts and its examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, time

import pytest

from rules.catalogue.catalogue import (
    RULE_BY_CODE,
    RULES,
    approved_plan,
    check_plan,
    in_sheet_order,
    notice_of,
    verdict_on,
)
from rules.catalogue.example_plan import example_workbook
from rules.gate.gate import Gate
from rules.judging.rule import Case, Context, Example, ExampleCell, Rule
from rules.model.cells import EMBEDDED, NO_RESULT, Cell, FormulaError, RawTab, RawWorkbook
from rules.model.finding import LEFT_OUT, Fact, Finding, Notice, Place
from rules.model.parameter_types import HOUSE_RULE, ExpectedPlan
from rules.model.plan import Plan
from rules.model.run_index import plan_key
from rules.model.shipped import SHIPPED
from rules.text.personal_numbers import cpr_match
from tests.rules.helpers import TODAY, book, found, judge, noticed

SPECIFIED = """
STR-01 fejl     | STR-02 fejl     | STR-03 fejl     | STR-04 advarsel | STR-05 fejl
STR-06 fejl     | STR-07 advarsel | STR-08 fejl     | STR-09 advarsel | STR-10 advarsel
STR-11 advarsel
CEL-01 fejl     | CEL-02 fejl     | CEL-03 fejl     | CEL-04 fejl     | CEL-05 fejl
CEL-06 fejl     | CEL-07 advarsel | CEL-08 fejl     | CEL-09 fejl     | CEL-10 advarsel
CEL-11 advarsel | CEL-12 info
PLA-01 fejl     | PLA-02 advarsel | PLA-03 advarsel | PLA-04 info     | PLA-05 fejl
PLA-06 advarsel | PLA-07 info
FOR-01 advarsel | FOR-02 advarsel
IND-01 fejl     | IND-02 advarsel | IND-03 fejl     | IND-04 info
FIN-01 fejl     | FIN-02 info     | FIN-03 info     | FIN-04 fejl     | FIN-05 fejl
FIN-06 advarsel | FIN-07 advarsel | FIN-08 advarsel | FIN-09 advarsel | FIN-10 fejl
FIN-11 advarsel | FIN-12 advarsel
GOD-01 fejl     | GOD-02 fejl     | GOD-03 advarsel | GOD-04 fejl     | GOD-05 advarsel
GOD-06 fejl     | GOD-07 fejl     | GOD-08 advarsel | GOD-09 advarsel | GOD-10 advarsel
GOD-11 advarsel
MED-01 advarsel | MED-02 fejl     | MED-03 advarsel
MIL-01 advarsel | MIL-02 fejl     | MIL-03 advarsel
REG-01 advarsel | REG-02 info     | REG-03 info     | REG-04 advarsel | REG-05 advarsel
IBR-01 fejl     | IBR-02 advarsel | IBR-03 info
GDP-01 fejl     | GDP-02 advarsel
APR-01 advarsel
"""


def test_the_rules_are_those_of_the_specification_in_its_order() -> None:
    specified = [tuple(rule.split()) for rule in re.split(r"[|\n]", SPECIFIED) if rule.strip()]

    assert [(rule.code, str(rule.severity)) for rule in RULES] == specified


def test_every_code_is_unique() -> None:
    assert len(RULE_BY_CODE) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_everything_about_itself(rule: Rule) -> None:
    assert rule.title
    assert rule.why.endswith(".")
    assert rule.source
    assert rule.message
    assert rule.fix
    assert rule.wrong
    assert rule.right
    assert not (rule.check and rule.run_check)


@pytest.mark.parametrize("code", ["IND-04", "FIN-02", "FIN-03", "FIN-07", "MED-03"])
def test_what_has_no_published_rule_is_local_practice(code: str) -> None:
    assert RULE_BY_CODE[code].source == HOUSE_RULE


def test_the_customary_order_is_not_presented_as_the_fund_s() -> None:
    assert RULE_BY_CODE["GOD-03"].source.startswith(HOUSE_RULE)


# Examples

TOLD_IN_WORDS = (
    "STR-01", "STR-03", "STR-05", "STR-06", "STR-09", "STR-11", "CEL-11", "PLA-05", "PLA-06",
    "PLA-07", "FIN-10", "FIN-12", "GOD-11", "REG-05", "APR-01",
)  # fmt: skip
TYPED = [rule for rule in RULES if not isinstance(rule.wrong, str)]


def test_only_what_cannot_be_typed_has_an_example_in_words() -> None:
    in_words = [rule.code for rule in RULES if isinstance(rule.wrong, str)]

    assert in_words == list(TOLD_IN_WORDS)
    assert in_words == [rule.code for rule in RULES if isinstance(rule.right, str)]


@pytest.fixture(scope="module")
def examples() -> dict[str, tuple[list[Notice], list[Notice]]]:
    """By code: what is found in the rule's wrong example and in its right one."""
    edits = [edit for rule in TYPED for edit in (rule.wrong, rule.right)]
    passed = iter(Gate(SHIPPED).check([example_workbook(_typed(edit)) for edit in edits]))
    context = Context(SHIPPED, TODAY)
    return {
        rule.code: (judge([next(passed)], context), judge([next(passed)], context))
        for rule in TYPED
    }


def _typed(example: Example) -> tuple[ExampleCell, ...]:
    assert not isinstance(example, str)
    return example


@pytest.mark.parametrize("code", [rule.code for rule in TYPED])
def test_the_wrong_example_is_found_and_the_right_one_is_not(
    code: str, examples: dict[str, tuple[list[Notice], list[Notice]]]
) -> None:
    wrong, right = examples[code]

    assert code in [notice.code for notice in wrong]
    assert right == []


def test_where_nobody_keeps_the_tabs_nothing_is_said_of_them(
    examples: dict[str, tuple[list[Notice], list[Notice]]],
) -> None:
    follow_up = {code for code in examples if code.startswith(("REG", "IBR"))}
    others = [both for code, both in examples.items() if code not in follow_up]
    notices = [notice for wrong, right in others for notice in (*wrong, *right)]

    assert len(follow_up) == 7
    assert not {notice.code for notice in notices} & {*follow_up, "REG-05", "FIN-12"}
    assert not {notice.tab for notice in notices} & {"Regnskab", "Indberetning"}


# Every wording of every rule, with facts of a real finding. The gate does not know why a file
# cannot be read: the stores say so.

OTHER_AREA = {"Boligområde": "Nøjsomhed"}
_ODD_CELLS = (
    "Indsatser!Budget 2",
    "Indsatser!Slutdato 2",
    "Medarbejdere!C2",
    "Indsatser!Status 2",
    "Indsatser!A2",
)
AMOUNTS = [f"{letter}{row}" for letter in "EFGHI" for row in (2, 3, 4)]


NEIGHBOUR = book(
    "b.xlsx",
    plan=OTHER_AREA | {"Plan-id": "NØJ-2025"},
    Medarbejdere="""
    Navn | Rolle | Timer pr. uge | Ansat fra | Ansat til | E-mail
    Mette Holm | Projektleder | 5 | 01-01-2025 | | mette.holm@boliggaarden.example
    """,
)


def _unreadable(variant: str, **facts: Fact) -> Notice:
    return notice_of(Finding("STR-03", Place("a.xlsx"), facts, variant=variant))


def _changed() -> list[Notice]:
    """Of what has been changed since an approval that is remembered."""
    approved = approved_plan(_case(book(), Context(SHIPPED, TODAY)))
    assert approved is not None
    context = Context(SHIPPED, TODAY, {plan_key("VAP-2025", ""): approved})
    cells = {"Plan!B8": "31-12-2027", "Finansiering!E2": "1", "Finansiering!A3": "Andre"}
    cells |= {"Finansiering!E3": "2", "Finansiering!F3": "3"}
    return [*_notices(cells, context), *_no_longer_confirmed()]


def _no_longer_confirmed() -> Iterator[Notice]:
    """Of what has been changed since somebody confirmed it."""
    signed = {"Plan!B14": "23-11-2026"}
    plan = _case(book(cells=signed), Context(SHIPPED, TODAY)).plan
    confirmed = verdict_on(plan, Context(SHIPPED, TODAY)).confirmed
    context = Context(SHIPPED, TODAY, {}, {plan_key("VAP-2025", ""): confirmed})
    one, row = {"Indsatser!I2": "1"}, {f"Indsatser!{c}4": "" for c in "ABCDEFGHI"}
    for cells in (one, row, one | row):
        yield from _notices(signed | cells, context)


def _notices(cells: Mapping[str, Cell], context: Context) -> list[Notice]:
    return [notice_of(one) for one in check_plan(_case(book(cells=cells), context))]


def _followed_up() -> Iterator[Notice]:
    """Of accounts, reports, and what is registered of the plan."""
    yield from noticed(book(Regnskab="År | Type | Forbrug"))
    yield from noticed(book(cells={"Regnskab!År 2": "i fjor", "Regnskab!År 3": EMBEDDED}))
    yield from noticed(book(cells={"Regnskab!Forbrug 2": 2_000_000}))
    sent = {"Indberetning!Sendt 3": "", "Indberetning!Frist 3": ""}
    yield from noticed(book(cells=sent))
    yield from noticed(book(cells=sent), today=date(2026, 6, 1))
    yield from noticed(book(cells=sent | {"Indberetning!Sendt 3": "01-07-2026"}))
    for grant, end in ((1, None), (600_000_000, date(2027, 12, 31)), (1, date(2027, 12, 31))):
        expected = ExpectedPlan("vap-2025", grant, None, end)
        yield from noticed(book(), parameters=replace(SHIPPED, expected_plans=(expected,)))


def _case(raw: RawWorkbook, context: Context) -> Case:
    (passed,) = Gate(SHIPPED).check([raw])
    assert passed.workbook is not None
    return Case(Plan((passed.workbook,)), context)


def _more_notices() -> list[Notice]:
    """Of what the examples do not show: the other variants, and what joins workbooks."""
    alone = (
        RawWorkbook("Tom.xlsx", [RawTab("Milepæle", [])]),
        book(
            cells={"Plan!A9": "Ophør", "Plan!A5": "x", "Indsatser!Ansvarlig 1": "Ansvarlig person"}
        ),
        book(cells={"Plan!A9": "Slutdag", "Plan!A13": "Plan-id", "Indsatser!Ansvarlig 1": "x"}),
        book(cells={"Indsatser!Status 2": "qqqq", "Plan!B3": "", "Indsatser!Budget 2": "'-"}),
        book(cells={"Indsatser!Budget 1": "Budget (t.kr.)", "Indsatser!Budget 2": "x"}),
        book(cells={"Finansiering!F1": ""}),
        book(
            cells={
                "Indsatser!Status 2": "Planlgat",
                "Medarbejdere!C2": "37 timer",
                "Indsatser!Slutdato 2": "snarest",
            }
        ),
        book(cells={f"Finansiering!{letter}1": "x" for letter in "EFGH"}),
        book(Finansiering="Kilde | Type | Tilsagn | 2026"),
        book(cells={f"Finansiering!{cell}": 0 for cell in AMOUNTS}),
        book(cells={"Finansiering!Tilsagn 2": "Nej", "Indsatser!Budget 2": 1_500_000}),
        book(plan={"Slutdato": "30-12-2027"}),
        book(plan={"Boligområde": "Ellekildehave"}),
        book(
            comments={"Indsatser!Aktivitet 2": "010170-0000", "Indsatser!Aktivitet 3": "0101700000"}
        ),
        *(
            RawWorkbook("x.xlsx", [RawTab("Liste", [], beside=[number])], beside=[number])
            for number in ("010170-0000", "0101700000")
        ),
        book(plan={"Startdato": "01-06-2023", "Slutdato": "31-05-2026"}),
        *(
            book(cells={"Godkendelser!I1": "Runde", "Godkendelser!I5": cell})
            for cell in ("anden", EMBEDDED)
        ),
        RawWorkbook("Kopi.xlsx", [*book().tabs, RawTab("Indsatser (2)", [(1, ["Nr."])])]),
        RawWorkbook("Diagram.xlsx", book().tabs, charts=["Advarsler"]),
        RawWorkbook("Gammel.xlsx", [RawTab("Indsatser (gammel)", [(1, ["Nr."])])]),
        RawWorkbook("Egen.xlsx", [*book().tabs, RawTab("Advarsler", [(1, ["Husk møde"])])]),
        book(
            cells={
                "Finansiering!L1": "'2025",
                "Medarbejdere!A4": "Kim",
                "Medarbejdere!F4": "a@b.dk",
            }
        ),
        RawWorkbook(
            "a.xlsx",
            [*book(without=("Indsatser",)).tabs, RawTab("Indsatser - Tabel 1", [])],
        ),
        *(
            book(cells=dict(zip(_ODD_CELLS, cells, strict=True)))
            for cells in (
                (EMBEDDED, EMBEDDED, EMBEDDED, EMBEDDED, date(2026, 1, 1)),
                (NO_RESULT, time(), date(1900, 2, 6), EMBEDDED, ""),
                (date(7375, 10, 23), time(12), 37, "Sundhed", ""),
            )
        ),
    )
    joined = (
        book(plan={"Plan-id": "VAP-NY", "Startdato": "01-01-2028", "Slutdato": "31-12-2030"}),
        book(
            plan=OTHER_AREA | {"Plannavn": "Syd", "Slutdato": "30-12-2028"},
            cells={"Godkendelser!E5": "04-06-2024"},
        ),
        book(),
    )
    return [
        *(notice for raw in alone for notice in noticed(raw)),
        *(
            notice
            for raw in joined
            for notice in noticed(book("a.xlsx"), RawWorkbook("b.xlsx", raw.tabs))
        ),
        *noticed(book("Plan.xlsx"), book("mappe/Kopi af Plan.xlsx")),
        *noticed(book(), NEIGHBOUR),
        *_changed(),
        *_followed_up(),
        notice_of(Finding(LEFT_OUT, Place("a.xlsx"), {"count": 7})),
        _unreadable(""),
        *(_unreadable(variant, tab="Indsatser") for variant in RULE_BY_CODE["STR-03"].variants),
    ]


def _templates() -> dict[tuple[str, str], str]:
    """The message of each rule and variant."""
    return {(rule.code, ""): rule.message for rule in RULES} | {
        (rule.code, variant): wording.message
        for rule in RULES
        for variant, wording in rule.variants.items()
    }


@pytest.fixture(scope="module")
def worded(examples: dict[str, tuple[list[Notice], list[Notice]]]) -> list[Notice]:
    """Notices in which every wording is used."""
    notices = [*_more_notices(), *(notice for wrong, _ in examples.values() for notice in wrong)]
    unused = []
    for (code, variant), template in _templates().items():
        pattern = re.sub(r"\\\{.*?\\\}", ".+", re.escape(template))
        if not any(n.code == code and re.fullmatch(pattern, n.message) for n in notices):
            unused.append((code, variant))
    assert unused == []
    return notices


ENGLISH = frozenset(
    [
        "the",
        "and",
        "is",
        "not",
        "must",
        "cell",
        "row",
        "column",
        "sheet",
        "workbook",
        "value",
        "invalid",
        "error",
        "warning",
        "missing",
        "none",
        "null",
        "nan",
        "true",
        "false",
        "string",
        "integer",
        "float",
        "boolean",
        "decimal",
        "date",
        "enum",
        "list",
        "tuple",
        "unknown",
    ]
)


def words(text: str) -> list[str]:
    """The words of a text; an amount, a date or a number is several."""
    return re.findall(r"[^\s»«]+", text)


def sentences(text: str) -> Iterable[str]:
    """The sentences of a text; a point in »kr.«, »pct.« or »1. marts« ends none."""
    return re.split(r"(?<=[.!?])(?<!Nr\.)\s+(?=[A-ZÆØÅ])", text)


def test_every_wording_is_plain_danish(worded: list[Notice]) -> None:
    for notice in worded:
        text = f"{notice.message} {notice.fix}"
        assert "{" not in text, text
        assert "}" not in text, text
        assert "ugyldig" not in text.casefold(), text
        assert not ENGLISH & {word.strip(".,:;?!").casefold() for word in words(text)}, text
        assert not re.search(r"[\\^$|]|\d{4}-\d\d-\d\d|  |\.\.|None", text), text


def test_every_wording_ends_as_a_sentence_does(worded: list[Notice]) -> None:
    for notice in worded:
        assert notice.message[-1] in ".?", notice.message
        assert notice.fix[-1] == ".", notice.fix
        assert notice.message[0].isupper() or notice.message[0] in "»0123456789", notice.message


def test_no_sentence_has_more_than_twenty_words(worded: list[Notice]) -> None:
    too_long = {
        sentence
        for notice in worded
        for sentence in sentences(notice.message)
        if len(words(sentence)) > 20
    }

    assert too_long == set()


def test_a_message_is_one_or_two_sentences(worded: list[Notice]) -> None:
    for notice in worded:
        assert len(list(sentences(notice.message))) <= 2, notice.message


@pytest.mark.parametrize(
    ("address", "text", "code"),
    [
        ("Plan!B4", "Vapnagaard 010170-0000", "CEL-04"),
        ("Indsatser!Slutdato 2", "0101700000", "CEL-03"),
        ("Indsatser!Status 2", "I gang 0101700000", "CEL-04"),
        ("Indsatser!Budget 2", "500 til 0101700000", "CEL-02"),
        ("Indsatser!Nr. 4", "0101700000", "GDP-02"),
        ("Milepæle!B3", "0101700000", "MIL-02"),
        ("Medarbejdere!F3", "0101700000@x", "CEL-10"),
        ("Godkendelser!B7", "Møde 010170 0000", "GDP-01"),
        ("Plan!B6", "0101700000", "GOD-09"),
        ("Indsatser!Ansvarlig 1", "Ansvarlig 0101700000", "STR-02"),
        ("Plan!B3", "Plan 010170-0000", "GDP-01"),
    ],
)
def test_no_text_repeats_a_cpr_number(address: str, text: str, code: str) -> None:
    notices = noticed(book(cells={address: f"'{text}"}))

    assert code in [notice.code for notice in notices] or "GDP-01" in [n.code for n in notices]
    for notice in notices:
        assert cpr_match(f"{notice.message}\n{notice.fix}\n{notice.column}") is None


@pytest.mark.parametrize(
    "address", ["Medarbejdere!A3", "Milepæle!C3", "Godkendelser!B4", "Finansiering!A3"]
)
def test_no_identity_repeats_a_cpr_number(address: str) -> None:
    row = address[-1]
    emptied = {
        "Medarbejdere": f"Medarbejdere!C{row}",
        "Milepæle": f"Milepæle!D{row}",
        "Godkendelser": f"Godkendelser!D{row}",
        "Finansiering": f"Finansiering!D{row}",
    }[address.partition("!")[0]]
    findings = found(book(cells={address: "Ali 010170-0000", emptied: ""}))

    assert "CEL-01" in [finding.code for finding in findings]
    assert [f.identity for f in findings if cpr_match(f.identity)] == []


def test_another_workbook_s_plan_name_with_a_cpr_number_is_not_repeated() -> None:
    notices = noticed(
        book("a.xlsx", plan={"Plannavn": "Plan 0101700000"}), book("b.xlsx", plan=OTHER_AREA)
    )

    assert "PLA-05" in [notice.code for notice in notices]
    assert cpr_match("\n".join(f"{notice.message} {notice.fix}" for notice in notices)) is None


def test_a_finding_keeps_its_identity_when_its_row_moves() -> None:
    rows = [[*cells] for _, cells in book().tabs[2].rows]
    rows[1][4] = ""
    moved = [rows[0], *([[]] * 5), rows[3], rows[2], rows[1]]
    raw = RawWorkbook(
        "Vapnagaard.xlsx",
        [
            RawTab(tab.name, list(enumerate(moved, 1)) if tab.name == "Indsatser" else tab.rows)
            for tab in book().tabs
        ],
    )
    (before,) = found(book(cells={"Indsatser!Ansvarlig 2": ""}))
    (after,) = found(raw)

    assert (before.place.cell, after.place.cell) == ("E2", "E9")
    assert before.identity == after.identity


def test_findings_stand_as_a_reader_meets_them() -> None:
    raw = book(
        cells={
            "Milepæle!B2": 99,
            "Plan!B12": "x",
            "Indsatser!Ansvarlig 3": "",
            "Indsatser!Aktivitet 2": FormulaError("#REF!"),
            "Indsatser!Status 2": "x",
        },
        without=("Medarbejdere",),
    )
    ordered = in_sheet_order(found(raw), [tab.name for tab in raw.tabs])

    assert [(finding.place.tab, finding.place.cell) for finding in ordered] == [
        ("Plan", "B12"),
        ("Indsatser", "C2"),
        ("Indsatser", "H2"),
        ("Indsatser", "E3"),
        ("Milepæle", "B2"),
        ("Medarbejdere", None),
    ]


def test_the_example_has_no_mistake_on_any_day_of_its_first_years() -> None:
    (passed,) = Gate(SHIPPED).check([example_workbook()])

    for today in (TODAY, date(2026, 3, 2), date(2027, 4, 1), date(2027, 6, 29)):
        late = [n for n in judge([passed], Context(SHIPPED, today)) if n.code != "MIL-01"]
        assert late == []
