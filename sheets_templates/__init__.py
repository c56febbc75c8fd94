"""The plan workbook as a template, made from rules/tables.py, and the looks that it shares."""
