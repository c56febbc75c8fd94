"""Being told by mail, through a real server: to whom, what, and only once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from sheets_templates.drawing.appearance import Mark
from sync.history.history import History
from sync.run.notify import FailureWatch
from tests.sync.helpers import COPENHAGEN, CPR, TODAY, Site, book, mended, process
from tests.sync.mail_server import PASSWORD, USER, Inbox, mail_server
from tests.sync.waiving import comment, write_comments

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
EVA, IDA = "eva@example.dk", "ida@example.dk"
SECRETARIAT, OPERATOR = "sekretariat@example.dk", "drift@example.dk"
WRONG = {"Indsatser!I2": "'ca. 5", "Milepæle!B3": "9"}
LATE = {"Milepæle!D2": "01-10-2026", "Milepæle!E2": "Planlagt"}


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    with mail_server(tmp_path) as server:
        yield server


def mail_section(inbox: Inbox, site: Site, *lines: str) -> str:
    password = site.root / "password"
    password.write_text(f"{PASSWORD}\n")
    password.chmod(0o600)
    return "\n".join(
        [
            "[mail]", 'server = "localhost"', f"port = {inbox.port}",
            f'certificate_file = "{inbox.certificate}"', f'user = "{USER}"',
            'password_file = "password"', 'sender = "kontrol@example.dk"',
            'domains = ["example.dk"]', *lines,
        ]
    )  # fmt: skip


def configure(site: Site, inbox: Inbox, *lines: str, sources: str = "") -> None:
    linked = '[[sources]]\nfolder = "sheets"\nlink = "https://sharepoint.example/planer"\n'
    site.configure(mail_section(inbox, site, *lines), sources=sources or linked)


def of(address: str, name: str, plan: str = "VAP-2025", **more: str) -> dict[str, object]:
    return {"Plan-id": plan, "Kontaktperson": name, "E-mail": address, **more}


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def only(mails: list[EmailMessage]) -> EmailMessage:
    (mail,) = mails
    return mail


@pytest.fixture
def told(site: Site, inbox: Inbox) -> Site:
    """A site with Eva's plan, in which two things are wrong, whose contact gets mail."""
    configure(site, inbox, 'contacts = "daily"')
    site.put("a.xlsx", book(plan=of(EVA, "Eva Holm"), cells=WRONG))
    return site


def test_a_contact_is_told_what_is_new(told: Site, inbox: Inbox) -> None:
    told.sync()
    mail = only(inbox.mails)
    assert (mail["To"], mail["From"].addresses[0].addr_spec) == (EVA, "kontrol@example.dk")
    assert mail["Subject"] == "VAP-2025: 2 ting, du skal se på"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = text_of(mail)
    assert "Hej Eva Holm" in text
    assert "Her er det nye i din plan pr. 23. november 2026." in text
    assert "FEJL (Indsatser, I2, Budget): " in text
    assert "https://sharepoint.example/planer/a.xlsx" in text
    html = html_of(mail)
    assert '<a href="https://sharepoint.example/planer/a.xlsx">' in html
    assert inbox.logins == [True]


def test_everything_is_told_once(told: Site, inbox: Inbox) -> None:
    told.sync()
    inbox.emptied()
    told.sync(TODAY + DAY)
    told.sync(TODAY + 2 * DAY)
    assert inbox.mails == []
    mended(told, "a.xlsx", "Indsatser", "I3", "ca. 7")
    told.sync(TODAY + 3 * DAY)
    text = text_of(only(inbox.mails))
    assert "I3" in text
    assert "I2" not in text


def test_a_comment_of_the_secretariat_is_told_once(told: Site, inbox: Inbox) -> None:
    told.sync()
    inbox.emptied()
    write_comments(told.root, comment("Ring til mig."), comment("Til ingen", Fane="Findes ikke"))
    told.sync(TODAY + DAY)
    assert "Fra sekretariatet" in text_of(only(inbox.mails))
    assert "- Ring til mig. (Lone, 20. november 2026)" in text_of(only(inbox.mails))
    assert "Til ingen" not in text_of(only(inbox.mails))
    told.sync(TODAY + 2 * DAY)
    assert len(inbox.mails) == 1


