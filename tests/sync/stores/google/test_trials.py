"""`helhedsplan doctor --try`: what the store rests on, tried on a scratch spreadsheet."""

from __future__ import annotations

import json

from tests.loopback import Answer, Request
from tests.sync.helpers import CPR
from tests.sync.stores.google.helpers import GoogleSite


def test_every_assumption_holds_here_and_nothing_is_left(site: GoogleSite) -> None:
    scratch = site.server.make_spreadsheet("Prøve")
    before = [sheet.title for sheet in site.server.book(scratch).sheets]

    answer = site.command(
        "doctor", "--try", f"https://docs.google.com/spreadsheets/d/{scratch}/edit"
    )

    assert (answer.code, "MEND" in answer.out) == (0, False), answer.out
    assert answer.out.count(": yes") == 12
    assert [sheet.title for sheet in site.server.book(scratch).sheets] == before
    key = json.loads(site.key_file.read_text(encoding="utf-8"))
    for secret in (scratch, key["private_key_id"], key["client_email"], CPR):
        assert secret not in answer.out


def test_what_does_not_hold_says_what_it_means(site: GoogleSite) -> None:
    """As if Google did not look for blank cells, and took a mark with an id that is taken."""
    scratch = site.server.make_spreadsheet("Prøve")
    answer = site.server.answer

    def otherwise(request: Request) -> Answer | None:
        content = request.content.replace(b'"find": "^\\\\s*$"', b'"find": "nothing"')
        return answer(Request(request.verb, request.path, request.query, request.headers, content))

    site.server.answer = otherwise  # type: ignore[method-assign]
    said = site.command("doctor", "--try", scratch)

    assert said.code == 3
    assert "blank cells are found and filled: no" in said.out
    assert "→ New rows, and first runs, cost one more request" in said.out


def test_a_spreadsheet_that_is_not_empty_is_left_alone(site: GoogleSite) -> None:
    plan = site.server.make_spreadsheet("Plan", {"Plan": [["Plan-id"]]})

    said = site.command("doctor", "--try", plan)

    assert (said.code, "not empty" in said.out) == (3, True)
    assert len(site.server.book(plan).sheets) == 1


def test_a_spreadsheet_in_the_bin_is_told(site: GoogleSite) -> None:
    scratch = site.server.make_spreadsheet("Prøve")
    site.server.world.files[scratch].trashed = True

    assert "Drive tells of the bin: yes" in site.command("doctor", "--try", scratch).out
