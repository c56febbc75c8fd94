"""`doctor --try`: what the service does is told and written down, and nothing is left behind."""

from __future__ import annotations

from contextlib import closing

import pytest

from sync.stores.sharepoint.diagnosis import tried
from sync.stores.sharepoint.graph import Graph, Http
from sync.stores.sharepoint.library import Library
from sync.stores.sharepoint.sign_in import SignIn
from tests.graph_server.tokens import CLIENT_ID
from tests.sync.stores.sharepoint.helpers import SharePointSite
from tests.sync.stores.sharepoint.race import quick

RIGHT = [
    "a checksum is told, and is that of the content: yes",
    "the tag of a new content is told within 90 s: yes (after 0 s)",
    "versions tell which application made them: yes (3 of 3)",
    "an upload with an old tag is refused: yes",
    "a removal with an old tag is refused: yes",
    "a workbook that is open is refused: yes",
    "a workbook that is closed again is taken: yes",
    "an application may use the cells of a workbook: not as expected (Forbidden",
]


def lines(site: SharePointSite) -> list[str]:
    """What a trial says, with somebody who opens and closes the workbook."""
    settings = site.settings()

    def ask(what: str) -> bool:
        (item,) = [one for one in site.server.library.items.values() if "-try-" in one.name]
        item.opened_by = "Mette Holm" if what.startswith("Open") else ""
        return True

    (source,) = settings.sources
    with closing(Http(settings.sharepoint.address, quick())) as http:
        graph = Graph(SignIn(settings.sharepoint, http).token, http)
        library = Library(graph, source, CLIENT_ID)  # type: ignore[arg-type]  # it is one
        return [f"{one.subject}: {one.says}" for one in tried(library, ask)]


@pytest.mark.parametrize("guards_commit", [True, False])
def test_each_assumption_is_tried(guards_commit: bool, site: SharePointSite) -> None:
    site.server.guards_commit = guards_commit

    said = lines(site)

    told = "\n".join(said)
    assert [line for line in RIGHT if line not in told] == []
    guarded = "yes" if guards_commit else "no"
    assert f"what is saved during an upload is not replaced: {guarded}" in told
    assert "the bytes of a workbook stay as they were sent: no (" in told
    assert site.files() == []


def test_the_record_holds_no_names_and_no_keys(site: SharePointSite) -> None:
    record = site.command("doctor", "--try", "1").out

    keys = [*site.server.tokens.given, *site.server.session_keys, *site.server.handed_out]
    names = ["contoso", "Helhedsplaner", "Planer", "sharepoint.com", "tempauth", "Bearer"]
    assert [one for one in [*keys, *names] if one in record] == []
    said = "exchange: verb POST, what createUploadSession, if-match True, status 412"
    assert said in record
    assert "nobody answers" in record
    assert site.files() == []


def test_a_source_with_nothing_to_try(site: SharePointSite) -> None:
    answer = site.command("doctor", "--try", "sheets")

    assert (answer.code, "sheets: name a source in SharePoint" in answer.out) == (3, True)


def test_what_is_otherwise_says_what_it_means(site: SharePointSite) -> None:
    site.server.tells_applications = False

    said = site.command("doctor", "--try", "1").out

    assert "made them: no (0 of 3)\n      → The newest version counts" in said
