"""Tests of the rules, read from the specification and not from the code."""
