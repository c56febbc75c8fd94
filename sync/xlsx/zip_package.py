"""The zip file of a workbook: read with limits, rewritten member by member.

`zipfile` is not used: opening costs several times as much there, it rewrites headers, and it
trusts sizes that a hostile file declares. Sizes are in bytes throughout.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar, cast
from urllib.parse import unquote

from isal import isal_zlib

from sync.xlsx import zip_records as records
from sync.xlsx.errors import Damage, PackageError, Reason, RefusedError, damaged

Result = TypeVar("Result")

_LOCAL = struct.Struct("<4s5H3L2H")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_STORED, _DEFLATED = 0, 8
_VERSION_DEFLATE = 20
_RATIO_COUNTS_FROM = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What an honest workbook keeps within; all sizes in bytes.

    `ratio` (unpacked to packed) is asked of parts over 1 MB only: small ones compress well.
    `part_bytes` is for one part, None where it may be as large as all together. `filled_rows`
    are the rows of a tab that hold something.
    """

    packed_bytes: int = 50_000_000
    unpacked_bytes: int = 256_000_000
    filled_rows: int = 200_000
    members: int = 2_000
    ratio: int = 200
    part_bytes: int | None = None

    @property
    def characters(self) -> int:
        """How many characters all cells may hold together."""
        return self.unpacked_bytes // 4


DEFAULT_LIMITS = Limits()


@lru_cache(maxsize=1_024)
def part_key(name: str) -> str:
    """Return `name` as part names are compared: without case, leading slash, escapes."""
    if "\\" in name:
        name = name.replace("\\", "/")
    if "%" in name:
        name = unquote(name)
    return name.lstrip("/").lower()


