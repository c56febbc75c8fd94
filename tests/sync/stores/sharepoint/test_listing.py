"""What lies in a library is listed and read as what lies in a folder."""

from __future__ import annotations

from typing import Any

import pytest

from tests.graph_server.faults import Fault
from tests.graph_server.model import Library, identity
from tests.sync.helpers import DAY, Site, book, overview_of
from tests.sync.stores.sharepoint.helpers import SharePointSite

NAME = "Vapnagaard.xlsx"
ODD = {"Tom.xlsx": b"", "Ark.ods": b"x", "Gammel.xls": b"\xd0\xcf\x11\xe0", "Noter.txt": b"x"}


def found(site: Site) -> tuple[list[Any], list[Any]]:
    """The states of the workbooks, and what `check` finds in them."""
    told = site.check().json
    states = [(one["name"], one["plan_id"], one["status"]) for one in told["workbooks"]]
    return states, [(one["workbook"], one["code"], one["message"]) for one in told["findings"]]


def test_the_same_is_said_of_odd_files_as_in_a_folder(site: SharePointSite) -> None:
    folder = Site(site.root / "folder")
    for name, content in {**ODD, NAME: book(), "Syd/Plan.xlsx": book()}.items():
        site.lay(name, content)
        folder.put(name, content)
    for name in ("~$Vapnagaard.xlsx", ".skjult.xlsx"):
        site.lay(name, book())
        folder.put(name, book())

    assert found(site) == found(folder)


def test_shortcuts_are_named_and_not_followed(site: SharePointSite) -> None:
    site.lay(NAME, book())
    site.server.put("Planer/Andre planer", b"", is_shortcut=True)

    assert site.sync().problems == [
        ("Andre planer", "Det er en genvej. Læg selve filen eller mappen her.")
    ]


def test_a_workbook_that_is_too_large_is_not_fetched(site: SharePointSite) -> None:
    site.configure_sharepoint(sections="[reading]\npacked_megabytes = 1")
    site.lay(NAME, b"PK" + bytes(1_100_000))

    states, findings = found(site)

    assert [state for *_, state in states] == ["unreadable"]
    assert findings[0][1] == "STR-03"
    assert site.kinds()["download"] == 0


def test_one_that_may_be_a_side_workbook_and_cannot_be_fetched_stops_no_other(
    site: SharePointSite,
) -> None:
    site.server.tells_checksums = "never"
    site.lay(NAME, book(cells={"Indsatser!I2": "'ca. 5"}))
    site.server.tick(200)
    site.lay("Kopi – advarsler.xlsx", book())

    result = site.sync()

    assert result.written == [NAME]
    assert result.problems == [
        ("Kopi – advarsler.xlsx", "Regnearket er lige blevet gemt. Næste kontrol læser det.")
    ]


@pytest.mark.parametrize("refusal", [(403, "accessDenied"), (404, "itemNotFound")])
def test_a_folder_inside_that_cannot_be_opened_stops_no_other(
    refusal: tuple[int, str], site: SharePointSite
) -> None:
    site.lay(NAME, book(cells={"Indsatser!I2": "'ca. 5"}))
    site.lay("Syd/Plan.xlsx", book(plan={"Plan-id": "SYD-2026"}))
    site.server.item("Planer/Syd").refuses = refusal

    result = site.sync()

    assert result.written == [NAME]
    assert result.problems == [("Syd", "Mappen kan ikke åbnes. Giv kontrollen adgang.")]


def test_many_workbooks_come_by_pages(site: SharePointSite) -> None:
    site.server.page_size = 2
    for number in range(5):
        site.lay(f"Plan {number}.xlsx", book(plan={"Plan-id": f"P-{number}"}))

    assert len(site.check().json["workbooks"]) == 5
    assert site.kinds()["list"] == 3


