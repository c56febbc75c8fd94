"""The demonstration: four areas' workbooks with typical mistakes, and a configuration for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from rules.model.shipped import SHIPPED
from rules.model.tables import ChoiceList
from rules.model.vocabulary import PlanStatus
from sheets_templates.template.plan_workbook import MasterData, plan_workbook_with
from sync.config import ConfigurationError, Settings
from sync.stores.files.replace import write_new_file

Value = str | int | Decimal | date
Rows = list[dict[str, Value]]

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
    slips: tuple[tuple[str, int, str, Value], ...] = ()


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
        content = plan_workbook_with(parameters, master_data(plan, today), plan_rows(plan, today))
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
        organisation=_organisation(plan),
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


def plan_rows(plan: DemoPlan, today: date) -> dict[str, Rows]:
    """The rows of a demonstration workbook by tab, slips included."""
    start = today.year - 1
    rows: dict[str, Rows] = {
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


def _rows(headers: str, *rows: Sequence[Value]) -> Rows:
    """The rows of a tab as they stand below its headers."""
    return [dict(zip(headers.split(" | "), row, strict=True)) for row in rows]


def _preparation(start: int) -> Rows:
    return _rows(
        "Part | Dato | Form | Deltagere",
        ("Koordinerende indsats", date(start - 1, 1, 10), "Møde", 9),
        ("Kommune", date(start - 1, 1, 15), "Møde", 10),
        ("Boligorganisation", date(start - 1, 1, 20), "Møde", 11),
        ("Beboerdemokrater", date(start - 1, 1, 25), "Møde", 12),
    )


def _activities(plan: DemoPlan, start: int) -> Rows:
    total = YEARS * (plan.grant + plan.municipality + plan.organisation)
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
            "Budget": total // len(ACTIVITIES),
            "Erfaringer": LESSONS[n % len(LESSONS)],
        }
        for n, activity in enumerate(ACTIVITIES)
    ]


def _funding(plan: DemoPlan, start: int) -> Rows:
    years = [str(start + n) for n in range(YEARS)]
    own = f"{_organisation(plan)}, dispositionsfond"
    rows = _rows(
        "Kilde | Type | Art | Tilsagn",
        ("Landsbyggefonden", "Landsbyggefonden", "Kontant", "Ja"),
        ("Helsingør Kommune", "Kommune", "Kontant", "Ja"),
        (own, "Boligorganisation", "Kontant", "Ja"),
    )
    amounts = (plan.grant, plan.municipality, plan.organisation)
    return [row | dict.fromkeys(years, amount) for row, amount in zip(rows, amounts, strict=True)]


def _approvals(plan: DemoPlan, start: int) -> Rows:
    before = start - 1
    steps = (
        ("Prækvalifikation", "Landsbyggefonden", date(start - 2, 9, 1), date(start - 2, 11, 20)),
        ("Politisk udvalg", "Social- og Beskæftigelsesudvalget", date(before, 4, 10),
         date(before, 5, 7)),
        ("Politisk udvalg", "Økonomi- og Erhvervsudvalget", date(before, 4, 10),
         date(before, 5, 21)),
        ("Byråd", "Helsingør Byråd", date(before, 5, 8), date(before, 6, 3)),
        ("Beboerdemokrati", f"Afdelingsmøde {plan.area}", date(before, 6, 5), date(before, 8, 27)),
        ("Boligorganisation", _organisation(plan), date(before, 6, 10), date(before, 9, 5)),
        ("Styregruppe", "Bystrategisk Partnerskab", date(before, 9, 6), date(before, 9, 19)),
        ("Landsbyggefonden", "Landsbyggefonden", date(before, 9, 25), date(before, 11, 28)),
    )  # fmt: skip
    rows = _rows("Trin | Instans | Sendt | Afgørelsesdato", *steps)
    return [row | {"Afgørelse": "Godkendt"} for row in rows]


def _staff(plan: DemoPlan, start: int) -> Rows:
    began = date(start, 1, 1)
    return _rows(
        "Navn | Rolle | Timer pr. uge | Ansat fra | E-mail",
        (plan.leader, "Projektleder", 37, began, _email(plan.leader)),
        (plan.helper, "Boligsocial medarbejder", 32, began, _email(plan.helper)),
    )


def _milestones(start: int) -> Rows:
    return _rows(
        "Nr. | Indsats nr. | Milepæl | Frist | Status | Resultat",
        (1, 1, "Første hold i gang", date(start + 1, 3, 1), "Nået", "24 deltagere"),
        (2, 2, "Midtvejsmøde med beboerne", date(start + 2, 4, 1), "Planlagt", ""),
        (3, 4, "Tre frivillige uddannet", date(start + 2, 9, 1), "Planlagt", ""),
    )


def _organisation(plan: DemoPlan) -> str:
    return SHIPPED.area_by_name[plan.area].organisation
