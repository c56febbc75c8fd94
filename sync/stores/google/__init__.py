"""Spreadsheets in Google Sheets. Nothing outside this package knows Google."""