def test_a_workbook_that_is_renamed_moved_or_deleted(site: SharePointSite) -> None:
    site.lay(NAME, book())
    site.sync()
    item = site.server.item(f"Planer/{NAME}")

    item.name, item.parent = "Andet navn.xlsx", site.server.folder("Planer/Syd")
    moved = overview_of(site.sync(hour=9))
    site.server.drop("Planer/Syd/Andet navn.xlsx")
    gone = overview_of(site.sync(hour=10))

    assert {book.path for book in moved.books} == {NAME, "Syd/Andet navn.xlsx"}
    assert {book.path for book in gone.books} == {NAME, "Syd/Andet navn.xlsx"}
    assert not gone.plans


def test_a_workbook_that_goes_away_during_the_run_is_the_next_runs(site: SharePointSite) -> None:
    site.lay(NAME, book())

    def staff(request: Any) -> None:
        if request.path.endswith("/content"):
            site.server.staff = None
            site.server.drop(f"Planer/{NAME}")

    site.server.staff = staff

    assert site.sync().problems == [(NAME, "Filen forsvandt under kontrollen.")]


def test_several_sources_of_any_kind(site: SharePointSite) -> None:
    other = Library("Arkiv", f"{site.server.site}/Arkiv")
    site.server.libraries[other.id] = other
    site.lay(NAME, book())
    site.put("Nøjsomhed.xlsx", book(plan={"Boligområde": "Nøjsomhed", "Plan-id": "N-1"}))
    library = f'[[sources]]\nkind = "sharepoint"\nsite = "{site.server.site}"\nlibrary = "arkiv"\n'
    site.configure_sharepoint(more=f'{library}[[sources]]\nkind = "excel"\nfolder = "sheets"')

    assert site.sync().written == [f"Planer/{NAME}", "sheets/Nøjsomhed.xlsx"]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ('library = "Findes ikke"', "Biblioteket Findes ikke findes ikke på webstedet. Der er: "
         "Dokumenter."),
        ("", "Mappen Planer findes ikke eller kan ikke nås."),
    ],
)  # fmt: skip
def test_a_library_or_folder_that_is_not_there(
    source: str, says: str, site: SharePointSite
) -> None:
    site.server.library.items.clear()
    site.configure_sharepoint(source)

    assert says in site.command("check", "--today", DAY).out


def test_a_nested_source_is_refused(site: SharePointSite) -> None:
    inner = f'[[sources]]\nkind = "sharepoint"\nsite = "{site.server.site}"\nfolder = "Planer/Syd"'
    site.configure_sharepoint(more=inner)

    answer = site.command("check")

    assert (answer.code, "sources.1.folder: lies in another source" in answer.err) == (2, True)


def test_what_is_listed_as_a_side_workbook_costs_no_download(site: SharePointSite) -> None:
    site.lay(NAME, book(cells={"Indsatser!I2": "'ca. 5"}))
    site.open(NAME)
    site.sync()
    site.open(NAME, "")
    site.server.item(f"Planer/{NAME}").by = identity("Mette Holm")
    site.forget()

    states, _ = found(site)

    assert [name for name, *_ in states] == [NAME]
    assert site.kinds()["download"] == 1


def test_tokens_go_to_graph_alone_and_are_told_to_nobody(site: SharePointSite) -> None:
    site.configure_sharepoint(sections='[monitoring]\nlog_folder = "log"')
    site.lay(NAME, book(cells={"Indsatser!I2": "'ca. 5"}))
    site.server.faults.on("uploadSession", Fault.INTERNAL)

    answer = site.command("sync", "--remember", "--today", DAY)

    keys = [*site.server.tokens.given, *site.server.handed_out, *site.server.session_keys]
    files = [one.read_bytes() for one in site.root.rglob("*") if one.is_file()]
    told = [(answer.out + answer.err).encode(), *files]
    assert answer.code == 3
    assert any(b"request-id" in one for one in told)
    assert [key for key in keys if any(key.encode() in one for one in told)] == []
    assert len(keys) == 3
    signed = {one.path.split("/")[1] for one in site.server.asked if "authorization" in one.headers}
    assert signed == {"v1.0"}