class Package:
    """A workbook's zip file, opened by its central directory alone.

    Raises:
        PackageError: not a zip file, damaged, or beyond `limits`.
    """

    def __init__(self, data: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
        if len(data) > limits.packed_bytes:
            raise _too_large(f"{len(data)} bytes, at most {limits.packed_bytes}")
        self.data = data
        self._directory = records.find_directory(data)
        if self._directory.entries > limits.members:
            raise _too_large(f"{self._directory.entries} members, at most {limits.members}")
        self._members = records.read_members(data, self._directory)
        _check_sizes(self._members, limits)
        self._parts = {part_key(m.name): m for m in self._members if m.name[-1:] != "/"}
        self._texts: dict[str, bytes] = {}
        self._worked_out: dict[object, object] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The members' names as they are stored, in directory order, without folders."""
        return tuple(m.name for m in self._members if m.name[-1:] != "/")

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and part_key(name) in self._parts

    def member(self, name: str) -> str | None:
        """Return the stored name of the part `name`, however it is spelt; None if missing."""
        found = self._parts.get(part_key(name))
        return found.name if found else None

    def read(self, name: str) -> bytes:
        """Return the part's contents, never more than its declared size.

        Raises:
            PackageError: missing, encrypted, or not what the directory says.
        """
        key = part_key(name)
        content = self._texts.get(key)
        if content is None:
            member = self._parts.get(key)
            if member is None:
                raise damaged(f"the part {name!r} is missing")
            content = self._texts[key] = self._inflate(member)
        return content

    def once(self, key: object, work_out: Callable[[], Result]) -> Result:
        """What is worked out from the parts, remembered by its key for the next who asks."""
        if key not in self._worked_out:
            self._worked_out[key] = work_out()
        return cast("Result", self._worked_out[key])

    def replaced(self, changes: Mapping[str, bytes]) -> bytes:
        """Return the file with the named members replaced, or appended if they are new.

        Every other record is copied byte for byte; of its directory entry only the offset
        changes.

        Raises:
            RefusedError: the zip file is built in a way that does not bear rewriting.
        """
        self._refuse_unusual()
        new = {part_key(name): (name, content) for name, content in changes.items()}
        out: list[bytes] = []
        central: list[bytes] = []
        moved: dict[int, tuple[int, bytes | None]] = {}
        at = self._copy_records(out, new, moved)
        for member in self._members:
            local_at, header = moved[member.local_at]
            start = member.central_at
            standing = bytearray(self.data[start : start + member.central_size])
            if header is not None:
                standing[6:28] = header
            standing[42:46] = struct.pack("<L", local_at)
            central.append(bytes(standing))
        for name, content in new.values():
            record, entry = self._new_member(name, content, at)
            out.append(record)
            central.append(entry)
            at += len(record)
        return b"".join(out) + self._ending(central, at)

    def _inflate(self, member: records.Member) -> bytes:
        if member.flags & records.ENCRYPTED:
            raise PackageError(Damage.PASSWORD_PROTECTED, f"{member.name!r} is encrypted")
        start = self._content_start(member)
        packed = self.data[start : start + member.packed]
        if len(packed) != member.packed:
            raise damaged(f"{member.name!r} is cut off")
        if member.method == _STORED:
            content = packed
        elif member.method == _DEFLATED:
            inflater = isal_zlib.decompressobj(-isal_zlib.MAX_WBITS)
            try:
                content = inflater.decompress(packed, member.unpacked + 1)
            except isal_zlib.IsalError as error:  # type: ignore[misc]  # its stub is wrong
                raise damaged(f"{member.name!r} does not inflate") from error
        else:
            raise damaged(f"{member.name!r} is packed by method {member.method}")
        if len(content) != member.unpacked or isal_zlib.crc32(content) != member.crc:
            raise damaged(f"{member.name!r} is not what the directory says")
        return content

    def _content_start(self, member: records.Member) -> int:
        at = member.local_at
        if not 0 <= at <= len(self.data) - _LOCAL.size:
            raise damaged(f"{member.name!r} lies outside the file")
        header = _LOCAL.unpack_from(self.data, at)
        if header[0] != _LOCAL_SIGNATURE:
            raise damaged(f"{member.name!r} has no header")
        return int(at + _LOCAL.size + header[9] + header[10])

    def _refuse_unusual(self) -> None:
        zip64 = self._directory.zip64 or any(member.zip64 for member in self._members)
        if zip64 or self._directory.shift:
            raise RefusedError(Reason.UNUSUAL_PACKAGE, "zip64 records or bytes before the first")
        if any(member.flags & records.ENCRYPTED for member in self._members):
            raise RefusedError(Reason.PROTECTED, "the zip file has encrypted members")
        folders = sum(1 for member in self._members if member.name[-1:] == "/")
        if len(self._parts) + folders != len(self._members):
            raise RefusedError(Reason.UNUSUAL_PACKAGE, "two members have the same name")
        if any("\0" in member.name for member in self._members):
            raise RefusedError(Reason.UNUSUAL_PACKAGE, "a member's name holds a zero byte")
        end_of_last = 0
        for member in sorted(self._members, key=lambda member: member.local_at):
            if member.local_at < end_of_last:
                raise RefusedError(
                    Reason.UNUSUAL_PACKAGE, f"{member.name!r} overlaps another member"
                )
            end_of_last = self._content_start(member) + member.packed
        if end_of_last > self._directory.start:
            raise RefusedError(Reason.UNUSUAL_PACKAGE, "a member overlaps the directory")

    def _copy_records(
        self,
        out: list[bytes],
        new: dict[str, tuple[str, bytes]],
        moved: dict[int, tuple[int, bytes | None]],
    ) -> int:
        """Copy or replace every record; fill `moved`, take what was used out of `new`."""
        # The directory need not be in the order of the records, and a record may be followed by a
        # data descriptor or by padding that nothing counts: so a record is what lies up to the
        # next one. `moved` tells the directory, which is written last, where each begins now.
        in_order = sorted(self._members, key=lambda member: member.local_at)
        stops = [*(member.local_at for member in in_order[1:]), self._directory.start]
        first = in_order[0].local_at if in_order else self._directory.start
        out.append(self.data[:first])
        at = first
        for member, stop in zip(in_order, stops, strict=True):
            change = new.pop(part_key(member.name), None)
            header = None
            record = self.data[member.local_at : stop]
            if change is not None:
                record, header = self._new_record(member, change[1])
            moved[member.local_at] = at, header
            out.append(record)
            at += len(record)
        return at

    def _new_record(self, member: records.Member, content: bytes) -> tuple[bytes, bytes]:
        """Return the new local record, and its 22 bytes that the directory repeats."""
        old = _LOCAL.unpack_from(self.data, member.local_at)
        name_at = member.local_at + _LOCAL.size
        extra_at = name_at + old[9]
        extra = _without_zip64(self.data[extra_at : extra_at + old[10]])
        name = self.data[name_at:extra_at]
        size = records.CENTRAL.unpack_from(self.data, member.central_at)[10]
        stored_at = member.central_at + records.CENTRAL.size
        if name != self.data[stored_at : stored_at + size]:
            raise RefusedError(
                Reason.UNUSUAL_PACKAGE, f"{member.name!r} has another name in its header"
            )
        flags = member.flags & records.UTF8_NAME
        packed = isal_zlib.compress(content, wbits=-isal_zlib.MAX_WBITS)
        header = _LOCAL.pack(
            _LOCAL_SIGNATURE, _VERSION_DEFLATE, flags, _DEFLATED, old[4], old[5],
            isal_zlib.crc32(content), len(packed), len(content), len(name), len(extra),
        )  # fmt: skip
        return header + name + extra + packed, header[4:26]

    def _new_member(self, name: str, content: bytes, at: int) -> tuple[bytes, bytes]:
        """Return local record and directory entry; dated like the newest member there is."""
        stamp = max(
            (self.data[m.central_at + 12 : m.central_at + 16] for m in self._members),
            key=lambda four: (four[2:][::-1], four[:2][::-1]),
            default=b"\0\0!\0",
        )
        raw = name.encode()
        flags = 0 if raw.isascii() else records.UTF8_NAME
        packed = isal_zlib.compress(content, wbits=-isal_zlib.MAX_WBITS)
        common = struct.pack("<3H", _VERSION_DEFLATE, flags, _DEFLATED) + stamp
        common += struct.pack(
            "<3L2H", isal_zlib.crc32(content), len(packed), len(content), len(raw), 0
        )
        record = _LOCAL_SIGNATURE + common + raw + packed
        entry = b"PK\x01\x02" + struct.pack("<H", _VERSION_DEFLATE) + common
        return record, entry + struct.pack("<3H2L", 0, 0, 0, 0, at) + raw

    def _ending(self, central: list[bytes], at: int) -> bytes:
        """Return the directory, what lay behind its entries, and the end record."""
        last = self._members[-1] if self._members else None
        entries_stop = last.central_at + last.central_size if last else self._directory.start
        end_at = self._directory.end_at
        directory = b"".join(central)
        between = self.data[entries_stop:end_at]
        count = len(central)
        end = bytearray(self.data[end_at:])
        end[8:20] = struct.pack("<2H2L", count, count, len(directory) + len(between), at)
        return directory + between + bytes(end)


def _without_zip64(extra: bytes) -> bytes:
    kept = (field for field in records.extra_fields(extra) if field[0] != records.ZIP64_EXTRA)
    return b"".join(struct.pack("<2H", tag, len(body)) + body for tag, body in kept)


def _too_large(detail: str) -> PackageError:
    return PackageError(Damage.TOO_LARGE, detail)


def _check_sizes(members: list[records.Member], limits: Limits) -> None:
    total = 0
    for member in members:
        size = member.unpacked
        total += size
        if size > _RATIO_COUNTS_FROM:
            if size > (limits.part_bytes or limits.unpacked_bytes):
                raise _too_large(f"{member.name!r} unpacks to {size} bytes")
            if size > limits.ratio * member.packed:
                raise _too_large(f"{member.name!r} unpacks to more than {limits.ratio} times")
    if total > limits.unpacked_bytes:
        raise _too_large(f"unpacks to {total} bytes, at most {limits.unpacked_bytes}")
