"""What a plain script does with the same workbooks: the yardsticks of the benchmark.

`python -m tests.bench.plain calamine|pandas|pandas-save FOLDER COUNT` prints the seconds it took
on the clock and of the processor, imports aside.
"""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
from pathlib import Path

from rules.model.tables import TABLES

TABS = [table.tab for table in TABLES]


Seconds = tuple[float, float]
"""Seconds on the clock, and of the processor."""


def _now() -> Seconds:
    return time.perf_counter(), time.process_time()


def _since(began: Seconds) -> Seconds:
    clock, busy = _now()
    return clock - began[0], busy - began[1]


def read_with_calamine(files: list[Path]) -> Seconds:
    """Read the seven tabs of each file with python-calamine."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415  imports are not measured

    began = _now()
    for file in files:
        workbook = CalamineWorkbook.from_path(str(file))
        for tab in TABS:
            workbook.get_sheet_by_name(tab).to_python(skip_empty_area=False)
    return _since(began)


def check_with_pandas(files: list[Path], *, save: bool) -> Seconds:
    """Read each tab with pandas and openpyxl, validate it with pandera.

    `save` also loads and saves each workbook with openpyxl, as a plain script writes warnings.
    """
    import pandas as pd  # noqa: PLC0415  imports are not measured
    import pandera.pandas as pa  # noqa: PLC0415
    from openpyxl import load_workbook  # noqa: PLC0415

    schemas = {
        table.tab: pa.DataFrameSchema(
            {
                column.header: pa.Column(nullable=not column.required, required=False)
                for column in table.columns
            }
        )
        for table in TABLES
    }
    began = _now()
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            for tab, schema in schemas.items():
                frame = pd.read_excel(file, sheet_name=tab, header=2, engine="openpyxl")
                try:
                    schema.validate(frame, lazy=True)
                except pa.errors.SchemaErrors as errors:
                    len(errors.failure_cases)
            if save:
                load_workbook(file).save(Path(folder) / file.name)
    return _since(began)


def main(way: str, folder: str, count: str) -> None:
    """Print the seconds."""
    warnings.simplefilter("ignore")
    files = sorted(Path(folder).glob("*.xlsx"))[: int(count)]
    if way == "calamine":
        seconds = read_with_calamine(files)
    else:
        seconds = check_with_pandas(files, save=way == "pandas-save")
    sys.stdout.write("{} {}\n".format(*seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
