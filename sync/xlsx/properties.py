"""The one text that the job keeps among the document properties of files of its own making."""

from __future__ import annotations

from sync.xlsx.markup import local, parse
from sync.xlsx.zip_package import Package

_PART = "docProps/custom.xml"


def property_of(package: Package, key: str) -> str:
    """Return the property with this name; an empty text where the file has none.

    Raises:
        PackageError: the properties are damaged.
    """
    if _PART not in package:
        return ""
    names: list[str] = []
    words: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "property":
            names.append(attributes.get("name", ""))

    def text(characters: str) -> None:
        if names and names[-1] == key:
            words.append(characters)

    parse(package.read(_PART), _PART, start, text=text)
    return "".join(words)
