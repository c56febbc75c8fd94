"""The configuration: what it changes, and what it refuses by the name of the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.config.section import ConfigurationError
from sync.config.settings import load
from tests.sync.helpers import DAY, Site, book, helhedsplan, overview_of

Typed = dict[str, str]
AREAS = '[[areas]]\nname = "Vapnagaard"\norganisation = "Boliggården"\n'
STEPS = '[[approval_steps]]\nname = "Byråd"\n'
REPORTS = (
    '[[programmes]]\nname = "2027-30"\neffort_areas = ["Job"]\nreports = [{{ name = "A", {} }}]\n'
)
SENSELESS = [
    # title, keys before any table, tables, what the message names
    ("not TOML", "sources = [", "", "TOML"),
    ("an unknown key", "folder = 1", "", "folder: there is no such key"),
    ("an unknown key in a section", "", "[overview]\nfil = 'x'", "overview.fil"),
    ("a wrong type", "", "[reading]\nfilled_rows = 'mange'", "reading.filled_rows"),
    ("no rows at all", "", "[reading]\nfilled_rows = 0", "reading.filled_rows"),
    ("more rows than there are", "", "[reading]\nfilled_rows = 9999999", "reading.filled_rows"),
    ("negative megabytes", "", "[reading]\npacked_megabytes = -1", "reading.packed_megabytes"),
    ("unpacked nothing", "", "[reading]\nunpacked_megabytes = 0", "reading.unpacked_megabytes"),
    ("negative processes", "", "[reading]\nprocesses = -1", "reading.processes"),
    ("a cluster elsewhere without TLS", "", "[reading]\ncluster = 'tcp://x.dk:8786'", "tls://"),
    ("TLS without its files", "", "[reading]\ncluster = 'tls://x.dk:8786'", "cluster_key"),
    ("an unknown weekday", "", "[schedule]\nweekdays = ['monday']", "schedule.weekdays.0"),
    ("no weekday", "", "[schedule]\nweekdays = []", "schedule.weekdays"),
    ("an hour that is none", "", "[schedule]\ntimes = ['25:00']", "schedule.times.0"),
    ("no time", "", "[schedule]\ntimes = []", "schedule.times"),
    ("no time zone", "", "[schedule]\ntimezone = 'Europe/Helsingør'", "schedule.timezone"),
    ("a time zone out of the folder", "", "[schedule]\ntimezone = '../x'", "schedule.timezone"),
    ("a share above 1", "", "[limits]\nminimum_local_share = 1.1", "limits.minimum_local_share"),
    ("a share in percent", "", "[limits]\nminimum_local_share = 25", "limits.minimum_local_share"),
    ("a share of nothing", "", "[limits]\nminimum_local_share = 0", "limits.minimum_local_share"),
    ("a grant share above 1", "", "[limits]\nlow_grant_share = 2", "limits.low_grant_share"),
    ("no number", "", "[limits]\nweekly_hours = nan", "limits.weekly_hours"),
    ("no hours", "", "[limits]\nweekly_hours = 0", "limits.weekly_hours"),
    ("negative months", "", "[limits]\nexpiry_notice_months = -1", "limits.expiry_notice_months"),
    ("years the wrong way", "", "[limits]\nshortest_years = 5", "limits.shortest_years"),
    ("an unknown limit", "", "[limits]\nhours = 3", "limits.hours"),
    ("an unknown type", "local_types = ['Staten']", "", "local_types"),
    ("no local type", "local_types = []", "", "local_types"),
    ("an unknown default programme", "default_programme = '2030-33'", "", "default_programme"),
    ("an area without organisation", "", "[[areas]]\nname = 'A'", "areas.A.organisation"),
    ("an area's unknown organisation", "",
     "[[areas]]\nname = 'A'\norganisation = 'B'", "areas.A.organisation"),
    ("two areas of one name", "", AREAS + AREAS.replace("V", "v", 1), "areas"),
    ("an area without a name", "", AREAS.replace("Vapnagaard", " "), "areas"),
    ("no areas", "preset = 'none'", "", "areas"),
    ("organisations without those of the areas", "preset = 'none'",
     AREAS + "[[organisations]]\nname = 'X'", "areas.Vapnagaard.organisation"),
    ("an unknown step in requires", "",
     STEPS + "requires = ['Kongen']", "approval_steps.Byråd.requires"),
    ("an unknown step in follows", "",
     STEPS + "follows = ['Kongen']", "approval_steps.Byråd.follows"),
    ("a step that requires itself", "", STEPS + "requires = ['Byråd']", "approval_steps.Byråd"),
    ("a circle of steps", "",
     STEPS + "requires = ['B']\n[[approval_steps]]\nname = 'B'\nfollows = ['Byråd']", "circle"),
    ("steps without the final one", "preset = 'none'",
     AREAS + "[[organisations]]\nname = 'Boliggården'\n" + STEPS, "preliminary_step"),
    ("an unknown final step", "final_step = 'Kongen'", "", "final_step"),
    ("an unknown organisation step", "organisation_step = 'Kongen'", "", "organisation_step"),
    ("a source of an unknown kind", "",
     "[[sources]]\nkind = 'ftp'\nfolder = 'x'", "sources.1.kind"),
    ("two sources of one name", "", "[[sources]]\nfolder = 'x/sheets'", "sources"),
    ("aliases that are no lists", "",
     "[header_aliases.Indsatser]\nBudget = 'Pris'", "header_aliases.Indsatser.Budget"),
    ("aliases of an unknown tab", "",
     "[header_aliases.Indsats]\nBudget = ['Pris']", "header_aliases.Indsats"),
    ("aliases of an unknown column", "",
     "[header_aliases.Indsatser]\nPris = ['Beløb']", "header_aliases.Indsatser.Pris"),
    ("an alias that is another column's header", "",
     "[header_aliases.Indsatser]\nBudget = ['Aktivitet']", "header_aliases.Indsatser.Budget"),
    ("one alias for two columns", "",
     "[header_aliases.Indsatser]\nBudget = ['X']\nAktivitet = ['X']", "header_aliases.Indsatser"),
    ("aliases of no choice", "", "[choice_aliases]\nKongen = ['Majestæten']",
     "choice_aliases.Kongen"),
    ("an alias that is another choice of its list", "", "[choice_aliases]\nGodkendt = ['Afvist']",
     "choice_aliases.Godkendt"),
    ("one spelling of two areas", "",
     AREAS + "spellings = ['X']\n" + AREAS.replace("Vapnagaard", "B") + "spellings = ['x']",
     "areas"),
    ("a programme without a list", "",
     "[[programmes]]\nname = '2011-14'\neffort_areas = []", "programmes"),
    ("a day that no month has", "", REPORTS.format("due = { month = 6, day = 31 }"),
     "programmes.0.reports.0.due"),
    ("two reports of one name", "", REPORTS.format("accounts = true }, { name = 'A'"),
     "programmes.2027-30.reports"),
    ("two accounts", "", REPORTS.format("accounts = true }, { name = 'B', accounts = true"),
     "programmes.2027-30.reports"),
    ("a programme's share above 1", "",
     REPORTS.format("accounts = true") + "minimum_local_share = 1.5",
     "programmes.2027-30.minimum_local_share"),
    ("a grant that is not exact", "", "[[expected_plans]]\nid = 'V'\ngrant = 1.5",
     "expected_plans.0.grant"),
    ("a grant below 0", "", "[[expected_plans]]\nid = 'V'\ngrant = -5", "expected_plans.0.grant"),
    ("a grant in Danish digits", "", "[[expected_plans]]\nid = 'V'\ngrant = '1.000.000'",
     "expected_plans.0.grant"),
    ("a grant that ends before it begins", "",
     "[[expected_plans]]\nid = 'V'\nfrom = 2028-01-01\nto = 2027-12-31", "expected_plans.0"),
    ("two of one plan", "", "[[expected_plans]]\nid = 'V'\n[[expected_plans]]\nid = ' v'",
     "expected_plans"),
    ("no limit of days", "", "[limits]\nreport_notice_days = 0", "limits.report_notice_days"),
    ("a source in another", "", "[[sources]]\nfolder = 'sheets/nord'", "sources"),
    ("no pattern", "",
     "[[sources]]\nname = 'x'\nfolder = 'x'\npatterns = []", "sources.1.patterns"),
]  # fmt: skip


def refuses(site: Site, top: str, tables: str, named: str) -> None:
    site.put("a.xlsx", book())
    site.configure(tables, top)
    for command in ("check", "sync"):
        answer = site.command(command)
        assert (answer.code, answer.out) == (2, "")
        assert named in answer.err
        assert "Traceback" not in answer.err
    assert not site.overview.exists()


@pytest.mark.parametrize(
    ("title", "top", "tables", "named"), SENSELESS, ids=[s[0] for s in SENSELESS]
)
def test_what_makes_no_sense_is_refused_by_its_key(
    site: Site, title: str, top: str, tables: str, named: str
) -> None:
    refuses(site, top, tables, named)


def test_a_source_that_is_no_table(site: Site) -> None:
    site.config.write_text('sources = ["sheets"]', encoding="utf-8")
    answer = site.check()

    assert answer.code == 2
    assert "sources.0" in answer.err


def test_no_sources(site: Site) -> None:
    site.configure(sources="")
    answer = site.command("sync")
    assert (answer.code, answer.err) == (
        2,
        "sources: name at least one folder with plan workbooks, like "
        'sources = [{ folder = "sheets" }]\n',
    )


@pytest.mark.parametrize("command", ["check", "sync", "run", "status"])
def test_a_missing_configuration_is_named(site: Site, command: str) -> None:
    answer = helhedsplan(command, "--config", site.root / "andet.toml")
    assert answer.code == 2
    assert "andet.toml" in answer.err
    assert helhedsplan(command).code == 2


def test_every_problem_is_told_at_once(site: Site) -> None:
    site.configure("[limits]\nhours = 3\n[reading]\nfilled_rows = 0")
    answer = site.command("check")
    assert "limits.hours" in answer.err
    assert "reading.filled_rows" in answer.err


def test_the_environment_goes_before_the_file(site: Site) -> None:
    site.configure("[limits]\nminimum_local_share = 0.2")
    site.put("a.xlsx", book())
    assert site.check().codes == []
    arguments = ("check", "--config", site.config, "--format", "json", "--today", DAY)
    env = {"HELHEDSPLAN_LIMITS__MINIMUM_LOCAL_SHARE": "0.3"}
    assert helhedsplan(*arguments, env=env).codes == ["FIN-01"]
    wrong = helhedsplan(*arguments, env={"HELHEDSPLAN_READING__PROCESSES": "many"})
    assert (wrong.code, "reading.processes" in wrong.err) == (2, True)


def test_relative_paths_count_from_the_files_folder(site: Site, tmp_path: Path) -> None:
    below = site.root / "conf"
    below.mkdir()
    file = below / "min.toml"
    file.write_text(
        '[[sources]]\nfolder = "../sheets"\n[overview]\nfile = "../ud/Samlet.xlsx"\n'
        f'[state]\nfolder = "{(tmp_path / "husk").as_posix()}"\n'
    )
    site.put("a.xlsx", book())
    assert helhedsplan("sync", "-c", file).code == 0
    assert (site.root / "ud" / "Samlet.xlsx").is_file()
    assert (tmp_path / "husk" / "helhedsplan.sqlite3").is_file()
    assert load(file).folders[0].folder.resolve() == site.sheets
    assert list(below.iterdir()) == [file]


def test_header_aliases_from_the_file_to_kontrol(site: Site) -> None:
    cells = {"Indsatser!I1": "Pris i alt (kr.)", "Plan!A4": "Kvarter", "Indsatser!I2": "'ca. 5"}
    site.put("a.xlsx", book(cells=cells))
    assert "STR-02" in site.check().codes
    site.configure(
        '[header_aliases.Indsatser]\nBudget = ["Pris i alt"]\n'
        '[header_aliases.Plan]\n"Boligområde" = ["Kvarter"]'
    )
    assert site.check().codes == ["CEL-02"]
    site.sync()
    assert site.control("a.xlsx", "Indsatser")[2].startswith("FEJL Budget: »ca. 5«")


AFVENTER = {f"Godkendelser!{cell}": value for cell, value in (("D8", "Afventer"), ("E8", ""))}
CHANGES: list[tuple[str, str, str, Typed, Typed, list[str], list[str]]] = [
    # title, keys before any table, tables, cells, fields of Plan; the codes before and after
    ("a share of 30 percent", "", "[limits]\nminimum_local_share = 0.3", {}, {}, [], ["FIN-01"]),
    ("a share exactly met", "", "[limits]\nminimum_local_share = 0.25", {}, {}, [], []),
    ("a bit more than that", "",
     "[limits]\nminimum_local_share = 0.250000001", {}, {}, [], ["FIN-01"]),
    ("only the city pays locally", "local_types = ['Boligafdeling']", "", {}, {}, [], ["FIN-01"]),
    ("an extra area", "", AREAS + AREAS.replace("Vapnagaard", "Nordhavn"), {},
     {"Boligområde": "Nordhavn"}, ["CEL-04"], []),
    ("an area's spelling", "", AREAS + 'spellings = ["Vappen"]', {}, {"Boligområde": "Vappen"},
     ["CEL-04"], []),
    ("shorter plans", "", "[limits]\nlongest_years = 3", {}, {}, [], ["PLA-02"]),
    ("more hours", "", "[limits]\nweekly_hours = 30", {}, {}, [], ["MED-03", "MED-03"]),
    ("an earlier warning", "", "[limits]\nexpiry_notice_months = 36", {}, {}, [], ["PLA-04"]),
    ("a list of another programme", "",
     "[[programmes]]\nname = '2011-14'\neffort_areas = ['Sundhed', 'Image og "
     "kommunikation']", {}, {}, [], ["CEL-04"]),
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=[change[0] for change in CHANGES])
def test_the_configuration_changes_what_holds(
    site: Site, change: tuple[str, str, str, Typed, Typed, list[str], list[str]]
) -> None:
    _, top, tables, cells, plan, before, after = change
    site.put("a.xlsx", book(plan=plan, cells=cells))
    assert site.check().codes == before
    site.sync()
    site.configure(tables, top)
    assert site.check().codes == after
    result = site.sync()
    assert result.read == 1
    assert [line.notice.code for line in overview_of(result).notices] == after


def steps(optional: str) -> str:
    """The shipped steps with one of them optional."""
    requires = {"Byråd": ["Politisk udvalg"], "Landsbyggefonden": ["Politisk udvalg", "Byråd"]}
    names = ("Prækvalifikation", "Politisk udvalg", "Byråd", "Boligorganisation",
             "Beboerdemokrati", "Styregruppe", "Landsbyggefonden")  # fmt: skip
    return "\n".join(
        f"[[approval_steps]]\nname = '{name}'\nmandatory = {str(name != optional).lower()}\n"
        f"requires = {requires.get(name, [])}"
        for name in names
    )


def test_a_step_may_be_made_optional(site: Site) -> None:
    site.put("a.xlsx", book(cells={f"Godkendelser!{c}8": "" for c in "ABCDEFG"}))
    assert site.check().json["plans"][0]["next_step"] == "Styregruppe"
    assert site.check().codes == ["GOD-01"]
    site.configure(steps("Styregruppe"))
    assert site.check().json["plans"][0]["next_step"] is None
    assert site.check().codes == []
    site.configure(steps("Prækvalifikation"))
    assert site.check().json["plans"][0]["next_step"] == "Styregruppe"


def test_patterns_are_the_configurations(site: Site) -> None:
    for number, name in enumerate(("Plan_a.xlsx", "plan_B.XLSX", "Kladde.xlsx", "plan_c.xlsm")):
        site.put(name, book(plan={"Plan-id": f"P-{number}"}))
    site.configure(sources='[[sources]]\nfolder = "sheets"\npatterns = ["plan_*.xlsx"]')
    assert [one["name"] for one in site.check().json["workbooks"]] == [
        "Plan_a.xlsx",
        "plan_B.XLSX",
    ]


def test_two_sources_are_told_apart_by_their_names(site: Site) -> None:
    site.put("a.xlsx", book())
    (site.root / "syd").mkdir()
    (site.root / "syd" / "a.xlsx").write_bytes(book(plan={"Boligområde": "Nøjsomhed"}))
    site.configure(
        sources='[[sources]]\nfolder = "sheets"\nname = "Nord"\n[[sources]]\nfolder = "syd"'
    )
    names = [one["name"] for one in site.check().json["workbooks"]]
    assert names == ["Nord/a.xlsx", "syd/a.xlsx"]
    assert sorted(site.sync().written) == names
    site.age()
    assert site.sync().written == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (r'folder = "C:\temp"', r"sources.0.folder: holds a character that cannot be seen"),
        (r'folder = "C:\plans"', r"in single quotes"),
    ],
)
def test_a_path_of_windows_in_double_quotes_is_refused(site: Site, line: str, says: str) -> None:
    site.configure(sources=f"[[sources]]\n{line}\n")
    with pytest.raises(ConfigurationError, match=says):
        load(site.config)


FURTHER = '[[areas]]\nname = "Nordre Park"\norganisation = "Nordkysten"\n'
CHANGED = '[[areas]]\nname = "Vapnagaard"\norganisation = "Nordkysten"\nspellings = ["Vappen"]\n'
AREA_NAMES = ["Vapnagaard", "Nøjsomhed", "Tibberupparken", "Ellekildehave"]


def test_a_further_area_is_added_to_the_preset(site: Site) -> None:
    site.configure(FURTHER)
    parameters = site.settings().parameters()
    assert list(parameters.area_by_name) == [*AREA_NAMES, "Nordre Park"]
    assert parameters.area_by_name["Ellekildehave"].source.startswith("Skal bekræftes")


def test_an_entry_of_the_presets_name_changes_what_it_writes(site: Site) -> None:
    site.configure(
        CHANGED + '[[approval_steps]]\nname = "Menighedsråd"\nrequires = ["Byråd"]\n'
        '[[approval_steps]]\nname = "Styregruppe"\nmandatory = false\n'
        '[choice_aliases]\nGodkendt = ["Bifaldet"]\n'
    )
    parameters = site.settings().parameters()
    area = parameters.area_by_name["Vapnagaard"]
    assert list(parameters.area_by_name) == AREA_NAMES
    assert (area.organisation, area.spellings) == ("Nordkysten", ("Vapnagård", "Vappen"))
    assert [step.name for step in parameters.steps][-3:] == [
        "Styregruppe", "Menighedsråd", "Landsbyggefonden",
    ]  # fmt: skip
    board = parameters.step("Styregruppe")
    assert (board.mandatory, board.follows) == (False, ("Boligorganisation", "Beboerdemokrati"))
    assert {"Tiltrådt", "Bifaldet"} <= set(parameters.choice_aliases["Godkendt"])


def test_without_a_preset_a_list_that_is_written_is_the_whole_list(site: Site) -> None:
    site.configure('[[organisations]]\nname = "Nordkysten"\n' + FURTHER, 'preset = "none"')
    parameters = site.settings().parameters()
    assert list(parameters.area_by_name) == ["Nordre Park"]
    assert [one.name for one in parameters.organisations] == ["Nordkysten"]
    assert len(parameters.steps) == 7
