"""A letter: what it says, and how it looks as text, as HTML and as a mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from itertools import count
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from rules.model.finding import Severity
from rules.text.personal_numbers import masked
from sync.i18n.language import _, spoken
from sync.overview.markup import templates

MOST_ENTRIES = 25
"""More of one kind nobody reads in a mail; the workbook shows them all."""
MOST_SECTIONS, MOST_NAMES, MOST_BARS = 20, 3, 100
_BAR_CHARACTERS = 30
_BAR_PIXELS = 200


@dataclass(frozen=True, slots=True)
class LetterEntry:
    """One thing in a letter, what to do about it, where it is, and how much it matters."""

    text: str
    remedy: str = ""
    link: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class LetterSection:
    """What belongs together in a letter."""

    title: str
    entries: Sequence[LetterEntry]

    @property
    def shown(self) -> Sequence[LetterEntry]:
        """The entries that the letter shows."""
        return self.entries[:MOST_ENTRIES]

    @property
    def more(self) -> str:
        """How many entries it leaves out; empty where it shows all."""
        left_out = len(self.entries) - MOST_ENTRIES
        return _("Og {count} til.").format(count=left_out) if left_out > 0 else ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a bar chart, of parts by severity; `text` is what the bar means in words."""

    label: str
    parts: Mapping[Severity, int]
    text: str

    @property
    def size(self) -> int:
        """All parts together."""
        return sum(self.parts.values())


class Attachment(NamedTuple):
    """A page of HTML that goes with a letter."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one address. `reports` are the keys of what its recipient then knows."""

    to: str
    recipient: str
    about: str
    subject: str
    opening: str
    sections: Sequence[LetterSection]
    closing: str
    reports: frozenset[str] = frozenset()
    bars: Sequence[Bar] = ()
    link: str = ""
    page: Attachment | None = None

    @property
    def bars_end(self) -> int:
        """What a bar of the whole length means: a round number, so that it seldom changes."""
        largest = max((bar.size for bar in self.bars), default=0)
        return next(number for number in _round_numbers() if number >= largest)

    @property
    def scale(self) -> str:
        """What the bars are measured by, in words."""
        return _("En bjælke i fuld længde er {count} fund.").format(count=self.bars_end)


def _round_numbers() -> Iterator[int]:
    """10, 20, 50, 100 and so on."""
    for power in count(1):
        yield from (factor * 10**power for factor in (1, 2, 5))


def filled(sections: Iterable[LetterSection]) -> list[LetterSection]:
    """The sections in which something stands, as many as a mail has room for."""
    found = [section for section in sections if section.entries]
    if len(found) <= MOST_SECTIONS:
        return found
    left_out = sum(len(section.entries) for section in found[MOST_SECTIONS:])
    more = LetterSection(_("Resten"), [LetterEntry(_("Og {count} til.").format(count=left_out))])
    return [*found[:MOST_SECTIONS], more]


def first_of(names: Sequence[str]) -> list[str]:
    """The first of some names, and how many more there are, as a subject has room for."""
    if len(names) <= MOST_NAMES:
        return list(names)
    return [*names[:MOST_NAMES], _("{count} til").format(count=len(names) - MOST_NAMES)]


def as_text(letter: Letter) -> str:
    """The letter as plain text."""
    return masked("\n".join(_text_lines(letter))) + "\n"


def _text_lines(letter: Letter) -> Iterator[str]:
    yield from (letter.opening, "")
    if letter.link:
        yield from (f"{_('Overblikket')}: {letter.link}", "")
    width = max((len(bar.label) for bar in letter.bars), default=0)
    for bar in letter.bars:
        length = _length(bar.size, letter.bars_end, _BAR_CHARACTERS)
        yield f"{bar.label:{width}}  {'█' * length:{_BAR_CHARACTERS}}  {bar.text}"
    if letter.bars:
        yield from (letter.scale, "")
    for section in letter.sections:
        yield from (section.title, "-" * len(section.title))
        for entry in section.shown:
            yield f"- {_one_line(entry.text)}"
            if entry.remedy:
                yield f"  {_one_line(entry.remedy)}"
            if entry.link:
                yield f"  {entry.link}"
        if section.more:
            yield f"- {section.more}"
        yield ""
    yield letter.closing


def as_html(letter: Letter) -> str:
    """The letter as HTML; everything that comes from outside is escaped."""
    return _TEMPLATES.get_template("letter.html").render(
        letter=letter,
        language=spoken().code,
        open_overview=_("Åbn overblikket"),
        open_workbook=_("Åbn regnearket"),
    )


def as_mail(letter: Letter, sender: str, at: datetime) -> EmailMessage:
    """The letter as a mail with both forms."""
    mail = EmailMessage()
    mail["From"] = Address(display_name=_("Helhedsplan-kontrollen"), addr_spec=sender)
    mail["To"] = Address(addr_spec=letter.to)
    mail["Subject"] = _one_line(masked(letter.subject))
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(as_text(letter))
    mail.add_alternative(as_html(letter), subtype="html")
    if letter.page:
        name, content = letter.page
        mail.add_attachment(content, maintype="text", subtype="html", filename=name)
    return mail


def _length(size: int, largest: int, longest: int) -> int:
    """How long a bar is; one that is not empty can be seen."""
    return max(1, size * longest // largest) if size else 0


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> Markup:
    """A text from outside, escaped, its lines one below the other."""
    return Markup("<br>").join(masked(text).split("\n"))


_TEMPLATES = templates(Path(__file__).parent)
_TEMPLATES.filters["lines"] = _lines
_TEMPLATES.globals |= {
    "length": _length,
    "bar_pixels": _BAR_PIXELS,
}
