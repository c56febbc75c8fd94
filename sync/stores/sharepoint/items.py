"""What a library holds, as Graph tells of it. Pure."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from operator import xor
from typing import Any

Json = dict[str, Any]
FIELDS = (
    "id,name,size,cTag,eTag,lastModifiedDateTime,lastModifiedBy,createdBy,file,folder,package,"
    "remoteItem,webUrl"
)
_BITS, _SHIFT, _BYTES = 160, 11, 20
_NEVER = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Item:
    """A file or folder.

    `stamp` changes with the content, `guard` with anything at all; `changed_by` and `made_by` are
    the ids of applications, empty where a person did it. `checksum` is empty where none is given.
    """

    id: str
    name: str
    size: int
    stamp: str
    guard: str
    changed_at: datetime
    changed_by: str
    made_by: str
    address: str
    checksum: str
    is_folder: bool
    is_shortcut: bool

    @classmethod
    def of(cls, answer: Json) -> Item:
        """The item of a driveItem."""
        hashes = answer.get("file", {}).get("hashes", {})
        return cls(
            id=str(answer["id"]),
            name=str(answer["name"]),
            size=int(answer.get("size", 0)),
            stamp=str(answer.get("cTag") or answer.get("eTag", "")),
            guard=str(answer.get("eTag", "")),
            changed_at=moment(answer),
            changed_by=application(answer, "lastModifiedBy"),
            made_by=application(answer, "createdBy"),
            address=str(answer.get("webUrl", "")),
            checksum=str(hashes.get("quickXorHash", "")),
            is_folder="folder" in answer,
            is_shortcut="remoteItem" in answer,
        )


def moment(answer: Json) -> datetime:
    """When an item or a version was changed last, as the service tells."""
    return datetime.fromisoformat(answer.get("lastModifiedDateTime") or _NEVER)


def application(answer: Json, key: str = "lastModifiedBy") -> str:
    """The id of the application that did it; empty where none is given."""
    return str(answer.get(key, {}).get("application", {}).get("id", ""))


def checksum(content: bytes) -> str:
    """The content's quickXorHash, in base64: each byte is turned by 11 bits more than the last.

    Source: learn.microsoft.com/onedrive/developer/code-snippets/quickxorhash
    """
    columns, whole = content, 0
    while len(columns) > _BITS:  # after 160 bytes the turns come round again
        half = -(-len(columns) // (2 * _BITS)) * _BITS
        both = (int.from_bytes(part, "little") for part in (columns[:half], columns[half:]))
        columns = xor(*both).to_bytes(half, "little")
    for place, value in enumerate(columns):
        whole ^= value << _SHIFT * place % _BITS
    whole = (whole & (1 << _BITS) - 1) ^ whole >> _BITS ^ len(content) << 8 * (_BYTES - 8)
    return base64.b64encode(whole.to_bytes(_BYTES, "little")).decode()
