"""Workbooks in a folder of Excel files. Nothing else knows the folder."""
