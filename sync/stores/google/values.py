"""Google's cells as the job takes them: values as people see them, wherever they come from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from rules.model.cells import FALSE, TRUE, Cell, FormulaError

Json = Mapping[str, Any]
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's dates lie in no time zone
_DAYS = 2_958_466
"""One more than the serial number of 31 December 9999."""
_MOMENTS = ("DATE", "TIME", "DATE_TIME")
_ERRORS = {
    "ERROR": "#ERROR!", "NULL_VALUE": "#NULL!", "DIVIDE_BY_ZERO": "#DIV/0!", "VALUE": "#VALUE!",
    "REF": "#REF!", "NAME": "#NAME?", "NUM": "#NUM!", "N_A": "#N/A", "LOADING": "#LOADING!",
}  # fmt: skip

LOADING = FormulaError(_ERRORS["LOADING"])
"""Stands for a moment where a formula fetches something."""


def cell_of(data: Json) -> Cell:
    """The value of a `CellData`; its format tells a date from a number."""
    value = data.get("effectiveValue")
    if not value:
        return None
    if "stringValue" in value:
        return str(value["stringValue"])
    if "boolValue" in value:
        return TRUE if value["boolValue"] else FALSE
    if "errorValue" in value:
        return FormulaError(_ERRORS.get(value["errorValue"].get("type", ""), "#ERROR!"))
    if "numberValue" in value:
        number_format = data.get("effectiveFormat", {}).get("numberFormat", {})
        return number_of(value["numberValue"], number_format.get("type", ""))
    return None


def number_of(number: float, format_type: str) -> Cell:
    """A number under a number format, which may make a day or a time of it."""
    if not 0 <= number < _DAYS:
        return number
    if format_type not in _MOMENTS:
        return number
    if number < 1:
        return (_EPOCH + timedelta(seconds=round(number * 86_400))).time()
    if format_type == "TIME":
        return timedelta(seconds=round(number * 86_400))
    moment = timedelta(days=int(number), seconds=round(number % 1 * 86_400))
    day = _EPOCH + moment
    return day.date() if float(number).is_integer() else day


def serial_of(moment: date | time | timedelta) -> float:
    """The number that a spreadsheet keeps for a day or a time, to the second."""
    match moment:
        case datetime():
            return (moment - _EPOCH) / timedelta(days=1)
        case date():
            return (moment - _EPOCH.date()).days
        case time():
            return (moment.hour * 3600 + moment.minute * 60 + moment.second) / 86_400
        case timedelta():
            return moment / timedelta(days=1)
