"""IBR: the reports that the programme demands after each year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from rules.judging.reports import DueReport
from rules.judging.rule import DECEMBER, Case, ExampleCell, Rule, Wording
from rules.model.finding import Fact, Finding, Place, Severity
from rules.text.marking import N_


def overdue(case: Case) -> Iterator[Finding]:
    """IBR-01: a report is not sent, and its deadline has passed."""
    for one in case.reports:
        if one.sent_on is None and one.due_on < case.today:
            severity = Severity.WARNING if one.is_only_practice else None
            yield _finding("IBR-01", case, one, one.place, severity)


def due_soon(case: Case) -> Iterator[Finding]:
    """IBR-02: a report is not sent, and its deadline is today or soon."""
    horizon = case.today + timedelta(days=case.parameters.report_notice_days.value)
    for one in case.reports:
        if one.sent_on is None and case.today <= one.due_on <= horizon:
            yield _finding("IBR-02", case, one, one.place)


def sent_late(case: Case) -> Iterator[Finding]:
    """IBR-03: a report was sent after its deadline."""
    for one in case.reports:
        if one.sent_on is not None and one.sent_on > one.due_on:
            yield _finding("IBR-03", case, one, one.sent_at)


def _finding(
    code: str,
    case: Case,
    one: DueReport,
    place: Place | None,
    severity: Severity | None = None,
) -> Finding:
    """The finding at the row's Sendt, or at the tab where no row tells of the report."""
    facts: dict[str, Fact] = {"report": one.duty.name, "year": one.year, "due_on": one.due_on}
    if one.sent_on:
        facts["sent_on"] = one.sent_on
    if place is None:
        place = (case.plan.first_with("reports") or case.plan.first).place("reports")
    variant = "practice" if one.is_only_practice else ""
    return Finding(code, place, facts, f"{one.duty.name}|{one.year}", variant, severity)


SOURCE = N_(
    "lbf.dk, Indberetningskrav til indsatser inden for 2011-14-midlerne; målopfyldelsens dag: "
    "Lokal praksis i Helsingør"
)
_SEND = N_(
    "Send den til Landsbyggefonden, og skriv datoen i »Sendt«. En dato i fremtiden tæller ikke."
)

RULES = (
    Rule(
        code="IBR-01",
        title="En indberetning er ikke sendt til tiden",
        severity=Severity.ERROR,
        message="{report} for {year} er ikke sendt. Fristen var den {due_on:dato}.",
        fix=_SEND,
        variants={
            "practice": Wording(
                "{report} for {year} er ikke sendt. Efter lokal praksis var fristen den "
                "{due_on:dato}.",
                _SEND,
            )
        },
        why="Landsbyggefonden holder udbetalinger tilbage, indtil indberetningen er sendt.",
        source=SOURCE,
        since=DECEMBER,
        wrong=(ExampleCell("Indberetning", 1, "Sendt", ""),),
        right=(ExampleCell("Indberetning", 1, "Sendt", "15-06-2026"),),
        check=overdue,
    ),
    Rule(
        code="IBR-02",
        title="En indberetning skal snart sendes",
        severity=Severity.WARNING,
        message="{report} for {year} skal sendes senest den {due_on:dato}.",
        fix=_SEND,
        variants={
            "practice": Wording(
                "{report} for {year} skal efter lokal praksis sendes senest den {due_on:dato}.",
                _SEND,
            )
        },
        why="Landsbyggefonden holder udbetalinger tilbage, hvis indberetningen kommer for sent.",
        source=SOURCE,
        since=DECEMBER,
        wrong=(
            ExampleCell("Indberetning", 1, "Frist", "15-12-2026"),
            ExampleCell("Indberetning", 1, "Sendt", ""),
        ),
        right=(
            ExampleCell("Indberetning", 1, "Frist", "15-12-2026"),
            ExampleCell("Indberetning", 1, "Sendt", "20-11-2026"),
        ),
        check=due_soon,
    ),
    Rule(
        code="IBR-03",
        title="En indberetning blev sendt for sent",
        severity=Severity.INFO,
        message="{report} for {year} blev sendt den {sent_on:dato}, efter fristen den "
        "{due_on:dato}.",
        fix="Du behøver ikke gøre noget, hvis datoen er rigtig.",
        variants={
            "practice": Wording(
                "{report} for {year} blev sendt den {sent_on:dato}. Efter lokal praksis var "
                "fristen den {due_on:dato}.",
                "Du behøver ikke gøre noget, hvis datoen er rigtig.",
            )
        },
        why="En forsinkelse kan have standset udbetalinger og er god at kende næste år.",
        source=SOURCE,
        since=DECEMBER,
        wrong=(ExampleCell("Indberetning", 1, "Sendt", "01-07-2026"),),
        right=(ExampleCell("Indberetning", 1, "Sendt", "30-06-2026"),),
        check=sent_late,
    ),
)
