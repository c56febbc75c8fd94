"""XML by byte offsets: expat tells where things stand, new bytes are spliced in there.

Nothing is ever serialised again. DTDs are refused before anything in them is looked at, so no
entity is ever declared or expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET
from xml.parsers import expat

from sync.xlsx.errors import Damage, PackageError, Reason, RefusedError, damaged

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"

Edit = tuple[int, int, bytes]
"""From this byte, up to but not including that one, put these bytes."""

_TAG = re.compile(rb"</?[^\s/>\"']++(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
_TAG_NAME = re.compile(rb"<([^\s/>]+)")
_DOCUMENT_TYPE = b"<!DOCTYPE"
_MOST_TAGS = 2_000_000
"""In a part that is read as a tree; a start and an end tag are two."""
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def new_parser() -> expat.XMLParserType:
    """Return a parser that names elements and attributes »namespace local« and refuses DTDs."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def run(parser: expat.XMLParserType, data: bytes, part: str) -> None:
    """Parse the part; the handlers do the work."""
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise damaged(f"{part!r} is not well-formed XML ({type(error).__name__})") from error


def tree_of(data: bytes, part: str) -> ET.Element:
    """Return the root element of these bytes."""
    refuse_document_type(data)
    if data.count(b"<") > _MOST_TAGS:
        raise PackageError(Damage.TOO_LARGE, f"{part!r} has more than {_MOST_TAGS} tags")
    try:
        return ET.fromstring(data)
    except (ET.ParseError, LookupError, ValueError) as error:
        raise damaged(f"{part!r} is not well-formed XML ({type(error).__name__})") from error


def shown_text(element: ET.Element) -> str:
    """Return the text of a string or a comment: its runs joined, without phonetic hints."""
    return "".join(
        child.text or ""
        for run_or_text in element
        if local(run_or_text.tag) != "rPh"
        for child in run_or_text.iter()
        if local(child.tag) == "t"
    )


@dataclass(slots=True)
class ElementPlace:
    """Where an element's start and end tag begin.

    `namespaces` are those in force there by prefix, where they were asked for.
    """

    name: str
    start: int
    attributes: dict[str, str]
    stop: int = 0
    namespaces: Mapping[str, str] = field(default_factory=dict)


def outline(data: bytes, part: str, depth: int) -> list[ElementPlace]:
    """Return the elements down to this depth (0 is the root) in the order in which they begin."""
    parser = new_parser()
    found: list[ElementPlace] = []
    around: list[ElementPlace] = []
    declared: dict[str, str] = {}
    level = 0

    def declare(prefix: str | None, uri: str | None) -> None:
        declared[prefix or ""] = uri or ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal level
        if level <= depth:
            namespaces = {**(around[-1].namespaces if around else {}), **declared}
            at = parser.CurrentByteIndex
            around.append(ElementPlace(local(name), at, attributes, namespaces=namespaces))
            found.append(around[-1])
        declared.clear()
        level += 1

    def end(_: str) -> None:
        nonlocal level
        level -= 1
        if level <= depth:
            around.pop().stop = parser.CurrentByteIndex

    parser.StartNamespaceDeclHandler = declare
    parser.StartElementHandler, parser.EndElementHandler = start, end
    run(parser, data, part)
    return found


def _refuse_doctype(*_: object) -> None:
    raise damaged("a part declares a document type")


def refuse_document_type(data: bytes) -> None:
    """Raise PackageError if these bytes, in whatever encoding, declare a document type."""
    plain = data.replace(b"\0", b"") if is_utf16(data) else data
    if _DOCUMENT_TYPE in plain:
        _refuse_doctype()


def local(name: str) -> str:
    """Return an element's name without its namespace, as expat or as ElementTree writes it."""
    return name.rpartition("}" if name[:1] == "{" else " ")[2]


def whole_number(text: str | None, otherwise: int = 0) -> int:
    """Return the number that an attribute holds; `otherwise` where it holds none."""
    if text and text.isascii() and text.isdecimal() and len(text) <= 9:
        return int(text)
    return otherwise


def is_utf16(data: bytes) -> bool:
    """Tell whether the bytes are not a superset of ASCII, so that nothing can be spliced in."""
    return data.startswith(_UTF16_MARKS) or b"\0" in data[:64]


def cells_in(xml: bytes) -> slice:
    """Where in a sheet's XML its cells stand; anywhere, from 0 on, where that cannot be told."""
    start, end = xml.find(b"sheetData"), xml.rfind(b"sheetData>")
    return slice(start, end) if 0 <= start < end else slice(0, len(xml))


def refuse_utf16(data: bytes, part: str) -> None:
    """Raise RefusedError if the part's bytes do not bear splicing ASCII in."""
    if is_utf16(data):
        raise RefusedError(Reason.UNUSUAL_PACKAGE, f"{part!r} is written in UTF-16")


def tag_end(data: bytes, start: int) -> int:
    """Return the byte after the `>` of the tag that starts at `start`."""
    found = _TAG.match(data, start)
    if found is None:
        raise RefusedError(Reason.UNUSUAL_PACKAGE, "a tag was not found where the parser saw it")
    return found.end()


def is_closed(data: bytes, tag_stop: int) -> bool:
    """Tell whether the tag that ends before `tag_stop` has no content and no end tag."""
    return data[tag_stop - 2 : tag_stop] == b"/>"


def prefix_at(data: bytes, start: int) -> bytes:
    """Return the namespace prefix of the tag at `start`, with its colon, or nothing."""
    found = _TAG_NAME.match(data, start)
    name = found[1] if found else b""
    prefix, colon, _ = name.rpartition(b":")
    return prefix + colon


def attribute_edit(data: bytes, start: int, name: bytes, value: bytes) -> list[Edit]:
    """Return the edit that gives the tag's attribute `name` this value; none where it has none."""
    stop = tag_end(data, start)
    pattern = rb"\s" + re.escape(name) + rb"\s*=\s*(\"[^\"]*\"|'[^']*')"
    found = re.compile(pattern).search(data, start, stop)
    return [(found.start(1), found.end(1), b'"' + value + b'"')] if found else []


def splice(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Return `data` with the edits made; several at one place keep their order."""
    out: list[bytes] = []
    at = 0
    for start, stop, new in sorted(edits, key=lambda edit: edit[0]):
        if start < at:
            raise AssertionError("two edits overlap")
        out += data[at:start], new
        at = stop
    out.append(data[at:])
    return b"".join(out)


def inside(data: bytes, start: int, at: int, name: bytes, content: bytes) -> Edit:
    """Return the edit that puts `content` into the element, at `at` unless it is self-closing."""
    stop = tag_end(data, start)
    if is_closed(data, stop):
        return stop - 2, stop, b">" + content + b"</" + name + b">"
    return at, at, content
