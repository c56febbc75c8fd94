"""The mail to a plan's contact: what is new, has come back or is overdue in their own plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from rules.text.marking import N_
from rules.text.quoting import quoted
from sync.history.sent_log import Known, key_of
from sync.i18n.language import _, plural, spoken
from sync.notifications.letter import Letter, LetterEntry, LetterSection, filled, first_of
from sync.overview.model import Deadline, NoticeLine, Overview

OVERDUE_RULE = "MIL-01"
"""Says of a milestone what the list of overdue deadlines says."""
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

    @property
    def open_now(self) -> list[str]:
        """The identities of everything that is open."""
        return [*self.findings, *self.overdue]


def items_by_contact(overview: Overview, today: date) -> Iterator[ContactItems]:
    """What is open for each contact, by address; a plan's workbooks may have several contacts."""
    by_address: dict[str, ContactItems] = {}
    lines: dict[str, dict[str, NoticeLine]] = defaultdict(dict)
    for line in overview.open_notices:
        if line.notice.code != OVERDUE_RULE:
            lines[line.notice.workbook][line.identity] = line
    overdue: dict[str, list[Deadline]] = defaultdict(list)
    for deadline in overview.deadlines:
        if deadline.on and deadline.on < today and not deadline.is_reckoned:
            overdue[deadline.what.address].append(deadline)
    for _plan, book in overview.plan_books:
        form = book.workbook.form
        if address := (form.email or "").strip():
            items = by_address.setdefault(
                address.lower(), ContactItems(address, form.contact or "")
            )
            plan = quoted(" ".join(filter(None, [form.plan_id, form.name])))
            items.plan_ids[quoted(form.plan_id or _("uden Plan-id"))] = None
            items.findings |= {key: (plan, line) for key, line in lines[book.path].items()}
            for late in overdue[book.address] if book.address else ():
                items.overdue[key_of("overdue", late.key, str(late.on))] = plan, late
    yield from by_address.values()


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
        plan for plan, _one in (*items.findings.values(), *items.overdue.values())
    )
    for plan in plans:
        for heading, wanted in ((_("Nyt"), new), (_("Kommet igen"), returned)):
            lines = [
                line
                for identity, (of, line) in items.findings.items()
                if of == plan and identity in wanted
            ]
            lines.sort(key=lambda line: line.notice.severity.rank)
            yield LetterSection(f"{plan}: {heading}", [_finding(line, link_of) for line in lines])
        late = [
            deadline
            for identity, (of, deadline) in items.overdue.items()
            if of == plan and identity in new | returned
        ]
        late.sort(key=lambda deadline: deadline.on or date.max)
        heading = _("Overskredne frister")
        yield LetterSection(f"{plan}: {heading}", [_late(one, link_of) for one in late])


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


def _late(deadline: Deadline, link_of: LinkTo) -> LetterEntry:
    on = spoken().day(deadline.on) if deadline.on else ""
    what = quoted(deadline.what.text)
    text = _("{kind}: {what}, frist {day}").format(kind=deadline.kind, what=what, day=on)
    return LetterEntry(text, link=link_of(deadline.what.address))