def test_what_comes_back_is_told_again(told: Site, inbox: Inbox) -> None:
    told.sync()
    mended(told, "a.xlsx", "Milepæle", "B3", 2)
    told.sync(TODAY + DAY)
    inbox.emptied()
    mended(told, "a.xlsx", "Milepæle", "B3", 9)
    told.sync(TODAY + 2 * DAY)
    mail = only(inbox.mails)
    assert "Kommet igen" in text_of(mail)
    assert mail["Subject"] == "VAP-2025: 1 ting, du skal se på"


def test_what_becomes_overdue_is_told(site: Site, inbox: Inbox) -> None:
    configure(site, inbox, 'contacts = "daily"')
    site.put("a.xlsx", book(plan=of(EVA, "Eva"), cells=LATE))
    site.sync(date(2026, 9, 30))
    inbox.emptied()
    site.sync(date(2026, 10, 2))
    text = text_of(only(inbox.mails))
    assert "Overskredne frister" in text
    assert text.count("frist 1. oktober 2026") == 1
    assert text.count("\n- ") == 1, "the finding about it says the same"


def test_each_contact_hears_of_their_own_plans_only(site: Site, inbox: Inbox) -> None:
    configure(site, inbox, 'contacts = "daily"')
    own = {"Indsatser!B2": "'Evas egen indsats", "Indsatser!I2": "'Evas tal"}
    other = {"Indsatser!B2": "'Idas indsats", "Indsatser!I2": "'Idas tal"}
    area = {"Boligområde": "Nøjsomhed"}
    site.put("a.xlsx", book(plan=of(EVA, "Eva"), cells=own))
    site.put(
        "b.xlsx",
        book(plan=of(IDA, "Ida", "NOEJ-2025", **area), cells=other, without=["Medarbejdere"]),
    )
    site.sync()
    assert len(inbox.mails) == 2
    for address, name, foreign in ((EVA, "Evas", "Idas"), (IDA, "Idas", "Evas")):
        mail = only(inbox.to(address))
        content = text_of(mail) + html_of(mail) + str(mail["Subject"])
        assert f"»{name} tal«" in content
        assert foreign not in content
        assert ("NOEJ" in content) is (address == IDA)


def test_whoever_types_another_plans_id_hears_nothing_of_its_workbooks(
    site: Site, inbox: Inbox
) -> None:
    configure(site, inbox, 'contacts = "daily"', f'secretariat = ["{SECRETARIAT}"]')
    site.put("a.xlsx", book(plan=of(EVA, "Eva"), cells=WRONG | LATE))
    site.sync()
    assert "Nye regneark i en plan" not in text_of(only(inbox.to(SECRETARIAT)))
    inbox.emptied()
    area = {"Boligområde": "Nøjsomhed"}
    site.put("b.xlsx", book(plan=of(IDA, "Ida", **area), cells={"Indsatser!I3": "'Idas tal"}))
    site.sync(TODAY + 7 * DAY)
    text = text_of(only(inbox.to(IDA)))
    assert "Idas tal" in text
    assert not any(word in text for word in ("ca. 5", "1. oktober", "a.xlsx"))
    assert not inbox.to(EVA) or "Idas" not in text_of(only(inbox.to(EVA)))
    summary = text_of(only(inbox.to(SECRETARIAT)))
    assert "Nye regneark i en plan" in summary
    assert re.search(r"VAP-2025 .*: b\.xlsx", summary)
    inbox.emptied()
    site.sync(TODAY + 21 * DAY)
    assert "Nye regneark i en plan" not in text_of(only(inbox.to(SECRETARIAT)))


