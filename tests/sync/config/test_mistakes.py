"""Mistakes that people make in config.toml: each is answered in one sentence with the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.config.section import ConfigurationError
from sync.config.settings import load
from sync.stores.configured import Configured
from tests.sync.helpers import Site, helhedsplan

SOURCE = "[[sources]]\nfolder = 'sheets'\n"
WEEK = '"mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"'
LIST = 'must be a list, like ["…"]'
OWNERS = "write one of: Boliggården, Nordkysten, or add [[organisations]]"
PARK = '[[areas]]\nname = "Nordre Park"\norganisation = "Nordkysten"\n'
IN_SINGLE_QUOTES = r"write a path with \ in single quotes, like 'C:\plans'"

MISTAKES = [
    # what stands in the file, what is said
    (r'sources = [{ folder = "C:\Users\eva" }]',
     r'config.toml: no TOML: line 1: sources = [{ folder = "C:\Users\eva" }]: ' + IN_SINGLE_QUOTES),
    (r'sources = [{ folder = "S:\plans" }]',
     r'config.toml: no TOML: line 1: sources = [{ folder = "S:\plans" }]: ' + IN_SINGLE_QUOTES),
    ("sources = [{ folder = sheets }]",
     "config.toml: no TOML: line 1: sources = [{ folder = sheets }]: "
     'a text stands in quotes, like "…"'),
    ('sources = ["sheets"]', 'sources.0 = "sheets": must be a table of keys, like { … = … }'),
    ('sources = "sheets"', f'sources = "sheets": {LIST}'),
    ("overview = “Overblik.xlsx”",
     'config.toml: no TOML: line 1: overview = “Overblik.xlsx”: write plain quotes: "'),
    ('[overview]\nfile = "Overblik.xls"',
     'overview.file = "Overblik.xls": must be a file that ends in .xlsx, like "Overblik.xlsx"'),
    ('[overview]\nfile = "a.xlsx"\n[overview]\ncalendar = "b.ics"',
     "config.toml: no TOML: line 3: [overview] stands twice; write its keys under the first one"),
    ("[limits]\nminimum_local_share = 0,25",
     "config.toml: no TOML: line 2: minimum_local_share = 0,25: "
     'a number has a decimal point, like "0.25"'),
    ('[limits]\nminimum_local_share = "0,25"',
     'limits.minimum_local_share = "0,25": must be a number with a decimal point, like "0.25"'),
    ("[limits]\nminimum_local_share = 25",
     'limits.minimum_local_share: 25 is not more than 0 and less than 1; write it like "0.25"'),
    ('[schedule]\ntimes = ["6"]',
     'schedule.times.0 = "6": must be a time of day, like "06:00"'),
    ("[schedule]\ntimes = [6]", 'schedule.times.0 = 6: must be a time of day, like "06:00"'),
    ("[schedule]\ntimes = [06:00]",
     "config.toml: no TOML: line 2: times = [06:00]: a time of day stands in quotes, "
     'like "06:00"'),
    ("[schedule]\ntimes = []", "schedule.times: must hold at least one entry"),
    ('[schedule]\nweekdays = ["monday"]',
     f'schedule.weekdays.0 = "monday": must be one of: {WEEK}'),
    ('[schedule]\nskip_holidays = "ja"',
     'schedule.skip_holidays = "ja": must be true or false, without quotes'),
    ("[schedule]\nskip_holidays = ja",
     "config.toml: no TOML: line 2: skip_holidays = ja: write true or false"),
    ('[schedule]\ntimezone = "København"',
     'schedule.timezone = "København": is no time zone; the usual one is Europe/Copenhagen'),
    ('[mail]\nsecretariat = ["eva(a)by.dk"]',
     "mail.secretariat: eva(a)by.dk is no mail address; write it like eva@example.dk"),
    ('[mail]\noperators = "it@by.dk"', f'mail.operators = "it@by.dk": {LIST}'),
    ("[mail]\nport = 99999", "mail.port = 99999: must be at most 65535"),
    ('[mail]\nencryption = "ssl"',
     'mail.encryption = "ssl": must be one of: "starttls", "tls", "none"'),
    ('[mail]\nserver = "relay.by.dk"\nsender = "k@by.dk"\nencryption = "none"',
     'mail: encryption = "none" is for this machine; for a relay of your own name it in '
     'unencrypted_server = "relay.by.dk" too'),
    ('[mail]\nserver = "r.by.dk"\nsender = "k@by.dk"\nencryption = "none"\nuser = "k"\n'
     'unencrypted_server = "r.by.dk"',
     'mail: delete user: with encryption = "none" its password could be read'),
    ("[copies]\nnumber = 2.5", "copies.number = 2.5: must be a whole number, without quotes"),
    ("[state]\nkeep_days = 7", "state.keep_days = 7: must be at least 30"),
    ('[shedule]\ntimes = ["07:00"]', "shedule: there is no such key. Did you mean schedule?"),
    (PARK + PARK, "areas: »Nordre Park« stands twice; delete one of them"),
    (PARK.replace("[[areas]]", "[areas]"),
     "areas: is a list of sections; write it as [[areas]]"),
    (PARK.replace("Nordkysten", "Nordkyst"),
     f"areas.Nordre Park.organisation: »Nordkyst« is no organisation here; {OWNERS}"),
    (PARK.partition("organisation")[0],
     f"areas.Nordre Park.organisation: is missing; {OWNERS}"),
    ('preset = "none"', "areas: there is none; write at least one [[areas]]"),
    ('sources = [{ folder = "sheets", kind = "Excel" }]',
     'sources.0.kind = "Excel": must be excel, google or sharepoint'),
    ('sources = [{ folder = "sheets" }, { folder = "sheets" }]',
     "sources: two are called sheets; write a name of its own into each, or delete one"),
    ('[overview]\ncalendar = "Frister.xlsx"',
     'overview.calendar = "Frister.xlsx": must be a file that ends in .ics, like "Frister.ics"'),
    ('[waivers]\nfile = "Overblik.xlsx"',
     "waivers.file: Overblik.xlsx is overview.file too; name another file"),
    ('[mail]\nserver = "smtp.by.dk:587"\nsender = "k@by.dk"',
     'mail.server = "smtp.by.dk:587": must be the server\'s name alone, like "smtp.example.dk"; '
     "see port"),
    ('[mail]\nserver = "smtp.by.dk"\nsender = "helhedsplan"',
     'mail: sender = "helhedsplan" is no mail address: the one that mails come from, '
     "like plans@example.dk"),
    ('[mail]\nserver = "smtp.by.dk"',
     "mail: add sender: the one that mails come from, like plans@example.dk"),
    ('[mail]\ndomains = ["*.by.dk"]',
     "mail.domains: *.by.dk is no mail domain; write it like example.dk"),
    ('local_types = ["kommunen"]',
     "local_types: »kommunen« is no type; write one or more of: Landsbyggefonden, Kommune, "
     "Boligorganisation, Boligafdeling, Fond, Anden"),
    ("[[expected_plans]]\nid = 'V'\ngrant = 12.000.000",
     "config.toml: no TOML: line 3: grant = 12.000.000: "
     "a number is written without dots and blanks, like 12000000"),
    ("[[expected_plans]]\nid = 'V'\nfrom = 01-01-2025",
     "config.toml: no TOML: line 3: from = 01-01-2025: a day is written like 2026-12-31"),
    ("[limits]\nweekly_hours = 37 timer",
     "config.toml: no TOML: line 2: weekly_hours = 37 timer: "
     "a number stands alone, like 37; a text in quotes"),
    ("[limits]\nminimum_local_share = 25 %",
     "config.toml: no TOML: line 2: minimum_local_share = 25 %: a share is written like \"0.25\""),
    ('[schedule] times = ["07:00"]',
     'config.toml: no TOML: line 1: [schedule] times = ["07:00"]: '
     "[a section] stands on a line of its own"),
    ('[schedule]\ntimes = ["07:00" "12:00"]',
     'config.toml: no TOML: line 2: times = ["07:00" "12:00"]: '
     "in a list a , stands between two entries, and ] at the end"),
    ('sources = [{ folder = "sheets" name = "a" }]',
     'config.toml: no TOML: line 1: sources = [{ folder = "sheets" name = "a" }]: '
     "in { … } a , stands between two keys, and } at the end"),
    ('language = "da"\nlanguage = "en"',
     'config.toml: no TOML: line 2: language = "en" stands twice; delete one'),
    (r"state.folder = C:\data\state",
     r"config.toml: no TOML: line 1: state.folder = C:\data\state: " + IN_SINGLE_QUOTES),
    ('language = "da";',
     'config.toml: no TOML: line 1: language = "da";: '
     "behind a value nothing may stand but # and a remark"),
    ('language: "da"',
     'config.toml: no TOML: line 1: language: "da": '
     "a line is a key of one word, = and its value, or [a section]"),
    ('language == "da"',
     'config.toml: no TOML: line 1: language == "da": one = stands between a key and its value'),
    ('language = "dansk"', 'language = "dansk": must be one of: da, en'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), MISTAKES)
def test_a_mistake_is_answered_in_one_sentence(
    site: Site, monkeypatch: pytest.MonkeyPatch, text: str, says: str
) -> None:
    monkeypatch.chdir(site.root)
    site.config.write_text(text if "sources" in text else f"{text}\n{SOURCE}", encoding="utf-8")
    with pytest.raises(ConfigurationError) as refusal:
        Configured(load(Path("config.toml"))).refuse_wrong()
    assert str(refusal.value) == says


def test_a_byte_order_mark_is_no_mistake_and_another_encoding_is_one(site: Site) -> None:
    text = SOURCE + "[template]\ncontact = 'Områdesekretariatet'\n"
    site.config.write_text(text, encoding="utf-8-sig")
    assert load(site.config).template.contact == "Områdesekretariatet"
    for encoding in ("utf-16", "cp1252"):
        site.config.write_text(text, encoding=encoding)
        with pytest.raises(ConfigurationError, match=r"is no text in UTF-8\. Save it as UTF-8"):
            load(site.config)


def test_a_variable_that_is_no_list_is_named(site: Site) -> None:
    answer = helhedsplan("check", "-c", site.config, env={"HELHEDSPLAN_SOURCES": "sheets"})
    assert answer.code == 2
    assert answer.err == 'HELHEDSPLAN_SOURCES: write lists and tables as JSON, like ["…"]\n'


def test_a_password_in_the_address_of_the_database_is_never_shown(site: Site) -> None:
    site.configure('[state]\ndatabase = "postgresql://job:hemmelig@db/plans"')
    with pytest.raises(ConfigurationError) as refusal:
        load(site.config)
    assert "hemmelig" not in str(refusal.value)
