"""What must hold in a plan workbook, and why: pure functions over values, no files, no clock."""
