"""The configuration: a TOML file, overridden by HELHEDSPLAN_… environment variables.

A configuration that makes no sense is refused with a message that names the key. May use the rules,
the texts of `sheets_templates`, the languages of `i18n` and the limits of `xlsx`.
"""

from __future__ import annotations

from sync.config.section import ConfigurationError
from sync.config.settings import DEFAULT_FILE, ENVIRONMENT_PREFIX, Settings, load

__all__ = ["DEFAULT_FILE", "ENVIRONMENT_PREFIX", "ConfigurationError", "Settings", "load"]
