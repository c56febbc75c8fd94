"""The two-page brief about one plan, as PDF. Uses drawing."""
