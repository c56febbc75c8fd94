"""The pandera schemas, made from rules/model/tables.py: what a value in each column must be.

Each column of a tab is two columns of its frame: the typed value (any text is right, so a text
column has none), and `…:reading`, which says how the cell was read
(`ReadState`). A failure's check name is the finding's code, or `READING`, where the failing value
says which code it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData
from pandera.errors import SchemaErrors

from rules.gate import cell_errors
from rules.gate.cell_errors import CellError
from rules.model.cells import ReadState
from rules.model.choices import OF_PROGRAMME, ChoiceList, Choices
from rules.model.parameters import Parameters
from rules.model.tables import (
    EMAIL_PATTERN,
    FIRST_YEAR,
    LAST_YEAR,
    TABLES,
    YEAR_AMOUNT,
    Column,
    Kind,
)

READING_SUFFIX = ":reading"
PROGRAMME = ":programme"
NOT_NAMED = ""
"""The programme of a workbook that names none: that of the plan's others, which the gate does not
know. Words of any programme pass; the plan's own are looked for in rules/checks/cells.py."""
YEARS = "funding:years"
READING = "READING"
_SEPARATOR = "\x1f"

_UNREADABLE = {
    Kind.AMOUNT: cell_errors.NOT_AN_AMOUNT,
    Kind.DATE: cell_errors.NOT_A_DATE,
    Kind.NUMBER: cell_errors.NOT_HOURS,
    Kind.CHOICE: cell_errors.NOT_A_CHOICE,
    Kind.YEAR: cell_errors.NOT_A_YEAR,
    Kind.ROUND: cell_errors.NOT_A_ROUND,
    Kind.TEXT: cell_errors.BECAME_A_DATE,
}
_BY_STATE = {
    ReadState.EMPTY: cell_errors.EMPTY,
    ReadState.FORMULA_ERROR: cell_errors.FORMULA_ERROR,
    ReadState.NO_RESULT: cell_errors.NO_RESULT,
    ReadState.TYPED_AS_TEXT: cell_errors.TYPED_AS_TEXT,
}
_BY_CODE = {error.code: error for error in cell_errors.WORST_FIRST}
_TYPES: dict[Kind, pl.DataType] = {
    Kind.CHOICE: pl.String(),
    Kind.EMAIL: pl.String(),
    Kind.AMOUNT: pl.Int64(),
    Kind.DATE: pl.Date(),
    Kind.NUMBER: pl.Float64(),
    Kind.YEAR: pl.Int64(),
    Kind.ROUND: pl.Int64(),
}


def schemas(parameters: Parameters) -> dict[str, pa.DataFrameSchema]:
    """A schema for each table (by key), and one for the amounts of all years (`YEARS`)."""
    lists = ((choices, parameters.words(choices)) for choices in ChoiceList)
    pairs = (
        f"{programme}{_SEPARATOR}{name}"
        for programme in (*(one.name for one in parameters.programmes), NOT_NAMED)
        for choices in OF_PROGRAMME
        for name in parameters.words(choices, programme)
    )
    return _schemas(tuple(lists), tuple(pairs))


@lru_cache(maxsize=8)
def _schemas(
    lists: tuple[tuple[ChoiceList, tuple[str, ...]], ...], pairs: tuple[str, ...]
) -> dict[str, pa.DataFrameSchema]:
    """The schemas for these lists of choices: pandera takes longer to make than to use them."""
    words = _Words(dict(lists), pairs)
    made = {}
    for table in TABLES:
        columns: dict[str, pa.Column] = {}
        for column in table.columns:
            columns |= _columns(column, words)
        made[table.key] = pa.DataFrameSchema(columns)
    made[YEARS] = pa.DataFrameSchema(_columns(YEAR_AMOUNT, words))
    return made


@dataclass(frozen=True, slots=True)
class _Words:
    """The words to choose from: of each list, and a programme's own with its name."""

    lists: Mapping[ChoiceList, tuple[str, ...]]
    pairs: tuple[str, ...]

    def of(self, choices: Choices) -> list[str]:
        return [*(self.lists[choices] if isinstance(choices, ChoiceList) else map(str, choices))]


def frame_types(columns: Sequence[Column]) -> dict[str, pl.DataType]:
    """The polars types of a frame with these columns, each with its reading, and the programme."""
    types: dict[str, pl.DataType] = {PROGRAMME: pl.String()}
    for column in columns:
        if column.kind is not Kind.TEXT:
            types[column.key] = _TYPES[column.kind]
        types[column.key + READING_SUFFIX] = pl.UInt8()
    return types


def _columns(column: Column, words: _Words) -> dict[str, pa.Column]:
    fine = [int(ReadState.READ), int(ReadState.NO_COLUMN)]
    if not column.required:
        fine.append(int(ReadState.EMPTY))
    fine_reading = pa.Check.isin(fine, error=READING)
    reading = pa.Column(pl.UInt8(), nullable=True, checks=[fine_reading], required=False)
    made = {column.key + READING_SUFFIX: reading}
    if column.kind is not Kind.TEXT:
        checks = _value_checks(column, words)
        made[column.key] = pa.Column(_TYPES[column.kind], nullable=True, checks=checks)
    return made


def _value_checks(column: Column, words: _Words) -> list[pa.Check]:
    match column.kind:
        case Kind.AMOUNT if not column.may_be_negative:
            return [pa.Check.ge(0, error=cell_errors.NEGATIVE.code)]
        case Kind.NUMBER:
            return [pa.Check.ge(0, error=cell_errors.NOT_HOURS.code)]
        case Kind.DATE:
            first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
            return [pa.Check.in_range(first, last, error=cell_errors.OUTSIDE_THE_YEARS.code)]
        case Kind.EMAIL:
            return [pa.Check.str_matches(EMAIL_PATTERN, error=cell_errors.NOT_AN_ADDRESS.code)]
        case Kind.CHOICE if column.choices in OF_PROGRAMME:
            return [pa.Check(_in_programme(words.pairs), error=cell_errors.NOT_A_CHOICE.code)]
        case Kind.CHOICE:
            return [pa.Check.isin(words.of(column.choices), error=cell_errors.NOT_A_CHOICE.code)]
        case _:
            return []


def _in_programme(pairs: Sequence[str]) -> Callable[[PolarsData], pl.LazyFrame]:
    """A check that a word is on its programme's list; without a programme it is silent."""

    def on_the_list(data: PolarsData) -> pl.LazyFrame:
        pair = pl.col(PROGRAMME) + _SEPARATOR + pl.col(str(data.key))
        return data.lazyframe.select(pair.is_in(pairs))

    return on_the_list


def failures(
    schema: pa.DataFrameSchema, frame: pl.DataFrame, columns: Mapping[str, Column]
) -> dict[tuple[int, str], CellError]:
    """Validate a frame once: the worst error of each broken cell, by its row and column's key.

    Raises:
        RuntimeError: pandera reports something that is no cell: the schema or the frame is wrong.
    """
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return {}
    worst: dict[tuple[int, str], CellError] = {}
    rows = cases.select("index", "column", "check", "failure_case").rows()
    for index, name, check, value in rows:
        if index is None or name is None:
            raise RuntimeError(f"pandera reports {check} without a cell in column {name}")
        key = name.removesuffix(READING_SUFFIX)
        if check != READING:
            error = _BY_CODE[check]
        elif int(value) == ReadState.UNREADABLE:
            error = _UNREADABLE[columns[key].kind]
        else:
            error = _BY_STATE[ReadState(int(value))]
        known = worst.setdefault((index, key), error)
        worst[index, key] = min(known, error, key=cell_errors.WORST_FIRST.index)
    return worst
