"""What a file may be: its kinds by content, its name made safe to show; pure, no database."""

import unicodedata
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import IO, cast

import magic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import floatformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.images import UnreadableImage, dimensions

LONGEST_NAME = 200  # characters: the column's own limit
MEGABYTE = 1024 * 1024  # bytes
HEAD = 256 * 1024  # bytes that are enough to know a content by
BEGINNING = 4096  # bytes: more than a browser reads to guess a type
LONGEST_LISTING = 4 * 1024 * 1024  # bytes of an archive's table of contents
LONGEST_SIDE = 30_000  # pixels


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file that is accepted: its name in words, the type it is served under, its extensions."""

    label: str | Promise
    content_type: str
    extensions: tuple[str, ...]


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

TEXT = FileKind(gettext_lazy("text"), "text/plain", (".txt", ".log", ".csv", ".json", ".xml"))
ZIP = FileKind(gettext_lazy("ZIP archive"), "application/zip", (".zip",))
WORD = FileKind(gettext_lazy("Word document"), f"{_OOXML}.wordprocessingml.document", (".docx",))
EXCEL = FileKind(gettext_lazy("Excel workbook"), f"{_OOXML}.spreadsheetml.sheet", (".xlsx",))
POWERPOINT = FileKind(
    gettext_lazy("PowerPoint presentation"), f"{_OOXML}.presentationml.presentation", (".pptx",)
)
ODF_TEXT = FileKind(gettext_lazy("OpenDocument text"), f"{_ODF}.text", (".odt",))
ODF_SHEET = FileKind(gettext_lazy("OpenDocument spreadsheet"), f"{_ODF}.spreadsheet", (".ods",))

PDF = FileKind(gettext_lazy("PDF document"), "application/pdf", (".pdf",))
_PLAIN_BINARY = (
    FileKind(gettext_lazy("PNG image"), "image/png", (".png",)),
    FileKind(gettext_lazy("JPEG image"), "image/jpeg", (".jpg", ".jpeg")),
    FileKind(gettext_lazy("GIF image"), "image/gif", (".gif",)),
    FileKind(gettext_lazy("WebP image"), "image/webp", (".webp",)),
    PDF,
)
KINDS = (*_PLAIN_BINARY, TEXT, WORD, EXCEL, POWERPOINT, ODF_TEXT, ODF_SHEET, ZIP)
EXTENSIONS = tuple(extension for kind in KINDS for extension in kind.extensions)

_BY_CONTENT_TYPE = {kind.content_type: kind for kind in _PLAIN_BINARY}
_OFFICE_FOLDERS = {"word": WORD, "xl": EXCEL, "ppt": POWERPOINT}
_ODF_TYPES = {kind.content_type: kind for kind in (ODF_TEXT, ODF_SHEET)}
# Text that a browser or a shell would run, were it to believe the content rather than us.
_MARKUP = (
    b"<html",
    b"<!doctype html",
    b"<head",
    b"<body",
    b"<script",
    b"<svg",
    b"<iframe",
    b"<?php",
    b"/1999/xhtml",
)
_END_OF_ARCHIVE = b"PK\x05\x06"
_LONGEST_END = 65_535 + 22  # bytes: the record that ends an archive, with its longest comment
_ACTIVE_TEXT = {"text/html", "image/svg+xml", "text/x-msdos-batch", "text/x-shellscript"}


def check_file(upload: UploadedFile) -> tuple[str, FileKind]:
    """Return a received file's safe name and its kind by content; `ValidationError` names it and says why."""
    name = safe_name(upload.name or "")
    extension = PurePosixPath(name).suffix.lower()
    if not upload.size:
        raise ValidationError(_("“%(name)s” is empty.") % {"name": name}, code="empty")
    if upload.size > settings.ATTACHMENT_MAX_BYTES:
        raise ValidationError(
            _("“%(name)s” is too big (%(size)s): %(limit)s at most for each file.")
            % {
                "name": name,
                "size": say_size(upload.size),
                "limit": say_size(settings.ATTACHMENT_MAX_BYTES),
            },
            code="too_big",
        )
    if extension not in EXTENSIONS:
        raise ValidationError(
            _("“%(name)s” is of a type that is not accepted. Put it in a ZIP archive if it is needed.")
            % {"name": name},
            code="type",
        )
    kind = kind_of(upload)
    if kind is None or extension not in kind.extensions:
        raise ValidationError(_disguise(name, extension, kind), code="disguised")
    if kind in _PLAIN_BINARY:
        _refuse_two_faces(upload, name, kind)
    if kind.content_type.startswith("image/"):
        _refuse_vast_image(upload, name, kind)
    return name, kind


def _refuse_two_faces(upload: UploadedFile, name: str, kind: FileKind) -> None:
    """Refuse an image or a PDF that is also an archive or a page: one of its readers would run the other."""
    beginning, end = _ends_of(upload)
    begins_otherwise = kind is PDF and not beginning.startswith(b"%PDF-")
    is_archive = _END_OF_ARCHIVE in end and bool(_listing_of(upload))
    if begins_otherwise or is_archive or any(mark in beginning.lower() for mark in _MARKUP):
        raise ValidationError(
            _("“%(name)s” is two things at once: a %(kind)s that holds a page or an archive as well.")
            % {"name": name, "kind": kind.label},
            code="polyglot",
        )


