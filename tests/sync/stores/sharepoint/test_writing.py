"""What is written replaces only what was read, and nothing of anybody's is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.graph_server import GraphServer
from tests.graph_server.faults import Fault
from tests.graph_server.model import identity
from tests.sync.helpers import book
from tests.sync.stores.sharepoint.helpers import SharePointSite, once
from tests.sync.stores.sharepoint.race import Race

NAME = "Vapnagaard.xlsx"
SIDE = "Vapnagaard – advarsler.xlsx"
SLIP = {"Indsatser!I2": "'ca. 5"}
EDITED = {"Indsatser!I2": "'ca. 5", "Indsatser!I3": "'ca. 6"}
CHANGED = "Regnearket blev ændret under kontrollen. Næste kontrol skriver."
JUST_SAVED = "Regnearket er lige blevet gemt. Næste kontrol læser det."
ANOTHER = (
    "SharePoint gav en anden udgave end den, der er gemt. Næste kontrol prøver igen. "
    "Bliver det ved, så bed it-afdelingen se på filens følsomhedsmærke."
)
OPEN = (
    "Regnearket er åbent hos en kollega. Når det er lukket, skriver næste kontrol. "
    f"Advarslerne står i »{SIDE}«."
)


@pytest.mark.parametrize(("guards_commit", "tells"), [(True, True), (False, True), (False, False)])
@pytest.mark.parametrize(
    ("verb", "part"),
    [("GET", "content"), ("GET", "download"), ("POST", "createUploadSession"),
     ("PUT", "uploadSession"), ("GET", "versions")],
)  # fmt: skip
def test_what_is_saved_at_any_moment_stands_there_in_the_end(
    *, verb: str, part: str, guards_commit: bool, tells: bool, server: GraphServer, tmp_path: Path
) -> None:
    server.tells_applications, server.guards_commit = tells, guards_commit
    race = Race(server, tmp_path)
    race.begin(SLIP)
    once(server, verb, part, race.save)

    first = race.run()

    assert race.words
    assert len(first.problems) == (part != "versions")
    assert list(race.settle()) == []


def test_what_was_replaced_and_opened_since_is_told(site: SharePointSite) -> None:
    site.server.guards_commit = False
    site.lay(NAME, book(cells=SLIP))
    once(site.server, "PUT", "uploadSession", lambda: _saved_and_opened(site))

    (problem,) = site.sync().problems

    assert re.fullmatch(r"En kollegas ændring kl\. [\d:]+ blev erstattet\. Hent den igen .*",
                        problem[1])  # fmt: skip
    held = [one.content for one in site.server.item(f"Planer/{NAME}").versions]
    assert book(cells=EDITED) in held


def _saved_and_opened(site: SharePointSite) -> None:
    site.lay(NAME, book(cells=EDITED))
    once(site.server, "GET", "versions", lambda: site.open(NAME))


@pytest.mark.parametrize("fault", [Fault.BROKEN_AFTER, Fault.INTERNAL_AFTER, Fault.CUT_SHORT])
@pytest.mark.parametrize("tells", [True, False], ids=["named", "not named"])
def test_an_upload_whose_answer_was_lost_is_not_repeated(
    fault: Fault, tells: bool, site: SharePointSite
) -> None:
    site.server.tells_applications = tells
    site.lay(NAME, book(cells=SLIP))
    once(site.server, "PUT", "uploadSession", lambda: site.server.faults.at(1, fault))

    problems = site.sync().problems

    assert problems == ([] if tells else [(NAME, CHANGED)])
    assert site.kinds()["upload"] == 1
    assert site.sync(hour=9).written == []


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.INTERNAL, Fault.GATEWAY_PAGE])
def test_an_upload_that_broke_off_is_resumed(fault: Fault, site: SharePointSite) -> None:
    site.lay(NAME, book(cells=SLIP))
    once(site.server, "PUT", "uploadSession", lambda: site.server.faults.at(1, fault))

    assert site.sync().problems == []

    assert site.kinds()["upload"] == 2
    assert site.kinds()["session"] == 1
    assert len(site.server.item(f"Planer/{NAME}").versions) == 2


def test_a_session_that_cannot_be_finished_is_called_off(site: SharePointSite) -> None:
    site.lay(NAME, book(cells=SLIP))
    once(site.server, "PUT", "uploadSession", lambda: site.open(NAME))

    assert site.sync().problems == [(NAME, OPEN)]

    assert site.server.sessions == {}


def test_a_large_workbook_goes_in_pieces(
    site: SharePointSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.stores.sharepoint.graph.PIECE", 327_680)
    noise = "".join(chr(33 + n * n % 7919 % 90) for n in range(32_000))
    tabs = {f"Noter {n}": [[noise[n * k % 999 :] for k in range(9)]] for n in range(40)}
    site.lay(NAME, book(cells=SLIP, tabs=tabs))
    assert len(site.bytes_of(NAME)) > 327_680

    assert site.sync().problems == []

    assert site.kinds()["upload"] > 1
    assert site.control(NAME, "Indsatser")[2].startswith("FEJL Budget")


@pytest.mark.parametrize("says_session", [False, True])
def test_an_open_workbook_has_its_findings_beside_it_until_it_is_closed(
    says_session: bool, site: SharePointSite
) -> None:
    site.lay(NAME, book(cells=SLIP))
    site.server.item(f"Planer/{NAME}").lock_says_session = says_session
    site.open(NAME)

    assert site.sync().problems == [(NAME, OPEN)]
    assert site.files() == [SIDE, NAME]
    before = site.server.item(f"Planer/{SIDE}").guard
    assert site.sync(hour=9).problems == [(NAME, OPEN)]
    assert site.server.item(f"Planer/{SIDE}").guard == before

    site.open(NAME, "")
    assert site.sync(hour=10).written == [NAME]
    assert site.files() == [NAME]


def test_a_checked_out_workbook_is_said_to_be(site: SharePointSite) -> None:
    site.lay(NAME, book(cells=SLIP))
    site.server.item(f"Planer/{NAME}").checked_out_by = "Mette Holm"

    ((_, problem),) = site.sync().problems

    assert problem.startswith("Regnearket er tjekket ud hos en kollega.")
    assert SIDE in site.files()


def test_a_label_that_forbids_it_needs_a_person(site: SharePointSite) -> None:
    site.lay(NAME, book(cells=SLIP))
    site.server.item(f"Planer/{NAME}").refuses = (403, "accessDenied")

    ((_, problem),) = site.sync().problems

    assert problem.startswith("SharePoint tillader det ikke (accessDenied).")
    assert SIDE in site.files()


def test_a_side_workbook_that_somebody_wrote_in_stays(site: SharePointSite) -> None:
    site.lay(NAME, book(cells=SLIP))
    site.open(NAME)
    site.sync()
    noted = book(cells={"Plan!B4": "min note"})
    site.lay(SIDE, noted)
    site.open(NAME, "")

    site.sync(hour=9)

    assert site.bytes_of(SIDE) == noted


@pytest.mark.parametrize("tells", ["at once", "never"])
@pytest.mark.parametrize(("seconds", "says"), [(1, JUST_SAVED), (100_000, ANOTHER)])
def test_a_content_that_the_service_holds_back_is_not_taken(
    seconds: int, says: str, tells: str, site: SharePointSite
) -> None:
    """The tags tell of an edit, the content is still the one before: docs-contrib#9315."""
    site.server.tells_checksums = tells  # type: ignore[assignment]
    site.lay(NAME, book(cells=SLIP))
    site.server.tick(100_000)
    site.sync()
    site.lay(NAME, book(cells=EDITED))
    site.server.tick(seconds)
    once(site.server, "GET", "content", lambda: site.server.faults.at(1, Fault.STALE))

    assert site.sync(hour=9).problems == [(NAME, says)]
    site.server.tick(200)
    assert site.sync(hour=10).written == [NAME]
    assert site.control(NAME, "Indsatser")[3].startswith("FEJL Budget")


