"""The configuration: a TOML file, overridden by HELHEDSPLAN_… environment variables.

A configuration that makes no sense is refused with a message that names the key. May use the rules,
the texts of `sheets_templates`, the languages of `i18n` and the limits of `xlsx`.
"""
