"""Sheets described as data, and drawn into Excel files. Uses rules."""
