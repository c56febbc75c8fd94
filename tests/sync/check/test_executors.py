"""Who reads may die: in a process of our own, or on a real Dask cluster of two workers."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster

from rules.judging.rule import Context
from sync.check.check import CheckReport, check
from sync.check.cluster import Cluster
from sync.config.settings import Settings
from sync.stores.base import Snapshot, Store, TryAgain
from sync.stores.excel.folder import ExcelFolder
from tests.sync.helpers import TODAY, Site, book

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="ends workers by POSIX signals"),
]

PLANS = 2
DEADLY = "1.xlsx"


@dataclass(frozen=True)
class Deadly(ExcelFolder):
    """A folder in which one workbook ends whoever reads it; only once, where a `mark` is named."""

    mark: Path | None = None

    def fetch(self, path: str) -> Callable[[], Snapshot]:
        if path == DEADLY and self._is_time():
            os.kill(os.getpid(), signal.SIGKILL)
        return super().fetch(path)

    def _is_time(self) -> bool:
        if self.mark is None:
            return True
        try:
            self.mark.touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            silence_logs=50,
        ) as local,
    ):
        yield Cluster(local.scheduler_address)


@pytest.fixture
def folder(site: Site) -> Path:
    for number in range(PLANS):
        cells = {"Indsatser!I2": "'ca. 5"} if not number else {}
        site.put(
            f"{number}.xlsx",
            book(plan={"Plan-id": f"P-{number}"}, cells=cells, without=["Medarbejdere"]),
        )
    return site.sheets


def checked(store: Store, cluster: Cluster | None = None, processes: int = 1) -> CheckReport:
    return check([store], Context(Settings().parameters(), TODAY), processes, cluster=cluster)


def test_a_cluster_finds_what_this_process_finds(folder: Path, cluster: Cluster) -> None:
    assert checked(ExcelFolder(folder), cluster) == checked(ExcelFolder(folder))


def test_a_worker_that_dies_costs_nothing_but_its_second_try(
    folder: Path, cluster: Cluster, tmp_path: Path
) -> None:
    found = checked(Deadly(folder, mark=tmp_path / "mark"), cluster)
    assert found == checked(ExcelFolder(folder))
    assert (tmp_path / "mark").exists()


@pytest.mark.parametrize("where", ["processes", "cluster"])
def test_a_workbook_that_ends_every_worker_is_found_out_and_the_others_are_read(
    folder: Path, cluster: Cluster, where: str
) -> None:
    found = checked(Deadly(folder), cluster if where == "cluster" else None, processes=2)
    assert [path for path, _ in found.failures] == [DEADLY]
    assert "blev ikke kontrolleret" in found.failures[0][1]
    sound = checked(ExcelFolder(folder)).notices
    assert found.notices == [one for one in sound if one.workbook != DEADLY]


def test_a_cluster_that_is_not_there_is_said_to_be_so(folder: Path) -> None:
    with pytest.raises(TryAgain, match=r"127\.0\.0\.1:9"):
        checked(ExcelFolder(folder), Cluster("tcp://127.0.0.1:9"))
