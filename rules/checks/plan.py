"""PLA: the plan itself, its period, its organisation, and the plans before and after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from rules.judging.confirmed import changes_since
from rules.judging.rule import DECEMBER, SEED, TECHNICAL, Case, Context, ExampleCell, Rule, Wording
from rules.model.choices import PlanStatus
from rules.model.finding import Fact, Finding, Severity
from rules.model.parameter_types import HOUSE_RULE, UNCONFIRMED
from rules.model.run_index import Entry
from rules.model.tables import PLAN
from rules.text.danish import spaced
from rules.text.marking import N_


def ends_before_it_starts(case: Case) -> Iterator[Finding]:
    """PLA-01: the plan ends before it starts."""
    for workbook in case.plan.workbooks:
        first, last = workbook.form.starts_on, workbook.form.ends_on
        if first and last and last < first:
            yield workbook.field_finding("PLA-01", "ends_on", starts_on=first, ends_on=last)


def unusual_length(case: Case) -> Iterator[Finding]:
    """PLA-02: the plan is shorter or longer than usual.

    Both days count: 1-1-2024 to 31-12-2026 is three years.
    """
    shortest = case.parameters.shortest_years.value
    longest = case.parameters.longest_years.value
    for workbook in case.plan.workbooks:
        if workbook.form.period is None:
            continue
        first, last = workbook.form.period
        day_after = last + timedelta(days=1)
        if day_after < later(first, months=12 * shortest):
            years, variant = shortest, ""
        elif day_after > later(first, months=12 * longest):
            years, variant = longest, "long"
        else:
            continue
        facts: dict[str, Fact] = {"starts_on": first, "ends_on": last, "years": years}
        facts["usual"] = f"{shortest}-{longest}"
        yield workbook.field_finding("PLA-02", "ends_on", variant, **facts)


def unexpected_organisation(case: Case) -> Iterator[Finding]:
    """PLA-03: another organisation than the area's is named as responsible."""
    for workbook in case.plan.workbooks:
        area, organisation = workbook.form.area, workbook.form.organisation
        if area and organisation:
            known = case.parameters.area_by_name[area]
            if organisation != known.organisation:
                facts = {"area": area, "organisation": organisation, "expected": known.organisation}
                variant = "unconfirmed" if known.source == UNCONFIRMED else ""
                yield workbook.field_finding("PLA-03", "organisation", variant, **facts)


def expires_without_successor(entries: Sequence[Entry], context: Context) -> Iterator[Finding]:
    """PLA-04: a running plan ends soon, or has ended, and no other plan covers its area after it.

    Silent where another plan's end cannot be read, since that one may cover the area.
    """
    months = context.parameters.expiry_notice_months.value
    horizon = later(context.today, months=months)
    by_area: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.area and (entry.ends_on or date.max) >= (entry.starts_on or date.min):
            by_area[entry.area].append(entry)
    for area, plans in by_area.items():
        by_end = sorted(plans, key=lambda entry: entry.ends_on or date.max, reverse=True)
        latest = by_end[0]
        second = next((e for e in by_end if e.plan_key != latest.plan_key), None)
        for entry in plans:
            rival = second if entry.plan_key == latest.plan_key else latest
            covered = rival is not None and (rival.ends_on or date.max) > _end_of(entry)
            if entry.ends_on is None or entry.status != PlanStatus.RUNNING:
                continue
            if covered or _end_of(entry) > horizon:
                continue
            facts: dict[str, Fact] = {"ends_on": _end_of(entry), "area": area, "months": months}
            variant = "expired" if _end_of(entry) < context.today else ""
            yield Finding("PLA-04", entry.ends_place, facts, "ends_on", variant)


def _end_of(entry: Entry) -> date:
    return entry.ends_on or date.min


def workbooks_disagree(case: Case) -> Iterator[Finding]:
    """PLA-05: a field differs from the plan's first workbook in which it can be read.

    What stands there is not quoted: whoever types a plan's Plan-id learns nothing of its workbooks.
    """
    for key in ("name", "programme", "starts_on", "ends_on", "status"):
        told = [w for w in case.plan.workbooks if getattr(w.form, key) is not None]
        for workbook in told[1:]:
            here, there = getattr(workbook.form, key), getattr(told[0].form, key)
            if not _same(here, there):
                variant = "dates" if isinstance(here, date) else ""
                facts = {"here": here, "other": told[0].path, "field": PLAN.column(key).header}
                yield workbook.field_finding("PLA-05", key, variant, **facts)


