"""How large an image says it is, read from its head: nothing is decoded, so that a bomb stays closed (pure)."""

import struct
from typing import IO

from PIL import GifImagePlugin, JpegImagePlugin

# Opened by their own classes, which read the heads alone; the general door would warn on its own account.
_READERS = {
    "image/jpeg": JpegImagePlugin.JpegImageFile,
    "image/gif": GifImagePlugin.GifImageFile,
}


class UnreadableImage(ValueError):
    """The head of the image says no size."""


def dimensions(content: IO[bytes], content_type: str) -> tuple[int, int]:
    """Return width and height in pixels; raise `UnreadableImage`. Leaves `content` at its beginning."""
    content.seek(0)
    try:
        if content_type == "image/png":
            return _of_png(content.read(24))
        if content_type == "image/webp":
            return _of_webp(content.read(30))
        width, height = _READERS[content_type](content).size
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, struct.error) as error:
        raise UnreadableImage(content_type) from error
    finally:
        content.seek(0)
    return width, height


def _of_png(head: bytes) -> tuple[int, int]:
    # Its first chunk says it; a reader would go on and unfold the colour profile.
    if head[12:16] != b"IHDR" or len(head) < 24:
        raise UnreadableImage("image/png")
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def _of_webp(head: bytes) -> tuple[int, int]:
    # Three kinds of first chunk; Pillow's own reader sets the whole canvas up before it tells its size.
    chunk, body = head[12:16], head[20:]
    if chunk == b"VP8X" and len(body) >= 10:
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if chunk == b"VP8L" and len(body) >= 5 and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 " and len(body) >= 10 and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    raise UnreadableImage("image/webp")
