"""Tests of package-level editing of workbooks."""
