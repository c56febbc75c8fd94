"""A server on loopback that answers like Google: Sheets v4, Drive v3 and the token endpoint.

`docs/google-server.md` says what it imitates, and how that was checked.
"""

from tests.google_server.server import GoogleServer

__all__ = ["GoogleServer"]
