"""Inputs guided by coverage: atheris keeps those that reach new lines, and changes them further.

    python -m tests.fuzz.guided {amounts,dates,workbooks} -runs=100000

Further arguments are libFuzzer's. atheris has wheels for some systems only; `make fuzz` leaves
this out where it is missing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from random import Random

INSTRUMENTED = ("rules.text", "sync.xlsx", "sync.stores")


class Guided(Random):
    """Chance that comes from given bytes; where they are used up, always the first of all."""

    def __init__(self, data: bytes) -> None:
        super().__init__(0)
        self._bits = int.from_bytes(data)

    def getrandbits(self, k: int, /) -> int:
        """The next bits."""
        bits = self._bits & (1 << k) - 1
        self._bits >>= k
        return bits

    def random(self) -> float:
        """A number from 0 to 1 of the next bits."""
        return self.getrandbits(53) / (1 << 53)


def main() -> None:
    """Go on until the runs are used up, or something does not hold."""
    atheris = import_module("atheris")
    what, *others = sys.argv[1:]
    with atheris.instrument_imports(include=list(INSTRUMENTED)):
        kinds = import_module("tests.fuzz.kinds")
    kind = kinds.KINDS[what]

    def one(data: bytes) -> None:
        if wrong := kind.claim(kind.make(Guided(data))):
            raise AssertionError(wrong)

    atheris.Setup([sys.argv[0], *others], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
