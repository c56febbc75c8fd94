"""What holds of a store whatever it is: one list of tests for folders, Google and SharePoint."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from rules.text.job_texts import COMMENT
from sync.overview.model import BookState
from tests.certificates import write_certificate
from tests.google_server import GoogleServer
from tests.google_server.keys import write_key_file
from tests.graph_server import GraphServer
from tests.sync.helpers import Site, book, overview_of, saved
from tests.sync.stores.google.helpers import GoogleSite, texts_of
from tests.sync.stores.sharepoint.helpers import SharePointSite

SLIPS = {"Indsatser!I2": "'ca. 5", "Indsatser!G3": "'31-06-2026", "Plan!B4": "Vapnagård Nord"}
OTHER = {"Boligområde": "Nøjsomhed", "Plan-id": "NØJ-2026"}
WAIVERS = "Undtagelser"


@dataclass(frozen=True)
class Kept:
    """A place of workbooks, each known by its name without an ending; Undtagelser among them."""

    site: Site
    lay: Callable[[str, bytes], object]
    kontrol: Callable[[str, str], dict[int, str]]
    page: Callable[[str], Iterable[Iterable[str]]]
    type_in: Callable[[str, str, str, str], object]
    drop: Callable[[str], object]

    def comments(self, name: str) -> list[str]:
        """What the tab Advarsler shows of the secretariat's comments."""
        texts = [str(text) for row in self.page(name) for text in row]
        return [text for text in texts if text.startswith(COMMENT)]

    def findings(self) -> list[tuple[object, ...]]:
        found = self.site.check().json["findings"]
        return [(f["code"], f["tab"], f["cell"], f["column"], f["message"]) for f in found]


