"""A clamd for the tests: a real server on a real socket, that answers as it is told."""

import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# The industry's test file, cut in two so that no scanner takes this source for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.ThreadingTCPServer):
    """What the server does next, and what it was sent."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer: bytes | None = None  # None: look for EICAR
        self.silence = 0.0  # seconds before the answer
        self.hangs_up = False
        self.received: list[bytes] = []

    @property
    def address(self) -> str:
        host, port = self.server_address[:2]
        return f"{host}:{port}"


class Handler(socketserver.StreamRequestHandler):
    server: Clamd

    def handle(self) -> None:
        if self.server.hangs_up:
            return
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while (size := struct.unpack(">I", self.rfile.read(4))[0]) > 0:
            content += self.rfile.read(size)
        self.server.received.append(content)
        time.sleep(self.server.silence)
        found = b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        self.wfile.write(found if self.server.answer is None else self.server.answer)


@contextmanager
def clamd() -> Iterator[Clamd]:
    """Serve until the block ends."""
    with Clamd() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
