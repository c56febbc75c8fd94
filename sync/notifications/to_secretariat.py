"""The weekly mail to the secretariat: how all plans stand, with a bar for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

from rules.model.finding import Severity
from rules.text.marking import N_
from rules.text.quoting import quoted
from sync.config.job import MailSection
from sync.findings.annotations import counted
from sync.i18n.language import _, spoken
from sync.notifications.letter import (
    MOST_BARS,
    Attachment,
    Bar,
    Letter,
    LetterEntry,
    LetterSection,
    filled,
)
from sync.overview.model import BookState, Deadline, Overview, PlanLine
from sync.overview.news import new_findings
from sync.overview.working_days import REMINDERS, reminder_now

SOON = timedelta(days=14)
MOST_ATTACHED = 5_000_000
"""So many bytes, a third more on their way, every mail server takes."""
_WITH_PAGE = N_(
    "Overblikket er vedhæftet som en side til browseren. Fra den kan du ikke åbne regneark, der "
    "ligger på et fællesdrev."
)
_TOO_LARGE = N_("Overblikket som side er for stort til en mail.")
_CLOSING = N_(
    "Alle detaljer står i overblikket. Mailen er lavet af kontrollen, og ingen læser svar på den."
)
_IS_IT_RIGHT = N_("Tallene tæller nu med i planen. Se efter, om Plan-id er rigtigt.")
_OUT_OF_REACH = {
    BookState.UNREADABLE: N_("kan ikke læses"),
    BookState.SKIPPED: N_("er sprunget over"),
    BookState.MISSING: N_("findes ikke længere"),
    BookState.NOT_WRITTEN: N_("er kontrolleret, men der er ikke skrevet i det"),
}


def summary_letter(
    address: str,
    recipient: str,
    overview: Overview,
    today: date,
    mail: MailSection,
    *,
    page: Attachment | None,
) -> Letter:
    """The letter, with the overview as a page where there is one that a mail can carry."""
    is_sent = page is not None and len(page.content) <= MOST_ATTACHED
    about_page = _(_WITH_PAGE if is_sent else _TOO_LARGE) if page else ""
    counts = Counter(line.notice.severity for line in overview.open_notices)
    week = today.isocalendar().week
    return Letter(
        to=address,
        recipient=recipient,
        about=_("Områdesekretariatet"),
        subject=_("Helhedsplaner, uge {week}: {counts}").format(week=week, counts=counted(counts)),
        opening=_opening(overview, today),
        sections=filled(_sections(overview, today, mail)),
        closing=f"{about_page} {_(_CLOSING)}".strip(),
        bars=list(islice(_bars(overview), MOST_BARS)),
        link=mail.overview_link,
        page=page if is_sent else None,
    )


def _opening(overview: Overview, today: date) -> str:
    areas = overview.trend.areas.values()
    new, solved = sum(area.new for area in areas), sum(area.solved for area in areas)
    text = _(
        "Hej\n\nSådan står planerne {day}: {summary}. "
        "Den seneste uge er {new} fund kommet til, og {solved} er løst."
    )
    said = text.format(
        day=spoken().day(today),
        summary=overview.summary(),
        new=new or _("ingen"),
        solved=solved or _("ingen"),
    )
    first = _first_thing(overview, today)
    return f"{said}\n\n{_('Begynd her: {thing}').format(thing=first)}" if first else said


def _first_thing(overview: Overview, today: date) -> str:
    """The one thing to do first, in a sentence; empty where nothing has to be done."""
    for missing in overview.missing:
        text = _("find regnearket til {plan}. Planen er ikke talt med.")
        return text.format(plan=quoted(missing.label))
    short = [one for one in overview.plans if one.figures.missing_moved_oere]
    if short:
        worst = max(short, key=lambda one: one.figures.missing_moved_oere or 0)
        amount = spoken().kroner(worst.figures.missing_moved_oere or 0)
        text = _("skaf {amount} mere lokal medfinansiering i {plan}")
        return _ended(text.format(amount=amount, plan=_name(worst)))
    late = [one for one in overview.deadlines if one.on and one.on < today]
    if late:
        text = _("få styr på fristen »{what}« i {plan}")
        return _ended(text.format(what=quoted(late[-1].what.text), plan=_name(late[-1].plan)))
    errors = Counter(
        one.notice.workbook
        for one in overview.open_notices
        if one.notice.severity is Severity.ERROR
    )
    for path, _count in errors.most_common(1):
        return _("hjælp med fejlene i {workbook}.").format(workbook=quoted(path))
    return ""


def _ended(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _bars(overview: Overview) -> Iterator[Bar]:
    """How many fejl and advarsler are open in each plan."""
    by_workbook: dict[str, Counter[Severity]] = {}
    for line in overview.open_notices:
        by_workbook.setdefault(line.notice.workbook, Counter())[line.notice.severity] += 1
    for plan in overview.plans:
        counts: Counter[Severity] = Counter()
        for path in plan.figures.workbooks:
            counts.update(by_workbook.get(path, {}))
        parts = {one: counts[one] for one in (Severity.ERROR, Severity.WARNING)}
        yield Bar(_name(plan), parts, counted(counts))


def _name(plan: PlanLine) -> str:
    """The Plan-id, and the plan's name beside it."""
    plan_id = quoted(plan.figures.plan_id or _("(uden Plan-id)"), 20)
    return f"{plan_id} {quoted(plan.name, 36)}" if plan.name else plan_id