def test_one_contact_of_very_many_plans_gets_a_mail_of_some_length(
    site: Site, inbox: Inbox
) -> None:
    configure(site, inbox, 'contacts = "daily"')
    for number in range(40):
        plan = of(EVA, "Eva", f"NY-{number:02}")
        site.put(f"{number:02}.xlsx", book(plan=plan, cells=WRONG))
    site.sync()
    mail = only(inbox.mails)
    assert str(mail["Subject"]).startswith("NY-00, NY-01, NY-02 og 37 til: ")
    assert text_of(mail).count("Nyt") <= 25
    assert "til." in text_of(mail)


def test_one_contact_of_several_plans_gets_one_mail(site: Site, inbox: Inbox) -> None:
    configure(site, inbox, 'contacts = "daily"')
    area = {"Boligområde": "Nøjsomhed"}
    site.put("a.xlsx", book(plan=of(EVA, "Eva"), cells=WRONG))
    site.put("b.xlsx", book(plan=of(EVA.upper(), "Eva", "NOEJ-2025", **area), cells=WRONG))
    site.sync()
    mail = only(inbox.mails)
    assert "dine planer" in text_of(mail)
    assert "VAP-2025" in str(mail["Subject"])
    assert "NOEJ-2025" in str(mail["Subject"])


@pytest.mark.parametrize(
    "address", ["eva@elsewhere.dk", "eva@example.dk.elsewhere.com", "eva@notexample.dk"]
)
def test_no_mail_leaves_for_another_domain(site: Site, inbox: Inbox, address: str) -> None:
    configure(site, inbox, 'contacts = "daily"')
    site.put("a.xlsx", book(plan=of(address, "Eva"), cells=WRONG))
    assert site.sync().problems == []
    assert inbox.mails == []


def test_text_from_a_sheet_is_no_markup_and_no_header(site: Site, inbox: Inbox) -> None:
    configure(site, inbox, 'contacts = "daily"')
    evil = '<script>alert("x")</script>'
    plan = of(EVA, f"Eva {evil}", "VAP\r\nBcc: x@example.dk", Plannavn=f"Plan {evil} {CPR}")
    site.put("a.xlsx", book(plan=plan, cells={"Indsatser!I2": f"'{evil} {CPR}"}))
    site.sync()
    mail = only(inbox.mails)
    assert "<script" not in html_of(mail)
    assert "&lt;script&gt;" in html_of(mail)
    assert mail["Bcc"] is None
    assert CPR not in text_of(mail) + html_of(mail)


@pytest.mark.parametrize(
    ("frequency", "days"),
    [("always", [0, 1, 2, 7, 8]), ("daily", [0, 1, 2, 7, 8]), ("weekly", [0, 7]), ("never", [])],
)
def test_each_recipient_has_a_frequency(
    site: Site, inbox: Inbox, frequency: str, days: list[int]
) -> None:
    """TODAY is a Monday. Something new is wrong on each of these days."""
    configure(site, inbox, f'contacts = "weekly"\nfrequencies = {{ "{EVA}" = "{frequency}" }}')
    site.put("a.xlsx", book(plan=of(EVA, "Eva")))
    got = []
    for number, day in enumerate([0, 1, 2, 7, 8]):
        mended(site, "a.xlsx", "Indsatser", ("I2", "I3", "I4", "G2", "G3")[number], f"ca. {number}")
        site.sync(TODAY + day * DAY)
        if inbox.emptied():
            got.append(day)
    assert got == days


def test_a_mail_that_is_refused_stops_nothing_and_is_tried_again(told: Site, inbox: Inbox) -> None:
    inbox.refused.add(EVA)
    configure(told, inbox, 'contacts = "daily"', f'operators = ["{OPERATOR}"]')
    refusal = (
        "Mailen til kontaktpersonen for VAP-2025 blev afvist (kode 550). "
        "Adressen findes ikke, eller serveren sender ikke dertil. Ret adressen."
    )
    assert told.sync().problems == [("", refusal)]
    assert told.overview.exists()
    assert "kode 550" in text_of(only(inbox.to(OPERATOR)))
    inbox.emptied()
    told.sync(TODAY + DAY)
    assert inbox.mails == [], "the operator knows"
    inbox.refused.clear()
    told.sync(TODAY + 2 * DAY)
    assert "2 ting" in str(only(inbox.mails)["Subject"])


