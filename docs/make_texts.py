"""Brings the catalogues of texts up to date, from the code: make texts.

Each sync/i18n/languages/CODE/LC_MESSAGES/helhedsplan.po gets the texts that are new, without a
translation, and loses those that are gone; then it is compiled to the .mo beside it. Both are
committed, so that nothing needs compiling where the program is installed.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
LANGUAGES = ROOT / "sync" / "i18n" / "languages"
PACKAGES = ("rules", "sheets_templates", "sync")
FUNCTIONS, METHODS = {"_", "N_", "said", "plural"}, {"text", "plural"}
"""What takes a text: `plural` takes two of it, the method `text` perhaps a context behind it."""
FIELDS: dict[str, tuple[int | str, ...]] = {
    "Rule": ("title", "message", "fix", "why", "source", "wrong", "right"),
    "Wording": (0, 1),
    "Table": ("purpose",),
    "Column": ("hint",),
    "ApprovalStep": ("definite",),
    "Heading": (0,),
    "ReportColumn": (0,),
    "ReportSheet": (0, 1, 2),
    "Figure": (0, "leads_to"),
    "Highlight": (1,),
}
"""What holds texts that are put into words later: the arguments of a class that they are."""
HEADINGS = ("Heading", "ReportColumn")


class Texts(Catalog):
    """A catalogue whose head says nothing but what readers of the file need."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The language, its plurals, and how the file is written."""
        return [
            ("Language", str(self.locale_identifier or "")),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def extracted() -> Texts:
    """All texts of the code, each with the files that it stands in."""
    catalog = Texts(charset="utf-8")
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            for text, context in _texts_in(file):
                catalog.add(
                    text, locations=[(file.relative_to(ROOT).as_posix(), 0)], context=context
                )
    return catalog


def _texts_in(file: Path) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            yield from _arguments(node.func.attr, [_constant(value) for value in node.args])
        elif isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            yield from _arguments(node.func.id, [_constant(value) for value in node.args])
        elif isinstance(node.func, ast.Name):
            context = "heading" if node.func.id in HEADINGS else None
            fields = FIELDS.get(node.func.id, ())
            yield from ((text, context) for text in _fields_of(node, fields))


def _arguments(name: str, texts: list[str]) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    if not texts or not texts[0]:
        return
    if name == "plural":
        yield (texts[0], texts[1]), None
    else:
        yield texts[0], texts[1] if len(texts) > 1 else None


def _constant(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _fields_of(call: ast.Call, fields: tuple[int | str, ...]) -> Iterator[str]:
    for place, value in (
        *enumerate(call.args),
        *((keyword.arg, keyword.value) for keyword in call.keywords),
    ):
        if place in fields and (text := _constant(value)):
            yield text


def updated(file: Path, texts: Catalog) -> Texts:
    """The file's catalogue with exactly these texts, keeping its translations."""
    with file.open("rb") as old:
        known = read_po(old, locale=file.parts[-3])
    fresh = Texts(known.locale, header_comment=known.header_comment, fuzzy=False)
    for message in texts:
        if message.id:
            before = known.get(message.id, message.context)
            string = before.string if before else None
            fresh.add(message.id, string, message.locations, context=message.context)
    return fresh


def as_po(catalog: Catalog) -> bytes:
    """The catalogue as a .po file, in the order of the code."""
    file = BytesIO()
    write_po(file, catalog, width=100, sort_by_file=True, include_lineno=False)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The catalogue as a .mo file."""
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def main() -> None:
    """Write the catalogues, and tell which texts have no translation yet."""
    texts = extracted()
    for file in sorted(LANGUAGES.glob("*/LC_MESSAGES/*.po")):
        catalog = updated(file, texts)
        file.write_bytes(as_po(catalog))
        file.with_suffix(".mo").write_bytes(as_mo(catalog))
        missing = [text.id for text in catalog if text.id and not is_translated(text.string)]
        for text in missing:
            sys.stdout.write(f"{catalog.locale}: {text!r}\n")
        name = file.relative_to(ROOT).as_posix()
        sys.stdout.write(f"{name}: {len(catalog)} texts, {len(missing)} without a translation\n")


def is_translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    """Whether there is a translation, of every plural form."""
    return bool(string) and all(string or ())


if __name__ == "__main__":
    main()
