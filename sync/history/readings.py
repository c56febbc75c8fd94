"""What was read of a workbook, kept packed until the workbook changes."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass

import msgspec
import msgspec.inspect
from isal import isal_zlib

from rules.catalogue.catalogue import RULES
from rules.judging.notice import Notice
from rules.judging.rule import Wording
from rules.model.parameters import Parameters
from rules.model.plan import Workbook
from rules.model.run_index import Entry
from sync.stores.base import Version


@dataclass(frozen=True, slots=True)
class Checked:
    """A workbook that was read: what joins plans, its rows (packed), and what the gate found.

    `tabs` are the names of all its tabs in their order. `standing` is a digest of what stands in
    the job's own places, empty where nobody asked.
    """

    entry: Entry
    tabs: tuple[str, ...]
    rows: bytes
    notices: tuple[Notice, ...]
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
    unreadable: Notice | None = None


_CONTENT = msgspec.msgpack.Decoder(Content)
_SEAL_BYTES = 4


def _seal(packed: bytes) -> bytes:
    """What shows that packed content is whole."""
    return zlib.crc32(packed).to_bytes(_SEAL_BYTES)


def _stored_form() -> str:
    """A description of how readings are packed; those of another form are read again."""
    return repr(msgspec.inspect.multi_type_info([Content, Workbook]))


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook as it was read before: its version, when that was (seconds), and what came out."""

    version: Version
    read_at: float
    packed: bytes

    def content(self) -> Content | None:
        """What the reading came to; None where it cannot be unpacked any more."""
        seal, packed = self.packed[:_SEAL_BYTES], self.packed[_SEAL_BYTES:]
        return _CONTENT.decode(packed) if seal == _seal(packed) else None


def settings_key(parameters: Parameters) -> str:
    """A digest of everything besides the workbook that what was read depends on."""
    digest = hashlib.blake2b(repr(parameters).encode(), digest_size=16)
    digest.update(_stored_form().encode())
    in_words = parameters.language.text
    for rule in RULES:
        wordings = (Wording(rule.message, rule.fix), *rule.variants.values())
        texts = [(in_words(one.message), in_words(one.fix)) for one in wordings]
        digest.update(repr((rule.code, rule.severity, [*rule.variants], texts)).encode())
    return digest.hexdigest()


_ENCODER = msgspec.msgpack.Encoder()
_WORKBOOK = msgspec.msgpack.Decoder(Workbook)


def packed(workbook: Workbook) -> bytes:
    """A workbook's values as bytes, for `Checked.rows`."""
    return isal_zlib.compress(_ENCODER.encode(workbook), isal_zlib.ISAL_DEFAULT_COMPRESSION)
