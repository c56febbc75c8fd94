"""The whole configuration, reading it from its file, and the old names of its keys."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Discriminator, Tag, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from sync.config.job import (
    CopiesSection,
    ExcelSource,
    GoogleSection,
    GoogleSource,
    MailSection,
    MonitoringSection,
    OverviewSection,
    ReadingSection,
    ScheduleSection,
    TemplateSection,
)
from sync.config.problems import problems, refusal_of, refuse_control_characters
from sync.config.rules import RuleSettings, WaiversSection
from sync.config.section import ConfigurationError, Section
from sync.config.sharepoint import SharePointSection, SharePointSource
from sync.config.state import StateSection

KINDS = ("excel", "google", "sharepoint")


def _kind(source: Any) -> str:
    """Which kind of source a table is; one that does not say is a folder of Excel workbooks."""
    if isinstance(source, dict):
        return str(source.get("kind", "excel"))
    return str(getattr(source, "kind", "excel"))


AnySource = ExcelSource | GoogleSource | SharePointSource
Source = Annotated[
    Annotated[ExcelSource, Tag("excel")]
    | Annotated[GoogleSource, Tag("google")]
    | Annotated[SharePointSource, Tag("sharepoint")],
    Discriminator(
        _kind,
        custom_error_type="kind",
        custom_error_message="must be excel, google or sharepoint",
    ),
]
DEFAULT_FILE = Path("config.toml")
ENVIRONMENT_PREFIX = "HELHEDSPLAN_"


class Settings(RuleSettings):
    """Everything that can be configured. Relative paths count from the file's folder."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=ENVIRONMENT_PREFIX, env_nested_delimiter="__"
    )

    sources: tuple[Source, ...] = ()
    google: GoogleSection = GoogleSection()
    sharepoint: SharePointSection = SharePointSection()
    overview: OverviewSection = OverviewSection()
    waivers: WaiversSection = WaiversSection()
    state: StateSection = StateSection()
    template: TemplateSection = TemplateSection()
    copies: CopiesSection = CopiesSection()
    schedule: ScheduleSection = ScheduleSection()
    mail: MailSection = MailSection()
    monitoring: MonitoringSection = MonitoringSection()
    reading: ReadingSection = ReadingSection()

    _old_keys: tuple[str, ...] = ()

    @property
    def old_keys(self) -> tuple[str, ...]:
        """A line for each old name of a key: since when it is old, and what to write."""
        return self._old_keys

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes before the file, which is passed as keyword arguments."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    @property
    def folders(self) -> tuple[ExcelSource, ...]:
        """The sources that are folders of Excel workbooks."""
        return tuple(source for source in self.sources if isinstance(source, ExcelSource))

    @property
    def status_file(self) -> Path:
        """Where every run leaves the status for other programs."""
        return self.monitoring.status_file or self.state.folder / "status.json"

    @property
    def own_folders(self) -> tuple[Path, ...]:
        """The folders of the files that a run writes for people and for other programs."""
        overview, waivers = self.overview, self.waivers
        files = [overview.file, overview.calendar, overview.page, waivers.file, self.status_file]
        return tuple(dict.fromkeys(file.parent for file in files if file))


def load(file: Path | None, *, required: bool = True) -> Settings:
    """Read the configuration.

    `file` None means `config.toml` in the working directory; where that is missing and not
    `required`, the shipped defaults hold.

    Raises:
        ConfigurationError: it is missing, not TOML, or makes no sense.
    """
    path = file or DEFAULT_FILE
    if not os.path.isfile(path):  # noqa: PTH113  unlike Path.is_file it never raises
        if file is not None or required:
            raise ConfigurationError(
                f"{path}: there is no such file. Make one (helhedsplan config > config.toml), "
                "or name one with -c."
            )
        return _validated({}, Path())
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{path}: is no text in UTF-8. Save it as UTF-8 (Notepad: Save as, Encoding: UTF-8)"
        ) from error
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error
    return parsed(text, path)


