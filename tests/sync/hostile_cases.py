"""Every workbook made to do harm, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from tests.sync import hostile
from tests.sync.hostile import BOOK, PART, RELATIONS, prolog, slowly, target
from tests.sync.packages import STRINGS

Maker = Callable[[], bytes]

LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]>"
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
PARAMETER = b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/evil.dtd"> %p;]>'

READ = "read"
"""The workbook is read like any other: its one wrong amount is found."""
READ_OR_DAMAGED = "read or damaged"
"""As the slower reader has lxml or not, which refuses what is nested deeply."""
DAMAGED, TOO_LARGE, NO_WORKBOOK = "damaged", "too_large", "not_a_workbook"

TYPES = "[Content_Types].xml"
XML_PARTS = (PART, STRINGS, BOOK, "xl/styles.xml", TYPES, RELATIONS, "_rels/.rels")

OUTCOMES: list[tuple[Maker, str]] = [
    (hostile.bomb_by_ratio, TOO_LARGE),
    (hostile.bomb_by_size, TOO_LARGE),
    (hostile.bomb_by_count, TOO_LARGE),
    (hostile.bomb_by_false_count, TOO_LARGE),
    (hostile.overlapping, TOO_LARGE),
    (hostile.lying_size, DAMAGED),
    (hostile.nested, READ),
    (hostile.deep_sheet, READ),
    (hostile.deep_styles, READ),
    (hostile.deep_styles_odd, READ_OR_DAMAGED),
    (hostile.deep_strings, READ),
    (hostile.deep_book, READ),
    (hostile.long_attribute, READ),
    (hostile.many_attributes, READ),
    (hostile.text_of_10_megabytes, READ),
    (hostile.amount_of_a_megabyte, READ),
    (hostile.long_texts_everywhere, READ),
    (hostile.one_text_many_times, TOO_LARGE),
    (hostile.one_text_many_times_odd, TOO_LARGE),
    (hostile.many_small_texts, TOO_LARGE),
    (hostile.many_sheets_of_two_cells, READ),
    (hostile.many_sheets, READ),
    (hostile.hundred_thousand_sheets, DAMAGED),
    (hostile.wide_rows, TOO_LARGE),
    (hostile.error_cells_that_do_not_end, READ),
    (hostile.cells_in_a_comment, READ),
    (hostile.cells_without_an_end, DAMAGED),
    (hostile.hundred_thousand_styles, READ),
    (hostile.million_styles, TOO_LARGE),
    (hostile.long_formats, READ),
    (hostile.merged, READ),
    (hostile.hyperlinks, READ),
    (hostile.defined_names, READ),
    (hostile.comments, READ),
    (hostile.names_that_lead_out, READ),
    (hostile.same_name_twice, NO_WORKBOOK),
    (hostile.same_name_in_capitals, NO_WORKBOOK),
]
DECLARED = [
    (LAUGHS, b"&a9;", "laughs"),
    (OUTSIDE, b"&e;", "outside"),
    (PARAMETER, b"", "parameter"),
]
TARGETS = (
    "../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "C:\\Windows\\win.ini",
    "http://127.0.0.1:9/x.xml", "..%2f..%2fetc%2fpasswd", "worksheets/nothing.xml",
)  # fmt: skip


def all_cases() -> list[tuple[str, Maker, str]]:
    """Every case: its title, its maker, and what comes of it."""
    return list(_cases())


def _cases() -> Iterator[tuple[str, Maker, str]]:
    for make, outcome in OUTCOMES:
        yield make.__name__, make, outcome
    for declaration, use, word in DECLARED:
        for part in XML_PARTS:
            outcome = READ if part == TYPES else DAMAGED  # of that part nothing is read
            yield f"{word} in {part}", partial(prolog, part, declaration, use), outcome
        yield f"{word}, read slowly", partial(slowly, declaration, use), DAMAGED
    for path in TARGETS:
        yield f"target {path}", partial(target, path), DAMAGED
