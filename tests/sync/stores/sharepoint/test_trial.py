"""`doctor --try`: what the service does is told and written down, and nothing is left behind."""

from __future__ import annotations

import pytest

from sync.stores.sharepoint.graph import Graph, session_to
from sync.stores.sharepoint.library import Library
from sync.stores.sharepoint.sign_in import SignIn
from sync.stores.sharepoint.trial import tried
from tests.sync.stores.sharepoint.helpers import SharePointSite
from tests.sync.stores.sharepoint.race import quick

RIGHT = [
    "try tag: the tag of a new content is told after 0 s",
    "try versions: 2 versions, 2 with an application",
    "try if-match: an upload with an old tag is refused",
    "try if-match: a removal with an old tag is refused",
    "try lock: a workbook that is open is refused",
    "try lock: a workbook that is closed again is taken",
]


def lines(site: SharePointSite) -> list[str]:
    """What a trial says, with somebody who opens and closes the workbook."""
    settings = site.settings()

    def ask(what: str) -> bool:
        (item,) = [one for one in site.server.library.items.values() if "-try-" in one.name]
        item.opened_by = "Mette Holm" if what.startswith("Open") else ""
        return True

    (source,) = settings.sources
    with session_to(settings.sharepoint.address) as session:
        patience = quick()
        identity = SignIn(settings.sharepoint, session, patience)
        library = Library(Graph(identity, session, patience), source)  # type: ignore[arg-type]  # it is one
        return [f"{one.subject}: {one.says}" for one in tried(library, ask, wait=0)]


@pytest.mark.parametrize("guards_commit", [True, False])
def test_each_assumption_is_tried(guards_commit: bool, site: SharePointSite) -> None:
    site.server.guards_commit = guards_commit

    said = lines(site)

    assert [line for line in RIGHT if line not in said] == []
    commit = "not replaced" if guards_commit else "it is replaced, and stands among"
    assert any(commit in line for line in said if line.startswith("try commit"))
    assert any("became" in line for line in said if line.startswith("try bytes"))
    assert "try workbook/names: refused; " in " ".join(said)
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

    assert (
        "try versions: 2 versions, 0 with an application\n      → The newest version counts" in said
    )
