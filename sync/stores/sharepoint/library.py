"""A folder of a library: listing it, reading files, and replacing only what was read.

A file is replaced through an upload session that is guarded by the version that was read. Whether
the service looks at that version again when the last byte has come is written nowhere; so the
file's versions are looked at afterwards, and what somebody saved in between is put back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

from rules.text.marking import N_
from sync.config.sharepoint import SharePointSource
from sync.i18n.language import _
from sync.stores.base import NeedsPerson, StoreError, TryAgain
from sync.stores.document import Document
from sync.stores.excel.names import NO_FOLDER
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
    """The folder that a source names. Whatever asks raises StoreError where it is refused.

    `client_id` is the application's: what it did is the job's own work.
    """

    graph: Graph
    source: SharePointSource
    client_id: str

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

    def walk(self, closed: list[str]) -> Iterator[tuple[str, list[Item]]]:
        """Each folder's path below this one, with `/`, and what lies in it.

        Paths of folders inside that cannot be opened are added to `closed`.
        """
        try:
            inside = self._children(self._below(""))
        except Gone as error:
            raise NeedsPerson(_(NO_FOLDER).format(folder=self.source.folder)) from error
        waiting = [("", inside)]
        while waiting:
            path, items = waiting.pop()
            yield path, items
            for item in items:
                if item.is_folder and not item.is_shortcut and not is_service_folder(item.name):
                    below = f"{path}/{item.name}" if path else item.name
                    try:
                        waiting.append((below, self._children(self.at(item))))
                    except (Gone, Forbidden):
                        closed.append(below)

    def _children(self, of: str) -> list[Item]:
        fields = {"$select": FIELDS, "$top": _PAGE}
        return [Item.of(one) for one in self.graph.pages(f"{of}/children", fields)]

    def at(self, item: Item) -> str:
        """The path of an item in Graph."""
        return f"/drives/{self.drive['id']}/items/{item.id}"

    def _below(self, path: str) -> str:
        whole = self._whole(path)
        return f"/drives/{self.drive['id']}/root" + (f":/{whole}:" if whole else "")

    def _whole(self, path: str) -> str:
        return quote("/".join(filter(None, [self.source.folder, path])))

    def look(self, item: Item) -> Item:
        """The item as it is now."""
        return Item.of(self.graph.get(self.at(item), {"$select": FIELDS}))

    def find(self, path: str) -> Item | None:
        """The file of this path below the folder; None where there is none."""
        with suppress(Gone):
            return Item.of(self.graph.get(self._below(path), {"$select": FIELDS}))
        return None

    def address(self, path: str) -> str:
        """Where a file of this path is opened, although it may not be there yet."""
        return f"{self.drive['webUrl']}/{self._whole(path)}"

    def is_own(self, item: Item) -> bool:
        """Whether the job was the last to change it."""
        return item.changed_by == self.client_id

    def content(self, item: Item, most_bytes: int) -> bytes:
        """The content of this version, and of no other: its checksum says so.

        The service may give out an older one for a while, or tell of an older one. A checksum that
        was not given is known once the file was downloaded; where it is not, only what has stood
        for a while and has the size that is told is taken.

        Raises:
            TooLargeError: it is more than `most_bytes`.
            TryAgain: the checksum is another's, or none is given of what was just saved.
        """
        if item.size > most_bytes:
            raise TooLargeError
        content = self.graph.download(f"{self.at(item)}/content", most_bytes)
        own = checksum(content)
        now = item if own == item.checksum else self.look(item)
        is_new = self.graph.http.now - now.changed_at < LAG
        told = now.checksum or ("" if is_new or len(content) != now.size else own)
        if (own, item.guard) != (told, now.guard):
            raise TryAgain(_(_JUST_SAVED if is_new else _ANOTHER))
        return content

    def replace(self, item: Item, content: bytes) -> Item:
        """Put this content in the place of the version that was read; how it is listed then.

        Raises:
            TryAgain: it is another version by now, or in use.
            NeedsPerson: it may not be replaced.
        """
        session = self.begin(item)
        opened_at = self.graph.http.now
        new = self._sent(session, content, lambda: self._outcome(item, self.look(item)))
        self._give_back(item, new, opened_at)
        return new

    def begin(self, item: Item) -> UploadSession:
        """Begin to replace this version; nothing is replaced before the last byte was sent."""
        return self.graph.open_session(self.at(item), "replace", item.guard)

    def make(self, path: str, content: bytes) -> Item:
        """Make a file where nothing is."""
        session = self.graph.open_session(self._below(path), "fail")
        return self._sent(session, content, lambda: self._outcome(None, self.find(path)))

    def remove(self, item: Item) -> None:
        """Remove a file, if it is this version; it goes to the recycle bin."""
        try:
            self.graph.delete(self.at(item), item.guard)
        except (Unclear, Gone):
            with suppress(Gone):
                self.look(item)
                raise TryAgain(_("Filen kunne ikke fjernes lige nu.")) from None

    def versions(self, item: Item) -> list[Json]:
        """The file's versions, the newest first."""
        return list(self.graph.get(f"{self.at(item)}/versions").get("value", ()))

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

    def _outcome(self, before: Item | None, now: Item | None) -> Item | None:
        """The item with the job's own content; None where it is as it was before."""
        if now is None or (before and now.guard == before.guard):
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
            put_back_at = self.graph.http.now
            between = self._others(self.versions(before), new.changed_at, put_back_at)
        except StoreError as error:
            raise _replaced(others[0]) from error
        raise _replaced(between[0]) if between else TryAgain(_(CHANGED))

    def _others(self, versions: list[Json], since: datetime, until: datetime) -> list[Json]:
        """What others saved in that time, in the place of which the job's own came; newest first.

        Where the service does not tell who it was, the newest counts as the job's.
        """
        late = [one for one in versions if since < moment(one) <= until]
        others = [one for one in late if application(one) != self.client_id]
        return others[1:] if len(others) == len(late) else others


