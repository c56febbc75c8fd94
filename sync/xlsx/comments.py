"""What people wrote in a sheet's comments."""

from __future__ import annotations

from collections import defaultdict

from sync.xlsx.markup import local, parse
from sync.xlsx.sheets import Sheet, relations
from sync.xlsx.zip_package import Package


def comments_by_cell(package: Package, sheet: Sheet) -> dict[str, str]:
    """Return the plain text of the sheet's comments by cell (»A1«), threaded ones included.

    A threaded comment has a copy among the legacy ones for old versions of Excel; the copy is
    left out. Several comments of one cell are joined by line breaks.

    Raises:
        PackageError: a comments part is missing or damaged.
    """
    legacy = _Legacy()
    threads = _Threads()
    found = ((relation.kind, relation.part) for relation in relations(package, sheet.part))
    for kind, part in dict.fromkeys(found):
        if kind == "comments":
            legacy.read(package, part)
        elif kind == "threadedComment":
            threads.read(package, part)
    texts = {
        cell: "\n".join(comments)
        for cell, comments in legacy.by_cell.items()
        if cell not in legacy.copies or cell not in threads.by_cell
    }
    for cell, thread in threads.by_cell.items():
        texts[cell] = "\n".join([texts[cell], *thread] if cell in texts else thread)
    return texts


class _Comments:
    """Collects texts by cell while a comments part is parsed."""

    comment_tag = ""
    text_tags: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.by_cell: dict[str, list[str]] = defaultdict(list)
        self._cell = ""
        self._words: list[str] = []
        self._listens = False

    def read(self, package: Package, part: str) -> None:
        parse(package.read(part), part, self._start, self._end, self._text)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if tag == self.comment_tag:
            self._cell = attributes.get("ref", "")
            self._words.clear()
        self._listens = tag in self.text_tags

    def _end(self, name: str) -> None:
        self._listens = False
        if local(name) == self.comment_tag and self._words:
            self.by_cell[self._cell].append("".join(self._words))

    def _text(self, characters: str) -> None:
        if self._listens:
            self._words.append(characters)


class _Threads(_Comments):
    """Threaded comments: one element a comment, replies after what they answer."""

    comment_tag = "threadedComment"
    text_tags = ("text",)


class _Legacy(_Comments):
    """Notes, as runs of text; `copies` are the cells whose note repeats a thread."""

    comment_tag = "comment"
    text_tags = ("t", "author")

    def __init__(self) -> None:
        super().__init__()
        self.copies: set[str] = set()
        self._authors: list[str] = []
        self._in_phonetic = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        super()._start(name, attributes)
        tag = local(name)
        if tag == "rPh":
            self._in_phonetic = True
        elif tag == "author":
            self._words.clear()
        elif tag == "comment":
            author = attributes.get("authorId", "")[:9]
            index = int(author) if author.isdecimal() else len(self._authors)
            if "".join(self._authors[index : index + 1]).startswith("tc="):
                self.copies.add(self._cell)
        self._listens = self._listens and not self._in_phonetic

    def _end(self, name: str) -> None:
        super()._end(name)
        tag = local(name)
        if tag == "rPh":
            self._in_phonetic = False
        elif tag == "author":
            self._authors.append("".join(self._words))