def test_without_a_server_the_run_goes_on(told: Site, inbox: Inbox) -> None:
    told.configure(mail_section(inbox, told, 'contacts = "daily"').replace(
        f"port = {inbox.port}", "port = 1"))  # fmt: skip
    result = told.sync()
    assert result.problems == [
        (
            "",
            "Mailserveren localhost kan ikke nås på port 1. Ret mail.port, eller åbn for porten i "
            "firewallen.",
        )
    ]
    assert told.overview.exists()
    configure(told, inbox, 'contacts = "daily"')
    told.sync(TODAY + DAY)
    assert len(inbox.mails) == 1


def test_an_unknown_certificate_is_not_trusted(told: Site, inbox: Inbox) -> None:
    told.configure(mail_section(inbox, told, 'contacts = "daily"').replace(
        str(inbox.certificate), ""))  # fmt: skip
    (problem,) = told.sync().problems
    assert "certifikat" in problem[1]
    assert inbox.mails == []
    assert inbox.logins == []


def test_a_wrong_password_is_told_and_shown_nowhere(told: Site, inbox: Inbox) -> None:
    (told.root / "password").write_text("forkert-hemmelighed")
    answer = told.command("sync", "--remember", "--today", TODAY.isoformat())
    assert answer.code == 3
    assert "afviser brugeren eller adgangskoden" in answer.err
    assert "forkert-hemmelighed" not in answer.out + answer.err
    assert inbox.logins
    assert not any(inbox.logins)


