"""Runs that are killed at any moment: `make chaos`."""
