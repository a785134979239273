"""Refuses a request whose announced size no form may have, before a byte of it is stored."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


def largest_request() -> int:
    """Return the size in bytes of the largest request that a form may send: its texts and all its files."""
    return (
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE + settings.ATTACHMENT_MAX_COUNT * settings.ATTACHMENT_MAX_BYTES
    )


class RefuseOversized(FileUploadHandler):
    """Stop at the announced length; the handlers after it store what passes."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803  (Django's name)
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Raise `RequestDataTooBig` above the limit; otherwise let the request be read as usual."""
        if content_length > largest_request():
            raise RequestDataTooBig("The request is larger than its texts and files may be.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass each piece on to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
