"""The mails of a run: whose turn it is, what they say, and the log of what was sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from sync.config.job import WEEKDAYS, Frequency
from sync.config.settings import Settings
from sync.history.sent_log import SentLog, key_of
from sync.notifications.letter import Attachment, Letter
from sync.notifications.smtp import send
from sync.notifications.to_contacts import ContactItems, contact_letter, items_by_contact
from sync.notifications.to_operators import problem_keys, problems_letter
from sync.notifications.to_secretariat import summary_letter
from sync.overview.model import Overview
from sync.overview.owned_file import page_as_it_stands

Problems = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Mailing:
    """A run's mails: from the overview and the problems to letters, and out.

    Without an overview, where nothing has changed, only the operators can have a letter. `sent`
    counts the letters that went out, by whom they are for.
    """

    settings: Settings
    log: SentLog
    overview: Overview | None
    problems: Problems
    now: datetime
    sent: Counter[str] = field(default_factory=Counter)

    def letters(self) -> list[Letter]:
        """The letters of everybody whose turn it is, and for whom something is new."""
        to_contacts = [letter for _, letter in self._contacts(self._contacts_with_mail()) if letter]
        return [*to_contacts, *self._secretariat(), *self._operators(self.problems)]

    def deliver(self) -> list[tuple[str, str]]:
        """Send what is to be sent; what the operators have to know of that.

        The letters to the operators go last, so that they report mails that were refused.
        """
        today, mail = self.now.date(), self.settings.mail
        contacts = self._contacts_with_mail()
        for recipient, items in contacts.items():
            self.log.record_resolved(recipient, items.open_now)
        letters: list[Letter] = []
        for recipient, letter in self._contacts(contacts):
            if letter:
                letters.append(letter)
            else:  # nothing is new: they get no mail until their next turn
                self.log.record_turn(recipient, today)
        refusals = self._sent([*letters, *self._secretariat()])
        failed = [("", refusal) for refusal in dict.fromkeys(refusals)]
        problems = [*self.problems, *failed]
        for address in mail.operators:
            self.log.record_resolved(_operator(address), problem_keys(problems))
        self._sent(self._operators(problems))
        return failed

    def knows(self, problem: tuple[str, str]) -> bool:
        """Whether all operators who get mail at all know of a problem."""
        mail = self.settings.mail
        (key,) = problem_keys([problem])
        asked = [one for one in mail.operators if mail.frequency_for(one, "always") != "never"]
        known = [self.log.known_to(_operator(address)) for address in asked]
        return all(key in one.still_open or key in one.resolved for one in known)

    def _sent(self, letters: Sequence[Letter]) -> list[str]:
        """Send letters and log them; why others were refused: the next run writes them anew."""
        refusals = []
        for letter, refusal in send(self.settings.mail, letters, self.now):
            if refusal:
                refusals.append(refusal)
            else:
                self.sent[letter.about] += 1
                self.log.record_sent(letter.recipient, letter.reports, self.now.date())
        return refusals

    def _contacts_with_mail(self) -> dict[str, ContactItems]:
        """What is open for each contact to whose address mail may go, by recipient."""
        mail = self.settings.mail
        if self.overview is None or (mail.contacts == "never" and not mail.frequencies):
            return {}
        return {
            key_of("contact", items.address.lower()): items
            for items in items_by_contact(self.overview, self.now.date())
            if mail.may_go_to(items.address)
        }

    def _contacts(self, contacts: dict[str, ContactItems]) -> Iterator[tuple[str, Letter | None]]:
        """Each contact whose turn it is, and their letter; None where nothing is new."""
        today = self.now.date()
        for recipient, items in contacts.items():
            if self._is_turn(recipient, items.address, self.settings.mail.contacts):
                known = self.log.known_to(recipient)
                yield recipient, contact_letter(items, known, recipient, today, self._link)

    def is_summary_due(self) -> bool:
        """Whether it is anybody's turn in the secretariat: they get a letter whatever it says."""
        return any(True for _ in self._secretariat_turns())

    def _secretariat(self) -> Iterator[Letter]:
        if self.overview:
            for recipient, address in self._secretariat_turns():
                mail, today = self.settings.mail, self.now.date()
                page = self._page()
                yield summary_letter(address, recipient, self.overview, today, mail, page=page)

    def _page(self) -> Attachment | None:
        """The overview as a page, as it stands; None where none can be sent."""
        file = self.settings.overview.page
        if file is None or not self.settings.mail.attach_page:
            return None
        content = page_as_it_stands(file)
        return Attachment(file.name, content) if content else None

    def _secretariat_turns(self) -> Iterator[tuple[str, str]]:
        for address in self.settings.mail.secretariat:
            recipient = key_of("secretariat", address.lower())
            if self._is_turn(recipient, address, "weekly"):
                yield recipient, address

    def _operators(self, problems: Problems) -> list[Letter]:
        found = problem_keys(problems)
        letters = []
        for address in self.settings.mail.operators:
            recipient = _operator(address)
            if self._is_turn(recipient, address, "always"):
                known = self.log.known_to(recipient)
                letters.append(problems_letter(address, recipient, found, known, self.now))
        return [letter for letter in letters if letter]

    def _is_turn(self, recipient: str, address: str, usual: Frequency) -> bool:
        """Whether it is a recipient's turn; one who has never had it has it now."""
        mail, today = self.settings.mail, self.now.date()
        match mail.frequency_for(address, usual):
            case "never":
                return False
            case "always":
                return True
            case "daily":
                earliest = today
            case "weekly":
                days_since = (today.weekday() - WEEKDAYS.index(mail.weekday)) % 7
                earliest = today - timedelta(days_since)  # a turn that was missed is made up for
        last = self.log.last_turn(recipient)
        return last is None or not earliest <= last <= today  # one to come is of a wrong clock

    def _link(self, address: str) -> str:
        """A link for staff's own machines; empty where the configuration names none."""
        if address.startswith(("https://", "file://")):
            return address
        for source in self.settings.folders:
            if source.link and address:
                try:
                    within = Path(address).resolve().relative_to(source.folder.resolve())
                except ValueError:
                    continue
                return f"{source.link.rstrip('/')}/{quote(within.as_posix())}"
        return ""


def _operator(address: str) -> str:
    return key_of("operator", address.lower())
