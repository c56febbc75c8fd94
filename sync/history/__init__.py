"""What is remembered between runs: one repository per table, in SQLite or PostgreSQL."""
