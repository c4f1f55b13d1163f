"""Requests, put to the WSGI handler in this process or to gunicorn on loopback."""

import io
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

BROWSER = {"accept": "text/html,*/*;q=0.8", "accept-language": "en-US,en;q=0.5", "user-agent": "Mozilla/5.0"}
POSTED = {"content-type": "application/x-www-form-urlencoded"}
ACCEPTED = {"plain": "identity", "gzip": "gzip", "brotli": "gzip, deflate, br"}


@dataclass(frozen=True)
class Ask:
    """One request as a browser sends it. With ``form`` it is a POST."""

    path: str
    encoding: str = "plain"
    cookies: dict[str, str] = field(default_factory=dict)
    form: dict[str, object] | None = None

    @property
    def headers(self) -> dict[str, str]:
        headers = {"host": "127.0.0.1", **BROWSER, "accept-encoding": ACCEPTED[self.encoding]}
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return headers

    def environ(self) -> dict[str, object]:
        body = urlencode(self.form, doseq=True).encode() if self.form else b""
        environ = {
            "REQUEST_METHOD": "GET" if self.form is None else "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path,
            "QUERY_STRING": "",
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        return environ | {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in self.headers.items()}

    def raw(self) -> bytes:
        """The bytes on the wire."""
        body = urlencode(self.form, doseq=True).encode() if self.form else b""
        method, headers = ("GET", self.headers) if self.form is None else ("POST", self.headers | POSTED)
        if self.form is not None:
            headers = {**headers, "content-length": str(len(body))}
        lines = [f"{method} {self.path} HTTP/1.1", *map(": ".join, headers.items()), "", ""]
        return "\r\n".join(lines).encode() + body


class Handler:
    """The site in this process."""

    def __init__(self) -> None:
        from pumpguide.wsgi import application

        self.application = application

    def __call__(self, environ) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status, headers and body, the response closed as a server would."""
        started = []
        response = self.application(environ, lambda status, headers, _exc_info=None: started.append((status, headers)))
        body = b"".join(response)
        response.close()
        return *started[0], body


class Wire:
    """One keep-alive connection."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __call__(self, raw: bytes) -> tuple[bytes, bytes]:
        """Head and body of the answer."""
        self.socket.sendall(raw)
        got = b""
        while b"\r\n\r\n" not in got:
            got += self.more()
        head, _, body = got.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        while len(body) < length:
            body += self.more()
        return head, body

    def more(self) -> bytes:
        part = self.socket.recv(1 << 16)
        if not part:
            raise ConnectionError("gunicorn closed the connection.")
        return part


@contextmanager
def gunicorn(folder: str) -> Iterator[Wire]:
    """A connection to the site in one gunicorn worker with threads; stopped at the end."""
    with served(folder, workers=1, threads=2) as (address, _process):
        yield Wire(address)


@contextmanager
def served(folder: str, *, workers: int, threads: int, preload: bool = False) -> Iterator[tuple]:
    """The site in gunicorn on loopback: (its address, its process); stopped at the end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # the connection below may come before gunicorn
        options = [
            "--bind",
            f"fd://{listener.fileno()}",
            "--workers",
            str(workers),
            "--worker-class",
            "gthread",
            "--threads",
            str(threads),
            *(["--preload"] if preload else []),
        ]
        quiet = ["--no-control-socket", "--log-level", "warning", "--worker-tmp-dir", folder]
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *options, *quiet, "pumpguide.wsgi"],
            pass_fds=[listener.fileno()],
            env=os.environ,
        )
        try:
            yield listener.getsockname(), server
        finally:
            server.terminate()
            server.wait(timeout=30)
