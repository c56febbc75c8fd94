"""Raw cells of all workbooks become one typed frame per tab, with STR, CEL and GDP findings.

Uses model.
"""
