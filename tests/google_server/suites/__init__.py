"""Other people's test-suites for Google Sheets, run against the server."""
