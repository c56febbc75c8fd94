"""From paths on the command line, or sources in the configuration, to stores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sync.config import ConfigurationError, Settings
from sync.stores.excel import PATTERNS, ExcelFolder
from sync.stores.excel_overview import ExcelOverview
from sync.stores.excel_waivers import ExcelWaivers
from sync.stores.places import OverviewPlace, WaiverPlace


def configured_stores(settings: Settings) -> list[ExcelFolder]:
    """A store for each configured source; several are told apart by their names.

    Raises:
        ConfigurationError: there is none, or two have one name.
    """
    if not settings.sources:
        raise ConfigurationError("sources: name at least one folder with plan workbooks")
    names = [source.name or source.folder.name for source in settings.sources]
    if len(set(names)) < len(names):
        raise ConfigurationError("sources: give each source a name of its own")
    for number, source in enumerate(settings.sources):
        others = [o.folder.resolve() for o in settings.sources if o is not source]
        if source.folder.resolve() in others or set(source.folder.resolve().parents) & set(others):
            raise ConfigurationError(f"sources.{number}.folder: lies in another source")
    return [
        ExcelFolder(
            folder=source.folder,
            patterns=source.patterns,
            limits=settings.reading.limits,
            not_these=_ours(settings),
            not_copies_of=(settings.overview.file,),
            name=name if source.name or len(names) > 1 else "",
            copies=settings.kept_copies(),
        )
        for source, name in zip(settings.sources, names, strict=True)
    ]


def _ours(settings: Settings) -> tuple[Path, ...]:
    """Files that are no plan workbooks, whatever their names are; the overview first."""
    return settings.overview.file, settings.waivers.file, settings.overview.calendar


def overview_place(settings: Settings) -> OverviewPlace:
    """Where the overview is shown."""
    return ExcelOverview(settings.overview.file)


def waiver_place(settings: Settings) -> WaiverPlace:
    """Where the secretariat accepts findings."""
    return ExcelWaivers(settings.waivers.file, settings.reading.limits)


def named_stores(paths: Sequence[Path], settings: Settings) -> list[ExcelFolder]:
    """A store for each named workbook or folder.

    Raises:
        ConfigurationError: a path does not exist.
    """
    stores = [_named_store(path, settings) for path in paths]
    if len(stores) == 1:
        return stores
    stores = _without_repeats(stores)
    seen = Counter(listed.path for store in stores for listed in store.contents().workbooks)
    if max(seen.values(), default=0) <= 1:
        return stores
    return [replace(store, name=store.folder.as_posix()) for store in stores]


def _without_repeats(stores: Sequence[ExcelFolder]) -> list[ExcelFolder]:
    """The stores, each without the files that an earlier one has."""
    seen: set[Path] = set()
    distinct = []
    for store in stores:
        one = replace(store, not_these=(*store.not_these, *seen))
        seen |= {Path(listed.address).resolve() for listed in one.contents().workbooks}
        distinct.append(one)
    return distinct


def _named_store(path: Path, settings: Settings) -> ExcelFolder:
    limits = settings.reading.limits
    if path.is_dir():
        ours = _ours(settings)
        not_these = (*ours, *(path / file.name for file in ours))
        return ExcelFolder(
            path, PATTERNS, limits, not_these=not_these,
            not_copies_of=(ours[0], path / ours[0].name),
        )  # fmt: skip
    if path.is_file():
        return ExcelFolder(path.parent, PATTERNS, limits, only=(path.name,))
    raise ConfigurationError(f"{path}: there is no such file or folder")
