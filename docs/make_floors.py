"""`make test-lowest`: the lowest versions that pyproject.toml allows, as constraints for pip.

`pip` itself always takes the newest. What pyproject.toml does not name is not held.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
_FLOOR = re.compile(r"(?P<name>[\w-]+)(?:\[.*\])?>=(?P<version>[\w.]+)")


def floors() -> list[str]:
    """A line such as `polars==1.30` for each dependency of the package and of its tests."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    asked_for = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    found = [match for one in asked_for if (match := _FLOOR.match(one))]
    return [f"{one['name']}=={one['version']}" for one in found]


if __name__ == "__main__":
    print("\n".join(floors()))
