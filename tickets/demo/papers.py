"""Small files that people join to tickets: a screenshot, an extract of a log."""

import struct
import zlib
from datetime import datetime
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from tickets.attachments import ReceivedFile
from tickets.demo.wording import Anomaly, Writer

WIDTH, HEIGHT = 480, 270
PALETTE = bytes.fromhex("f4f6f8 ffffff 0b5d66 d9dee3 b42318 8a97a6")
PAPER, SHEET, BAR, LINE, ALERT, INK = range(6)


def papers_of(anomaly: Anomaly, writer: Writer, at: datetime) -> list[ReceivedFile]:
    """Return one or two files about an anomaly, as they would have been joined at `at`."""
    rng = writer.rng
    picture = _file(f"capture-{at:%Y-%m-%d-%H%M}.png", screenshot(rng), "image/png")
    extract = _file(f"journal-{at:%Y-%m-%d}.txt", log_extract(anomaly, writer, at).encode(), "text/plain")
    return rng.choice([[picture], [extract], [picture, extract]])


def _file(name: str, content: bytes, content_type: str) -> ReceivedFile:
    return ReceivedFile(SimpleUploadedFile(name, content, content_type), name, content_type)


def log_extract(anomaly: Anomaly, writer: Writer, at: datetime) -> str:
    """Return some lines of a log that end badly."""
    rng = writer.rng
    steps = [writer.write(step) for step in anomaly.steps]
    lines = [
        f"{at:%Y-%m-%d} {9 + number // 60:02d}:{number % 60:02d}:{rng.randint(0, 59):02d} INFO  {step}"
        for number, step in enumerate(steps, start=rng.randint(2, 50))
    ]
    code = f"{rng.choice('ABCDEFG')}{rng.randint(1000, 9999)}"
    failure = f"{lines[-1][:19]} ERREUR {code} traitement interrompu (v{writer.values['version']})"
    return "\n".join([*lines, failure, ""])


def screenshot(rng: Random) -> bytes:
    """Draw a window with a list and an alert, as a PNG of six colours."""
    pixels = [bytearray([PAPER]) * WIDTH for _ in range(HEIGHT)]
    _box(pixels, 0, 0, WIDTH, 26, BAR)
    _box(pixels, 16, 42, WIDTH - 16, HEIGHT - 16, SHEET)
    for row in range(rng.randint(6, 9)):
        top = 58 + row * 20
        _box(pixels, 28, top, 28 + rng.randint(60, 150), top + 7, INK)
        _box(pixels, 220, top, 220 + rng.randint(30, 110), top + 7, LINE)
        _box(pixels, 380, top, 380 + rng.randint(20, 60), top + 7, LINE)
    left, top = rng.randint(60, 140), rng.randint(90, 150)
    _box(pixels, left, top, left + 260, top + 70, ALERT)
    _box(pixels, left + 2, top + 2, left + 258, top + 68, SHEET)
    _box(pixels, left + 16, top + 18, left + rng.randint(120, 230), top + 26, ALERT)
    _box(pixels, left + 16, top + 38, left + rng.randint(90, 200), top + 45, INK)
    raw = b"".join(b"\0" + bytes(row) for row in pixels)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"PLTE", PALETTE), (b"IDAT", zlib.compress(raw, 6)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _box(pixels: list[bytearray], left: int, top: int, right: int, bottom: int, colour: int) -> None:
    for row in pixels[top:bottom]:
        row[left:right] = bytes([colour]) * (min(right, WIDTH) - left)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
