"""What stands in a stranger's plan, and the mistakes that people make in one: no layout yet."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta

Row = dict[str, object]
"""A row's cells by our name of the column; years are their digits."""
YEARS = (2025, 2026, 2027, 2028)
ACTIVITIES = (
    ("Børn, unge og familie", "Lektiecafé"), ("Sundhed", "Gåture"), ("Udsatte grupper", "Værested"),
    ("Kultur og fritid", "Sommerfest"), ("Image og kommunikation", "Beboerblad"),
    ("Uddannelse, beskæftigelse og erhverv", "Fritidsjob"),
    ("Beboernetværk, inddragelse og demokrati", "Frivilligkorps"),
)  # fmt: skip
PEOPLE = ("Lone Bach", "Omar Saleh", "Birte Krog", "Jonas Thy", "Fatma Aydin", "Per Lund")


@dataclass
class Plan:
    """A plan's contents; `name` tells the workbooks of one run apart."""

    number: int
    name: str
    form: dict[str, object] = field(default_factory=dict)
    tabs: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def area(self) -> str:
        return f"Kvarter {self.name}"


def right_plan(number: int, name: str) -> Plan:
    """A plan without a mistake on 23 November 2026; other numbers have other contents."""
    chance = random.Random(number)
    people = chance.sample(PEOPLE, 3)
    plan = Plan(number, name)
    plan.form = {
        "Plan-id": f"ID-{name}", "Plannavn": f"Plan for kvarter {name}", "Boligområde": plan.area,
        "Boligorganisation": "Havblik", "Program": "2011-14", "Startdato": date(2025, 1, 1),
        "Slutdato": date(2028, 12, 31), "Planstatus": chance.choice(["I gang", "Godkendt"]),
        "Kontaktperson": people[0], "E-mail": f"kontakt.{name}@havblik.example",
    }  # fmt: skip
    plan.tabs["Forberedelse"] = [
        {"Part": party, "Dato": date(2024, 1, 8) + timedelta(days=9 * at), "Form": "Møde"}
        for at, party in enumerate(
            ("Koordinerende indsats", "Kommune", "Boligorganisation", "Beboerdemokrater")
        )
    ]
    grants = [chance.randrange(60, 120) * 10_000 for _ in YEARS]
    local = [grant // 2 for grant in grants]
    total = sum(grants) + sum(local)
    picked = chance.sample(ACTIVITIES, chance.randrange(3, 7))
    share = total // len(picked) // 1_000 * 1_000
    budgets = [share] * (len(picked) - 1) + [total - share * (len(picked) - 1)]
    plan.tabs["Indsatser"] = [
        {
            "Nr.": at, "Indsatsområde": area, "Aktivitet": activity, "Målgruppe": "Alle beboere",
            "Ansvarlig": chance.choice(people), "Startdato": date(2025, 2, 1) + timedelta(days=at),
            "Slutdato": date(2028, 6, 30), "Status": chance.choice(["Planlagt", "I gang"]),
            "Budget": budget,
        }
        for at, ((area, activity), budget) in enumerate(zip(picked, budgets, strict=True), 1)
    ]  # fmt: skip
    sources: list[tuple[str, str, list[int]]] = [
        ("Landsbyggefonden", "Landsbyggefonden", grants),
        ("Kommunens medfinansiering", "Kommune", [one // 2 for one in local]),
        ("Havblik", "Boligorganisation", [one - one // 2 for one in local]),
    ]
    plan.tabs["Finansiering"] = [
        {"Kilde": source, "Type": kind, "Art": "Kontant", "Tilsagn": "Ja", "I alt": sum(amounts)}
        | dict(zip(map(str, YEARS), amounts, strict=True))
        for source, kind, amounts in sources
    ]
    steps = (
        ("Politisk udvalg", "Socialudvalget", date(2024, 5, 7)),
        ("Byråd", "Byrådet", date(2024, 6, 3)),
        ("Boligorganisation", "Havblik", date(2024, 8, 27)),
        ("Beboerdemokrati", "Afdelingsmødet", date(2024, 9, 5)),
        ("Styregruppe", "Styregruppen", date(2024, 9, 19)),
        ("Landsbyggefonden", "Landsbyggefonden", date(2024, 11, 28)),
    )
    plan.tabs["Godkendelser"] = [
        {"Trin": step, "Instans": body, "Sendt": day - timedelta(days=20), "Afgørelse": "Godkendt",
         "Afgørelsesdato": day}
        for step, body, day in steps
    ]  # fmt: skip
    plan.tabs["Medarbejdere"] = [
        {"Navn": one, "Rolle": role, "Timer pr. uge": hours, "Ansat fra": date(2025, 1, 1),
         "E-mail": f"{one.split()[0].lower()}.{name}@havblik.example"}
        for one, role, hours in zip(
            people, ("Projektleder", "Koordinator", "Andet"), (37, 32.5, 15), strict=True
        )
    ]  # fmt: skip
    plan.tabs["Milepæle"] = [
        {"Nr.": at, "Indsats nr.": at, "Milepæl": f"Delmål {at}",
         "Frist": date(2027, 3, 1) + timedelta(days=30 * at), "Status": "Planlagt"}
        for at in range(1, 4)
    ]  # fmt: skip
    _add_what_is_right_too(plan, chance)
    return plan


def _add_what_is_right_too(plan: Plan, chance: random.Random) -> None:
    """Rows that look odd and are no mistakes; behind the others, which keep their places."""
    if chance.random() < 0.3:
        plan.tabs["Forberedelse"].append({"Part": "Kommune", "Dato": date(2026, 3, 4)})
    if chance.random() < 0.3:
        plan.tabs["Medarbejdere"] += [
            {"Navn": name, "Rolle": "Andet", "Timer pr. uge": 30, "Ansat fra": date(2025, 6, 1)}
            for name in ("Vakant", "Vakant")
        ]
    if chance.random() < 0.3:
        refused: Row = {"Kilde": "En fond, der sagde nej", "Type": "Fond", "Tilsagn": "Nej"}
        refused.update(dict.fromkeys((*map(str, YEARS), "I alt"), 0))
        plan.tabs["Finansiering"].append(refused)
    for number in chance.sample(("1, 2", "2 og 3", "Alle", "Tværgående", "1-3"), 2):
        plan.tabs["Milepæle"].append(
            {"Nr.": len(plan.tabs["Milepæle"]) + 1, "Indsats nr.": number, "Milepæl": "Fælles",
             "Frist": date(2027, 12, 1), "Status": "Planlagt"}
        )  # fmt: skip
    first, second, *_ = plan.tabs["Indsatser"]
    if chance.random() < 0.3:
        second["Indsatsområde"] = first["Indsatsområde"]


@dataclass(frozen=True)
class Mistake:
    """A typical mistake: what it is called, the codes one of which must be found, and its doing."""

    title: str
    codes: tuple[str, ...]
    make: Callable[[Plan], object]


def _cell(tab: str, row: int, column: str, value: object) -> Callable[[Plan], object]:
    return lambda plan: plan.tabs[tab][row].update({column: value})


def _field(name: str, value: object) -> Callable[[Plan], object]:
    return lambda plan: plan.form.update({name: value})


def _gone(tab: str, row: int) -> Callable[[Plan], object]:
    return lambda plan: plan.tabs[tab].pop(row)


def _scaled(plan: Plan) -> None:
    """Local money halved, and moved to the fund."""
    fund, *others = plan.tabs["Finansiering"]
    for row in others:
        for column in (*map(str, YEARS), "I alt"):
            half = int(str(row[column])) // 2
            row[column], fund[column] = int(str(row[column])) - half, int(str(fund[column])) + half


def _more(tab: str, row: int, column: str, amount: int) -> Callable[[Plan], object]:
    def make(plan: Plan) -> None:
        plan.tabs[tab][row][column] = int(str(plan.tabs[tab][row][column])) + amount

    return make


def _twice(plan: Plan) -> None:
    plan.tabs["Indsatser"][1]["Nr."] = plan.tabs["Indsatser"][0]["Nr."]


def _waits(plan: Plan) -> None:
    plan.tabs["Godkendelser"][0] |= {"Afgørelse": "Afventer", "Afgørelsesdato": ""}


def _no_money(plan: Plan) -> None:
    plan.tabs["Finansiering"].clear()


def mistaken(number: int, name: str, mistake: Mistake) -> Plan:
    """A right plan with one mistake in it."""
    plan = deepcopy(right_plan(number, name))
    mistake.make(plan)
    return plan


MISTAKES = (
    Mistake(
        "an activity without anyone responsible",
        ("CEL-01",),
        _cell("Indsatser", 0, "Ansvarlig", ""),
    ),
    Mistake("no Planstatus", ("CEL-01",), _field("Planstatus", "")),
    Mistake("words for a budget", ("CEL-02",), _cell("Indsatser", 0, "Budget", "ca. 500")),
    Mistake("words for a year's amount", ("CEL-02",), _cell("Finansiering", 0, "2026", "se bilag")),
    Mistake("a day that is none", ("CEL-03",), _cell("Indsatser", 0, "Slutdato", "31-06-2027")),
    Mistake("a date in words", ("CEL-03",), _cell("Milepæle", 0, "Frist", "til sommer")),
    Mistake("a status of one's own", ("CEL-04",), _cell("Indsatser", 0, "Status", "Kører")),
    Mistake(
        "a decision of one's own", ("CEL-04",), _cell("Godkendelser", 1, "Afgørelse", "Nikket")
    ),
    Mistake(
        "another programme's effort area",
        ("CEL-04",),
        _cell("Indsatser", 0, "Indsatsområde", "Tryghed og trivsel"),
    ),
    Mistake("a negative budget", ("CEL-05",), _cell("Indsatser", 0, "Budget", -500)),
    Mistake("an amount typed as text", ("CEL-07",), _cell("Indsatser", 0, "Budget", "500.000 kr.")),
    Mistake("a year that is far off", ("CEL-08",), _cell("Milepæle", 0, "Frist", "01-03-2072")),
    Mistake("hours in words", ("CEL-09",), _cell("Medarbejdere", 1, "Timer pr. uge", "fuld tid")),
    Mistake(
        "a mail address without its sign", ("CEL-10",), _field("E-mail", "lone.havblik.example")
    ),
    Mistake(
        "a plan that ends before it begins", ("PLA-01",), _field("Slutdato", date(2024, 12, 31))
    ),
    Mistake("a plan of two years", ("PLA-02",), _field("Slutdato", date(2026, 12, 31))),
    Mistake("another organisation", ("PLA-03",), _field("Boligorganisation", "Fjordbo")),
    Mistake("a party that was not heard", ("FOR-01",), _gone("Forberedelse", 3)),
    Mistake(
        "a party that was heard late",
        ("FOR-02",),
        _cell("Forberedelse", 3, "Dato", date(2025, 1, 8)),
    ),
    Mistake(
        "an activity that ends first",
        ("IND-01",),
        _cell("Indsatser", 0, "Slutdato", date(2025, 1, 2)),
    ),
    Mistake(
        "an activity after the plan",
        ("IND-02",),
        _cell("Indsatser", 0, "Slutdato", date(2029, 3, 1)),
    ),
    Mistake("a number twice", ("IND-03",), _twice),
    Mistake("too little local money", ("FIN-01",), _scaled),
    Mistake("a row's sum", ("FIN-04",), _more("Finansiering", 0, "I alt", 1)),
    Mistake("hours without an explanation", ("FIN-07",), _cell("Finansiering", 1, "Art", "Timer")),
    Mistake(
        "money that is not promised", ("FIN-08",), _cell("Finansiering", 1, "Tilsagn", "Afventer")
    ),
    Mistake("a budget too high", ("FIN-09",), _more("Indsatser", 0, "Budget", 50_000)),
    Mistake("no money", ("FIN-10",), _no_money),
    Mistake("a step that waits", ("GOD-01",), _waits),
    Mistake(
        "the council before the committee",
        ("GOD-02",),
        _cell("Godkendelser", 1, "Afgørelsesdato", date(2024, 5, 1)),
    ),
    Mistake(
        "the residents before the council",
        ("GOD-03",),
        _cell("Godkendelser", 3, "Afgørelsesdato", date(2024, 5, 30)),
    ),
    Mistake(
        "a decision without its day", ("GOD-04",), _cell("Godkendelser", 2, "Afgørelsesdato", "")
    ),
    Mistake(
        "a decision to come",
        ("GOD-06",),
        _cell("Godkendelser", 2, "Afgørelsesdato", date(2031, 1, 1)),
    ),
    Mistake("no final approval", ("GOD-07",), _gone("Godkendelser", 5)),
    Mistake(
        "sent after it was decided",
        ("GOD-10",),
        _cell("Godkendelser", 2, "Sendt", date(2024, 9, 1)),
    ),
    Mistake(
        "an employment that ends first",
        ("MED-02",),
        _cell("Medarbejdere", 1, "Ansat til", date(2024, 12, 1)),
    ),
    Mistake(
        "a person with too many hours", ("MED-03",), _cell("Medarbejdere", 0, "Timer pr. uge", 40)
    ),
    Mistake(
        "a deadline that has passed", ("MIL-01",), _cell("Milepæle", 0, "Frist", date(2026, 3, 1))
    ),
    Mistake("an activity that is not there", ("MIL-02",), _cell("Milepæle", 0, "Indsats nr.", 77)),
    Mistake(
        "a deadline after the plan", ("MIL-03",), _cell("Milepæle", 0, "Frist", date(2029, 3, 1))
    ),
    Mistake(
        "a CPR number in a note",
        ("GDP-01",),
        _cell("Indsatser", 0, "Målgruppe", "Henvist: 010170-0000"),
    ),
)