def _same(here: str | date, there: str | date) -> bool:
    if isinstance(here, str) and isinstance(there, str):
        return spaced(here).casefold() == spaced(there).casefold()
    return here == there


def overlapping_plans(entries: Sequence[Entry], _context: Context) -> Iterator[Finding]:
    """PLA-06: a plan starts while another one runs in its area; found in each workbook of it.

    Nothing of the other plan is told: whoever types an area's name learns nothing of its plans.
    """
    by_area: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if not entry.area or not entry.starts_on or entry.status == PlanStatus.FINISHED:
            continue
        if entry.starts_on <= _end_of(entry):
            by_area[entry.area].append(entry)
    for area, plans in by_area.items():
        running: Entry | None = None
        for entry in sorted(plans, key=lambda e: (e.starts_on or date.min, e.path)):
            if running and entry.starts_on and _end_of(running) >= entry.starts_on:
                facts: dict[str, Fact] = {"starts_on": entry.starts_on, "area": area}
                yield Finding("PLA-06", entry.starts_place, facts, "starts_on")
            if running is None or _end_of(entry) > _end_of(running):
                running = entry


_MOST_CELLS = 5


def changed_after_confirmation(case: Case) -> Iterator[Finding]:
    """PLA-07: something differs from what stood there when the confirmation was first seen."""
    for workbook in case.plan.workbooks:
        confirmation = case.confirmations[workbook.path]
        if confirmation is None or confirmation.on != workbook.form.confirmed_on:
            continue
        changes = changes_since(workbook, confirmation)
        cells: dict[str, list[str]] = defaultdict(list)
        for place in changes.cells:
            cells[place.tab or ""].append(place.cell or "")
        facts: dict[str, Fact] = {"on": confirmation.on, "tabs": changes.tabs}
        facts["cells"] = tuple(f"{tab} {_listed(names)}" for tab, names in cells.items())
        if cells or changes.tabs:
            variant = ("both" if cells else "gone") if changes.tabs else ""
            yield workbook.field_finding("PLA-07", "confirmed_on", variant, **facts)


def _listed(names: Sequence[str]) -> str:
    """The first of some cells, and how many more there are: `F3 G3 +2`."""
    unique = list(dict.fromkeys(names))
    more = len(unique) - _MOST_CELLS
    return " ".join([*unique[:_MOST_CELLS], *([f"+{more}"] if more > 0 else [])])


