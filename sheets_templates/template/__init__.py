"""The plan workbook that staff fill in. Uses drawing."""
