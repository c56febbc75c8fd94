"""The layout in figures: python -m tests.layout.

The units are rules, sheets_templates, and each package or loose module in sync, with everything in
it. Imports inside functions and under TYPE_CHECKING count too. grimp, which import-linter brings,
reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter

import grimp

ROOTS = ("rules", "sheets_templates", "sync")
SHARED = ("rules", "sheets_templates")


@dataclass(frozen=True)
class Layout:
    """What is counted."""

    units: frozenset[str]
    arrows: frozenset[tuple[str, str]]
    """Which unit imports which."""
    loose: frozenset[str]
    """Modules that stand directly in a root package."""
    imports: dict[str, set[str]]
    """What each module imports."""

    @property
    def floors(self) -> int:
        """How many units the longest chain of units has.

        Raises:
            graphlib.CycleError: units import each other.
        """
        return len(_longest({one: {b for a, b in self.arrows if a == one} for one in self.units}))

    @property
    def chain(self) -> tuple[str, ...]:
        """The longest chain of modules, each imported by the one before.

        Raises:
            graphlib.CycleError: modules import each other.
        """
        return _longest(self.imports)


@cache
def layout() -> Layout:
    """Measure the layout of this checkout."""
    graph = grimp.build_graph(*ROOTS)
    below = {one for root in ROOTS for one in graph.find_children(root)}
    loose = {one for one in below if not graph.find_children(one)}
    units = {_unit(one) for one in below}
    imports = {one: graph.find_modules_directly_imported_by(one) for one in graph.modules}
    arrows = {(_unit(one), _unit(other)) for one, others in imports.items() for other in others}
    return Layout(
        units=frozenset(units),
        arrows=frozenset((a, b) for a, b in arrows if a != b and {a, b} <= units),
        loose=frozenset(loose),
        imports=imports,
    )


def _unit(module: str) -> str:
    root, _, rest = module.partition(".")
    return root if root in SHARED else f"{root}.{rest.partition('.')[0]}"


def _longest(imports: dict[str, set[str]]) -> tuple[str, ...]:
    chains: dict[str, tuple[str, ...]] = {}
    for one in TopologicalSorter(imports).static_order():
        chains[one] = (one, *max((chains[other] for other in imports[one]), key=len, default=()))
    return max(chains.values(), key=len)


def main() -> None:
    """Print the figures."""
    found = layout()
    print(f"{len(found.units)} units, {len(found.arrows)} arrows between them")
    print(f"loose modules: {len(found.loose)}")
    try:
        print(f"{found.floors} floors")
        print(f"longest chain: {len(found.chain)} modules: {' > '.join(found.chain)}")
    except CycleError as error:
        print(f"a circle: {' > '.join(error.args[1])}")


if __name__ == "__main__":
    main()
