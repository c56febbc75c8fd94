"""What a workbook's package holds: its sheets and their comments."""

from __future__ import annotations

from sync.xlsx.comments import comments_by_cell
from sync.xlsx.sheets import Sheet, sheets

__all__ = ["Sheet", "comments_by_cell", "sheets"]
