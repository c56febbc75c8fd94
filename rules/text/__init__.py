"""Text as people write it.

Danish numbers, dates and names, quoting, languages, personal numbers.
"""
