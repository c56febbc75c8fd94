"""Danish numbers, dates and names, spelling, quoting, languages, personal numbers, wrapped lines.

Uses nothing else of the project.
"""
