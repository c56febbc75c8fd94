"""The secretariat's workbook of waivers as an Excel file: made once, never written again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.model.cells import RawTab
from rules.model.parameters import Parameters
from sheets_templates.template.waiver_sheet import waiver_design
from sync.i18n.language import _
from sync.stores.base import NeedsPerson, TryAgain, Unreadable
from sync.stores.document import Document
from sync.stores.excel.reading import read_tabs
from sync.stores.files.replace import NOT_A_FILE
from sync.stores.files.untrusted import NotRegularError, TooLargeError
from sync.xlsx.zip_package import DEFAULT_LIMITS, Limits


@dataclass(frozen=True)
class ExcelWaivers:
    """The waivers in a file."""

    document: Document
    limits: Limits = DEFAULT_LIMITS

    @property
    def name(self) -> str:
        """The file's name."""
        return self.document.name

    @property
    def address(self) -> str:
        """Where the file is opened."""
        return self.document.address

    def make_if_missing(self, parameters: Parameters) -> None:
        """Lay an empty workbook where there is none.

        Raises:
            StoreError: it could not be written, or not be looked for.
        """
        try:
            is_there = bool(self.document.stamp())
        except OSError as error:
            raise TryAgain(_("Filen kan ikke åbnes lige nu.")) from error
        if not is_there:
            from sheets_templates.drawing.excel import drawn  # noqa: PLC0415  openpyxl is slow

            self.document.make(drawn(waiver_design(parameters)))

    def tabs(self) -> Sequence[RawTab]:
        """The workbook's tabs; none where there is no file.

        Raises:
            Unreadable: it is no workbook.
            TryAgain: it cannot be opened now.
        """
        try:
            data, _stamp = self.document.read(self.limits.packed_bytes)
        except FileNotFoundError:
            return ()
        except NotRegularError as error:
            raise NeedsPerson(_(NOT_A_FILE)) from error
        except TooLargeError as error:
            raise Unreadable("too_large") from error
        except OSError as error:
            raise TryAgain(_("Filen kan ikke åbnes lige nu.")) from error
        return read_tabs(data, self.limits)