def test_what_is_told_of_no_checksum_is_read_once_it_has_stood_for_a_while(
    site: SharePointSite,
) -> None:
    site.server.tells_checksums = "never"
    site.lay(NAME, book(cells=SLIP))

    assert site.sync().problems == [(NAME, JUST_SAVED)]
    assert site.bytes_of(NAME) == book(cells=SLIP)

    site.server.tick(200)
    assert site.sync(hour=9).written == [NAME]
    site.server.tick(200)
    assert (site.sync(hour=10).written, site.sync(hour=11).read) == ([], 0)


def test_without_a_checksum_an_edit_during_the_download_is_seen_by_the_tag(
    site: SharePointSite,
) -> None:
    site.server.tells_checksums = "never"
    site.lay(NAME, book(cells=SLIP))
    site.server.tick(200)
    once(site.server, "GET", "download", lambda: site.lay(NAME, book(cells=EDITED)))

    assert site.sync().problems == [(NAME, JUST_SAVED)]
    assert site.bytes_of(NAME) == book(cells=EDITED)


def test_a_checksum_that_is_told_once_the_file_was_downloaded_is_asked_for(
    site: SharePointSite,
) -> None:
    site.server.tells_checksums = "once downloaded"
    site.lay(NAME, book(cells=SLIP))

    assert site.sync().written == [NAME]


def test_the_version_of_somebody_else_in_between_is_put_back_by_their_name(
    site: SharePointSite,
) -> None:
    site.server.guards_commit = False
    site.lay(NAME, book(cells=SLIP))
    once(site.server, "PUT", "uploadSession", lambda: site.lay(NAME, book(cells=EDITED)))

    assert site.sync().problems == [(NAME, CHANGED)]

    versions = site.server.item(f"Planer/{NAME}").versions
    assert versions[-1].content == book(cells=EDITED)
    assert [one.by == identity("Mette Holm") for one in versions] == [True, True, False, False]


@pytest.mark.parametrize("tells", [True, False])
def test_what_is_saved_while_another_version_is_put_back_is_told(
    *, tells: bool, site: SharePointSite
) -> None:
    site.server.guards_commit, site.server.tells_applications = False, tells
    site.lay(NAME, book(cells=SLIP))

    def save_twice() -> None:
        site.lay(NAME, book(cells=EDITED))
        once(site.server, "POST", "restoreVersion", lambda: site.lay(NAME, book()))

    once(site.server, "PUT", "uploadSession", save_twice)

    ((_, problem),) = site.sync().problems

    assert re.match(r"En kollegas ændring kl\. \d\d:00:04 blev erstattet\.", problem)
    versions = site.server.item(f"Planer/{NAME}").versions
    assert [one.content for one in versions[-2:]] == [book(), book(cells=EDITED)]