def _sections(overview: Overview, today: date, mail: MailSection) -> Iterator[LetterSection]:
    missing = [LetterEntry(f"{quoted(one.label)} {quoted(one.name)}".strip(), one.reason)
               for one in overview.missing]  # fmt: skip
    yield LetterSection(_("Planer, der ikke er talt med"), missing)
    known = [one for one in overview.deadlines if one.on]
    late = [one for one in known if one.on and one.on < today]
    reports = [(one, reminder_now(one.on, today)) for one in known if one.on and one.is_report]
    reminded = [one for one, now in reports if now is not None]
    soon = [
        one for one in known if one.on and today <= one.on <= today + SOON and one not in reminded
    ]
    expiring = [one for one in known if one.is_expiry and one not in (*late, *soon)]
    yield LetterSection(_("Overskredne frister"), [_deadline(one) for one in late])
    for count in sorted(REMINDERS):
        title = _("Indberetninger inden for {count} hverdage").format(count=count)
        yield LetterSection(title, [_deadline(one) for one, now in reports if now == count])
    yield LetterSection(_("Frister de næste 14 dage"), [_deadline(one) for one in soon])
    yield LetterSection(_("Planer, der udløber"), [_deadline(one) for one in expiring])
    yield LetterSection(_("Nye fejl og advarsler de seneste 7 dage"), _news(overview, today))
    next_steps = [
        LetterEntry(f"{_name(plan)}: {plan.figures.next_step}")
        for plan in overview.plans
        if plan.figures.next_step
    ]
    yield LetterSection(_("Næste godkendelse"), next_steps)
    short = [
        LetterEntry(f"{_name(plan)}: {spoken().kroner(plan.figures.missing_moved_oere)}")
        for plan in overview.plans
        if plan.figures.missing_moved_oere
    ]
    yield LetterSection(_("Lokal medfinansiering mangler"), short)
    yield LetterSection(_("Regneark, som kontrollen ikke nåede"), list(_out_of_reach(overview)))
    joined = [
        LetterEntry(f"{_name(plan)}: {quoted(book.path)}", _(_IS_IT_RIGHT))
        for plan, book in overview.plan_books
        if book.path in overview.joined
    ]
    yield LetterSection(_("Nye regneark i en plan"), joined)
    if mail.contacts != "never":
        title = _("Planer, hvis kontaktperson ikke kan få mail")
        yield LetterSection(title, _without_contact(overview.plans, mail))


def _out_of_reach(overview: Overview) -> Iterator[LetterEntry]:
    """The workbooks that could not be checked or written, but for those of missing plans."""
    said = {path for plan in overview.missing for path in plan.paths}
    for line in overview.books:
        if line.state in _OUT_OF_REACH and line.path not in said:
            yield LetterEntry(f"{quoted(line.path)} {_(_OUT_OF_REACH[line.state])}", line.reason)


def _news(overview: Overview, today: date) -> list[LetterEntry]:
    names = {book.path: _name(plan) for plan, book in overview.plan_books}
    return [
        LetterEntry(
            f"{names.get(one.first.notice.workbook, quoted(one.first.notice.workbook))}: "
            f"{one.title}",
            severity=one.first.notice.severity,
        )
        for one in new_findings(overview, today) or ()
    ]


def _without_contact(plans: Sequence[PlanLine], mail: MailSection) -> list[LetterEntry]:
    """The plans that have no contact who can get mail."""
    return [
        LetterEntry(_name(plan), _("Skriv kontaktpersonens e-mail i fanen Plan."))
        for plan in plans
        if not any(
            mail.may_go_to(book.workbook.form.email.strip())
            for book in plan.books
            if book.workbook.form.email
        )
    ]


def _deadline(deadline: Deadline) -> LetterEntry:
    on = spoken().day(deadline.on) if deadline.on else ""
    what = quoted(deadline.what.text)
    return LetterEntry(f"{on}: {deadline.kind}, {what} ({_name(deadline.plan)})")
