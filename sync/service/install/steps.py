"""What an installation does, step by step: shown first, then done."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


class InstallError(Exception):
    """A step could not be done. The message says which, and why."""


@dataclass(frozen=True, slots=True)
class WriteFile:
    """Write a file. `encoding` is the one that its reader expects."""

    path: Path
    content: str
    encoding: str = "utf-8"

    def shown(self) -> Iterator[str]:
        """The step for people."""
        yield f"Write {self.path}:"
        yield from (f"    {line}" for line in self.content.splitlines())

    def do(self) -> None:
        """Do it.

        Raises:
            InstallError: it could not be done.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(self.content, encoding=self.encoding)
        except OSError as error:
            raise InstallError(f"{self.path} could not be written: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class RemoveFile:
    """Remove a file, if it is there."""

    path: Path

    def shown(self) -> Iterator[str]:
        """The step for people."""
        yield f"Remove {self.path}"

    def do(self) -> None:
        """Do it.

        Raises:
            InstallError: it could not be done.
        """
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise InstallError(f"{self.path} could not be removed: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class RunCommand:
    """Run a program of the system, with what it reads from its standard input.

    `may_fail` says that it is no fault if the program is unhappy.
    """

    command: Sequence[str]
    standard_input: str | None = None
    may_fail: bool = False

    def shown(self) -> Iterator[str]:
        """The step for people."""
        yield f"Run {shlex.join(self.command)}"
        if self.standard_input is not None:
            yield from (f"    {line}" for line in self.standard_input.splitlines())

    def do(self) -> None:
        """Do it.

        Raises:
            InstallError: it could not be done.
        """
        try:
            subprocess.run(
                self.command, input=self.standard_input, text=True, check=not self.may_fail
            )
        except OSError as error:
            raise InstallError(f"{self.command[0]} could not be run: {error.strerror}") from error
        except subprocess.CalledProcessError as error:
            raise InstallError(
                f"{shlex.join(self.command)} ended with exit code {error.returncode}"
            ) from error


Step = WriteFile | RemoveFile | RunCommand


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps, and what a person should know besides."""

    steps: Sequence[Step]
    notes: Sequence[str] = ()

    def shown(self) -> Iterator[str]:
        """The whole for people."""
        for step in self.steps:
            yield from step.shown()
            yield ""
        yield from self.notes

    def do(self) -> None:
        """Do all steps.

        Raises:
            InstallError: a step could not be done; those before it are.
        """
        for step in self.steps:
            step.do()
