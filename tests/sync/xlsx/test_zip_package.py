"""The zip file: what is read, what is refused, and what a rewrite leaves alone."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from sync.xlsx.errors import Damage, PackageError, Reason, RefusedError
from sync.xlsx.zip_package import Limits, Package
from tests.sync.xlsx.books import changed_members, package_bytes, packed, records

CENTRAL = b"PK\x01\x02"
END = b"PK\x05\x06"


def patched(data: bytes, signature: bytes, offset: int, value: bytes, nth: int = 0) -> bytes:
    """Return `data` with bytes of the nth record of this signature overwritten."""
    at = -1
    for _ in range(nth + 1):
        at = data.index(signature, at + 1)
    return data[: at + offset] + value + data[at + offset + len(value) :]


def damage_of(data: bytes, limits: Limits | None = None) -> Damage:
    with pytest.raises(PackageError) as caught:
        Package(data, limits or Limits())
    assert str(caught.value).startswith(caught.value.damage)
    return caught.value.damage


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream.encode("utf-16-le")


@pytest.mark.parametrize(
    ("data", "damage"),
    [
        (b"", Damage.EMPTY),
        (b"Plan;Kontrol\n", Damage.NOT_A_WORKBOOK),
        (ole("EncryptedPackage"), Damage.PASSWORD_PROTECTED),
        (ole("Workbook"), Damage.OLD_FORMAT),
        (package_bytes()[:200], Damage.DAMAGED),
        (package_bytes()[:-30], Damage.DAMAGED),
        (package_bytes()[40:], Damage.DAMAGED),
        (patched(package_bytes(), CENTRAL, 0, b"XX"), Damage.DAMAGED),
        (patched(package_bytes(), END, 4, b"\1\0"), Damage.DAMAGED),
        (patched(package_bytes(), END, 12, b"\xff\xff\xff\x7f"), Damage.DAMAGED),
        (patched(package_bytes(), END, 8, b"\x07\0\x07\0"), Damage.DAMAGED),
        (patched(package_bytes(), CENTRAL, 24, b"\xff\xff\xff\x7f"), Damage.TOO_LARGE),
        (patched(package_bytes(), END, 8, b"\xd1\x07\xd1\x07"), Damage.TOO_LARGE),
    ],
)
def test_unreadable_files_say_why(data: bytes, damage: Damage) -> None:
    assert damage_of(data) is damage


BIG = packed({"a": b"x", "b": b"x", "c": b"x", "empty": b"", "big": bytes(2_000_000)})
BIG_RATIO = 2_000_000 // (len(records(BIG)["big"]) - 33)


@pytest.mark.parametrize(
    ("limits", "fits"),
    [
        (Limits(ratio=2_000, packed_bytes=len(BIG)), True),
        (Limits(ratio=2_000, packed_bytes=len(BIG) - 1), False),
        (Limits(ratio=2_000, members=5), True),
        (Limits(ratio=2_000, members=4), False),
        (Limits(ratio=2_000, unpacked_bytes=2_000_003), True),
        (Limits(ratio=2_000, unpacked_bytes=2_000_002), False),
        (Limits(ratio=2_000, part_bytes=2_000_000), True),
        (Limits(ratio=2_000, part_bytes=1_999_999), False),
        (Limits(ratio=BIG_RATIO + 1), True),
        (Limits(ratio=BIG_RATIO), False),
        (Limits(), False),
    ],
)
def test_limits_hold_to_the_byte(limits: Limits, fits: bool) -> None:
    if fits:
        assert len(Package(BIG, limits).names) == 5
    else:
        assert damage_of(BIG, limits) is Damage.TOO_LARGE


def test_parts_under_a_megabyte_may_be_as_dense_as_they_like() -> None:
    data = packed({"a": bytes(1_000_000)})
    assert Package(data, Limits(ratio=1)).read("a") == bytes(1_000_000)


@pytest.mark.parametrize(
    "spelling",
    [
        "xl/worksheets/sheet1.xml",
        "/xl/worksheets/sheet1.xml",
        "XL/Worksheets/SHEET1.xml",
        "xl\\worksheets\\sheet1.xml",
        "/xl/worksheets/sheet%31.xml",
    ],
)
def test_a_part_is_found_however_it_is_spelt(spelling: str) -> None:
    package = Package(package_bytes())
    assert spelling in package
    assert package.member(spelling) == "xl/worksheets/sheet1.xml"
    assert package.read(spelling).startswith(b"<worksheet")


def test_names_are_those_stored_without_folders() -> None:
    package = Package(packed({"xl/": b"", "xl/Æ.xml": b"1", "b": b"2"}))
    assert package.names == ("xl/Æ.xml", "b")
    assert "xl/æ.XML" in package
    assert "c" not in package
    assert 7 not in package


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (package_bytes(), "missing"),
        (patched(packed({"a": b"text"}), CENTRAL, 16, b"\0\0\0\0"), "not what"),
        (patched(packed({"a": b"text"}), CENTRAL, 24, b"\3\0\0\0"), "not what"),
        (patched(packed({"a": b"text"}), CENTRAL, 24, b"\5\0\0\0"), "not what"),
        (patched(packed({"a": b"text"}), CENTRAL, 20, b"\xff\xff\0\0"), "cut off"),
        (patched(packed({"a": b"text"}), CENTRAL, 10, b"\x63\0"), "method 99"),
        (patched(packed({"a": b"text"}), CENTRAL, 42, b"\x01\0\0\0"), "no header"),
        (patched(packed({"a": b"text"}), CENTRAL, 42, b"\0\0\0\x10"), "outside"),
        (patched(packed({"a": b"text"}), b"PK\x03\x04", 31, b"\xff\xff\xff"), "not inflate"),
    ],
)
def test_a_member_is_what_the_directory_says_or_damaged(data: bytes, detail: str) -> None:
    with pytest.raises(PackageError, match=detail) as caught:
        Package(data).read("a")
    assert caught.value.damage is Damage.DAMAGED


def test_a_lying_size_never_inflates_more_than_was_declared() -> None:
    bomb = patched(packed({"a": bytes(60_000_000)}), CENTRAL, 24, struct.pack("<L", 1_000))
    with pytest.raises(PackageError, match="not what"):
        Package(bomb).read("a")


def test_an_encrypted_member_is_named_as_such_and_others_are_read() -> None:
    data = patched(packed({"a": b"secret", "b": b"plain"}), CENTRAL, 8, b"\1\0")
    package = Package(data)
    assert package.read("b") == b"plain"
    with pytest.raises(PackageError) as caught:
        package.read("a")
    assert caught.value.damage is Damage.PASSWORD_PROTECTED
    with pytest.raises(RefusedError) as refused:
        package.replaced({"b": b"new"})
    assert refused.value.reason is Reason.PROTECTED


def streamed() -> bytes:
    """A file as a program writes it that cannot seek: sizes follow the data."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.written = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.written += bytes(memoryview(data))  # type: ignore[arg-type]  # any buffer
            return len(memoryview(data))  # type: ignore[arg-type]  # any buffer

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in "abc":
            archive.writestr(name, name * 50)
    return bytes(pipe.written)


