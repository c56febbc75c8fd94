"""A server that stands for SharePoint behind Microsoft Graph, on 127.0.0.1.

It knows what the store uses, and answers 501 to anything else. Each behaviour names the page of the
documentation or the thread that it rests on; what rests on nothing says that it is a guess.
"""

from tests.graph_server.server import GraphServer

__all__ = ["GraphServer"]
