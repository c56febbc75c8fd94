"""What a plain script does with the same workbooks: the yardsticks of the benchmark.

`python -m tests.bench.plain calamine|pandas|pandas-save FOLDER COUNT` prints the seconds it took,
imports aside.
"""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
from pathlib import Path

from rules.tables import TABLES

TABS = [table.tab for table in TABLES]


def read_with_calamine(files: list[Path]) -> float:
    """Read the seven tabs of each file with python-calamine; seconds."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415  imports are not measured

    began = time.perf_counter()
    for file in files:
        workbook = CalamineWorkbook.from_path(str(file))
        for tab in TABS:
            workbook.get_sheet_by_name(tab).to_python(skip_empty_area=False)
    return time.perf_counter() - began


def check_with_pandas(files: list[Path], *, save: bool) -> float:
    """Read each tab with pandas and openpyxl, validate it with pandera; seconds.

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
    began = time.perf_counter()
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
    return time.perf_counter() - began


def main(way: str, folder: str, count: str) -> None:
    """Print the seconds."""
    warnings.simplefilter("ignore")
    files = sorted(Path(folder).glob("*.xlsx"))[: int(count)]
    if way == "calamine":
        seconds = read_with_calamine(files)
    else:
        seconds = check_with_pandas(files, save=way == "pandas-save")
    sys.stdout.write(f"{seconds}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
