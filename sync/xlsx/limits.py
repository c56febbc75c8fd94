"""What a workbook must keep within to be read."""

from __future__ import annotations

from dataclasses import dataclass

from sync.xlsx.zip_package import Limits


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What a workbook must keep within; sizes in bytes, rows counted where they hold something."""

    packed_bytes: int = 50_000_000
    unpacked_bytes: int = 256_000_000
    filled_rows: int = 200_000

    @property
    def characters(self) -> int:
        """How many characters all cells may hold together."""
        return self.unpacked_bytes // 4

    def for_package(self) -> Limits:
        """The limits of the zip file."""
        return Limits(
            packed_bytes=self.packed_bytes,
            unpacked_bytes=self.unpacked_bytes,
            part_bytes=self.unpacked_bytes,
        )
