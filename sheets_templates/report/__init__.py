"""Report workbooks: what a sheet of the overview is, and its Excel file. Uses drawing."""
