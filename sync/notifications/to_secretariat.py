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
from sync.notifications.letter import MOST_BARS, Bar, Letter, LetterEntry, LetterSection, filled
from sync.overview.deadlines import Deadline, deadlines_near
from sync.overview.model import BookState, Overview, PlanLine

SOON = timedelta(days=14)
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
    address: str, recipient: str, overview: Overview, today: date, mail: MailSection
) -> Letter:
    """The letter."""
    counts = Counter(line.notice.severity for line in overview.open_notices)
    week = today.isocalendar().week
    return Letter(
        to=address,
        recipient=recipient,
        about=_("Områdesekretariatet"),
        subject=_("Helhedsplaner, uge {week}: {counts}").format(week=week, counts=counted(counts)),
        opening=_opening(overview, today),
        sections=filled(_sections(overview, today, mail)),
        closing=_(_CLOSING),
        bars=list(islice(_bars(overview), MOST_BARS)),
        link=mail.overview_link,
    )


def _opening(overview: Overview, today: date) -> str:
    areas = overview.trend.areas.values()
    new, solved = sum(area.new for area in areas), sum(area.solved for area in areas)
    text = _(
        "Hej\n\nSådan står planerne {day}: {summary}. "
        "Den seneste uge er {new} fund kommet til, og {solved} er løst."
    )
    return text.format(
        day=spoken().day(today),
        summary=overview.summary(),
        new=new or _("ingen"),
        solved=solved or _("ingen"),
    )


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
    return quoted(plan.figures.plan_id or _("(uden Plan-id)"), 20)


def _sections(overview: Overview, today: date, mail: MailSection) -> Iterator[LetterSection]:
    deadlines = deadlines_near(overview, today)
    late = [one for one in deadlines if one.on and one.on < today]
    soon = [one for one in deadlines if one.on and today <= one.on <= today + SOON]
    yield LetterSection(_("Overskredne frister"), [_deadline(one) for one in late])
    yield LetterSection(_("Frister de næste 14 dage"), [_deadline(one) for one in soon])
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
    out_of_reach = [
        LetterEntry(f"{quoted(line.path)} {_(_OUT_OF_REACH[line.state])}", line.reason)
        for line in overview.books
        if line.state in _OUT_OF_REACH
    ]
    yield LetterSection(_("Regneark, som kontrollen ikke nåede"), out_of_reach)
    joined = [
        LetterEntry(f"{_name(plan)}: {quoted(book.path)}", _(_IS_IT_RIGHT))
        for plan, book in overview.plan_books
        if book.path in overview.joined
    ]
    yield LetterSection(_("Nye regneark i en plan"), joined)
    if mail.contacts != "never":
        title = _("Planer, hvis kontaktperson ikke kan få mail")
        yield LetterSection(title, _without_contact(overview.plans, mail))


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
