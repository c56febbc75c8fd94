"""What is kept of a workbook that was read, packed. A check needs it too, and no database."""

from __future__ import annotations

import hashlib
import string
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import msgspec
import msgspec.inspect
from isal import isal_zlib

from rules.judging.rule import Rule, Wording
from rules.model.finding import Finding
from rules.model.parameters import Parameters
from rules.model.plan import Workbook
from rules.model.run_index import Entry
from rules.text.language import DANISH
from sync.findings.packed_findings import PackedFinding, fact_of, packed_finding, unpacked_finding
from sync.stores.base import Version

_GATE = 10
"""Count this up when the gate finds something else in the same cells: all is read again then."""
_SEAL_BYTES = 4


@dataclass(frozen=True, slots=True)
class Checked:
    """A workbook that was read: what joins plans, its rows (packed), and what the gate found.

    `tabs` are the names of all its tabs in their order. `standing` is a digest of what stands in
    the job's own places, empty where nobody asked.
    """

    entry: Entry
    tabs: tuple[str, ...]
    rows: bytes
    findings: tuple[Finding, ...]
    standing: str

    def workbook(self) -> Workbook:
        """The workbook's values.

        Raises:
            msgspec.DecodeError, isal_zlib.IsalError: the rows are damaged.
        """
        return _WORKBOOK.decode(isal_zlib.decompress(self.rows))


@dataclass(frozen=True, slots=True)
class Content:
    """What a reading came to: exactly one of the two."""

    checked: Checked | None = None
    unreadable: Finding | None = None


Reading = tuple[str, Version, float, Content]
"""Path, version, time of the reading in seconds, and what came of it."""


class _Packed(NamedTuple):
    """A content as it is kept; one without an entry is that of an unreadable workbook."""

    findings: tuple[PackedFinding, ...]
    entry: Entry | None = None
    tabs: tuple[str, ...] = ()
    rows: bytes = b""
    standing: str = ""


_ENCODER = msgspec.msgpack.Encoder()
_WORKBOOK = msgspec.msgpack.Decoder(Workbook)
_CONTENT = msgspec.msgpack.Decoder(_Packed, ext_hook=fact_of)


@dataclass(frozen=True, slots=True)
class StoredReading:
    """A workbook as it was read before: its version, when that was (seconds), and what came out."""

    version: Version
    read_at: float
    packed: bytes

    def content(self) -> Content | None:
        """What the reading came to; None where it cannot be unpacked any more."""
        seal, packed = self.packed[:_SEAL_BYTES], self.packed[_SEAL_BYTES:]
        if seal != _seal(packed):
            return None
        kept = _CONTENT.decode(packed)
        findings = tuple(map(unpacked_finding, kept.findings))
        if kept.entry is None:
            return Content(unreadable=findings[0])
        return Content(Checked(kept.entry, kept.tabs, kept.rows, findings, kept.standing))


def packed_content(content: Content) -> bytes:
    """A content as bytes, for `StoredReading.packed`."""
    if content.unreadable:
        kept = _Packed((packed_finding(content.unreadable),))
    elif checked := content.checked:
        findings = tuple(map(packed_finding, checked.findings))
        kept = _Packed(findings, checked.entry, checked.tabs, checked.rows, checked.standing)
    else:
        raise ValueError("a reading came to nothing")
    packed = _ENCODER.encode(kept)
    return _seal(packed) + packed


def packed(workbook: Workbook) -> bytes:
    """A workbook's values as bytes, for `Checked.rows`."""
    return isal_zlib.compress(_ENCODER.encode(workbook), isal_zlib.ISAL_DEFAULT_COMPRESSION)


def _seal(packed: bytes) -> bytes:
    """What shows that packed content is whole."""
    return zlib.crc32(packed).to_bytes(_SEAL_BYTES)


def settings_key(parameters: Parameters, rules: Iterable[Rule]) -> str:
    """A digest of everything besides the workbook that what was read depends on.

    The language, what is registered of plans, and the rules' sentences are not among that, but the
    names of the facts in them.
    """
    in_cells = [rule for rule in rules if rule.check is None and rule.run_check is None]
    facts = [(rule.code, _facts_named(rule)) for rule in in_cells]
    in_force = replace(parameters, language=DANISH, expected_plans=())
    depends_on = (in_force, _stored_form(), _GATE, facts)
    return hashlib.blake2b(repr(depends_on).encode(), digest_size=16).hexdigest()


@cache
def _stored_form() -> str:
    """How readings are packed: those of another form are read again."""
    return repr(msgspec.inspect.multi_type_info([_Packed, Workbook]))


def _facts_named(rule: Rule) -> dict[str, list[str]]:
    """The facts that each of the rule's wordings needs, by variant."""
    wordings = {"": Wording(rule.message, rule.fix), **rule.variants}
    return {
        variant: sorted({name for _, name, *_ in string.Formatter().parse(text) if name})
        for variant, wording in wordings.items()
        for text in (wording.message + wording.fix,)
    }