def _replaced(version: Json) -> NeedsPerson:
    return NeedsPerson(_(_REPLACED).format(time=f"{moment(version).astimezone():%H:%M:%S}"))


@dataclass
class SharePointDocument(Document):
    """A file of the library, by its path below the folder; see `Document`.

    The service rewrites what it is sent, and tells of another version then. So the stamp of a file
    that the job was the last to change is always the same.
    """

    library: Library
    path: str
    _seen: Item | None = field(default=None, init=False)

    @property
    def name(self) -> str:
        """The file's name."""
        return PurePosixPath(self.path).name

    @property
    def address(self) -> str:
        """Where it is opened."""
        return self.library.address(self.path)

    def beside(self, name: str) -> SharePointDocument:
        """Another file in the same folder."""
        return SharePointDocument(self.library, str(PurePosixPath(self.path).parent / name))

    def stamp(self) -> str:
        """Its stamp; empty where there is none."""
        self._seen = self.library.find(self.path)
        return self._stamp_of(self._seen) if self._seen else ""

    def read(self, most_bytes: int) -> tuple[bytes, str]:
        """Its content and its stamp."""
        stamp = self.stamp()
        if self._seen is None:
            raise FileNotFoundError(self.path)
        return self.library.content(self._seen, most_bytes), stamp

    def make(self, content: bytes, like: str = "") -> str:
        """Make it where nothing is; who may open it is the library's business."""
        del like
        return self._stamp_of(self.library.make(self.path, content))

    def replace(self, old: bytes, new: bytes, stamp: str) -> str:
        """Replace it, if it is the version that was read last."""
        del old
        return self._stamp_of(self.library.replace(self._same(stamp), new))

    def remove(self, stamp: str) -> None:
        """Remove it, if it is the version that was read last."""
        self.library.remove(self._same(stamp))

    def _same(self, stamp: str) -> Item:
        if self._seen is None or self._stamp_of(self._seen) != stamp:
            raise TryAgain(_(CHANGED))
        return self._seen

    def _stamp_of(self, item: Item) -> str:
        return "own" if self.library.is_own(item) else item.stamp
