"""The demonstration: four areas' workbooks with typical mistakes, and a configuration for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from rules.model.shipped import SHIPPED
from rules.model.tables import ChoiceList
from rules.model.vocabulary import PlanStatus
from sheets_templates.template.plan_design import MasterData, plan_workbook
from sync.config import ConfigurationError, Settings
from sync.stores.files.replace import write_new_file

Value = str | int | Decimal | date

CONFIG = """\
# Made by `helhedsplan demo`. See `helhedsplan config` for everything that can be configured.
[[sources]]
folder = "sheets"

[overview]
file = "Overblik.xlsx"

[state]
folder = "state"
"""
YEARS = 4
EFFORT_AREAS = SHIPPED.words(ChoiceList.EFFORT_AREAS, SHIPPED.default_programme)
ACTIVITIES = (
    "Lektiehjælp", "Fritidsjob", "Beboernetværk", "Sundhedscafé", "Fælleshaven", "Idræt på tværs",
    "Informationsstrategi", "Bydelsmødre",
)  # fmt: skip
TARGET_GROUPS = ("Børn 6-12 år", "Unge 13-18 år", "Alle beboere", "Familier")
LESSONS = ("Spisning giver bedre fremmøde.", "", "Frivillige bærer aktiviteten.", "")


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """One workbook of the demonstration. Amounts are whole kroner a year.

    `slips` are cells typed over: tab, row from 1, header, what a hurried person wrote.
    """

    file: str
    plan_id: str
    name: str
    area: str
    leader: str
    helper: str
    status: PlanStatus
    grant: int
    municipality: int
    organisation: int
    slips: tuple[tuple[str, int, str, Value], ...] = field(default=())


def demo_plans(start: int) -> tuple[DemoPlan, ...]:
    """The four workbooks; the plans begin in the year `start`."""
    syd, tib, ell = f"SYD-{start}", f"TIB-{start}", f"ELL-{start}"
    return (
        DemoPlan(
            "Vapnagaard.xlsx", syd, f"Helsingør Syd {start}-{start + 3}", "Vapnagaard",
            "Mette Holm", "Ali Demir", PlanStatus.RUNNING, 3_000_000, 600_000, 400_000,
            (
                ("Indsatser", 2, "Budget", "2.000.000 kr."),
                ("Milepæle", 1, "Status", "Planlagt"),
            ),
        ),
        DemoPlan(
            "Nøjsomhed.xlsx", syd, f"Helsingør Syd {start}-{start + 3}", "Nøjsomhed",
            "Søren Friis", "Ida Lund", PlanStatus.RUNNING, 2_400_000, 500_000, 300_000,
            (
                ("Indsatser", 3, "Slutdato", f"31-06-{start + 2}"),
                ("Indsatser", 5, "Status", "Igangværende"),
                ("Indsatser", 6, "Ansvarlig", ""),
                ("Medarbejdere", 2, "E-mail", "ida.lund(a)boliggaarden.example"),
            ),
        ),
        DemoPlan(
            "Tibberupparken.xlsx", tib, f"Helhedsplan Tibberupparken {start}-{start + 3}",
            "Tibberupparken", "Lone Bach", "Peter Kjær", PlanStatus.RUNNING,
            3_500_000, 500_000, 375_000,
            (
                ("Indsatser", 4, "Erfaringer", "Henvist af læge (010170-0000), god effekt."),
                ("Milepæle", 2, "Indsats nr.", 12),
                ("Finansiering", 3, "Tilsagn", "Afventer"),
            ),
        ),
        DemoPlan(
            "Ellekildehave.xlsx", ell, f"Helhedsplan Ellekildehave {start}-{start + 3}",
            "Ellekildehave", "Fatma Yilmaz", "Jens Nygaard", PlanStatus.FOR_APPROVAL,
            2_100_000, 450_000, 250_000,
            (
                ("Godkendelser", 4, "Afgørelsesdato", date(start - 1, 5, 14)),
                ("Godkendelser", 8, "Afgørelse", "Afventer"),
                ("Godkendelser", 8, "Afgørelsesdato", ""),
                ("Forberedelse", 4, "Part", "Kommune"),
                ("Indsatser", 1, "Målgruppe", "Unge i Tibberupparken"),
            ),
        ),
    )  # fmt: skip


def make_demo(folder: Path, today: date) -> Path:
    """Make the workbooks and the configuration, where they are not there yet; its path.

    Raises:
        ConfigurationError: the folder holds something else already.
        StoreError: it cannot be written.
    """
    config = folder / "config.toml"
    if config.exists():
        return config
    if folder.exists() and any(folder.iterdir()):
        raise ConfigurationError(f"{folder}: is not empty; name a new folder")
    parameters = Settings().parameters()
    for plan in demo_plans(today.year - 1):
        content = plan_workbook(parameters, master_data(plan, today), plan_rows(plan, today))
        write_new_file(folder / "sheets" / plan.file, content)
    write_new_file(config, CONFIG.encode())
    return config


def master_data(plan: DemoPlan, today: date) -> MasterData:
    """The master data of a demonstration workbook."""
    start = today.year - 1
    return MasterData(
        plan_id=plan.plan_id,
        name=plan.name,
        area=plan.area,
        organisation=SHIPPED.area_by_name[plan.area].organisation,
        other_organisations=None,
        programme=SHIPPED.default_programme,
        starts_on=date(start, 1, 1),
        ends_on=date(start + YEARS - 1, 12, 31),
        status=plan.status,
        contact=plan.leader,
        email=_email(plan.leader),
    )


def _email(name: str) -> str:
    plain = name.casefold().replace(" ", ".").replace("ø", "oe").replace("æ", "ae")
    return f"{plain}@boligorganisation.example"


def plan_rows(plan: DemoPlan, today: date) -> dict[str, list[dict[str, Value]]]:
    """The rows of a demonstration workbook by tab, slips included."""
    start = today.year - 1
    rows: dict[str, list[dict[str, Value]]] = {
        "Forberedelse": _preparation(start),
        "Indsatser": _activities(plan, start),
        "Finansiering": _funding(plan, start),
        "Godkendelser": _approvals(plan, start),
        "Medarbejdere": _staff(plan, start),
        "Milepæle": _milestones(start),
    }
    for tab, row, header, typed in plan.slips:
        rows[tab][row - 1][header] = typed
    return rows


def _preparation(start: int) -> list[dict[str, Value]]:
    parties = ("Koordinerende indsats", "Kommune", "Boligorganisation", "Beboerdemokrater")
    return [
        {"Part": party, "Dato": date(start - 1, 1, 10 + 5 * n), "Form": "Møde", "Deltagere": 9 + n}
        for n, party in enumerate(parties)
    ]


def _activities(plan: DemoPlan, start: int) -> list[dict[str, Value]]:
    total = YEARS * (plan.grant + plan.municipality + plan.organisation)
    budget = total // len(ACTIVITIES)
    return [
        {
            "Nr.": n + 1,
            "Indsatsområde": EFFORT_AREAS[n % len(EFFORT_AREAS)],
            "Aktivitet": activity,
            "Målgruppe": TARGET_GROUPS[n % len(TARGET_GROUPS)],
            "Ansvarlig": plan.leader if n % 2 else plan.helper,
            "Startdato": date(start, 1 + n % 6, 1),
            "Slutdato": date(start + YEARS - 1, 6 + n % 6, 28),
            "Status": "I gang" if n % 3 else "Planlagt",
            "Budget": budget,
            "Erfaringer": LESSONS[n % len(LESSONS)],
        }
        for n, activity in enumerate(ACTIVITIES)
    ]


def _funding(plan: DemoPlan, start: int) -> list[dict[str, Value]]:
    organisation = SHIPPED.area_by_name[plan.area].organisation
    sources = (
        ("Landsbyggefonden", "Landsbyggefonden", plan.grant),
        ("Helsingør Kommune", "Kommune", plan.municipality),
        (f"{organisation}, dispositionsfond", "Boligorganisation", plan.organisation),
    )
    rows: list[dict[str, Value]] = []
    for source, type_, amount in sources:
        row: dict[str, Value] = {"Kilde": source, "Type": type_, "Art": "Kontant", "Tilsagn": "Ja"}
        row |= {str(start + n): amount for n in range(YEARS)}
        rows.append(row)
    return rows


def _approvals(plan: DemoPlan, start: int) -> list[dict[str, Value]]:
    before = start - 1
    organisation = SHIPPED.area_by_name[plan.area].organisation
    steps = (
        ("Prækvalifikation", "Landsbyggefonden", date(start - 2, 9, 1), date(start - 2, 11, 20)),
        ("Politisk udvalg", "Social- og Beskæftigelsesudvalget", date(before, 4, 10),
         date(before, 5, 7)),
        ("Politisk udvalg", "Økonomi- og Erhvervsudvalget", date(before, 4, 10),
         date(before, 5, 21)),
        ("Byråd", "Helsingør Byråd", date(before, 5, 8), date(before, 6, 3)),
        ("Beboerdemokrati", f"Afdelingsmøde {plan.area}", date(before, 6, 5), date(before, 8, 27)),
        ("Boligorganisation", organisation, date(before, 6, 10), date(before, 9, 5)),
        ("Styregruppe", "Bystrategisk Partnerskab", date(before, 9, 6), date(before, 9, 19)),
        ("Landsbyggefonden", "Landsbyggefonden", date(before, 9, 25), date(before, 11, 28)),
    )  # fmt: skip
    return [
        {"Trin": step, "Instans": body, "Sendt": sent_on, "Afgørelse": "Godkendt",
         "Afgørelsesdato": decided_on}
        for step, body, sent_on, decided_on in steps
    ]  # fmt: skip


def _staff(plan: DemoPlan, start: int) -> list[dict[str, Value]]:
    return [
        {"Navn": name, "Rolle": role, "Timer pr. uge": hours, "Ansat fra": date(start, 1, 1),
         "E-mail": _email(name)}
        for name, role, hours in (
            (plan.leader, "Projektleder", 37),
            (plan.helper, "Boligsocial medarbejder", 32),
        )
    ]  # fmt: skip


def _milestones(start: int) -> list[dict[str, Value]]:
    goals = (
        (1, "Første hold i gang", date(start + 1, 3, 1), "Nået", "24 deltagere"),
        (2, "Midtvejsmøde med beboerne", date(start + 2, 4, 1), "Planlagt", ""),
        (4, "Tre frivillige uddannet", date(start + 2, 9, 1), "Planlagt", ""),
    )
    return [
        {"Nr.": n, "Indsats nr.": number, "Milepæl": goal, "Frist": due_on, "Status": status,
         "Resultat": result}
        for n, (number, goal, due_on, status, result) in enumerate(goals, 1)
    ]  # fmt: skip