@pytest.fixture(params=["folder", "google", "sharepoint"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    yield from {"folder": in_folder, "google": in_google, "sharepoint": in_sharepoint}[
        request.param
    ](tmp_path)


def in_folder(root: Path) -> Iterator[Kept]:
    site = Site(root / "site")

    def type_in(name: str, tab: str, cell: str, text: str) -> None:
        file = (site.root if name == WAIVERS else site.sheets) / f"{name}.xlsx"
        file.write_bytes(typed(file.read_bytes(), tab, cell, text))

    yield Kept(
        site, lambda name, data: site.put(f"{name}.xlsx", data),
        lambda name, tab: site.control(f"{name}.xlsx", tab),
        lambda name: site.page(f"{name}.xlsx"), type_in,
        lambda name: (site.sheets / f"{name}.xlsx").unlink(),
    )  # fmt: skip


def in_google(root: Path) -> Iterator[Kept]:
    key_file = write_key_file(root / "key.json")
    with GoogleServer(key_file) as server:
        site = GoogleSite(root / "site", server=server, key_file=key_file)
        ids = {WAIVERS: server.make_spreadsheet(WAIVERS)}
        site.configure_google(sections=f'[waivers]\nspreadsheet = "{ids[WAIVERS]}"')

        def lay(name: str, data: bytes) -> None:
            ids[name] = site.spreadsheet(name, data)

        yield Kept(
            site, lay, lambda name, tab: site.kontrol(ids[name], tab),
            lambda name: [texts_of(site.tab(ids[name], "Advarsler")).values()],
            lambda name, *where: site.type_in(ids[name], *where),
            lambda name: server.delete(ids[name]),
        )  # fmt: skip


def in_sharepoint(root: Path) -> Iterator[Kept]:
    certificate = root / "sharepoint.pem"
    with GraphServer() as server:
        server.tokens.certificate = write_certificate(certificate)
        site = SharePointSite(root / "site", server=server, certificate=certificate)
        site.configure_sharepoint(sections=f'[waivers]\nsharepoint = "{WAIVERS}.xlsx"')
        server.folder("Planer")

        def type_in(name: str, tab: str, cell: str, text: str) -> None:
            site.lay(f"{name}.xlsx", typed(site.bytes_of(f"{name}.xlsx"), tab, cell, text))
            server.tick(3600)

        yield Kept(
            site, lambda name, data: site.lay(f"{name}.xlsx", data),
            lambda name, tab: site.control(f"{name}.xlsx", tab),
            lambda name: site.page(f"{name}.xlsx"), type_in,
            lambda name: server.drop(f"Planer/{name}.xlsx"),
        )  # fmt: skip


def typed(data: bytes, tab: str, cell: str, text: str) -> bytes:
    """The workbook after somebody typed a text into a cell."""
    workbook: Any = openpyxl.load_workbook(io.BytesIO(data))
    workbook[tab][cell].value = text
    return saved(workbook)


def names(paths: Any) -> list[str]:
    return sorted(path.removesuffix(".xlsx") for path in paths)


def test_the_same_is_found_and_shown(kept: Kept, tmp_path: Path) -> None:
    folder = next(in_folder(tmp_path / "folder"))
    for one in (kept, folder):
        one.lay("Vapnagaard", book(cells=SLIPS))
        one.site.sync()

    assert kept.findings() == folder.findings() != []
    for tab in ("Plan", "Indsatser", "Finansiering"):
        assert kept.kontrol("Vapnagaard", tab) == folder.kontrol("Vapnagaard", tab) != {}


def test_what_is_unchanged_is_neither_read_nor_written(kept: Kept) -> None:
    kept.lay("Vapnagaard", book(cells=SLIPS))
    kept.lay("Nøjsomhed", book(plan=OTHER))
    assert names(kept.site.sync().written) == ["Nøjsomhed", "Vapnagaard"]
    kept.site.age()
    kept.site.sync(hour=9)

    third = kept.site.sync(hour=10)

    assert (third.read, list(third.written), third.problems) == (0, [], [])


def test_what_somebody_changed_is_read_and_written_alone(kept: Kept) -> None:
    kept.lay("Vapnagaard", book())
    kept.lay("Nøjsomhed", book(plan=OTHER))
    kept.site.sync()
    kept.site.age()
    kept.site.sync(hour=9)

    kept.type_in("Vapnagaard", "Indsatser", "I3", "ca. 5")

    assert names(kept.site.sync(hour=10).written) == ["Vapnagaard"]
    assert kept.kontrol("Vapnagaard", "Indsatser")[3].startswith("FEJL Budget")


def test_what_is_gone_is_missed(kept: Kept) -> None:
    kept.lay("Vapnagaard", book())
    kept.lay("Nøjsomhed", book(plan=OTHER))
    kept.site.sync()
    kept.drop("Nøjsomhed")

    overview = overview_of(kept.site.sync(hour=9))

    missing = [one.path for one in overview.books if one.state is BookState.MISSING]
    assert names(missing) == ["Nøjsomhed"]


def test_a_confirmation_is_void_once_something_has_changed(kept: Kept) -> None:
    signed = {"Bekræftet af": "Mette Holm", "Bekræftet den": "23-11-2026"}
    kept.lay("Vapnagaard", book(plan=signed))
    kept.site.sync()
    assert kept.kontrol("Vapnagaard", "Plan")[14] == "OK"
    kept.site.age()

    kept.type_in("Vapnagaard", "Finansiering", "F3", "450000")
    kept.site.sync(hour=9)

    said = kept.kontrol("Vapnagaard", "Plan")[14].split("\n")
    assert [one for one in said if "PLA-07" in one] == [
        "INFO Bekræftet den: Bekræftelsen den 23. november 2026 gælder ikke længere: "
        "Finansiering F3 er ændret siden. (PLA-07)"
    ]


def test_a_comment_stands_until_it_is_settled_and_counts_as_nothing(kept: Kept) -> None:
    kept.lay("Vapnagaard", book(cells=SLIPS))
    first = kept.site.sync()
    before, found = kept.kontrol("Vapnagaard", "Indsatser"), kept.findings()
    line = {"A4": "VAP-2025", "D4": "Indsatser", "E4": "3", "F4": "Husk bilaget.", "G4": "Lone"}
    for cell, text in line.items():
        kept.type_in(WAIVERS, "Bemærkninger", cell, text)

    told = kept.site.sync(hour=9)

    (comment,) = kept.comments("Vapnagaard")
    assert comment.startswith("SEKRETARIATET: Husk bilaget. (Lone)")
    after = kept.kontrol("Vapnagaard", "Indsatser")
    assert after == before | {4: f"{before[4]}\nSEKRETARIATET: Husk bilaget. (Lone)"}
    assert dict(told.counts) == dict(first.counts) != {}
    assert kept.findings() == found
    kept.site.age()
    assert kept.site.sync(hour=10).written == []

    kept.type_in(WAIVERS, "Bemærkninger", "I4", "ja")
    kept.site.sync(hour=11)

    assert kept.kontrol("Vapnagaard", "Indsatser") == before
    assert kept.comments("Vapnagaard") == []


def test_what_a_later_day_makes_of_it_is_written_though_nobody_changed_it(kept: Kept) -> None:
    kept.lay("Vapnagaard", book())
    kept.site.sync()
    assert kept.kontrol("Vapnagaard", "Milepæle")[3] == "OK"

    later = kept.site.sync(today=date(2027, 4, 10))

    assert later.problems == []
    assert kept.kontrol("Vapnagaard", "Milepæle")[3].startswith("ADVARSEL")
