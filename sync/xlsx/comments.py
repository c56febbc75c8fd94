"""What people wrote in a sheet's comments."""

from __future__ import annotations

from collections import defaultdict

from sync.xlsx.markup import read_tree, shown_text
from sync.xlsx.sheets import Sheet, relations
from sync.xlsx.zip_package import Package


def comments_by_cell(package: Package, sheet: Sheet) -> dict[str, str]:
    """Return the plain text of the sheet's comments by cell (»A1«), threaded ones included.

    A threaded comment has a copy among the notes for old versions of Excel, whose author begins
    with »tc=«; the copy is left out. Several comments of one cell are joined by line breaks.
    """
    notes: dict[str, list[str]] = defaultdict(list)
    threads: dict[str, list[str]] = defaultdict(list)
    copies: set[str] = set()
    found = ((relation.kind, relation.part) for relation in relations(package, sheet.part))
    for kind, part in dict.fromkeys(found):
        if kind == "comments":
            root = read_tree(package, part)
            authors = [one.text or "" for one in root.iterfind(".//{*}author")]
            for note in root.iterfind(".//{*}comment"):
                number, cell = note.get("authorId", "")[:9], note.get("ref", "")
                author = int(number) if number.isdecimal() else len(authors)
                if "".join(authors[author : author + 1]).startswith("tc="):
                    copies.add(cell)
                if text := "".join(map(shown_text, note.iterfind(".//{*}text"))):
                    notes[cell].append(text)
        elif kind == "threadedComment":
            for comment in read_tree(package, part).iterfind(".//{*}threadedComment"):
                if said := comment.findtext("{*}text"):
                    threads[comment.get("ref", "")].append(said)
    for cell in copies & threads.keys():
        notes.pop(cell, None)
    return {cell: "\n".join(notes[cell] + threads[cell]) for cell in (*notes, *threads)}
