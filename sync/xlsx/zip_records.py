"""The records of a zip file: its central directory read, and a file of unpacked members made."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from isal import isal_zlib

from sync.xlsx.errors import Damage, PackageError, damaged

CENTRAL = struct.Struct("<4s6H3L5H2L")
ENCRYPTED = 0x1
UTF8_NAME = 0x800
ZIP64_EXTRA = 1

_END = struct.Struct("<4s4H2LH")
_ENTRY_TAIL = struct.Struct("<3H2L")
_COMMON = struct.Struct("<5H3L2H")
_VERSION, _STORED, _NO_TIME, _FIRST_DAY = 20, 0, 0, 0x21
_END_SIGNATURE = b"PK\x05\x06"
_END64 = struct.Struct("<4sQ2H2L4Q")
_END64_LOCATOR = struct.Struct("<4sLQL")
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_16, _NO_32 = 0xFFFF, 0xFFFFFFFF

Pieces = Sequence[bytes | memoryview]


class Member(NamedTuple):
    """One record of the central directory."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    unpacked: int
    local_at: int
    central_at: int
    central_size: int
    zip64: bool


class Directory(NamedTuple):
    """Where the central directory lies, counted from the first byte of the file."""

    start: int
    stop: int
    entries: int
    end_at: int
    shift: int
    zip64: bool


def find_directory(data: bytes) -> Directory:
    """Find the central directory by the end record."""
    end_at = data.rfind(_END_SIGNATURE, max(0, len(data) - _END.size - _NO_16))
    if end_at < 0 or end_at + _END.size > len(data):
        raise _why_no_zip(data)
    _, disk, first_disk, here, count, size, offset, _ = _END.unpack_from(data, end_at)
    stop, locator_at = end_at, end_at - _END64_LOCATOR.size
    zip64 = locator_at >= 0 and data[locator_at : locator_at + 4] == b"PK\x06\x07"
    if zip64:
        stop, count, size, offset = _read_end64(data, locator_at)
    elif disk or first_disk or here != count:
        raise damaged("the zip file is one of several volumes")
    shift = stop - size - offset
    if shift < 0:
        raise damaged("the zip directory lies outside the file")
    return Directory(offset + shift, stop, count, end_at, shift, zip64)


def _read_end64(data: bytes, locator_at: int) -> tuple[int, int, int, int]:
    """Return where the zip64 end record starts, and its count, size and offset."""
    _, _, at, _ = _END64_LOCATOR.unpack_from(data, locator_at)
    if at + _END64.size > locator_at or data[at : at + 4] != b"PK\x06\x06":
        raise damaged("the zip64 end record is missing")
    *_, count, size, offset = _END64.unpack_from(data, at)
    return at, count, size, offset


_LABELLED = ("DRMEncryptedDataSpace", "DRMEncryptedTransform", "DRMContent")
"""Streams of a file that rights management has encrypted, as a sensitivity label does."""


def _why_no_zip(data: bytes) -> PackageError:
    if not data:
        return PackageError(Damage.EMPTY, "the file is empty")
    if data.startswith(_OLE_SIGNATURE):
        if any(name.encode("utf-16-le") in data for name in _LABELLED):
            return PackageError(Damage.LABEL_ENCRYPTED, "an OLE file encrypted by a label")
        is_encrypted = "EncryptedPackage".encode("utf-16-le") in data
        is_old = any(name.encode("utf-16-le") in data for name in ("Workbook", "Book"))
        if is_old and not is_encrypted:
            return PackageError(Damage.OLD_FORMAT, "an OLE file with a workbook, as .xls is")
        return PackageError(Damage.PASSWORD_PROTECTED, "an OLE file, as encrypted ones are")
    if data.startswith(b"PK"):
        return damaged("a zip file without an end")
    return PackageError(Damage.NOT_A_WORKBOOK, "not a zip file")


def read_members(data: bytes, directory: Directory) -> list[Member]:
    """Read the central directory; nothing of the members themselves is looked at."""
    members = []
    unpack, fixed = CENTRAL.unpack_from, CENTRAL.size
    at, stop, shift = directory.start, directory.stop, directory.shift
    for _ in range(directory.entries):
        if at + fixed > stop:
            raise damaged("the zip directory is cut off")
        (signature, _, _, flags, method, _, _, crc, packed, unpacked,
         name_size, extra_size, comment_size, _, _, _, local_at) = unpack(data, at)  # fmt: skip
        size = fixed + name_size + extra_size + comment_size
        if signature != b"PK\x01\x02" or at + size > stop:
            raise damaged("the zip directory is broken")
        raw = data[at + fixed : at + fixed + name_size]
        zip64 = _NO_32 in (packed, unpacked, local_at)
        if zip64:
            extra = data[at + fixed + name_size : at + size - comment_size]
            packed, unpacked, local_at = _zip64_sizes(extra, packed, unpacked, local_at)
        name = raw.decode("utf-8" if flags & UTF8_NAME or raw.isascii() else "cp437", "replace")
        members.append(
            Member(name, flags, method, crc, packed, unpacked, local_at + shift, at, size, zip64)
        )
        at += size
    return members


def _zip64_sizes(extra: bytes, packed: int, unpacked: int, local_at: int) -> tuple[int, int, int]:
    """Fill in what the zip64 extra field holds of a directory entry's three numbers."""
    numbers: list[int] = []
    for tag, body in extra_fields(extra):
        if tag == ZIP64_EXTRA:
            numbers = [number for (number,) in struct.iter_unpack("<Q", body[: len(body) // 8 * 8])]
    declared = (unpacked, packed, local_at)
    if len(numbers) < declared.count(_NO_32):
        raise damaged("a zip64 size is missing")
    unpacked, packed, local_at = (numbers.pop(0) if v == _NO_32 else v for v in declared)
    return packed, unpacked, local_at


def extra_fields(extra: bytes) -> list[tuple[int, bytes]]:
    """Return the extra field's records as tag and body."""
    fields = []
    at = 0
    while at + 4 <= len(extra):
        tag, size = struct.unpack_from("<2H", extra, at)
        fields.append((tag, extra[at + 4 : at + 4 + size]))
        at += 4 + size
    return fields


def stored_zip(members: Iterable[tuple[str, Pieces]]) -> bytes:
    """A zip file with these members (name, contents) in this order, all together under 4 GB."""
    out: list[bytes | memoryview] = []
    central: list[bytes] = []
    at = 0
    for name, pieces in members:
        raw = name.encode()
        size = crc = 0
        for piece in pieces:
            size += len(piece)
            crc = isal_zlib.crc32(piece, crc)
        common = _COMMON.pack(
            _VERSION, UTF8_NAME, _STORED, _NO_TIME, _FIRST_DAY, crc, size, size, len(raw), 0
        )
        out += b"PK\x03\x04", common, raw, *pieces
        central += b"PK\x01\x02\x14\x00", common, _ENTRY_TAIL.pack(0, 0, 0, 0, at), raw
        at += 4 + _COMMON.size + len(raw) + size
    directory = b"".join(central)
    count = len(central) // 4
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), at, 0)
    return b"".join([*out, directory, end])
