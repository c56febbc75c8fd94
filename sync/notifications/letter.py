"""A letter: what it says, and how it looks as text, as HTML and as a mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from html import escape

from rules.model.finding import Severity
from rules.text.personal_numbers import masked
from sync.i18n.language import _, spoken

MOST_ENTRIES = 25
"""More of one kind nobody reads in a mail; the workbook shows them all."""
_BAR_CHARACTERS = 30
_BAR_PIXELS = 240
_FONT = "font-family: Calibri, Arial, sans-serif; font-size: 15px; line-height: 1.4; color: #222"
_GREY = "color: #555"
_COLOURS = {Severity.ERROR: "#b3261e", Severity.WARNING: "#c77700", Severity.INFO: "#3a6ea5"}
_PLAIN = "#b0b0b0"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a letter, what to do about it, where it is, and how much it matters."""

    text: str
    remedy: str = ""
    link: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """What belongs together in a letter."""

    title: str
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a bar chart, of parts by severity; `says` is what the bar means in words."""

    label: str
    parts: Mapping[Severity, int]
    says: str

    @property
    def size(self) -> int:
        """All parts together."""
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one address. `tells` are the identities of what the recipient then knows."""

    to: str
    recipient: str
    about: str
    subject: str
    opening: str
    sections: Sequence[Section]
    closing: str
    tells: frozenset[str] = frozenset()
    bars: Sequence[Bar] = ()
    link: str = ""


def as_text(letter: Letter) -> str:
    """The letter as plain text."""
    return masked("\n".join(_text_lines(letter))) + "\n"


def _text_lines(letter: Letter) -> Iterator[str]:
    yield from (letter.opening, "")
    if letter.link:
        yield from (f"{_('Overblikket')}: {letter.link}", "")
    largest = max((bar.size for bar in letter.bars), default=0)
    width = max((len(bar.label) for bar in letter.bars), default=0)
    for bar in letter.bars:
        length = _length(bar.size, largest, _BAR_CHARACTERS)
        yield f"{bar.label:{width}}  {'█' * length:{_BAR_CHARACTERS}}  {bar.says}"
    if letter.bars:
        yield ""
    for section in letter.sections:
        yield from (section.title, "-" * len(section.title))
        for entry in section.entries[:MOST_ENTRIES]:
            yield f"- {_one_line(entry.text)}"
            if entry.remedy:
                yield f"  {_one_line(entry.remedy)}"
            if entry.link:
                yield f"  {entry.link}"
        if (more := len(section.entries) - MOST_ENTRIES) > 0:
            yield f"- {_more(more)}"
        yield ""
    yield letter.closing


def as_html(letter: Letter) -> str:
    """The letter as HTML; everything that comes from outside is escaped."""
    lines = [
        f'<html lang="{spoken().code}"><head><meta charset="utf-8"></head>',
        f'<body style="{_FONT}; max-width: 680px; margin: 16px">',
        f"<p>{_safe(letter.opening)}</p>",
    ]
    if letter.link:
        lines.append(f"<p>{_anchor(letter.link, _('Åbn overblikket'))}</p>")
    lines.extend(_chart(letter.bars))
    for section in letter.sections:
        lines.append(f'<h2 style="font-size: 17px; margin: 24px 0 8px">{_safe(section.title)}</h2>')
        lines.extend(_item(entry) for entry in section.entries[:MOST_ENTRIES])
        if (more := len(section.entries) - MOST_ENTRIES) > 0:
            lines.append(f"<p>{_more(more)}</p>")
    rule = "border-top: 1px solid #ddd; padding-top: 8px; margin-top: 24px; font-size: 13px"
    lines.append(f'<p style="{_GREY}; {rule}">{_safe(letter.closing)}</p>')
    lines.append("</body></html>")
    return "\n".join(lines) + "\n"


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
    return mail


def _chart(bars: Sequence[Bar]) -> Iterator[str]:
    """The bars as a table, which every mail program shows."""
    if not bars:
        return
    largest = max(bar.size for bar in bars)
    yield '<table cellpadding="4" cellspacing="0" style="font-size: 14px">'
    for bar in bars:
        parts = "".join(
            _part(_COLOURS[severity], pixels)
            for severity, size in bar.parts.items()
            if (pixels := _length(size, largest, _BAR_PIXELS))
        )
        chart = f'<table cellpadding="0" cellspacing="0"><tr>{parts}</tr></table>' if parts else ""
        yield (
            f'<tr><td style="padding-right: 12px">{_safe(bar.label)}</td>'
            f'<td width="{_BAR_PIXELS}">{chart}</td>'
            f'<td style="padding-left: 12px">{_safe(bar.says)}</td></tr>'
        )
    yield "</table>"


def _part(colour: str, pixels: int) -> str:
    """A cell of that width; the block in it is for programs that narrow an empty cell."""
    block = f'<div style="width: {pixels}px; font-size: 12px">&nbsp;</div>'
    return f'<td width="{pixels}" style="background: {colour}">{block}</td>'


def _length(size: int, largest: int, longest: int) -> int:
    """How long a bar is; one that is not empty can be seen."""
    return max(1, size * longest // largest) if size else 0


def _item(entry: Entry) -> str:
    text = _safe(entry.text)
    if entry.remedy:
        text += f'<br><span style="{_GREY}">{_safe(entry.remedy)}</span>'
    if entry.link:
        text += f"<br>{_anchor(entry.link, _('Åbn regnearket'))}"
    colour = _COLOURS[entry.severity] if entry.severity else _PLAIN
    edge = f"border-left: 4px solid {colour}; padding: 2px 0 2px 12px; margin: 0 0 12px"
    return f'<div style="{edge}">{text}</div>'


def _anchor(link: str, text: str) -> str:
    return f'<a href="{escape(link)}">{text}</a>'


def _safe(text: str) -> str:
    return escape(masked(text)).replace("\n", "<br>")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _more(number: int) -> str:
    return _("Og {count} til.").format(count=number)
