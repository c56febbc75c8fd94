"""Every figure of the overview of twelve plans, worked out again with openpyxl and plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from statistics import median
from typing import Any

import pytest

from rules.judging.rule import FIRST_DAY
from sync.overview.books import rows_read
from tests.sync.helpers import Site, book, figures, header_row_of, loaded, table
from tests.sync.overview.region import LOCAL, STEPS, TODAY, Region, Row, Typed


def floored(part: Decimal, whole: Decimal) -> Decimal:
    return (part / whole).quantize(Decimal("0.001"), ROUND_FLOOR)


def as_day(value: object) -> date:
    assert isinstance(value, datetime)
    return value.date()


def test_the_large_figures(region: Region) -> None:
    shown = figures(region.after, "Overblik")
    known = [plan for plan in region.plans.values() if plan.money is not None]
    totals = [plan.total() or Decimal() for plan in known]
    locals_ = [plan.total(local=True) or Decimal() for plan in known]
    note = "" if len(known) == len(region.plans) else f" (af {len(known)} planer)"
    assert shown["Planer"] == len(region.plans) == 12
    assert shown[f"Budget i kr.{note}"] == sum(totals)
    assert shown[f"Heraf lokalt i kr.{note}"] == sum(locals_)
    short = sum(4 * local < total for local, total in zip(locals_, totals, strict=True))
    assert shown["Planer under 25 pct."] == short > 0
    notices = Counter(line["Alvor"] for line in region.lines("Advarsler"))
    assert shown["Åbne fejl"] == notices["Fejl"]
    assert shown["Ikke kontrolleret"] == 0
    coming = [
        as_day(row["Frist"])
        for plan in region.plans.values()
        for row in plan.rows("Milepæle")
        if row["Status"] not in {"Nået", "Udgået"} and as_day(row["Frist"]) >= TODAY
    ]
    assert as_day(shown["Næste frist"]) == min(coming)


@pytest.mark.slow
def test_each_plans_line(region: Region) -> None:
    notices = region.lines("Advarsler")
    earlier = region.lines("Advarsler", region.before)
    lines = list(region.by_plan("Overblik"))
    assert len(lines) == 12
    for plan, line in lines:
        own = Counter(x["Alvor"] for x in notices if x["Plan-id"] == plan.plan_id)
        past = Counter(x["Alvor"] for x in earlier if x["Plan-id"] == plan.plan_id)
        assert (line["Fejl"], line["Advarsler"]) == (own["Fejl"], own["Advarsel"])
        assert line["Ændring siden uge 47"] == sum(
            own[word] - past[word] for word in ("Fejl", "Advarsel")
        )
        end = as_day(plan.form["Slutdato"])
        assert as_day(line["Slut"]) == end
        assert end > TODAY
        months = max(n for n in range(99) if minus_months(end, n) >= TODAY)
        assert line["Måneder til udløb"] == months
        light = "▲" if own["Fejl"] else "■" if own["Advarsel"] or plan.money is None else "●"
        assert line["Tilstand"].startswith(light)
        total, local = plan.total(), plan.total(local=True)
        if total is None or local is None:
            assert line["Lokal andel"] == "kan ikke vurderes"
            continue
        assert Decimal(str(line["Lokal andel"])) == floored(local, total)
        moved = Decimal(str(line["Mangler, hvis totalen ligger fast (kr.)"]))
        assert 0 <= moved - max(total / 4 - local, Decimal()) < 1


def minus_months(day: date, months: int) -> date:
    """The same day so many months before; the month's last day where it has no such day."""
    number = day.year * 12 + day.month - 1 - months
    first_of_next = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(number // 12, number % 12 + 1, min(day.day, last))


def test_the_changes_of_a_week_are_the_mistakes_that_were_made(region: Region) -> None:
    changes = [line["Ændring siden uge 47"] for line in region.lines("Overblik")]
    assert sum(changes) >= 2
    assert changes.count(0) >= 8
    shown = figures(region.after, "Udvikling")
    assert shown["Løst på en uge"] == shown["Kommet igen på en uge"] == 0
    assert shown["Nye på en uge"] >= 2


def test_the_next_step_and_who_has_it(region: Region) -> None:
    for plan, line in region.by_plan("Overblik"):
        missing = [step for step in STEPS[1:] if not plan.is_approved(step)]
        if not missing:
            assert line["Næste godkendelse"] == "alle er givet"
            continue
        waiting = [r for r in plan.steps[missing[0]] if r["Afgørelse"] in {"Afventer", "Afvist"}]
        sent = [row["Instans"] for row in waiting if row["Sendt"]]
        who = ", ".join(sent) or plan.form["Kontaktperson"]
        shown = missing[0] if who == missing[0] else f"{missing[0]}\nhos {who}"
        assert line["Næste godkendelse"] == shown


def test_the_local_share_of_each_year(region: Region) -> None:
    for plan, line in region.by_plan("Finansiering"):
        if line["Type"] != "Lokal andel" or plan.money is None:
            continue
        for year in {year for _, year in plan.money}:
            whole = sum((v for (_, y), v in plan.money.items() if y == year), Decimal())
            local = sum(
                (v for (t, y), v in plan.money.items() if y == year and t in LOCAL), Decimal()
            )
            text = str(line[str(year)]).removeprefix("■ ").removesuffix(" pct.").replace(",", ".")
            assert Decimal(text) == (local / whole * 100).quantize(Decimal("0.1"), ROUND_FLOOR)
            assert str(line[str(year)]).startswith("■") is (4 * local < whole)


def test_the_chart_shows_each_plans_shares(region: Region) -> None:
    sheet = loaded(region.after)["Finansiering"]
    (chart,) = sheet._charts  # type: ignore[attr-defined]  # openpyxl's stubs hide it
    series = [one for part in [chart, *chart._charts] for one in part.series]
    drawn = {sheet_text(sheet, one.tx.strRef.f)[0]: one for one in series}
    names = sheet_text(sheet, series[0].cat.strRef.f)
    assert set(names) - {None} == {p.plan_id for p in region.plans.values() if p.money is not None}
    limit = next(name for name in drawn if "Krav" in str(name))
    assert set(sheet_text(sheet, drawn[limit].val.numRef.f)) == {0.25}
    for name, one in drawn.items():
        values = sheet_text(sheet, one.val.numRef.f)
        for plan_id, value in zip(names, values, strict=True):
            if plan_id is None or name == limit:
                continue
            plan = region.plans[plan_id]
            assert plan.money is not None
            part = sum((v for (t, _), v in plan.money.items() if t == name), Decimal())
            assert value == pytest.approx(float(part / (plan.total() or 1)), abs=0.0001)


def sheet_text(sheet: Any, area: str) -> list[Any]:
    """What stands in the cells that a chart refers to."""
    cells = sheet[area.rpartition("!")[2].replace("$", "")]
    rows = cells if isinstance(cells, tuple) else ((cells,),)
    return [cell.value for row in rows for cell in row]


def test_how_long_each_step_took(region: Region) -> None:
    took: dict[str, list[int]] = defaultdict(list)
    for plan, line in region.by_plan("Sagstid"):
        for step in STEPS:
            rows = plan.steps[step]
            is_decided = all(r["Afgørelse"] in {"Godkendt", "Afvist"} for r in rows)
            if not rows or not is_decided:
                waits = [
                    as_day(r["Sendt"]) for r in rows if r["Afgørelse"] == "Afventer" and r["Sendt"]
                ]
                days = f"venter {(TODAY - min(waits)).days}" if waits else None
                assert (line[step] or "").removeprefix("▲ ") == (days or "")
                continue
            sent = min(as_day(row["Sendt"]) for row in rows)
            decided = max(as_day(row["Afgørelsesdato"]) for row in rows)
            assert line[step] == (decided - sent).days
            took[step].append(line[step])
    middle = region.lines("Sagstid")[-1]
    assert middle["Plan-id"] == "Alle planer"
    assert {s: middle[s] for s in STEPS if took[s]} == {
        step: round(median(days)) for step, days in took.items()
    }


def test_the_time_line(region: Region) -> None:
    sheet = loaded(region.after)["Tidslinje"]
    headings = [str(c.value).replace("I DAG\n", "") for c in sheet[header_row_of(sheet)]]
    assert [c.value for c in sheet[header_row_of(sheet)] if "I DAG" in str(c.value)] == [
        "I DAG\n4. kv.\n2026"
    ]
    for plan, line in region.by_plan("Tidslinje"):
        cells = {key.replace("I DAG\n", ""): value for key, value in line.items()}
        if line["Hvad"] == "Planen":
            start, end = (as_day(plan.form[key]) for key in ("Startdato", "Slutdato"))
            mark = quarter(minus_months(end, 18))
            expected = {
                h: "▲" if h == mark else "■"
                for h in headings
                if "kv." in h
                and as_number(quarter(start)) <= as_number(h) <= as_number(quarter(end))
            }
            assert {h: v for h, v in cells.items() if "kv." in h and v} == expected


def quarter(day: date) -> str:
    return f"{(day.month + 2) // 3}. kv.\n{day.year}"


def as_number(text: str) -> int:
    return int(text.split("\n")[1]) * 4 + int(text[0])


def test_effort_areas_by_area(region: Region) -> None:
    lines = {(line["Område"], line["Hvad"]): line for line in region.lines("Indsatsområder")}
    totals: Counter[str] = Counter()
    for plan in region.plans.values():
        count, money = (lines[plan.form["Boligområde"], what] for what in ("Antal", "Kr."))
        counts = Counter(row["Indsatsområde"] for row in plan.rows("Indsatser"))
        budgets: Counter[str] = Counter()
        for row in plan.rows("Indsatser"):
            budgets[row["Indsatsområde"]] += row["Budget"]
        names = [key for key in count if key not in {"Område", "Hvad"}]
        assert len(names) == 7
        for name in names:
            assert count[name] == (counts[name] or "ingen")
            assert money[name] == (budgets[name] or None)
            totals[name] += counts[name]
    assert {n: lines["I alt", "Antal"][n] for n in totals} == dict(totals)


def test_lessons_with_who_else_does_the_same(region: Region) -> None:
    areas: dict[str, set[str]] = defaultdict(set)
    for plan in region.plans.values():
        for row in plan.rows("Indsatser"):
            areas[row["Aktivitet"]].add(plan.form["Boligområde"])
    written = [r for p in region.plans.values() for r in p.rows("Indsatser") if r["Erfaringer"]]
    lines = region.lines("Erfaringer")
    shown = [line for line in lines if line["Erfaringer"] != "(ingen skrevet)"]
    assert len(shown) == len(written)
    assert Counter(line["Erfaringer"] for line in shown) == Counter(
        row["Erfaringer"] for row in written
    )
    for line in lines:
        others = sorted(areas[line["Aktivitet"]] - {line["Område"]})
        text = ", ".join(others)
        if len(others) > 3:
            text = f"{', '.join(others[:2])} og {len(others) - 2} andre"
        assert (line["Findes også i"] or "") == text


def reports_due(plan: Typed) -> Iterator[tuple[date, str, str, str]]:
    """The reports about years that are over, and not sent."""
    rows = plan.rows("Indberetning")
    sent = {(row["År"], row["Indberetning"]) for row in rows if row["Sendt"]}
    first, last = (as_day(plan.form[name]).year for name in ("Startdato", "Slutdato"))
    for year in range(first, min(last, TODAY.year - 1) + 1):
        for report, word in (("Reguleringskonto", ""), ("Målopfyldelse", " (lokal praksis)")):
            if (year, report) not in sent:
                name, on = f"{report} for {year}{word}", date(year + 1, 6, 30)
                yield on, name, plan.form["Kontaktperson"], plan.plan_id


def test_deadlines(region: Region) -> None:
    expected = []
    usual = region.lines("Sagstid")[-1]
    for plan in region.plans.values():
        people = {row["Nr."]: row["Ansvarlig"] for row in plan.rows("Indsatser")}
        for row in plan.rows("Milepæle"):
            on = as_day(row["Frist"])
            if row["Status"] not in {"Nået", "Udgået"} and on <= TODAY + timedelta(days=90):
                expected.append((on, row["Milepæl"], people[row["Indsats nr."]], plan.plan_id))
        end, contact = as_day(plan.form["Slutdato"]), plan.form["Kontaktperson"]
        begin = minus_months(end, 18)
        if begin <= TODAY:
            name = f"{plan.form['Plannavn']} udløber"
            expected.append((end, name, contact, plan.plan_id))
        if begin <= TODAY + timedelta(days=90):
            name = f"Begynd næste ansøgning: udløber {end:%d-%m-%Y}"
            expected.append((begin, name, contact, plan.plan_id))
        for row in plan.rows("Godkendelser"):
            days = usual[row["Trin"]]
            if row["Afgørelse"] != "Afventer" or not row["Sendt"] or days is None:
                continue
            waits = (TODAY - as_day(row["Sendt"])).days
            if waits > days:
                name = f"{row['Trin']}: venter {count(waits)}, ellers {count(days)}"
                on = as_day(row["Sendt"]) + timedelta(days=days)
                expected.append((on, name, row["Instans"], plan.plan_id))
        expected += reports_due(plan)
    lines = region.lines("Frister")
    shown = [(as_day(x["Dato"]), x["Hvad"], x["Ansvarlig"], x["Plan-id"]) for x in lines]
    assert sorted(shown) == sorted(expected)
    assert [one[0] for one in shown] == sorted(one[0] for one in expected)
    waiting = {line["Plan-id"]: line["Hvad"] for line in lines if ": venter" in line["Hvad"]}
    met = region.lines("Til mødet")
    said = {line["Plan-id"]: line["Venter længere end sædvanligt"] for line in met}
    assert waiting
    for plan_id, name in waiting.items():
        assert plan_id not in said or name in said[plan_id].splitlines()
    assert any(said.values())
    late = sum(one[0] < TODAY for one in expected)
    assert figures(region.after, "Frister")["Overskredne frister"] == late > 0
    kinds = {"Udløb", "Ansøgning", "Milepæl", "Godkendelse", "Indberetning"}
    assert kinds == {line["Slags"] for line in lines}


def count(days: int) -> str:
    return "1 dag" if days == 1 else f"{days} dage"


def test_hours_of_each_person_over_all_plans(region: Region) -> None:
    hours: dict[str, float] = defaultdict(int)
    rows = [row for plan in region.plans.values() for row in plan.rows("Medarbejdere")]
    for row in rows:
        if as_day(row["Ansat fra"]) <= TODAY and isinstance(row["Timer pr. uge"], int | float):
            hours[row["E-mail"]] += row["Timer pr. uge"]
    lines = region.lines("Medarbejdere")
    assert len(lines) == len(rows)
    for line in lines:
        at_work = line["Ansat i dag"] == "ja"
        assert line["Timer i alt i dag"] == (hours[line["E-mail"]] if at_work else None)


@pytest.mark.slow
def test_ages_of_findings(region: Region) -> None:
    lines = [line for line in region.lines("Advarsler") if line["Kode"]]
    ages = Counter((TODAY - as_day(line["Først set"])).days for line in lines)
    assert set(ages) <= {0, 7}
    assert all(line["Dage"] == (TODAY - as_day(line["Først set"])).days for line in lines)
    assert ages[7]


def test_open_findings_by_area_and_week(region: Region) -> None:
    def by_area(data: bytes) -> Counter[str]:
        return Counter(line["Område"] for line in table(data, "Advarsler") if line["Kode"])

    before, now = by_area(region.before), by_area(region.after)
    lines = region.lines("Udvikling")
    assert {line["Område"]: line["Åbne nu"] for line in lines} == {
        p.form["Boligområde"]: now[p.form["Boligområde"]] for p in region.plans.values()
    }
    assert all(
        line["Ændring siden uge 47"] == now[line["Område"]] - before[line["Område"]]
        for line in lines
    )


def test_the_ledger_counts_what_was_read_and_what_is_shown(region: Region) -> None:
    in_three_months = datetime(TODAY.year, TODAY.month, TODAY.day) + timedelta(days=90)  # noqa: DTZ001  as openpyxl reads days
    lines = {line["Regneark"]: line for line in region.lines("Regneark")}
    totals = {line["Plan-id"]: line["I alt (kr.)"] for line in region.lines("Overblik")}
    assert set(lines) == {plan.file.name for plan in region.plans.values()}
    for plan in region.plans.values():
        line = lines[plan.file.name]
        for tab in ("Indsatser", "Medarbejdere"):
            count = len(plan.rows(tab))
            assert line[tab] == f"{count} af {count}"
        milestones = plan.rows("Milepæle")
        done = [one for one in milestones if one["Status"] in {"Nået", "Udgået"}]
        later = [one for one in milestones if one not in done and one["Frist"] > in_three_months]
        near = len(milestones) - len(done) - len(later)
        assert line["Milepæle"] == f"{near} af {len(milestones)}"
        assert ("dage fremme" in (line["Forklaring"] or "")) is bool(later)
        paid = len(plan.rows("Finansiering"))
        is_known = totals[plan.plan_id] != "kan ikke vurderes"
        assert line["Finansiering"] == f"{paid if is_known else 0} af {paid}"
        assert "▲" not in (line["Forklaring"] or "")
    assert figures(region.after, "Regneark")["Kontrolleret"] == 12


@pytest.mark.parametrize(
    ("cells", "tab", "counted", "why"),
    [
        ({}, "Godkendelser", "8 af 8", ""),
        ({}, "Milepæle", "0 af 2", "Milepæle: 1 er nået, 1 ligger mere end 90 dage fremme."),
        ({"Milepæle!E3": "Udgået"}, "Milepæle", "0 af 2", "Milepæle: 1 er nået, 1 er udgået."),
        ({"Milepæle!D3": "21-02-2027"}, "Milepæle", "1 af 2", "Milepæle: 1 er nået."),
        ({"Godkendelser!B4": "Social- og Beskæftigelsesudvalget"}, "Godkendelser", "7 af 8",
         "Godkendelser: 1 er afløst af en anden for samme trin og part."),
        ({"Godkendelser!A3": "Noget"}, "Godkendelser", "7 af 8",
         "Godkendelser: 1 er uden et trin, der kan læses."),
        ({"Finansiering!E3": "måske"}, "Finansiering", "0 af 2",
         "Finansiering: 2 kan ikke tælles med, før alle planens beløb kan læses."),
        ({f"Finansiering!{column}3": "" for column in "EFGH"}, "Finansiering", "1 af 2",
         "Finansiering: 1 er uden beløb."),
        ({"Indsatser!I2": "måske"}, "Indsatser", "3 af 3", ""),
    ],
)  # fmt: skip
def test_the_ledger_tells_why_a_row_is_not_shown(
    site: Site, cells: dict[str, str], tab: str, counted: str, why: str
) -> None:
    site.put("a.xlsx", book(cells=cells))
    site.sync()
    (line,) = table_of(site)
    assert line[tab] == counted
    told = line["Forklaring"] or ""
    assert why in told
    assert why or f"{tab}:" not in told
    assert "▲" not in told


def test_a_row_that_got_lost_is_told(site: Site) -> None:
    """As a fault of the job's own would show: tabs of the overview that lack rows."""
    site.put("a.xlsx", book())
    (plan,) = site.shown().plans
    shown = {"activities": {"a.xlsx": 2}, "approvals": {"a.xlsx": 9}, "funding": {"b": 2}}
    told = rows_read(plan, plan.books[0], shown, TODAY)
    assert tuple(told.cells.values()) == ("2 af 3", "0 af 2", "9 af 8", "0 af 2", "0 af 2")
    assert told.lost == (
        "▲ Indsatser: 1 mangler uden forklaring. ▲ Finansiering: 2 mangler uden forklaring. "
        "▲ Godkendelser: 1 for meget uden forklaring. ▲ Medarbejdere: 2 mangler uden forklaring."
    )


def test_plans_that_are_expected_and_never_seen_are_told(site: Site) -> None:
    site.configure('[[expected_plans]]\nid = "VAP-2025"\n[[expected_plans]]\nid = "TIB-2025"')
    site.put("a.xlsx", book())
    site.sync()
    lines = {line["Plan-id"]: line["Tilstand"] for line in table_of(site)}
    assert lines == {"VAP-2025": "Kontrolleret", "TIB-2025": "Aldrig set"}
    assert figures(site.overview.read_bytes(), "Regneark")["Mangler"] == 1
    assert figures(site.overview.read_bytes(), "Regneark")["Områder uden regneark"] == 3


@pytest.mark.parametrize(("days", "words"), [(1, "1 dag"), (40, "40 dage"), (41, "■ 41 dage")])
def test_a_workbook_that_nobody_touches_is_pointed_out(site: Site, days: int, words: str) -> None:
    changed_on = FIRST_DAY - timedelta(days=days)
    changed_at = datetime(changed_on.year, changed_on.month, changed_on.day, 12).astimezone()
    site.put("a.xlsx", book(), changed_at.timestamp())
    site.sync(FIRST_DAY)
    assert [line["Hvor længe siden"] for line in table_of(site)] == [words]


def table_of(site: Site) -> list[Row]:
    return table(site.overview.read_bytes(), "Regneark")
