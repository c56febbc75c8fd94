"""Whether the machine's clock can be believed: only then what is old by it may be deleted."""

from __future__ import annotations

from datetime import UTC, timedelta

from sync.history.history import History
from sync.history.runs import ClockLeap
from sync.i18n.language import _, spoken
from sync.run.options import RunOptions

LONGEST_PAUSE = timedelta(days=14)
"""Between two runs; after a longer one the clock may as well be wrong."""
STEP = timedelta(minutes=5)
"""So far a clock is put back that is only set right."""
DOUBTED_FOR = timedelta(days=3)
"""So long after a leap somebody has time to look at the clock."""


def doubt_of_clock(history: History, options: RunOptions) -> str:
    """What is odd about the clock, in words; empty where nothing is. Before the run is recorded."""
    if options.is_day_given:
        return ""
    now, last, leap = options.now.astimezone(UTC), history.runs.last(), history.notes.clock_leap
    if last and not -STEP <= now - last.started_at.astimezone(UTC) <= LONGEST_PAUSE:
        leap = ClockLeap(last.started_at, options.now)
        if options.writes:
            history.notes.clock_leap = leap
    if leap is None or not -STEP <= now - leap.after.astimezone(UTC) < DOUBTED_FOR:
        return ""
    return _(
        "Fra en kontrol til den næste sprang maskinens ur fra {before} til {after}. Se efter, om "
        "det går rigtigt. Indtil {until} bliver intet gammelt slettet eller glemt."
    ).format(
        before=spoken().moment(leap.before.astimezone(options.now.tzinfo)),
        after=spoken().moment(leap.after.astimezone(options.now.tzinfo)),
        until=spoken().moment((leap.after + DOUBTED_FOR).astimezone(options.now.tzinfo)),
    )
