"""What is remembered between runs: one repository for each table, in a file or in PostgreSQL.

`history.History` is the door. May use config, findings, stores' versions, i18n and the rules.
"""
