"""A folder of a library: listing it, reading files, and replacing only what was read.

A file is replaced through an upload session that is guarded by the version that was read. Whether
the service looks at that version again when the last byte has come is written nowhere; so the
file's versions are looked at afterwards, and what somebody saved in between is put back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import quote, urlsplit

from rules.text.marking import N_
from sync.config.sharepoint import SharePointSource
from sync.i18n.language import _
from sync.stores.base import NeedsPerson, StoreError, TryAgain
from sync.stores.files.replace import CHANGED
from sync.stores.files.shares import is_service_folder
from sync.stores.files.untrusted import TooLargeError
from sync.stores.sharepoint.graph import BUSY, Forbidden, Gone, Graph, Unclear, UploadSession
from sync.stores.sharepoint.items import FIELDS, Item, Json, application, checksum, moment

LAG = timedelta(minutes=3)
"""For how long the service may tell or give out what was there before: a minute was seen."""
_RESUMED = 3
_PAGE = "999"
_JUST_SAVED = N_("Regnearket er lige blevet gemt. Næste kontrol læser det.")
_ANOTHER = N_(
    "SharePoint gav en anden udgave end den, der er gemt. Næste kontrol prøver igen. "
    "Bliver det ved, så bed it-afdelingen se på filens følsomhedsmærke."
)
_REPLACED = N_(
    "En kollegas ændring kl. {time} blev erstattet. Hent den igen i SharePoint: "
    "vælg filen, »Versionshistorik« og udgaven fra kl. {time}."
)
_NO_SITE = N_(
    "Webstedet eller biblioteket i SharePoint findes ikke, eller kontrollen har ikke adgang. "
    "Bed it-afdelingen om at give den adgang."
)
_NO_LIBRARY = N_("Biblioteket {name} findes ikke på webstedet. Der er: {names}.")


@dataclass
class Library:
    """The folder that a source names. Whatever asks raises StoreError where it is refused."""

    graph: Graph
    source: SharePointSource
    _folder_id: str = field(default="", init=False)

    @cached_property
    def site(self) -> Json:
        """The site, as Graph tells of it."""
        parts = urlsplit(self.source.site)
        path = f":{quote(parts.path)}" if parts.path else ""
        try:
            return self.graph.get(f"/sites/{parts.hostname}{path}", {"$select": "id,webUrl"})
        except (Gone, Forbidden) as error:
            raise NeedsPerson(_(_NO_SITE)) from error

    @cached_property
    def drive(self) -> Json:
        """The library; without a name the site's own one for documents."""
        fields, wanted = {"$select": "id,name,webUrl"}, self.source.library.casefold()
        if not wanted:
            return self.graph.get(f"/sites/{self.site['id']}/drive", fields)
        drives = list(self.graph.pages(f"/sites/{self.site['id']}/drives", fields))
        for one in drives:
            last = urlsplit(one.get("webUrl", "")).path.rpartition("/")[2]
            if wanted in {str(one["name"]).casefold(), last.casefold()}:
                return one
        names = ", ".join(sorted(str(one["name"]) for one in drives))
        raise NeedsPerson(_(_NO_LIBRARY).format(name=self.source.library, names=names))

    def walk(self) -> Iterator[tuple[str, list[Item]]]:
        """Each folder's path below this one, with `/`, and what lies in it."""
        try:
            inside = self._children(
                f"/root:/{quote(self.source.folder)}:" if self.source.folder else "/root"
            )
        except Gone as error:
            folder = self.source.folder
            raise NeedsPerson(
                _("Mappen {folder} findes ikke eller kan ikke nås.").format(folder=folder)
            ) from error
        waiting = [("", inside)]
        while waiting:
            path, items = waiting.pop()
            yield path, items
            for item in items:
                if item.is_folder and not item.is_shortcut and not is_service_folder(item.name):
                    below = f"{path}/{item.name}" if path else item.name
                    waiting.append((below, self._children(f"/items/{item.id}")))

    def _children(self, of: str) -> list[Item]:
        fields = {"$select": FIELDS, "$top": _PAGE}
        return [Item.of(one) for one in self.graph.pages(f"{self._drive}{of}/children", fields)]

    @property
    def _drive(self) -> str:
        return f"/drives/{self.drive['id']}"

    def at(self, item: Item) -> str:
        """The path of an item in Graph."""
        return f"{self._drive}/items/{item.id}"

    def _below(self, path: str) -> str:
        whole = "/".join(filter(None, [self.source.folder, path]))
        return f"{self._drive}/root:/{quote(whole)}:"

    def look(self, item: Item) -> Item:
        """The item as it is now."""
        return Item.of(self.graph.get(self.at(item), {"$select": FIELDS}))

    def find(self, path: str) -> Item | None:
        """The file of this path below the folder; None where there is none."""
        try:
            return Item.of(self.graph.get(self._below(path), {"$select": FIELDS}))
        except Gone:
            return None

    def address(self, path: str) -> str:
        """Where a file of this path is opened, although it may not be there yet."""
        whole = "/".join(filter(None, [self.source.folder, path]))
        return f"{self.drive['webUrl']}/{quote(whole)}"

    def is_own(self, item: Item) -> bool:
        """Whether the job was the last to change it."""
        return item.changed_by == self.graph.identity.client_id

    def content(self, item: Item, most_bytes: int) -> bytes:
        """The content of this version, and of no other: its checksum says so.

        The service may give out an older one for a while, or tell of an older one. A checksum that
        was not given is known once the file was downloaded.

        Raises:
            TooLargeError: it is more than `most_bytes`.
            TryAgain: the checksum is another's, or none is given.
        """
        if item.size > most_bytes:
            raise TooLargeError
        content = self.graph.download(f"{self.at(item)}/content", most_bytes)
        own, now = checksum(content), item
        if own != item.checksum:
            now = self.look(item)
        if (own, item.guard) != (now.checksum, now.guard):
            is_new = self.graph.now - now.changed_at < LAG
            raise TryAgain(_(_JUST_SAVED if is_new else _ANOTHER))
        return content

    def replace(self, item: Item, content: bytes) -> Item:
        """Put this content in the place of the version that was read; how it is listed then.

        Raises:
            TryAgain: it is another version by now, or in use.
            NeedsPerson: it may not be replaced.
        """
        session = self.begin(item)
        new = self._sent(session, content, lambda: self._outcome(item))
        self._give_back(item, new, session.opened_at)
        return new

    def begin(self, item: Item) -> UploadSession:
        """Begin to replace this version; nothing is replaced before the last byte was sent."""
        return self.graph.open_session(
            f"{self.at(item)}/createUploadSession", "replace", item.guard
        )

    def make(self, path: str, content: bytes) -> Item:
        """Make a file where nothing is."""
        session = self.graph.open_session(f"{self._below(path)}/createUploadSession", "fail")

        def outcome() -> Item | None:
            found = self.find(path)
            if found and found.made_by != self.graph.identity.client_id:
                raise TryAgain(_(CHANGED))
            return found

        return self._sent(session, content, outcome)

    def remove(self, item: Item) -> None:
        """Remove a file, if it is this version; it goes to the recycle bin."""
        try:
            self.graph.delete(self.at(item), item.guard)
        except (Unclear, Gone):
            if self._is_there(item):
                raise TryAgain(_("Filen kunne ikke fjernes lige nu.")) from None

    def versions(self, item: Item) -> list[Json]:
        """The file's versions, the newest first."""
        return list(self.graph.get(f"{self.at(item)}/versions").get("value", ()))

    def _is_there(self, item: Item) -> bool:
        try:
            self.look(item)
        except Gone:
            return False
        return True

    def _sent(
        self, session: UploadSession, content: bytes, outcome: Callable[[], Item | None]
    ) -> Item:
        """Send the content. Where an answer is lost, `outcome` tells whether it stands there."""
        start = 0
        try:
            for _attempt in range(_RESUMED):
                try:
                    return Item.of(self.graph.send(session, content, start))
                except (Unclear, Gone):  # the session is gone once it has done its work
                    if found := outcome():
                        return found
                start = self.graph.received(session)
            raise TryAgain(_(BUSY))
        except Gone:
            raise TryAgain(_(CHANGED)) from None
        except StoreError:
            self.graph.cancel(session)
            raise

    def _outcome(self, before: Item) -> Item | None:
        """The item with the job's own content; None where it is as it was before."""
        now = self.look(before)
        if now.guard == before.guard:
            return None
        if self.is_own(now):
            return now
        raise TryAgain(_(CHANGED))

    def _give_back(self, before: Item, new: Item, opened_at: datetime) -> None:
        """Put back what somebody saved between the version that was read and the job's own.

        Putting back is guarded by nothing, so the versions are looked at once more after it.

        Raises:
            TryAgain: that was so.
            NeedsPerson: it could not be put back, or took the place of another one; that stands
                among the file's versions.
        """
        versions = self.versions(before)
        others = self._others(versions, max(before.changed_at, opened_at - LAG), new.changed_at)
        if not others:
            return
        if moment(versions[0]) > new.changed_at:
            raise _replaced(others[0])
        try:
            self.graph.post(f"{self.at(before)}/versions/{others[0]['id']}/restoreVersion")
            put_back_at = self.graph.now
            between = self._others(self.versions(before), new.changed_at, put_back_at)
        except StoreError as error:
            raise _replaced(others[0]) from error
        raise _replaced(between[0]) if between else TryAgain(_(CHANGED))

    def _others(self, versions: list[Json], since: datetime, until: datetime) -> list[Json]:
        """What others saved in that time, in the place of which the job's own came; newest first.

        Where the service does not tell who it was, the newest counts as the job's.
        """
        late = [one for one in versions if since < moment(one) <= until]
        own = self.graph.identity.client_id
        others = [one for one in late if application(one) != own]
        return others[1:] if len(others) == len(late) else others


def _replaced(version: Json) -> NeedsPerson:
    return NeedsPerson(_(_REPLACED).format(time=f"{moment(version).astimezone():%H:%M:%S}"))