@pytest.mark.parametrize(
    "data",
    [
        packed({name: name * 50 for name in "abc"}),
        packed({name: name * 50 for name in "abc"}, comment=b"written by hand"),
        packed({"x/": b"", **{name: name * 50 for name in "abc"}}),
        streamed(),
    ],
    ids=["plain", "comment", "folder", "descriptors"],
)
def test_only_what_is_replaced_changes(data: bytes) -> None:
    after = Package(data).replaced({"B": b"new", "d/é.xml": b"added"})
    assert changed_members(data, after) == ({"b"}, {"d/é.xml"})
    with zipfile.ZipFile(io.BytesIO(after)) as archive, zipfile.ZipFile(io.BytesIO(data)) as old:
        assert archive.testzip() is None
        assert archive.read("b") == b"new"
        assert archive.read("d/é.xml") == b"added"
        assert archive.comment == old.comment
        for before in old.infolist():
            info = archive.getinfo(before.filename)
            assert info.date_time == before.date_time
            assert info.external_attr == before.external_attr
    again = Package(after)
    assert again.read("d/é.xml") == b"added"
    assert again.read("a") == b"a" * 50


def test_extra_fields_of_a_replaced_member_stay_but_for_zip64() -> None:
    info = zipfile.ZipInfo("a")
    info.extra = struct.pack("<2H4s", 0xCAFE, 4, b"kept")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, archive.open(info, "w", force_zip64=True) as member:
        member.write(b"old")
    data = out.getvalue()
    assert b"\x01\x00\x10\x00" in records(data)["a"]
    record = records(Package(data).replaced({"a": b"new"}))["a"]
    assert b"kept" in record
    assert b"\x01\x00\x10\x00" not in record


