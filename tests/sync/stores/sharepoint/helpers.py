"""A site of the job whose plans lie in a library: a server, a certificate, a configuration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.graph_server import GraphServer
from tests.graph_server.model import identity
from tests.graph_server.tokens import CLIENT_ID, TENANT
from tests.loopback import Request
from tests.sync.helpers import Site, control_of, page_of

FOLDER = "Planer"


@dataclass(frozen=True)
class SharePointSite(Site):
    """A site with one source in SharePoint: the folder `Planer` of its library."""

    server: GraphServer = field(kw_only=True)
    certificate: Path = field(kw_only=True)

    def configure_sharepoint(
        self, source: str = "", sections: str = "", more: str = "", access: str = ""
    ) -> None:
        """Write the configuration; `more` are further sources."""
        self.configure(
            sources=f'[[sources]]\nkind = "sharepoint"\nsite = "{self.server.site}"\n'
            f'folder = "{FOLDER}"\n{source}\n{more}',
            sections=f'[sharepoint]\ntenant = "{TENANT}"\nclient_id = "{CLIENT_ID}"\n'
            f'{access or self.access}\naddress = "{self.server.url}"\n{sections}',
        )

    @property
    def access(self) -> str:
        """The keys that name the certificate."""
        return f'certificate = "{self.certificate}"'

    def lay(self, name: str, content: bytes) -> None:
        """Let somebody lay a workbook into the folder, or save it again."""
        self.server.put(f"{FOLDER}/{name}", content)

    def bytes_of(self, name: str) -> bytes:
        return self.server.content(f"{FOLDER}/{name}")

    def open(self, name: str, who: str = "Mette Holm") -> None:
        """Let somebody open a workbook in a browser; "" closes it."""
        self.server.item(f"{FOLDER}/{name}").opened_by = who

    def control(self, name: str, tab: str) -> dict[int, str]:
        return control_of(self.bytes_of(name), tab)

    def page(self, name: str) -> list[tuple[str, ...]]:
        return page_of(self.bytes_of(name))

    def files(self) -> list[str]:
        """The files in the folder."""
        start = f"{FOLDER}/"
        return [one.removeprefix(start) for one in self.server.paths() if one.startswith(start)]

    def forget(self) -> None:
        self.server.asked.clear()

    def kinds(self) -> Counter[str]:
        """How many requests of each kind were sent since the last `forget`."""
        return kinds(self.server.asked)


def once(server: GraphServer, verb: str, part: str, do: Callable[[], object]) -> None:
    """Let somebody do something right before the first such request is answered."""

    def staff(request: Request) -> None:
        if request.verb == verb and part in request.path:
            server.staff = None
            do()

    server.staff = staff


def kinds(asked: Sequence[Request]) -> Counter[str]:
    """Requests by kind; what leads to a file and the file itself are one download."""
    return Counter(kind for one in asked if (kind := _kind(one)))


def _kind(one: Request) -> str:
    last = one.path.rpartition("/")[2]
    if "oauth2" in one.path or "openid" in last or last == "content":
        return ""
    if last == "uploadSession":
        return {"PUT": "upload", "GET": "state", "DELETE": "cancel"}[one.verb]
    names = {"children": "list", "download.aspx": "download", "createUploadSession": "session",
             "versions": "look"}  # fmt: skip
    return names.get(last, one.verb.lower())


MINE = identity("helhedsplan", CLIENT_ID)