def later(day: date, months: int) -> date:
    """The day that many months later; the 31st becomes the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            continue
    raise ValueError(f"{day} plus {months} months is beyond the calendar")


_CONFIRM_AGAIN = N_(
    "Ret det tilbage, eller læs arket igennem, og skriv dagens dato. Står den der allerede, så "
    "slet den, og skriv den igen efter næste kontrol."
)
RULES = (
    Rule(
        code="PLA-01",
        title="Planen slutter, før den begynder",
        severity=Severity.ERROR,
        message="Slutdatoen den {ends_on:dato} ligger før startdatoen den {starts_on:dato}.",
        fix="Ret startdatoen eller slutdatoen.",
        why="Kontrollen holder alle andre datoer i planen op mod perioden.",
        source=TECHNICAL,
        wrong=(ExampleCell("Plan", 1, "Slutdato", "31-12-2024"),),
        right=(ExampleCell("Plan", 1, "Slutdato", "31-12-2028"),),
        check=ends_before_it_starts,
    ),
    Rule(
        code="PLA-02",
        title="Usædvanlig planperiode",
        severity=Severity.WARNING,
        message="Perioden fra den {starts_on:dato} til den {ends_on:dato} er kortere end "
        "{years:år}.",
        fix="Ret datoerne, eller aftal perioden med sekretariatet. En plan varer normalt "
        "{usual} år.",
        variants={
            "long": Wording(
                "Perioden fra den {starts_on:dato} til den {ends_on:dato} er længere end "
                "{years:år}.",
                "Ret datoerne, eller aftal perioden med sekretariatet. En plan varer normalt "
                "{usual} år.",
            )
        },
        why="Helhedsplaner varer typisk 3-4 år. Længere og kortere planer findes, men er sjældne.",
        source="omraadeinfo.dk: typisk 3-4 år",
        wrong=(ExampleCell("Plan", 1, "Slutdato", "30-06-2029"),),
        right=(ExampleCell("Plan", 1, "Slutdato", "31-12-2028"),),
        check=unusual_length,
    ),
    Rule(
        code="PLA-03",
        title="En anden boligorganisation end ventet",
        severity=Severity.WARNING,
        message="I indstillingerne står {area} under {expected}, men her står {organisation}.",
        fix="Ret boligområdet eller boligorganisationen, eller bed sekretariatet rette "
        "indstillingerne.",
        variants={
            "unconfirmed": Wording(
                "I indstillingerne står {area} under {expected}, men det er ikke bekræftet. Her "
                "står {organisation}.",
                "Er det rigtigt, som det står her, så bed sekretariatet rette indstillingerne.",
            )
        },
        why="En forkert boligorganisation er ofte kopieret fra en anden plan.",
        source="omraadeinfo.dk; sekretariatet kan ændre indstillingerne",
        wrong=(ExampleCell("Plan", 1, "Boligorganisation", "Nordkysten"),),
        right=(ExampleCell("Plan", 1, "Boligorganisation", "Boliggården"),),
        check=unexpected_organisation,
    ),
    Rule(
        code="PLA-04",
        title="Planen udløber snart",
        severity=Severity.INFO,
        message="Planen udløber den {ends_on:dato}, og ingen anden plan dækker {area} bagefter.",
        fix="Begynd på den næste ansøgning. Det tager ofte {months:måneder}.",
        variants={
            "expired": Wording(
                "Planen udløb den {ends_on:dato}, men står som »I gang«.",
                "Ret »Planstatus« til »Afsluttet«, eller ret slutdatoen, hvis planen er forlænget.",
            )
        },
        why="Landsbyggefonden anbefaler at begynde omkring halvandet år før næste plan.",
        source="lbf.dk: begynd ansøgningen omkring 1½ år før planens start",
        wrong=(
            ExampleCell("Plan", 1, "Slutdato", "31-03-2028"),
            ExampleCell("Indsatser", 1, "Slutdato", "31-03-2028"),
            ExampleCell("Indsatser", 2, "Slutdato", "31-03-2028"),
            ExampleCell("Indsatser", 3, "Slutdato", "31-03-2028"),
        ),
        right=(ExampleCell("Plan", 1, "Slutdato", "31-12-2028"),),
        run_check=expires_without_successor,
    ),
    Rule(
        code="PLA-05",
        title="Planens regneark er uenige",
        severity=Severity.ERROR,
        message="Her står »{here}«, men i »{other}« står noget andet.",
        fix="Skriv det samme i »{field}« i alle planens regneark.",
        variants={
            "dates": Wording(
                "Her står {here:dato}, men i »{other}« står en anden dato.",
                "Skriv samme dato i »{field}« i alle planens regneark.",
            )
        },
        why="En plan har ét navn, én periode og én status, også når den dækker flere områder.",
        source=SEED,
        wrong="Planens ene regneark slutter 31-12-2027 og det andet 31-12-2028.",
        right="Begge regneark slutter 31-12-2028.",
        check=workbooks_disagree,
    ),
    Rule(
        code="PLA-06",
        title="To planer for samme område på samme tid",
        severity=Severity.WARNING,
        message="Planen begynder den {starts_on:dato}, men en anden plan dækker stadig {area}.",
        fix="Ret datoerne eller boligområdet, eller sæt den gamle plans »Planstatus« til "
        "»Afsluttet«.",
        why="Et område har normalt én plan ad gangen.",
        source=HOUSE_RULE,
        wrong="To planer for Vapnagaard løber begge i 2026.",
        right="Den nye plan for Vapnagaard begynder, dagen efter at den gamle slutter.",
        run_check=overlapping_plans,
    ),
    Rule(
        code="PLA-07",
        title="Ændret efter bekræftelsen",
        severity=Severity.INFO,
        message="Bekræftelsen den {on:dato} gælder ikke længere: {cells:og} er ændret siden.",
        fix=_CONFIRM_AGAIN,
        variants={
            "gone": Wording(
                "Bekræftelsen den {on:dato} gælder ikke længere: Der er slettet rækker i "
                "{tabs:og}.",
                _CONFIRM_AGAIN,
            ),
            "both": Wording(
                "Bekræftelsen den {on:dato} gælder ikke længere: {cells:og} er ændret siden, og "
                "der er slettet rækker i {tabs:og}.",
                _CONFIRM_AGAIN,
            ),
        },
        why="Den, der bekræfter, står inde for tallene, som de stod den dag.",
        source=HOUSE_RULE,
        wrong="Planen er bekræftet 1-12-2026. Derefter bliver kommunens beløb for 2027 ændret.",
        right="Beløbet er det samme, eller »Bekræftet den« har fået en ny dato.",
        since=DECEMBER,
        check=changed_after_confirmation,
    ),
)