def _refuse_vast_image(upload: UploadedFile, name: str, kind: FileKind) -> None:
    """Refuse an image whose head says more pixels than a reader should have to unfold, or says none."""
    try:
        width, height = dimensions(cast("IO[bytes]", upload), kind.content_type)
    except UnreadableImage:
        raise ValidationError(
            _("“%(name)s” is damaged: its size in pixels cannot be read.") % {"name": name}, code="damaged"
        ) from None
    if width * height > settings.ATTACHMENT_MAX_PIXELS or max(width, height) > LONGEST_SIDE:
        raise ValidationError(
            _("“%(name)s” is too large an image (%(width)d × %(height)d): %(limit)s million pixels at most.")
            % {
                "name": name,
                "width": width,
                "height": height,
                "limit": floatformat(settings.ATTACHMENT_MAX_PIXELS / 1e6, -1),
            },
            code="too_many_pixels",
        )


def _ends_of(upload: UploadedFile) -> tuple[bytes, bytes]:
    """Return the first and the last bytes of a file."""
    upload.seek(0)
    beginning = upload.read(BEGINNING)
    upload.seek(max(0, (upload.size or 0) - _LONGEST_END))
    end = upload.read(_LONGEST_END)
    upload.seek(0)
    return beginning, end


def _disguise(name: str, extension: str, kind: FileKind | None) -> str:
    if kind is None:
        return _("“%(name)s” does not hold what its name says: its content is not a %(extension)s file.") % {
            "name": name,
            "extension": extension,
        }
    return _(
        "“%(name)s” does not hold what its name says: its content is that of another type (%(kind)s)."
    ) % {
        "name": name,
        "kind": kind.label,
    }


def say_size(size: int) -> str:
    """Say a size in bytes as people do: « 20 Mo », « 1,5 Mo », « 12 Ko »."""
    if size < MEGABYTE:
        return _("%(number)s kB") % {"number": floatformat(max(1, round(size / 1024)), 0)}
    return _("%(number)s MB") % {"number": floatformat(size / MEGABYTE, -1)}


def kind_of(upload: UploadedFile) -> FileKind | None:
    """Return the kind that a file's content is, whatever its name; None for a kind that is not accepted."""
    upload.seek(0)
    head = upload.read(HEAD)
    upload.seek(0)
    content_type, _separator, encoding = _detector().from_buffer(head).partition("; charset=")
    if content_type in _BY_CONTENT_TYPE:
        return _BY_CONTENT_TYPE[content_type]
    if head.startswith(b"PK"):
        return _kind_of_archive(upload)
    if encoding == "binary" or _is_active(content_type, head):
        return None
    return TEXT


def _is_active(content_type: str, head: bytes) -> bool:
    # A log may quote a page: only a text that begins as one would be taken for one.
    beginning = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:BEGINNING]
    if beginning.startswith(b"<") and any(mark in beginning.lower() for mark in _MARKUP):
        return True
    return content_type in _ACTIVE_TEXT and beginning[:1] in {b"<", b"#", b"@"}


def _kind_of_archive(upload: UploadedFile) -> FileKind | None:
    """Return the kind of an archive by its table of contents alone: no member of it is ever opened."""
    beginning, _end = _ends_of(upload)
    if beginning[30:38] == b"mimetype":
        # OpenDocument says its type in the first bytes, uncompressed and outside of any member to open.
        return next((kind for said, kind in _ODF_TYPES.items() if _declares(beginning, said)), None)
    names = _listing_of(upload)
    if names is None:
        return None
    if "[Content_Types].xml" in names:
        # Macros are programs: a document that holds some is a .docm in disguise.
        if any(name.endswith("vbaProject.bin") for name in names):
            return None
        folders = {name.partition("/")[0] for name in names}
        return next((kind for folder, kind in _OFFICE_FOLDERS.items() if folder in folders), None)
    return None if "META-INF/MANIFEST.MF" in names else ZIP


def _listing_of(upload: UploadedFile) -> set[str] | None:
    """Return the names that an archive lists; None for no archive, or one whose list is itself a flood."""
    _beginning, end = _ends_of(upload)
    record = end[end.rfind(_END_OF_ARCHIVE) :]
    if len(record) < 22 or int.from_bytes(record[12:16], "little") > LONGEST_LISTING:
        return None
    try:
        with zipfile.ZipFile(upload) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return None
    finally:
        upload.seek(0)


def _declares(beginning: bytes, said: str) -> bool:
    size = int.from_bytes(beginning[22:26], "little")
    return beginning[8:10] == b"\0\0" and size == len(said) and beginning[38 : 38 + size] == said.encode()


@cache
def _detector() -> magic.Magic:
    return magic.Magic(mime=True, mime_encoding=True)


def safe_name(name: str) -> str:
    """Return a file's name without folders, invisible or direction-changing characters, 200 at most."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/")).rpartition("/")[2]
    # C: controls, bidirectional overrides, surrogates; Zl and Zp: line and paragraph separators.
    kept = "".join(
        c for c in last if unicodedata.category(c)[0] != "C" and unicodedata.category(c) not in {"Zl", "Zp"}
    )
    kept = " ".join(kept.split()).strip(". ")
    stem, dot, extension = kept.rpartition(".")
    if not dot or len(extension) > 10:
        return kept[:LONGEST_NAME] or _("file")
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"
