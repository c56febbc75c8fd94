"""Workbooks and pages made from what `rules` says: the template, the overview, the brief."""
