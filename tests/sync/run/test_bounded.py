"""What one workbook holds never ends or drowns a run: very many findings, odd addresses, faults."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from rules.catalogue.example_plan import EXAMPLE
from rules.model.finding import LEFT_OUT, MOST_FINDINGS
from sync.config.job import ADDRESS
from sync.run.notify import FailureWatch
from tests.sync.helpers import COPENHAGEN, DAY, Site, book, control_of, page_of, saved, table
from tests.sync.mail_server import Inbox, mail_server
from tests.sync.notifications.test_mail import configure, of, only, text_of

pytestmark = pytest.mark.slow

EVA, SECRETARIAT = "eva@example.dk", "sek@example.dk"
ROWS = MOST_FINDINGS + 234


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    with mail_server(tmp_path) as server:
        yield server


def _with_many(address: str = EVA) -> bytes:
    """The example with many more activities, each with a budget that is no amount."""
    workbook = openpyxl.load_workbook(io.BytesIO(book(plan=of(address, "Eva"))))
    sheet = workbook["Indsatser"]
    pattern = [cell.value for cell in sheet[2]]
    budget = list(EXAMPLE["Indsatser"][0]).index("Budget")
    for number in range(ROWS):
        row = [100 + number, *pattern[1:]]
        row[budget] = "ca. 5"
        sheet.append(row)
    return saved(workbook)


def test_of_very_many_findings_some_are_listed_and_the_rest_counted(
    site: Site, inbox: Inbox
) -> None:
    configure(site, inbox, 'contacts = "always"', f'secretariat = ["{SECRETARIAT}"]')
    file = site.put("many.xlsx", _with_many())
    site.put("other.xlsx", book(plan=of("ida@example.dk", "Ida", "NY-1", Boligområde="Nøjsomhed")))
    found = [one for one in site.check().json["findings"] if one["workbook"] == "many.xlsx"]
    assert len(found) == MOST_FINDINGS + 1
    (more,) = [one for one in found if one["code"] == LEFT_OUT]
    left_out = int(more["message"].split()[1])
    assert left_out >= ROWS - MOST_FINDINGS
    assert more["message"].startswith(f"Og {left_out} til")

    assert site.command("sync", "--remember", "--today", DAY).code == 0
    content = file.read_bytes()
    page = page_of(content)
    assert len(page) == MOST_FINDINGS + 4, (
        "two lines above, the headings, and the last, which counts"
    )
    assert sum(LEFT_OUT in row for row in page) == 1
    control = control_of(content, "Indsatser")
    assert sum("CEL-02" in text for text in control.values()) >= MOST_FINDINGS - 20
    assert "OK" not in control.values(), "nobody knows that the other rows are in order"
    assert "OK" in control_of((site.sheets / "other.xlsx").read_bytes(), "Indsatser").values()
    lines = table(site.overview.read_bytes(), "Advarsler")
    assert LEFT_OUT in [line["Kode"] for line in lines]
    text = text_of(only(inbox.to(EVA)))
    assert len(text) < 20_000
    assert "Og " in text
    assert len(only(inbox.to(SECRETARIAT)).as_bytes()) < 60_000


def test_the_overview_lists_so_many_of_all_workbooks(site: Site) -> None:
    for number in range(6):
        data = openpyxl.load_workbook(io.BytesIO(_with_many()))
        data["Plan"]["B2"] = f"NY-{number}"
        site.put(f"{number}.xlsx", saved(data))
    assert site.command("sync", "--remember", "--today", DAY).code == 0
    lines = table(site.overview.read_bytes(), "Advarsler")
    assert len(lines) <= 5_010
    assert any(str(line["Besked"]).startswith("Og ") and not line["Kode"] for line in lines)


GOOD = ("eva.hansen@x.dk", "eva@sub.x-y.dk", "e+1@x.dk", "-eva@x.dk", "a" * 64 + "@x.dk")
BAD = (
    "eva..hansen@x.dk", ".eva@x.dk", "eva.@x.dk", "eva@x..dk", "eva@-x.dk", "eva@x-.dk", "eva@.dk",
    "eva%evil.dk@x.dk", "eva!evil@x.dk", "a" * 65 + "@x.dk", "eva@" + "b" * 64 + ".dk",
    "eva@" + "b.c" * 90 + ".dk", '"eva@evil.dk"@x.dk', "eva@x.dk,ida@x.dk", "Eva <eva@x.dk>",
    "eva@h\N{CYRILLIC SMALL LETTER IE}l.dk", "eva@x.dk\n", "", "@x.dk", "eva@x",
)  # fmt: skip


def test_an_address_is_of_plain_parts() -> None:
    assert [one for one in GOOD if not ADDRESS.fullmatch(one)] == []
    assert [one for one in BAD if ADDRESS.fullmatch(one)] == []


@pytest.mark.parametrize("address", ["eva..hansen@example.dk", ".eva@example.dk", "e%x@example.dk"])
def test_an_odd_address_in_a_cell_ends_no_run(site: Site, inbox: Inbox, address: str) -> None:
    configure(site, inbox, 'contacts = "always"')
    site.put("odd.xlsx", book(plan=of(address, "Eva"), cells={"Indsatser!I2": "'ca. 5"}))
    site.put(
        "b.xlsx",
        book(
            plan=of("ida@example.dk", "Ida", "NY-1", Boligområde="Nøjsomhed"),
            cells={"Indsatser!I2": "'ca. 5"},
        ),
    )
    assert site.command("sync", "--remember", "--today", DAY).code == 0
    assert [str(mail["To"]) for mail in inbox.mails] == ["ida@example.dk"]
    assert site.overview.exists()


def test_two_dots_are_no_mail_address(site: Site) -> None:
    site.put("odd.xlsx", book(plan=of("eva..hansen@example.dk", "Eva")))
    assert "CEL-10" in site.check().codes


def test_an_operator_with_two_dots_is_refused_in_the_configuration(
    site: Site, inbox: Inbox
) -> None:
    configure(site, inbox, 'operators = ["dri..ft@example.dk"]')
    answer = site.command("sync")
    assert answer.code == 2
    assert "dri..ft@example.dk" in answer.err


@pytest.mark.parametrize(
    ("sections", "says"),
    [
        ('[monitoring]\nstatus_file = "st\\u0000.json"', "dens tilstand ikke blev skrevet"),
        ('[overview]\ncalendar = "sheets/f.ics"', ""),
        ('[monitoring]\nstatus_file = "sheets"', ""),
    ],
)
def test_what_nobody_foresaw_ends_no_run_and_is_told(site: Site, sections: str, says: str) -> None:
    site.configure(sections)
    site.put("a.xlsx", book())
    (site.sheets / "f.ics").mkdir()
    answer = site.command("sync", "--remember", "--today", DAY)
    assert answer.code == 3
    assert says in answer.err
    assert "Traceback" not in answer.err
    assert site.overview.exists()
    doctor = site.command("doctor")
    assert doctor.code != 0
    key = "overview.calendar" if "calendar" in sections else "monitoring.status_file"
    assert key in doctor.out


def test_the_doctor_names_a_log_folder_that_is_none(site: Site) -> None:
    site.configure('[monitoring]\nlog_folder = "config.toml"')
    site.put("a.xlsx", book())
    answer = site.command("doctor")
    assert answer.code != 0
    assert "monitoring.log_folder" in answer.out


def test_a_password_in_another_encoding_is_told(site: Site, inbox: Inbox) -> None:
    configure(site, inbox, 'contacts = "always"')
    (site.root / "password").write_bytes("hemmelig".encode("utf-16"))
    site.put("a.xlsx", book(plan=of(EVA, "Eva"), cells={"Indsatser!I2": "'ca. 5"}))
    answer = site.command("sync", "--remember", "--today", DAY)
    assert answer.code == 3
    assert "Adgangskoden til mailserveren" in answer.err
    assert "UTF-8" in site.command("doctor").out


def test_a_certificate_that_is_missing_is_told(site: Site, inbox: Inbox) -> None:
    configure(site, inbox, 'contacts = "always"')
    text = site.config.read_text().replace(str(inbox.certificate), "missing.pem")
    site.config.write_text(text)
    site.put("a.xlsx", book(plan=of(EVA, "Eva"), cells={"Indsatser!I2": "'ca. 5"}))
    answer = site.command("sync", "--remember", "--today", DAY)
    assert answer.code == 3
    assert "missing.pem" in answer.err
    assert "missing.pem" in site.command("doctor").out


def test_the_service_outlives_a_mail_server_whose_name_is_none(site: Site, inbox: Inbox) -> None:
    configure(site, inbox, 'operators = ["drift@example.dk"]')
    site.config.write_text(site.config.read_text().replace('"localhost"', '"a..b"'))
    at = datetime(2026, 11, 23, 8, tzinfo=COPENHAGEN)
    assert FailureWatch(site.settings(), lambda: at).ended(3, at)
    assert inbox.mails == []
