"""The `q` of `files.list`: `name contains 'x' and ('id' in parents or not trashed)`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.google_server.errors import RefusalError, drive_refused
from tests.google_server.world import File, World

Test = Callable[[File], bool]
TOKEN = re.compile(r"\s*('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[A-Za-z]+|<=|>=|!=|[=<>()])")
QUOTES = ("'", '"')
COMPARISONS: dict[str, Callable[[datetime, datetime], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def invalid_value(parameter: str) -> RefusalError:
    return drive_refused(400, "invalid", "Invalid Value", location=("parameter", parameter))


def parsed(text: str, world: World, who: str) -> Test:
    """The test that a query means.

    Raises:
        RefusalError: it cannot be read.
    """
    tokens, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if match is None:
            raise invalid_value("q")
        tokens.append(match[1])
        at = match.end()
    query = _Query(tokens, world, who)
    test = query.either()
    if query.tokens:
        raise invalid_value("q")
    return test


@dataclass
class _Query:
    """What is left of a query while it is read."""

    tokens: list[str]
    world: World
    who: str

    def take(self) -> str:
        if not self.tokens:
            raise invalid_value("q")
        return self.tokens.pop(0)

    def word(self) -> str:
        """A quoted text, unquoted."""
        token = self.take()
        if token[0] not in QUOTES:
            raise invalid_value("q")
        return re.sub(r"\\(.)", r"\1", token[1:-1])

    def either(self) -> Test:
        tests = [self.both()]
        while self.tokens and self.tokens[0].lower() == "or":
            self.take()
            tests.append(self.both())
        return lambda file: any(test(file) for test in tests)

    def both(self) -> Test:
        tests = [self.single()]
        while self.tokens and self.tokens[0].lower() == "and":
            self.take()
            tests.append(self.single())
        return lambda file: all(test(file) for test in tests)

    def single(self) -> Test:
        token = self.take()
        if token == "(":
            inner = self.either()
            if self.take() != ")":
                raise invalid_value("q")
            return inner
        if token.lower() == "not":
            denied = self.single()
            return lambda file: not denied(file)
        if token[0] in QUOTES:
            return self.membership(re.sub(r"\\(.)", r"\1", token[1:-1]))
        return self.term(token)

    def membership(self, what: str) -> Test:
        """`'x' in parents`, `'a@b' in writers`."""
        if self.take().lower() != "in":
            raise invalid_value("q")
        where = self.take()
        if where == "parents":
            wanted = self.world.root(self.who) if what == "root" else what
            return lambda file: wanted in file.parents
        roles = {"owners": {"owner"}, "writers": {"owner", "writer"}, "readers": {"reader"}}
        if where not in roles:
            raise invalid_value("q")
        return lambda file: self.world.role(file, what) in roles[where]

    def term(self, name: str) -> Test:
        if name == "sharedWithMe" and (not self.tokens or self.tokens[0] not in COMPARISONS):
            return lambda file: file.owner != self.who
        operator = self.take()
        if name in ("trashed", "sharedWithMe"):
            return self.truth(name, operator, self.take().lower())
        value = self.word()
        if name in ("modifiedTime", "createdTime"):
            return self.moment(name, operator, value)
        if name not in ("name", "mimeType", "fullText"):
            raise invalid_value("q")
        return self.text("mime_type" if name == "mimeType" else "name", operator, value)

    def truth(self, name: str, operator: str, word: str) -> Test:
        if word not in ("true", "false") or operator not in ("=", "!="):
            raise invalid_value("q")
        wanted = (word == "true") == (operator == "=")
        if name == "trashed":
            return lambda file: file.trashed == wanted
        return lambda file: (file.owner != self.who) == wanted

    def moment(self, name: str, operator: str, value: str) -> Test:
        try:
            limit = datetime.fromisoformat(value)
        except ValueError:
            raise invalid_value("q") from None
        if operator not in COMPARISONS:
            raise invalid_value("q")
        limit = limit if limit.tzinfo else limit.replace(tzinfo=UTC)
        compare = COMPARISONS[operator]
        field = "modified" if name == "modifiedTime" else "created"
        return lambda file: compare(getattr(file, field), limit)

    def text(self, field: str, operator: str, value: str) -> Test:
        """A name is compared without regard to capitals; `contains` finds beginnings of words."""
        low = value.casefold()

        def has_word(file: File) -> bool:
            content = str(getattr(file, field)).casefold()
            return content.startswith(low) or re.search(rf"\W{re.escape(low)}", content) is not None

        if operator == "contains":
            return has_word
        if operator not in ("=", "!="):
            raise invalid_value("q")
        return lambda file: (str(getattr(file, field)).casefold() == low) == (operator == "=")
