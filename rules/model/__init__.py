"""The nouns: tabs and columns, cells, the plan as frozen rows, parameters, findings.

Uses text.
"""
