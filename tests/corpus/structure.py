"""What Excel asks of a workbook's parts beyond what readers need: order, references, ranges.

It is compared before and after writing: only what is new is harm.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from openpyxl.utils import range_boundaries

CHILDREN = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects",
    "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
"""Of a worksheet, in the order of ECMA-376, part 1, 18.3.1.99."""
_PLACE = re.compile(r"([A-Z]{1,3})([1-9]\d*)")
_WORKSHEET = "worksheet"


class _Parts:
    """A workbook's parts as trees, by their names without a slash in front."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.names = [one.filename.lstrip("/").replace("\\", "/") for one in archive.infolist()]
            self._by_key = {
                name.lower(): archive.read(one)
                for name, one in zip(self.names, archive.infolist(), strict=True)
                if name.lower().endswith((".xml", ".rels"))
            }

    def tree(self, name: str) -> ET.Element | None:
        content = self._by_key.get(name.lower())
        try:
            return None if content is None else ET.fromstring(content)
        except ET.ParseError:
            return None

    def __contains__(self, name: str) -> bool:
        return name.lower() in {one.lower() for one in self.names}

    def relations(self, part: str) -> dict[str, tuple[str, str, bool]]:
        """Type, target and whether it lies inside, by id."""
        folder, _, name = part.rpartition("/")
        tree = self.tree(f"{folder}/_rels/{name}.rels".lstrip("/"))
        found = {}
        for one in tree if tree is not None else ():
            target = unquote(one.get("Target", "").replace("\\", "/"))
            whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            inside = one.get("TargetMode") != "External"
            found[one.get("Id", "")] = (one.get("Type", ""), posixpath.normpath(whole), inside)
        return found


def problems(data: bytes) -> Counter[str]:
    """What is not as it should be, each as often as it is met."""
    parts = _Parts(data)
    return Counter([*_package_problems(parts), *_workbook_problems(parts)])


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _all(tree: ET.Element, name: str) -> Iterator[ET.Element]:
    return (one for one in tree.iter() if _local(one.tag) == name)


def _relation_ids(element: ET.Element) -> list[str]:
    return [
        value for key, value in element.attrib.items()
        if key.startswith("{") and "relationships" in key
    ]  # fmt: skip


def _package_problems(parts: _Parts) -> Iterator[str]:
    types = parts.tree("[Content_Types].xml")
    if types is None:
        yield "no content types"
        return
    overrides = Counter(
        one.get("PartName", "").lstrip("/").lower() for one in _all(types, "Override")
    )
    defaults = {one.get("Extension", "").lower() for one in _all(types, "Default")}
    yield from (f"{name}: two content types" for name, n in overrides.items() if n > 1)
    for name in parts.names:
        key = name.lower()
        known = key in overrides or key.rpartition(".")[2] in defaults
        if not known and not key.endswith("/") and key != "[content_types].xml":
            yield f"{name}: no content type"
        if key.endswith(".rels"):
            tree = parts.tree(name)
            ids = Counter(one.get("Id") for one in tree) if tree is not None else Counter()
            yield from (f"{name}: the id {one} twice" for one, n in ids.items() if n > 1)
    for name in parts.names:
        for kind, target, inside in parts.relations(name).values():
            if inside and target not in parts and "#" not in target:
                yield f"{name}: the {_local(kind.replace('/', '}'))} {target} is missing"


def _workbook_problems(parts: _Parts) -> Iterator[str]:
    roots = parts.relations("")
    part = next((t for kind, t, _ in roots.values() if kind.endswith("/officeDocument")), "")
    workbook = parts.tree(part)
    if workbook is None:
        yield "no workbook"
        return
    relations = parts.relations(part)
    sheets = list(_all(workbook, "sheet"))
    for attribute in ("sheetId", "name"):
        values = Counter(one.get(attribute, "").casefold() for one in sheets)
        yield from (f"two sheets have the {attribute} {one}" for one, n in values.items() if n > 1)
    styles = _styles(parts, relations)
    texts = _shared_texts(parts, relations)
    for sheet in sheets:
        ids = _relation_ids(sheet)
        kind, target, _ = relations.get(ids[0] if ids else "", ("", "", False))
        if not kind:
            yield f"the sheet {sheet.get('name')} leads nowhere"
        elif kind.endswith(f"/{_WORKSHEET}") and (tree := parts.tree(target)) is not None:
            for problem in _sheet_problems(tree, styles, len(texts)):
                yield f"{target}: {problem}"
            for id_ in (one for element in tree.iter() for one in _relation_ids(element)):
                if id_ not in parts.relations(target):
                    yield f"{target}: the relation {id_} is missing"
            yield from _table_problems(parts, target, tree, texts)


def _styles(parts: _Parts, relations: dict[str, tuple[str, str, bool]]) -> int:
    part = next((t for kind, t, _ in relations.values() if kind.endswith("/styles")), "")
    tree = parts.tree(part)
    return 0 if tree is None else sum(len(one) for one in _all(tree, "cellXfs"))


