"""What an installation does, step by step: shown first, then done."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import ClassVar


class InstallError(Exception):
    """A step could not be done. The message says which, and why."""


@dataclass(frozen=True, slots=True)
class WriteFile:
    """Write a file. `encoding` is the one that its reader expects."""

    path: Path
    content: str
    encoding: str = "utf-8"

    def __str__(self) -> str:
        return f"Write {self.path}"

    def do(self) -> None:
        """Write it, and make its folder where that is missing."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.content, encoding=self.encoding)


@dataclass(frozen=True, slots=True)
class RemoveFile:
    """Remove a file, if it is there."""

    path: Path
    content: ClassVar[None] = None

    def __str__(self) -> str:
        return f"Remove {self.path}"

    def do(self) -> None:
        """Remove it."""
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class RunCommand:
    """Run a program of the system; `content` is what it reads from its standard input.

    `may_fail` says that it is no fault if the program is unhappy.
    """

    command: Sequence[str]
    content: str | None = None
    may_fail: bool = False

    def __str__(self) -> str:
        return f"Run {shlex.join(self.command)}"

    def do(self) -> None:
        """Run it."""
        subprocess.run(self.command, input=self.content, text=True, check=not self.may_fail)


@dataclass(frozen=True, slots=True)
class InstallPlan:
    """The steps, and what a person should know besides."""

    steps: Sequence[WriteFile | RemoveFile | RunCommand]
    notes: Sequence[str] = ()

    def shown(self) -> Iterator[str]:
        """The whole for people."""
        for step in self.steps:
            yield str(step)
            yield from (f"    {line}" for line in (step.content or "").splitlines())
            yield ""
        yield from self.notes

    def do(self) -> None:
        """Do all steps.

        Raises:
            InstallError: a step could not be done; those before it are.
        """
        for step in self.steps:
            try:
                step.do()
            except OSError as error:
                raise InstallError(f"{step}: {error.strerror}") from error
            except subprocess.CalledProcessError as error:
                raise InstallError(f"{step} ended with exit code {error.returncode}") from error


def filled(template: str, **values: str) -> str:
    """One of the templates that lie beside this file, with its `$names` filled in."""
    text = Path(__file__).with_name(template).read_text(encoding="utf-8")
    return Template(text).substitute(values)
