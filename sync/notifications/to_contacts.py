"""The mail to a plan's contact: what is new, has come back or is overdue in their own plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from rules.text.marking import N_
from rules.text.quoting import quoted
from sync.findings.comment_lines import Comment
from sync.history.sent_log import Known, key_of
from sync.i18n.language import _, plural, spoken
from sync.notifications.letter import Letter, LetterEntry, LetterSection, filled, first_of
from sync.overview.model import Deadline, NoticeLine, Overview
from sync.overview.working_days import reminder_now

SAID_BY_DEADLINES = frozenset({"MIL-01", "IBR-02"})
"""What the lists of deadlines say: a milestone that is overdue, a report that is due soon."""
_CLOSING = N_(
    "Du får denne mail, fordi du står som kontaktperson i planen. Mailen er lavet af kontrollen, "
    "og ingen læser svar på den. Skriv til Områdesekretariatet, hvis du vil have mails sjældnere."
)

LinkTo = Callable[[str], str]


@dataclass(slots=True)
class ContactItems:
    """What one contact may get mail about: what is open in the workbooks that name them.

    By identity, each with the plan as the workbook itself names it: whoever types another plan's
    Plan-id hears nothing of that one's workbooks.
    """

    address: str
    name: str
    plan_ids: dict[str, None] = field(default_factory=dict)
    findings: dict[str, tuple[str, NoticeLine]] = field(default_factory=dict)
    overdue: dict[str, tuple[str, Deadline]] = field(default_factory=dict)
    coming: dict[str, tuple[str, Deadline]] = field(default_factory=dict)
    comments: dict[str, tuple[str, Comment, str]] = field(default_factory=dict)

    @property
    def open_now(self) -> list[str]:
        """The identities of everything that is open."""
        return [*self.comments, *self.findings, *self.overdue, *self.coming]


def items_by_contact(overview: Overview, today: date) -> Iterator[ContactItems]:
    """What is open for each contact, by address; a plan's workbooks may have several contacts."""
    by_address: dict[str, ContactItems] = {}
    lines: dict[str, dict[str, NoticeLine]] = defaultdict(dict)
    for line in overview.open_notices:
        if line.notice.code not in SAID_BY_DEADLINES:
            lines[line.notice.workbook][line.identity] = line
    deadlines = _deadlines(overview, today)
    for _plan, book in overview.plan_books:
        form = book.workbook.form
        if address := (form.email or "").strip():
            items = by_address.setdefault(
                address.lower(), ContactItems(address, form.contact or "")
            )
            plan = quoted(" ".join(filter(None, [form.plan_id, form.name])))
            items.plan_ids[quoted(form.plan_id or _("uden Plan-id"))] = None
            items.findings |= {key: (plan, line) for key, line in lines[book.path].items()}
            for comment, _place in overview.placed.get(book.path, ()):
                items.comments[key_of("comment", comment.key)] = plan, comment, book.address
            for key, one, is_late in deadlines[book.address] if book.address else ():
                (items.overdue if is_late else items.coming)[key] = plan, one
    yield from by_address.values()


def _deadlines(overview: Overview, today: date) -> dict[str, list[tuple[str, Deadline, bool]]]:
    """By workbook what is overdue, and the reports that are due soon, each with its identity."""
    found: dict[str, list[tuple[str, Deadline, bool]]] = defaultdict(list)
    for one in overview.deadlines:
        if one.on is None or one.is_reckoned:
            continue
        days = reminder_now(one.on, today) if one.is_report else None
        if days is not None:
            key = key_of(f"due in {days}", one.key, str(one.on))
            found[one.what.address].append((key, one, False))
        elif one.on < today and not one.is_report:  # a report that is overdue is a finding, IBR-01
            key = key_of("overdue", one.key, str(one.on))
            found[one.what.address].append((key, one, True))
    return found


def contact_letter(
    items: ContactItems, known: Known, recipient: str, today: date, link_of: LinkTo
) -> Letter | None:
    """The letter; None where there is nothing to tell."""
    new, returned = known.new(items.open_now), known.returned(items.open_now)
    if not new and not returned:
        return None
    wanted = {*new, *returned}
    plans = spoken().listed(first_of(list(items.plan_ids)))
    what = plural("{count} ting, du skal se på", "{count} ting, du skal se på", len(wanted))
    return Letter(
        to=items.address,
        recipient=recipient,
        about=_("kontaktpersonen for {plans}").format(plans=plans),
        subject=f"{plans}: {what}",
        opening=_opening(items, today),
        sections=filled(_sections(items, set(new), set(returned), link_of)),
        closing=_(_CLOSING),
        reports=frozenset(wanted),
    )


def _opening(items: ContactItems, today: date) -> str:
    hello = _("Hej {name}").format(name=quoted(items.name)) if items.name else _("Hej")
    news = plural(
        "Her er det nye i din plan pr. {day}.",
        "Her er det nye i dine planer pr. {day}.",
        len(items.plan_ids),
        day=spoken().day(today),
    )
    return f"{hello}\n\n{news}"


def _sections(
    items: ContactItems, new: set[str], returned: set[str], link_of: LinkTo
) -> Iterator[LetterSection]:
    plans = dict.fromkeys(
        plan
        for some in (items.comments, items.findings, items.overdue, items.coming)
        for plan, *_one in some.values()
    )
    for plan in plans:
        comments = [
            LetterEntry(comment.sentence, link=link_of(address))
            for identity, (of, comment, address) in items.comments.items()
            if of == plan and identity in new | returned
        ]
        yield LetterSection(f"{plan}: {_('Fra sekretariatet')}", comments)
        for heading, wanted in ((_("Nyt"), new), (_("Kommet igen"), returned)):
            lines = [
                line
                for identity, (of, line) in items.findings.items()
                if of == plan and identity in wanted
            ]
            lines.sort(key=lambda line: line.notice.severity.rank)
            yield LetterSection(f"{plan}: {heading}", [_finding(line, link_of) for line in lines])
        for heading, deadlines in (
            (_("Overskredne frister"), items.overdue),
            (_("Snart frist"), items.coming),
        ):
            due = [
                deadline
                for identity, (of, deadline) in deadlines.items()
                if of == plan and identity in new | returned
            ]
            due.sort(key=lambda deadline: deadline.on or date.max)
            yield LetterSection(f"{plan}: {heading}", [_deadline(one, link_of) for one in due])


def _finding(line: NoticeLine, link_of: LinkTo) -> LetterEntry:
    notice = line.notice
    place = ", ".join(filter(None, [notice.tab and quoted(notice.tab), notice.cell, notice.column]))
    where = f" ({place})" if place else ""
    return LetterEntry(
        f"{_(notice.severity).upper()}{where}: {notice.message}",
        notice.fix,
        link_of(line.address),
        notice.severity,
    )


def _deadline(deadline: Deadline, link_of: LinkTo) -> LetterEntry:
    on = spoken().day(deadline.on) if deadline.on else ""
    what = quoted(deadline.what.text)
    text = _("{kind}: {what}, frist {day}").format(kind=deadline.kind, what=what, day=on)
    return LetterEntry(text, link=link_of(deadline.what.address))
