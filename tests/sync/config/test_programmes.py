"""A programme after 2026 and what is registered of plans: configuration, and nothing else."""

from __future__ import annotations

from datetime import date

from tests.sync.helpers import Site, book

PROGRAMME = """
[[programmes]]
name = "2027-30"
effort_areas = ["Fællesskab", { name = "Job og uddannelse", spellings = ["Job"] }]
reports = [
    { name = "Årsregnskab", due = { month = 4, day = 30 }, accounts = true, source = "lbf.dk" },
    { name = "Status", due = { month = 2, day = 29 }, local_practice = true },
]
minimum_local_share = "0.3"
"""
PLAN = {"Plan-id": "VAP-2027", "Plannavn": "Vapnagaard 2027-2030", "Program": "2027-30",
        "Startdato": "01-01-2027", "Slutdato": "31-12-2030"}  # fmt: skip
CELLS: dict[str, object] = {
    f"Finansiering!{letter}1": 2027 + number for number, letter in enumerate("EFGH")
}
CELLS |= {"Indsatser!B2": "Fællesskab", "Indsatser!B3": "job", "Indsatser!B4": "Sundhed"}
AREAS = {f"Indsatser!{column}{row}": day for row in (2, 3, 4)
         for column, day in (("F", "01-01-2027"), ("G", "31-12-2030"))}  # fmt: skip
CELLS |= AREAS | {"Milepæle!D2": "01-03-2028", "Milepæle!D3": "01-04-2029"}
TABS = {
    "Regnskab": (("År", "Type", "Forbrug"),),
    "Indberetning": (
        ("År", "Indberetning", "Frist", "Sendt"),
        (2027, "Årsregnskab", "", ""),
        (2027, "Status", "", ""),
        (2028, "Status", "", ""),
    ),
}


def found(site: Site, today: date) -> set[str]:
    site.put("Vapnagaard.xlsx", book(PLAN, CELLS, (), TABS))
    answer = site.command("check", "--format", "json", "--today", today.isoformat())
    codes = {(f["code"], f["tab"], f["cell"], f["severity"]) for f in answer.json["findings"]}
    return {" ".join(filter(None, one)) for one in codes}


def test_a_new_programme_by_configuration_alone(site: Site) -> None:
    site.configure(PROGRAMME)

    assert found(site, date(2028, 2, 28)) == {
        "CEL-04 Indsatser B4 fejl",  # an effort area of another programme
        "FIN-01 Finansiering A4 fejl",  # 25 % is too little here
        "IBR-02 Indberetning D3 advarsel",  # due on the 29th of February
    }
    assert found(site, date(2028, 4, 30)) - found(site, date(2028, 2, 28)) == {
        "IBR-01 Indberetning D3 advarsel",  # local practice
        "IBR-02 Indberetning D2 advarsel",
        "REG-05 Regnskab advarsel",
    }
    assert "IBR-01 Indberetning D2 fejl" in found(site, date(2028, 5, 1))


def test_what_is_registered_of_a_plan(site: Site) -> None:
    site.configure('[[expected_plans]]\nid = "vap-2027"\ngrant = "6000000.01"\n' + PROGRAMME)
    assert "FIN-12 Finansiering I2 advarsel" in found(site, date(2026, 11, 23))
    site.configure(
        '[[expected_plans]]\nid = "vap-2027"\ngrant = 6_000_000\n'
        "from = 2027-01-01\nto = 2030-12-31\n" + PROGRAMME
    )
    assert not [one for one in found(site, date(2026, 11, 23)) if one.startswith("FIN-12")]


def test_the_plans_that_were_expected_in_the_overview_s_section(site: Site) -> None:
    site.configure('[overview]\nexpected_plans = ["TIB-2025"]\n')

    settings = site.settings()
    assert [one.plan_id for one in settings.parameters().expected_plans] == ["TIB-2025"]
    assert "expected_plans" in settings.old_keys[0]


def test_rows_of_the_template_are_not_told_to_be_fine(site: Site) -> None:
    rows = (("År", "Indberetning", "Frist", "Sendt", "Kontrol"),
            (2025, "Reguleringskonto", "", "15-06-2026", ""), (2025, "Målopfyldelse", "", "", ""),
            (2026, "Målopfyldelse", "", "", ""))  # fmt: skip
    accounts = (("År", "Type", "Forbrug", "Kontrol"), (2025, "Landsbyggefonden", 1_500_000, ""),
                (2025, "Kommune", 500_000, ""), (2026, "Kommune", "", ""))  # fmt: skip
    site.put("a.xlsx", book(None, None, (), {"Indberetning": rows, "Regnskab": accounts}))
    site.sync()

    control = site.control("a.xlsx", "Indberetning")
    assert control[2] == "OK"
    assert control[3].startswith("ADVARSEL Sendt: Målopfyldelse for 2025 er ikke sendt.")
    assert control.get(4, "") == ""
    assert site.control("a.xlsx", "Regnskab").get(4, "") == ""
    before = site.bytes_of_workbooks()
    site.sync(hour=9, full=True)
    assert site.bytes_of_workbooks() == before
