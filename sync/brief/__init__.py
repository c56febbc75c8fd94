"""The two pages that a plan's steering group gets."""
