"""Danish numbers, dates and names, spelling, quoting, languages, personal numbers.

Uses nothing else of the project.
"""
