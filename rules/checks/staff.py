"""MED: the people employed in the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from rules.judging.rule import SEED, TECHNICAL, Case, Context, ExampleCell, Rule, Wording
from rules.model.choices import PlanStatus, Role
from rules.model.finding import Fact, Finding, Severity
from rules.model.parameter_types import HOUSE_RULE
from rules.model.plan import Employee, row_identity
from rules.model.run_index import Employment, Entry
from rules.text.danish import name_key
from rules.text.vacancies import is_vacancy


def no_project_leader(case: Case) -> Iterator[Finding]:
    """MED-01: nobody leads a running plan today; silent where a row's role cannot be read.

    A vacancy is nobody.
    """
    workbook = case.plan.first_with("staff", "role")
    if workbook is None or case.plan.status != PlanStatus.RUNNING:
        return
    if not any(_may_lead(employee, case.today) for _, employee in case.plan.rows(Employee)):
        yield Finding("MED-01", workbook.place("staff"))


def _may_lead(employee: Employee, today: date) -> bool:
    if is_vacancy(employee.name or ""):
        return False
    if employee.role is None:
        return True
    begun = employee.employed_from is None or employee.employed_from <= today
    ended = employee.employed_to is not None and employee.employed_to < today
    return employee.role == Role.PROJECT_LEADER and begun and not ended


def employment_ends_before_it_starts(case: Case) -> Iterator[Finding]:
    """MED-02: an employment ends before it starts."""
    for workbook, row in case.plan.rows(Employee):
        first, last = row.employed_from, row.employed_to
        if first and last and last < first:
            facts = {"employed_from": first, "employed_to": last}
            yield workbook.finding("MED-02", row, "employed_to", **facts)


def too_many_hours(entries: Sequence[Entry], context: Context) -> Iterator[Finding]:
    """MED-03: a person has too many hours at one time, in all plans of the run together.

    Each row that is part of such a time has a finding, which names the other plans.
    """
    limit = context.parameters.weekly_hours.value
    for placed in _by_person(entries):
        employments = [employment for _, employment in placed]
        if sum(employment.weekly_hours for employment in employments) <= limit:
            continue  # nearly everybody: not even all at once are too many
        for index, together in _over_limit(employments, limit).items():
            entry, (employee, _, _) = placed[index]
            hours = sum((employments[one].weekly_hours for one in together), Decimal(0))
            facts: dict[str, Fact] = {"hours": hours, "limit": limit}
            if others := _in_other_plans(entry, [placed[one] for one in together]):
                facts["others"] = others
            place = entry.hours_place._replace(row=employee.row)
            variant = "others" if others else ""
            yield Finding("MED-03", place, facts, row_identity(employee), variant)


def _in_other_plans(own: Entry, placed: Iterable[tuple[Entry, Employment]]) -> tuple[str, ...]:
    """The hours of each other plan and its id, in turn; no id for another organisation's."""
    hours: dict[str, Decimal] = defaultdict(Decimal)
    for entry, employment in placed:
        if entry.plan_key != own.plan_key:
            is_ours = entry.organisation and entry.organisation == own.organisation
            hours[(is_ours and entry.plan_id) or ""] += employment.weekly_hours
    return tuple(text for plan in sorted(hours) for text in (str(hours[plan]), plan))


def _by_person(entries: Sequence[Entry]) -> list[list[tuple[Entry, Employment]]]:
    """The same e-mail is the same person; without one, the same name."""
    all_placed = [(entry, employment) for entry in entries for employment in entry.staff]
    has_no_email = any(not employment.employee.email for _, employment in all_placed)
    emails: dict[str, set[str]] = defaultdict(set)
    for _, (employee, _, _) in all_placed if has_no_email else ():
        if employee.name and employee.email:
            emails[name_key(employee.name)].add(name_key(employee.email))
    people: dict[str, list[tuple[Entry, Employment]]] = defaultdict(list)
    for placed in all_placed:
        employee = placed[1].employee
        key = name_key(employee.email or employee.name or "")
        if not employee.email and len(emails.get(key, ())) == 1:
            key = next(iter(emails[key]))
        people[key].append(placed)
    return list(people.values())


def _over_limit(employments: Sequence[Employment], limit: Decimal) -> dict[int, list[int]]:
    """The employments that are part of a time above the limit, each with those of one such time.

    It is the time of the most hours for those who are part of that one.
    """
    changes: list[tuple[date, bool, int]] = []
    for index, employment in enumerate(employments):
        last = employment.employee.employed_to or date.max
        if last >= employment.employed_from:
            changes.append((employment.employed_from, False, index))
            changes.append((last, True, index))
    hours = peak = Decimal(0)
    running: dict[int, None] = {}
    waiting: set[int] = set()
    over: dict[int, list[int]] = {}
    most: list[int] = []
    for _, is_end, index in sorted(changes):
        if is_end:
            hours -= employments[index].weekly_hours
            running.pop(index)
            waiting.discard(index)
            continue
        hours += employments[index].weekly_hours
        running[index] = None
        waiting.add(index)
        if hours > limit:
            together = [*running] if waiting or hours > peak else []
            over |= dict.fromkeys(waiting, together)
            waiting.clear()
            if hours > peak:
                peak, most = hours, together
    over |= dict.fromkeys(most, most)
    return dict(sorted(over.items()))


RULES = (
    Rule(
        code="MED-01",
        title="Ingen projektleder",
        severity=Severity.WARNING,
        message="Planen er i gang, men ingen står som projektleder i dag.",
        fix="Skriv projektlederen ind i »Medarbejdere«, eller ret ansættelsens datoer.",
        why="Hver plan har en projektleder, som kan svare for den.",
        source=SEED,
        wrong=(ExampleCell("Medarbejdere", 1, "Rolle", "Koordinator"),),
        right=(ExampleCell("Medarbejdere", 1, "Rolle", "Projektleder"),),
        check=no_project_leader,
    ),
    Rule(
        code="MED-02",
        title="Ansættelsen slutter, før den begynder",
        severity=Severity.ERROR,
        message="»Ansat til« er den {employed_to:dato} og ligger før »Ansat fra«, den "
        "{employed_from:dato}.",
        fix="Ret en af de to datoer.",
        why="En ansættelse kan ikke slutte, før den begynder.",
        source=TECHNICAL,
        wrong=(ExampleCell("Medarbejdere", 2, "Ansat til", "31-12-2024"),),
        right=(ExampleCell("Medarbejdere", 2, "Ansat til", "31-12-2026"),),
        check=employment_ends_before_it_starts,
    ),
    Rule(
        code="MED-03",
        title="En person har for mange timer",
        severity=Severity.WARNING,
        message="Personen har {hours} timer om ugen, men grænsen er {limit}.",
        fix="Ret timerne eller datoerne i de rækker, hvor personen står.",
        variants={
            "others": Wording(
                "Personen har {hours} timer om ugen, heraf {others:timer i}, men grænsen er "
                "{limit}.",
                "Ret timerne eller datoerne i de rækker, hvor personen står, også i andre planer.",
            )
        },
        why="To planer kan ikke betale for de samme timer.",
        source=HOUSE_RULE,
        wrong=(ExampleCell("Medarbejdere", 1, "Timer pr. uge", "40"),),
        right=(ExampleCell("Medarbejdere", 1, "Timer pr. uge", "37"),),
        run_check=too_many_hours,
    ),
)
