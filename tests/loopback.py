"""HTTP on loopback, for the servers that take others' place: from bytes to requests and back."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in; names of headers in small letters."""

    verb: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    content: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip()

    def one(self, name: str, default: str = "") -> str:
        """A parameter that is given once; the last where it is given more often."""
        return self.query.get(name, [default])[-1]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer."""

    code: int
    content: bytes = b""
    content_type: str = "application/json; charset=UTF-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    is_cut_short: bool = False


class LoopbackServer:
    """A server on 127.0.0.1; `asked` are the requests that came in."""

    def __init__(self, port: int = 0) -> None:
        self.asked: list[Request] = []
        self._stopping = threading.Event()
        self._lock = threading.RLock()
        self._listener = _Listener(("127.0.0.1", port), type("Bound", (_Handler,), {"of": self}))
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.server_port}"

    def time(self) -> float | None:
        """What it takes for the time, in seconds; None for the machine's."""
        return None

    def answer(self, request: Request) -> Answer | None:
        """Answer one request; None closes the connection without a word."""
        raise NotImplementedError

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close()


class _Handler(BaseHTTPRequestHandler):
    """One connection; several requests may come over it."""

    protocol_version = "HTTP/1.1"
    server_version = "ESF"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 2**16
    of: LoopbackServer

    def _respond(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            self.command,
            parts.path,
            parse_qs(parts.query, keep_blank_values=True),
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
        )
        answer = self.of.answer(request)
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.code)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.code != 204:
            self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        if answer.is_cut_short:
            self.wfile.write(answer.content[: len(answer.content) // 2])
            self.close_connection = True
            return
        self.wfile.write(answer.content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _respond  # noqa: N815 the base class's names

    def date_time_string(self, timestamp: float | None = None) -> str:
        """What the header Date says."""
        return super().date_time_string(self.of.time() if timestamp is None else timestamp)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base class's name
        """Say nothing: what is asked is kept in the server's `asked`."""


class _Listener(ThreadingHTTPServer):
    """Threads that do not keep the process alive."""

    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no error; anything else is told as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]
