"""The sections about workbooks in SharePoint: where they lie, and who asks for them."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, Field

from sync.config.section import Link, OptionalPath, Section, TestServer, secret


def _site(address: str) -> str:
    """The address of a site, however much of a page's address is given after it."""
    parts = urlsplit(address.strip())
    place = [one for one in unquote(parts.path).split("/") if one][:2]
    is_site = len(place) == 2 and place[0].casefold() in {"sites", "teams", "personal"}
    if parts.scheme != "https" or not parts.hostname or (place and not is_site):
        raise ValueError("must be like https://contoso.sharepoint.com/sites/Helhedsplaner")
    return "/".join([f"https://{parts.hostname}", *place])


def _inside(path: str) -> str:
    names = [one for one in path.strip("/").split("/") if one]
    if any(name in {".", ".."} for name in names):
        raise ValueError("must be a path inside the library, with / between its folders")
    return "/".join(names)


class SharePointSource(Section):
    """A folder of a library in SharePoint, subfolders included; without a folder all of it.

    Without `library` it is the one that the site itself calls its documents.
    """

    kind: Literal["sharepoint"]
    site: Annotated[str, AfterValidator(_site)]
    library: str = ""
    folder: Annotated[str, AfterValidator(_inside)] = ""
    name: str = ""
    link: Link = ""
    patterns: Annotated[tuple[str, ...], Field(min_length=1)] = ("*.xlsx", "*.xlsm", "*.xls")

    @property
    def usual_name(self) -> str:
        """What it is called where nobody gave it a name."""
        return self.folder.rpartition("/")[2] or self.library or self.site.rpartition("/")[2]

    def holds(self, other: SharePointSource) -> bool:
        """Whether the other one lies in it, or is the same."""
        here, there = ((one.site.casefold(), one.library.casefold()) for one in (self, other))
        inside = f"{other.folder}/".casefold().startswith(f"{self.folder}/".casefold())
        return here == there and (not self.folder or inside)


SHAREPOINT_SECRET = "HELHEDSPLAN_SHAREPOINT_SECRET"


class SharePointSection(Section):
    """The application that asks Microsoft Graph, and how long a run may ask.

    It shows a certificate (a file with the key and the certificate), or else a secret.
    """

    tenant: str = ""
    client_id: str = ""
    certificate: OptionalPath = None
    secret_file: OptionalPath = None
    deadline_minutes: Annotated[float, Field(gt=0, le=1_440)] = 50
    address: TestServer = ""

    def secret(self) -> str | None:
        """The secret from the environment, or from the file; None where there is neither.

        Raises:
            OSError: the file cannot be read.
        """
        return secret(SHAREPOINT_SECRET, self.secret_file)
