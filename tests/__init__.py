"""The tests, package by package."""
