"""Asking ClamAV about a file: clamd's INSTREAM over a socket, with a limit of time on every step; no database."""

import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass

CHUNK = 64 * 1024  # bytes sent at a time
LONGEST_ANSWER = 4096  # bytes


class ScannerUnavailable(Exception):
    """The scanner gave no verdict; the message says why."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner found: the name of a known threat, empty for a clean file."""

    threat: str

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing was found."""
        return not self.threat


def scan(pieces: Iterable[bytes], address: str, timeout: float) -> Verdict:
    """Return clamd's verdict on a content; `timeout` in seconds bounds the connection and each exchange.

    `address` is “host:port” or the path of a socket. Raises `ScannerUnavailable` for any answer that is no
    verdict: silence, a cut connection, an error of clamd's (a stream beyond its own limit included), garbage.
    """
    try:
        with _connected(address, timeout) as connection:
            _send(connection, pieces)
            answer = _answer(connection)
    except (OSError, ValueError) as error:
        raise ScannerUnavailable(f"{type(error).__name__}: {error}") from error
    return _verdict(answer)


def _connected(address: str, timeout: float) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _separator, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout)


def _send(connection: socket.socket, pieces: Iterable[bytes]) -> None:
    try:
        connection.sendall(b"zINSTREAM\0")
        for piece in pieces:
            for start in range(0, len(piece), CHUNK):
                part = piece[start : start + CHUNK]
                connection.sendall(struct.pack(">I", len(part)) + part)
        connection.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        # Clamd hangs up as soon as it has had enough: what it says of it may still be read.
        return


def _answer(connection: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith((b"\0", b"\n")) and len(answer) < LONGEST_ANSWER:
        received = connection.recv(LONGEST_ANSWER)
        if not received:
            break
        answer += received
    return answer


def _verdict(answer: bytes) -> Verdict:
    text = answer.decode("utf-8", "replace").strip("\0\r\n ")
    said = text.removeprefix("stream: ")
    if said == text:
        raise ScannerUnavailable(f"Not a verdict: {text[:200]!r}")
    if said == "OK":
        return Verdict("")
    if said.endswith(" FOUND") and len(said) > len(" FOUND"):
        return Verdict(said.removesuffix(" FOUND"))
    raise ScannerUnavailable(f"Not a verdict: {text[:200]!r}")