def test_the_password_may_come_from_the_environment(
    told: Site, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    (told.root / "password").unlink()
    monkeypatch.setenv("HELHEDSPLAN_MAIL_PASSWORD", PASSWORD)
    told.sync()
    assert len(inbox.mails) == 1


def test_the_secretariat_gets_a_summary_a_week(site: Site, inbox: Inbox) -> None:
    link = "https://sharepoint.example/Overblik.xlsx"
    configure(site, inbox, f'secretariat = ["{SECRETARIAT}"]', f'overview_link = "{link}"')
    site.put("a.xlsx", book(cells=WRONG | LATE))
    area = {"Plan-id": "NOEJ-2025", "Boligområde": "Nøjsomhed"}
    site.put("b.xlsx", book(plan=area, cells={"Indsatser!I2": "'1.600.000"}))
    site.put("c.xlsx", b"no workbook")
    days = []
    for day in range(15):
        site.sync(TODAY + day * DAY)
        if mails := inbox.emptied():
            days.append(day)
            first = only(mails)
            if day == 0:
                mail = first
    assert days == [0, 7, 14]
    assert str(mail["Subject"]).startswith("Helhedsplaner, uge 48: ")
    text = text_of(mail)
    assert link in text
    assert "Overskredne frister" in text
    assert "c.xlsx kan ikke læses" in text
    bars = [line for line in text.splitlines() if "█" in line]
    assert [line.split()[0] for line in bars] == ["VAP-2025", "NOEJ-2025"]
    assert bars[0].count("█") > bars[1].count("█")
    html = html_of(mail)
    red, amber = (f"background: #{mark.value.ink}" for mark in (Mark.BAD, Mark.WATCH))
    (one, other) = [line for line in html.splitlines() if 'padding-right: 12px"' in line]
    assert (red in one, amber in one) == (True, True)
    assert (red in other, amber in other) == (False, True), "no red where nothing is fejl"
    assert "<img" not in html


def test_the_overview_as_a_page_goes_with_the_summary(
    site: Site, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f'secretariat = ["{SECRETARIAT}"]', 'contacts = "daily"', "[overview]"]
    configure(site, inbox, *lines, 'page = "Overblik.html"')
    site.put("a.xlsx", book(plan=of(EVA, "Eva"), cells=WRONG))
    site.sync()
    (page,) = only(inbox.to(SECRETARIAT)).iter_attachments()
    assert (page.get_filename(), page.get_content_type()) == ("Overblik.html", "text/html")
    assert page.get_payload(decode=True) == (site.root / "Overblik.html").read_bytes()
    assert "vedhæftet" in text_of(only(inbox.to(SECRETARIAT)))
    assert list(only(inbox.to(EVA)).iter_attachments()) == []
    monkeypatch.setattr("sync.notifications.to_secretariat.MOST_ATTACHED", 1_000)
    inbox.emptied()
    site.sync(TODAY + 7 * DAY)
    mail = only(inbox.to(SECRETARIAT))
    assert list(mail.iter_attachments()) == []
    assert "for stort til en mail" in text_of(mail)


def test_the_secretariat_hears_which_plans_hear_nothing(site: Site, inbox: Inbox) -> None:
    configure(site, inbox, f'secretariat = ["{SECRETARIAT}"]', 'contacts = "daily"')
    site.put("a.xlsx", book(plan=of(EVA, "Eva")))
    area = {"Boligområde": "Nøjsomhed"}
    site.put("b.xlsx", book(plan=of("eva@elsewhere.dk", "Eva", "NOEJ-2025", **area)))
    site.sync()
    text = text_of(only(inbox.to(SECRETARIAT)))
    unheard = text.partition("Planer, hvis kontaktperson ikke kan få mail")[2]
    assert "NOEJ-2025" in unheard
    assert "VAP-2025" not in unheard


def test_a_weekly_mail_that_was_missed_is_made_up_for(site: Site, inbox: Inbox) -> None:
    configure(site, inbox, f'secretariat = ["{SECRETARIAT}"]')
    site.put("a.xlsx", book())
    site.sync(TODAY)
    inbox.emptied()
    site.sync(TODAY + 9 * DAY)
    assert len(inbox.emptied()) == 1
    site.sync(TODAY + 10 * DAY)
    assert inbox.mails == []
    site.sync(TODAY + 14 * DAY)
    assert len(inbox.mails) == 1


def test_operators_are_told_of_an_absent_share_once(site: Site, inbox: Inbox) -> None:
    configure(site, inbox, f'operators = ["{OPERATOR}"]')
    site.put("a.xlsx", book())
    site.sync()
    assert inbox.mails == []
    site.sheets.rename(site.root / "away")
    for day in range(1, 8):
        site.sync(TODAY + day * DAY)
    mail = only(inbox.emptied())
    assert mail["Subject"] == "Helhedsplan-kontrollen: 1 nyt problem"
    assert "findes ikke eller kan ikke nås" in text_of(mail)
    (site.root / "away").rename(site.sheets)
    site.sync(TODAY + 8 * DAY)
    site.sheets.rename(site.root / "away")
    site.sync(TODAY + 9 * DAY)
    assert len(inbox.mails) == 1, "it had been well in between"


def test_a_workbook_that_is_open_is_no_matter_for_operators_at_first(
    site: Site, inbox: Inbox
) -> None:
    configure(site, inbox, f'operators = ["{OPERATOR}"]')
    site.put("a.xlsx", book(cells=WRONG))
    (site.sheets / "~$a.xlsx").write_bytes(b"")
    assert site.sync().problems
    assert inbox.mails == []
    site.sync(TODAY + DAY)
    assert "a.xlsx: " in text_of(only(inbox.mails))


def test_a_dry_run_prints_the_mails_and_remembers_nothing(told: Site, inbox: Inbox) -> None:
    told.sync(TODAY - DAY)
    inbox.emptied()
    mended(told, "a.xlsx", "Indsatser", "I3", "ca. 7")
    before = told.everything()
    answer = told.command("digest", "--dry-run", "--today", TODAY.isoformat())
    assert answer.code == 0
    assert f"To: {EVA}\nSubject: VAP-2025: 1 ting, du skal se på" in answer.out
    assert "1 mails; nothing was sent." in answer.out
    assert told.everything() == before
    assert inbox.mails == []


def test_digest_sends_what_is_due(told: Site, inbox: Inbox) -> None:
    assert told.command("digest", "--remember", "--today", TODAY.isoformat()).code == 0
    assert len(inbox.emptied()) == 1
    assert told.command("digest", "--remember", "--today", TODAY.isoformat()).code == 0
    told.sync()
    assert inbox.mails == []


def test_digest_without_a_server_is_a_wrong_call(site: Site) -> None:
    site.put("a.xlsx", book())
    assert site.command("digest").code == 2


def test_no_address_stands_in_the_tables_of_what_was_told(told: Site, inbox: Inbox) -> None:
    told.sync()
    answer = told.command("history export")
    assert "@" not in answer.out


def test_the_service_tells_of_runs_that_fail_once(site: Site, inbox: Inbox) -> None:
    configure(site, inbox, f'operators = ["{OPERATOR}"]')
    site.put("a.xlsx", book())
    at = datetime(2026, 11, 23, 8, tzinfo=COPENHAGEN)
    watch = FailureWatch(site.settings(), lambda: at)
    watch.ended(2, at)
    watch.ended(2, at)
    mail = only(inbox.emptied())
    assert "Der er fejl i indstillingerne." in text_of(mail)
    with History(site.settings().state, writes=False) as history:
        assert history.notes.interrupted_reported_at == at
    site.sync()
    watch.ended(3, at)
    assert inbox.mails == [], "the run came to its end, and has told what went wrong"
    watch.ended(1, at + DAY)
    assert "kode 1" in text_of(only(inbox.mails))


def no_server(site: Site, inbox: Inbox) -> None:
    configure(site, inbox, 'contacts = "daily"')
    text = site.config.read_text().replace(f"port = {inbox.port}", "port = 1")
    site.config.write_text(text)


def unknown_certificate(site: Site, inbox: Inbox) -> None:
    text = site.config.read_text().replace(str(inbox.certificate), "")
    site.config.write_text(text)


def wrong_password(site: Site, inbox: Inbox) -> None:
    (site.root / "password").write_text("forkert")


def no_password(site: Site, inbox: Inbox) -> None:
    text = site.config.read_text().replace('password_file = "password"', "")
    site.config.write_text(text)


def no_password_file(site: Site, inbox: Inbox) -> None:
    (site.root / "password").unlink()


def open_password_file(site: Site, inbox: Inbox) -> None:
    (site.root / "password").chmod(0o644)


def nobody_to_tell(site: Site, inbox: Inbox) -> None:
    configure(site, inbox)


@pytest.mark.parametrize(
    ("breaks", "cause", "remedy"),
    [
        (no_server, "Mailserveren localhost kan ikke nås", "does the firewall let port 1 through"),
        (unknown_certificate, "certifikat", "certificate_file"),
        (wrong_password, "afviser brugeren eller adgangskoden", "the password in [mail]"),
        (no_password, "there is a user (kontrol) and no password", "HELHEDSPLAN_MAIL_PASSWORD"),
        (no_password_file, "the password cannot be read from", "chmod 600"),
        (open_password_file, "others can read the password", "chmod 600"),
        (nobody_to_tell, "nobody to be told", "mail.operators"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_the_doctor_names_what_is_wrong_with_the_mail(
    told: Site,
    inbox: Inbox,
    breaks: Callable[[Site, Inbox], None],
    cause: str,
    remedy: str,
) -> None:
    told.command("sync")
    assert told.command("doctor").code == 0
    breaks(told, inbox)
    answer = told.command("doctor")
    assert answer.code == 3
    lines = answer.out.splitlines()
    assert any(
        line.startswith("MEND  mail: ") and cause in line and remedy in lines[number + 1]
        for number, line in enumerate(lines)
    ), answer.out


def test_a_secret_stands_in_no_list_of_processes(told: Site, inbox: Inbox) -> None:
    answer = process("sync", "--config", told.config, env={"HELHEDSPLAN_MAIL_PASSWORD": PASSWORD})
    assert PASSWORD not in answer.out + answer.err
    for file in told.state.rglob("*"):
        if file.is_file():
            assert PASSWORD.encode() not in file.read_bytes()