def parsed(text: str, path: Path) -> Settings:
    """The configuration that stands in the text of a file.

    Raises:
        ConfigurationError: it is not TOML, or makes no sense.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: no TOML: {refusal_of(error, text)}") from error
    refuse_control_characters(data)
    refuse_old_variables(os.environ, ENVIRONMENT_PREFIX, CHANGES)
    renewed, old_keys = with_current_names(data, CHANGES)
    settings = _validated(renewed, path.parent)
    settings._old_keys = tuple(old_keys)
    return settings


def _validated(data: dict[str, Any], folder: Path) -> Settings:
    try:
        settings = Settings(**data)
    except ValidationError as error:
        raise ConfigurationError("\n".join(problems(error, Settings, KINDS))) from error
    except SettingsError as error:
        field = re.search(r'field "(\w+)"', str(error))
        name = ENVIRONMENT_PREFIX + (field[1].upper() if field else "…")
        raise ConfigurationError(f'{name}: write lists and tables as JSON, like ["…"]') from error
    settings.parameters()
    placed = _with_paths(settings, folder)
    _refuse_one_file_twice(placed)
    return placed


def _refuse_one_file_twice(settings: Settings) -> None:
    """Refuse two files of the job's own that would be written over each other."""
    overview = settings.overview
    named: dict[Path, str] = {}
    for key, file in (
        ("overview.file", overview.file),
        ("overview.calendar", overview.calendar),
        ("overview.page", overview.page),
        ("waivers.file", settings.waivers.file),
        ("monitoring.status_file", settings.status_file),
    ):
        if file and (other := named.setdefault(Path(os.path.normpath(file)), key)) != key:
            raise ConfigurationError(f"{key}: {file} is {other} too; name another file")


def _with_paths(settings: Settings, folder: Path) -> Settings:
    """Make relative paths count from the configuration's own folder.

    The calendar and the waivers lie beside the overview, unless they are placed themselves.
    """
    overview, waivers = settings.overview, settings.waivers
    if "calendar" not in overview.model_fields_set:
        beside = overview.file.with_name(overview.calendar.name)
        overview = overview.model_copy(update={"calendar": beside})
    if "file" not in waivers.model_fields_set:
        beside = overview.file.with_name(waivers.file.name)
        waivers = waivers.model_copy(update={"file": beside})
    sections = dict(settings) | {"overview": overview, "waivers": waivers}
    placed: dict[str, Any] = {
        key: _placed(section, folder)
        for key, section in sections.items()
        if isinstance(section, Section)
    }
    placed["sources"] = tuple(_placed(source, folder) for source in settings.sources)
    return settings.model_copy(update=placed)


def _placed(section: Section, folder: Path) -> Section:
    paths = {key: folder / path for key, path in section if isinstance(path, Path)}
    return section.model_copy(update=paths)


@dataclass(frozen=True, slots=True)
class Change:
    """A key (`section.key`) that has been called otherwise since a version, or is gone since then.

    `new` is its name now; where it is empty, `instead` says what to do.
    """

    old: str
    since: str
    new: str = ""
    instead: str = ""


CHANGES: Sequence[Change] = (Change("overview.expected_plans", "0.2", "expected_plans"),)
"""All that ever changed; a line stays for as long as the old name works."""


def with_current_names(
    data: Mapping[str, Any], changes: Sequence[Change]
) -> tuple[dict[str, Any], list[str]]:
    """The configuration with the names of today, and a line for each old one in it.

    Raises:
        ConfigurationError: an old key is gone for good, or stands beside the new one.
    """
    renewed = deepcopy(dict(data))
    lines = [line for change in changes for line in _renamed(renewed, change)]
    return renewed, list(dict.fromkeys(lines))


def refuse_old_variables(
    environment: Mapping[str, str], prefix: str, changes: Sequence[Change]
) -> None:
    """Refuse variables that name an old key: they would have no effect.

    Raises:
        ConfigurationError: there is one; the message says what to call it.
    """
    for change in changes:
        old, new = (prefix + name.upper().replace(".", "__") for name in (change.old, change.new))
        if old in environment:
            now = f"call it {new}" if change.new else f"remove it. {change.instead}"
            raise ConfigurationError(f"{old}: is old since {change.since}: {now}")


def _renamed(data: dict[str, Any], change: Change) -> Iterator[str]:
    """Rename one key, in every table of its section; a line where it was there."""
    (section, _, old), (new_section, _, new) = (
        name.rpartition(".") for name in (change.old, change.new)
    )
    there = data.get(section) if section else data
    for table in there if isinstance(there, list) else [there]:
        if not isinstance(table, dict) or old not in table:
            continue
        if not new:
            gone = f"{change.old}: is gone since {change.since}: delete it. {change.instead}"
            raise ConfigurationError(gone.rstrip())
        moved_to = data.setdefault(new_section, {}) if new_section else data
        place = table if section == new_section else moved_to
        called = f"is called {change.new} since {change.since}"
        if new in place:
            raise ConfigurationError(
                f"{change.old}: {called}, and both are there: delete {change.old}"
            )
        place[new] = table.pop(old)
        yield f"{change.old} {called}. The old name still works: write the new one"