def zip64() -> bytes:
    data = packed({"a": b"text"})
    extra = struct.pack("<2H2Q", 1, 16, 4, 6)
    at = data.index(CENTRAL)
    central = bytearray(data[at : data.index(END)])
    central[20:28] = b"\xff" * 8
    central[30:32] = struct.pack("<H", len(extra))
    central += extra
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(central), at)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at + len(central), 1)
    end = struct.pack("<4s4H2LH", END, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:at] + bytes(central) + end64 + locator + end


def doubled(one: str, other: str) -> bytes:
    data = packed({"first": b"1", "other": b"2"})
    return data.replace(b"first", one.encode()).replace(b"other", other.encode())


@pytest.mark.parametrize(
    ("data", "part", "content"),
    [
        (zip64(), "a", b"text"),
        (b"#!stub\n" + packed({"a": b"text"}), "a", b"text"),
        (doubled("same.", "same."), "same.", b"2"),
        (doubled("Same.", "same."), "SAME.", b"2"),
        (patched(packed({"a": b"1", "b": b"1"}), CENTRAL, 42, bytes(4), nth=1), "b", b"1"),
        (patched(packed({"a": b"1", "b": b"2"}), b"PK\3\4", 28, b"\x10\0", nth=1), "a", b"1"),
    ],
    ids=["zip64", "stub in front", "duplicate", "case duplicate", "overlap", "overlap behind"],
)
def test_unusual_files_are_read_but_not_rewritten(data: bytes, part: str, content: bytes) -> None:
    package = Package(data)
    assert package.read(part) == content
    with pytest.raises(RefusedError) as caught:
        package.replaced({part: b"new"})
    assert caught.value.reason is Reason.UNUSUAL_PACKAGE


def test_a_member_with_two_names_is_not_replaced() -> None:
    package = Package(patched(packed({"a": b"1", "b": b"2"}), b"PK\3\4", 30, b"z"))
    assert changed_members(package.data, package.replaced({"b": b"new"}))[0] == {"b"}
    with pytest.raises(RefusedError):
        package.replaced({"a": b"new"})


def test_every_cut_and_every_flipped_byte_gives_only_our_errors() -> None:
    data = packed({"a": "text " * 40, "b/c.xml": b"<x/>"}, comment=b"hej")
    variants = [data[:cut] for cut in range(len(data))]
    variants += [
        data[:at] + bytes((data[at] ^ flip,)) + data[at + 1 :]
        for at in range(len(data))
        for flip in (1, 128, 255)
    ]
    outcomes: set[object] = set()
    for variant in variants:
        try:
            package = Package(variant)
            for name in package.names:
                package.read(name)
            Package(package.replaced({"a": b"new"}))
            outcomes.add("written")
        except PackageError as error:
            outcomes.add(error.damage)
        except RefusedError as error:
            outcomes.add(error.reason)
    assert {"written", Damage.DAMAGED, Reason.UNUSUAL_PACKAGE} <= outcomes
