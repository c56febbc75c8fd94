"""A zip file in memory whose members are not packed."""

from __future__ import annotations

import io
import zipfile

import pytest

from sync.xlsx.zip_package import Package
from sync.xlsx.zip_records import stored_zip


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"a.xml": b""},
        {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet0.xml": b"\0\xff" * 70_000},
        {"blåbær/æ.xml": "æøå".encode()},
    ],
    ids=["none", "an empty one", "two", "letters beyond ASCII"],
)
def test_other_readers_find_every_member(members: dict[str, bytes]) -> None:
    data = stored_zip((name, [content[:5], content[5:]]) for name, content in members.items())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == list(members)
        assert {name: archive.read(name) for name in archive.namelist()} == members
    package = Package(data)
    assert {name: package.read(name) for name in package.names} == members
