"""What is examined, in this order; here the configuration, the clock, the schedule and the mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sync.check.cluster import cluster_at
from sync.config.job import MAIL_PASSWORD, MailSection
from sync.config.problems import suggestion
from sync.config.section import ConfigurationError
from sync.config.settings import ENVIRONMENT_PREFIX, Settings
from sync.config.sharepoint import SHAREPOINT_SECRET
from sync.config.state import PASSWORD_VARIABLE as STATE_PASSWORD
from sync.doctor import state, workbooks
from sync.doctor.file_probe import file_line, folder_line, readable_by_others, written_at
from sync.locks.lock import SERVICE, holder_of
from sync.notifications.smtp import MailError, connection
from sync.service.timetable import Timetable
from sync.stores.base import Line, StoreError
from sync.stores.configured import Configured
from sync.stores.files.replace import CALENDAR_MARK, PAGE_MARK, STATUS_MARK

LARGEST_DIFFERENCE = timedelta(minutes=5)
_SECRETS = {MAIL_PASSWORD, STATE_PASSWORD, SHAREPOINT_SECRET}
RELEASED = datetime(2025, 1, 1, tzinfo=UTC)
"""No clock that is right shows an earlier day."""


def examined(
    load: Callable[[], Settings], environment: Mapping[str, str], now: datetime
) -> Iterator[Line]:
    """A line for each thing; where the configuration is wrong, nothing else can be tried."""
    yield from _unknown_variables(environment)
    try:
        settings = load()
        Configured(settings).refuse_wrong()
    except ConfigurationError as error:
        for problem in str(error).splitlines():
            yield Line(
                "configuration",
                problem,
                "Mend it in the configuration; helhedsplan config shows every key. Then run "
                "helhedsplan doctor again, since nothing else could be tried.",
            )
        return
    yield Line("configuration", "every key is known and every value makes sense")
    for old_key in settings.old_keys:
        says, _, change = old_key.partition(". ")
        yield Line("configuration", says, change)
    yield from _clock(settings, now)
    yield from _schedule(settings, now)
    yield from state.state_lines(settings, now)
    yield from workbooks.source_lines(settings, now)
    yield from workbooks.overview_lines(settings)
    yield from workbooks.waiver_lines(settings)
    yield from _places(settings)
    yield from _cluster(settings)
    yield from _mail(settings.mail)


def _places(settings: Settings) -> Iterator[Line]:
    """What a run writes besides the workbooks and the overview, where it is configured."""
    monitoring = settings.monitoring
    if not settings.overview.sharepoint:
        yield file_line("overview.calendar", settings.overview.calendar, CALENDAR_MARK)
    if settings.overview.page:
        yield file_line("overview.page", settings.overview.page, PAGE_MARK)
    if monitoring.status_file:
        yield file_line("monitoring.status_file", monitoring.status_file, STATUS_MARK)
    if monitoring.log_folder:
        yield folder_line("monitoring.log_folder", monitoring.log_folder)


def _cluster(settings: Settings) -> Iterator[Line]:
    """Whether the cluster that reads can be reached, and has workers."""
    cluster = cluster_at(*settings.reading.cluster_files)
    if not cluster:
        return
    try:
        yield Line("reading.cluster", f"{cluster.workers()} workers at {cluster.address}")
    except StoreError as error:
        remedy = "Start dask scheduler and dask worker, or delete reading.cluster."
        yield Line("reading.cluster", str(error), remedy)


def _unknown_variables(environment: Mapping[str, str]) -> Iterator[Line]:
    """A line for each variable that begins like ours and names no key."""
    for name in sorted(environment):
        if not name.upper().startswith(ENVIRONMENT_PREFIX):
            continue
        variable = name.partition("__")[0]
        key = variable[len(ENVIRONMENT_PREFIX) :].lower()
        if key not in Settings.model_fields and name not in _SECRETS:
            known = [f"{ENVIRONMENT_PREFIX}{field.upper()}" for field in Settings.model_fields]
            yield Line(
                "environment",
                f"{name} names no key of the configuration, and has no effect",
                f"Remove the variable, or name it rightly.{suggestion(variable, known)}",
            )


def _clock(settings: Settings, now: datetime) -> Iterator[Line]:
    """The machine's clock, beside the clocks of the file systems."""
    zone = settings.schedule.timezone
    now = now.astimezone(ZoneInfo(zone))
    if now < RELEASED:
        yield Line(
            "clock",
            f"it shows {now:%Y-%m-%d %H:%M}, which is before this program was made",
            "Set the machine's clock, and let it be kept right (Linux: timedatectl set-ntp true).",
        )
        return
    for folder in (settings.state.folder, *(source.folder for source in settings.folders)):
        try:
            there = written_at(folder).astimezone(now.tzinfo)
        except OSError:
            continue  # what is wrong with the folder is said where it is examined
        difference = abs(there - datetime.now(now.tzinfo))
        if difference > LARGEST_DIFFERENCE:
            yield Line(
                "clock",
                f"this machine says {now:%Y-%m-%d %H:%M}, the file system of {folder} "
                f"{there:%Y-%m-%d %H:%M}",
                "Set the clock that is wrong, and let both be kept right by a time server.",
            )
            return
    yield Line("clock", f"{now:%Y-%m-%d %H:%M} in {zone}, as on the file systems")


def _schedule(settings: Settings, now: datetime) -> Iterator[Line]:
    """Whether the schedule ever comes, and whether somebody waits for it."""
    following = Timetable(settings.schedule).next_after(now)
    if following is None:
        yield Line(
            "schedule",
            "it never comes: quiet_hours or skip_holidays leave no time of it",
            "Change times, every_minutes, weekdays or quiet_hours in [schedule].",
        )
        return
    holder = holder_of(settings.state, SERVICE)
    waits = f"the service waits for it: {holder}" if holder else "no service is waiting"
    yield Line("schedule", f"the next time is {following:%Y-%m-%d %H:%M}; {waits}")


def _mail(mail: MailSection) -> Iterator[Line]:
    """What the mail needs, tried with the server itself."""
    if not mail.server:
        yield Line("mail", "no server is named in mail.server, and nobody gets mail")
        return
    yield from _password(mail)
    try:
        with connection(mail):
            way = "not encrypted" if mail.encryption == "none" else "encrypted"
            yield Line("mail", f"{mail.server} is reached, {way}, and takes mail from us")
    except MailError as error:
        yield Line(
            "mail",
            str(error),
            "Look at server, port, encryption, certificate_file, user and the password in [mail]; "
            f"does the firewall let port {mail.port} through?",
        )
    if not (mail.secretariat or mail.operators or mail.contacts != "never" or mail.frequencies):
        yield Line(
            "mail",
            "a server is named, and nobody to be told",
            "Name somebody in mail.operators, mail.secretariat or mail.contacts.",
        )


def _password(mail: MailSection) -> Iterator[Line]:
    try:
        password = mail.password()
    except OSError as error:
        yield Line(
            "mail",
            f"the password cannot be read from {mail.password_file}: {error.strerror}",
            "Put the password into that file, readable for the job's user alone (chmod 600).",
        )
        return
    if mail.user and password is None:
        yield Line(
            "mail",
            f"there is a user ({mail.user}) and no password",
            f"Name a file in mail.password_file, or set {MAIL_PASSWORD}.",
        )
    yield from readable_by_others(mail.password_file, "mail")
