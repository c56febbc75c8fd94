"""The one text that the job keeps among the document properties of files of its own making."""

from __future__ import annotations

from sync.xlsx.markup import read_tree
from sync.xlsx.zip_package import Package

_PART = "docProps/custom.xml"


def property_of(package: Package, key: str) -> str:
    """Return the property with this name; an empty text where the file has none."""
    if _PART not in package:
        return ""
    named = (one for one in read_tree(package, _PART) if one.get("name") == key)
    return "".join("".join(one.itertext()) for one in named)