def _shared_texts(parts: _Parts, relations: dict[str, tuple[str, str, bool]]) -> Sequence[str]:
    part = next((t for kind, t, _ in relations.values() if kind.endswith("/sharedStrings")), "")
    tree = parts.tree(part)
    return [] if tree is None else [_text(one) for one in _all(tree, "si")]


def _text(element: ET.Element) -> str:
    return "".join(one.text or "" for one in _all(element, "t"))


def _sheet_problems(tree: ET.Element, styles: int, texts: int) -> Iterator[str]:
    order = [CHILDREN.index(name) for one in tree if (name := _local(one.tag)) in CHILDREN]
    if order != sorted(order):
        yield "its elements stand in another order"
    yield from _row_problems(tree)
    yield from _cell_problems(tree, styles, texts)
    columns = [(int(c.get("min", 0)), int(c.get("max", 0))) for c in _all(tree, "col")]
    if any(first > last for first, last in columns) or any(
        a[1] >= b[0] for a, b in pairwise(columns)
    ):
        yield "its columns overlap"
    masters = Counter(
        f.get("si") for f in _all(tree, "f") if f.get("t") == "shared" and f.get("ref")
    )
    for formula in _all(tree, "f"):
        if formula.get("t") == "shared" and masters[formula.get("si")] != 1:
            yield f"a shared formula {formula.get('si')} without one master"


def _row_problems(tree: ET.Element) -> Iterator[str]:
    rows = [int(row.get("r", 0)) for row in _all(tree, "row")]
    if any(a >= b for a, b in pairwise(rows)) and 0 not in rows:
        yield "its rows stand in another order"
    for row in _all(tree, "row"):
        places = [place for c in row if (place := _PLACE.fullmatch(c.get("r", "")))]
        columns = [_column(place[1]) for place in places]
        if any(a >= b for a, b in pairwise(columns)):
            yield f"row {row.get('r')}: its cells stand in another order"
        if row.get("r") and any(place[2] != row.get("r") for place in places):
            yield f"row {row.get('r')}: a cell of another row"
        spans = [tuple(map(int, one.split(":"))) for one in (row.get("spans") or "").split()]
        if spans and not all(any(a <= n <= b for a, b in spans) for n in columns):
            yield f"row {row.get('r')}: its spans do not hold its cells"


def _cell_problems(tree: ET.Element, styles: int, texts: int) -> Iterator[str]:
    dimension = next((one.get("ref") for one in _all(tree, "dimension")), None)
    try:
        left, top, right, bottom = range_boundaries(dimension or "A1:XFD1048576")
    except ValueError:
        return
    for cell in _all(tree, "c"):
        if place := _PLACE.fullmatch(cell.get("r", "")):
            is_in = (left or 1) <= _column(place[1]) <= (right or 16384)
            if len(cell) and not (is_in and (top or 1) <= int(place[2]) <= (bottom or 1048576)):
                yield f"{place[0]} lies outside the dimension {dimension}"
        if int(cell.get("s") or 0) >= max(styles, 1):
            yield f"{cell.get('r')} has a style that does not exist"
        if cell.get("t") == "s" and int(next((v.text or "0" for v in _all(cell, "v")), 0)) >= texts:
            yield f"{cell.get('r')} has a text that does not exist"


def _table_problems(
    parts: _Parts, sheet: str, tree: ET.Element, texts: Sequence[str]
) -> Iterator[str]:
    """Tables whose headers are not what stands in the cells: Excel repairs such a workbook."""
    cells = {cell.get("r"): cell for cell in _all(tree, "c")}
    for kind, target, _ in parts.relations(sheet).values():
        table = parts.tree(target) if kind.endswith("/table") else None
        if table is None or table.get("headerRowCount") == "0":
            continue
        left, top, right, _ = range_boundaries(table.get("ref", ""))
        names = [one.get("name", "") for one in _all(table, "tableColumn")]
        if len(names) != (right or 0) - (left or 0) + 1:
            yield f"{target}: other columns than its range"
        for number, name in enumerate(names, left or 1):
            shown = _shown(cells.get(f"{_letters(number)}{top}"), texts)
            if _plain(shown) != _plain(name):
                yield f"{target}: the header {name} is {shown}"


def _shown(cell: ET.Element | None, texts: Sequence[str]) -> str:
    if cell is None:
        return ""
    value = next((one.text or "" for one in _all(cell, "v")), "")
    return (
        texts[int(value)]
        if cell.get("t") == "s" and int(value) < len(texts)
        else value or _text(cell)
    )


def _plain(text: str) -> str:
    return " ".join(re.sub(r"_x[0-9A-Fa-f]{4}_", " ", text).split())


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def new_problems(before: bytes, after: bytes) -> Iterator[str]:
    """What was not there before writing."""
    yield from (problems(after) - problems(before)).elements()
