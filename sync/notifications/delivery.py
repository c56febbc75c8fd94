"""The mails of a run: who has their turn, what they are told, and remembering that they know."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sync.config import Settings
from sync.history.database import Database
from sync.notifications.letter import Letter
from sync.notifications.links import link_to
from sync.notifications.sent_log import (
    is_turn,
    recipient_key,
    remember_mended,
    remember_told,
    remember_turn,
    told_to,
)
from sync.notifications.smtp import send
from sync.notifications.to_contacts import Post, letter_to, posts
from sync.notifications.to_operators import problem_keys, trouble_to
from sync.notifications.to_secretariat import summary_to
from sync.overview.model import Overview

LOG = logging.getLogger("helhedsplan")
Problems = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Mailing:
    """A run's mails: from the history's tables and the run's account to letters, and out."""

    settings: Settings
    database: Database
    overview: Overview
    problems: Sequence[tuple[str, str]]
    now: datetime

    def letters(self) -> Iterator[Letter]:
        """The letters of everybody who has their turn and something to be told."""
        yield from self._contacts()
        yield from self._secretariat()
        yield from self._operators(self.problems)

    def deliver(self) -> Problems:
        """Send what is to be sent; what the operators have to know of that.

        The letters to the operators go last, so that they tell of mails that were refused.
        """
        failed: Problems = []
        self._remember_mended_findings()
        self._pass_turns()
        for letter, refusal in self._sent([*self._contacts(), *self._secretariat()]):
            if refusal and ("", refusal) not in failed:
                failed.append(("", refusal))
            self._settle(letter, refusal)
        self._remember_mended_problems(failed)
        for letter, refusal in self._sent(self._operators([*self.problems, *failed])):
            self._settle(letter, refusal)
        return failed

    def knows(self, problem: tuple[str, str]) -> bool:
        """Whether all operators who get mail at all have been told of a problem."""
        mail = self.settings.mail
        (key,) = problem_keys([problem])
        asked = [one for one in mail.operators if mail.frequency_for(one, "always") != "never"]
        told = [told_to(self.database, recipient_key("operator", one)) for one in asked]
        return all(key in one.still_open or key in one.mended for one in told)

    def _sent(self, letters: Iterable[Letter]) -> Iterator[tuple[Letter, str]]:
        return send(self.settings.mail, list(letters), self.now)

    def _settle(self, letter: Letter, refusal: str) -> None:
        """Remember a letter that was taken; one that was not is written anew by the next run."""
        if refusal:
            LOG.warning("mail not sent", extra={"keys": {"to": letter.about, "reason": refusal}})
            return
        LOG.info("mail sent", extra={"keys": {"to": letter.about}})
        remember_told(self.database, letter.recipient, letter.tells, self.now.date())
        remember_turn(self.database, letter.recipient, self.now.date())

    def _contacts(self) -> Iterator[Letter]:
        mail, today = self.settings.mail, self.now.date()
        for post, recipient in self._posts():
            frequency = mail.frequency_for(post.address, mail.contacts)
            if is_turn(self.database, recipient, frequency, today, mail.weekday):
                told = told_to(self.database, recipient)
                if letter := letter_to(post, told, recipient, today, self._link):
                    yield letter

    def _pass_turns(self) -> None:
        """Who has their turn and nothing to be told hears nothing until the next one."""
        mail, today = self.settings.mail, self.now.date()
        for post, recipient in self._posts():
            frequency = mail.frequency_for(post.address, mail.contacts)
            if is_turn(self.database, recipient, frequency, today, mail.weekday):
                told = told_to(self.database, recipient)
                if letter_to(post, told, recipient, today, self._link) is None:
                    remember_turn(self.database, recipient, today)

    def _posts(self) -> Iterator[tuple[Post, str]]:
        """What is open for each contact to whose address mail may go."""
        if self.settings.mail.contacts == "never" and not self.settings.mail.frequencies:
            return
        for post in posts(self.overview, self.now.date()):
            if self.settings.mail.may_go_to(post.address):
                yield post, recipient_key("contact", post.address)

    def _secretariat(self) -> Iterator[Letter]:
        mail, today = self.settings.mail, self.now.date()
        for address in mail.secretariat:
            recipient = recipient_key("secretariat", address)
            frequency = mail.frequency_for(address, "weekly")
            if is_turn(self.database, recipient, frequency, today, mail.weekday):
                yield summary_to(address, recipient, self.overview, today, mail)

    def _operators(self, problems: Sequence[tuple[str, str]]) -> Iterator[Letter]:
        mail = self.settings.mail
        found = problem_keys(problems)
        for address in mail.operators:
            recipient = recipient_key("operator", address)
            frequency = mail.frequency_for(address, "always")
            today = self.now.date()
            if is_turn(self.database, recipient, frequency, today, mail.weekday):
                told = told_to(self.database, recipient)
                if letter := trouble_to(address, recipient, found, told, self.now):
                    yield letter

    def _remember_mended_findings(self) -> None:
        for post, recipient in self._posts():
            told = told_to(self.database, recipient)
            remember_mended(self.database, recipient, told, post.open_now)

    def _remember_mended_problems(self, failed: Problems) -> None:
        found = problem_keys([*self.problems, *failed])
        for address in self.settings.mail.operators:
            recipient = recipient_key("operator", address)
            told = told_to(self.database, recipient)
            remember_mended(self.database, recipient, told, found)

    def _link(self, address: str) -> str:
        return link_to(address, self.settings.folders)
