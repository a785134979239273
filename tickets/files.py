"""What a file may be: its kinds by content, its name made safe to show; pure, no database."""

import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

import magic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import floatformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST_NAME = 200  # characters: the column's own limit
MEGABYTE = 1024 * 1024  # bytes
HEAD = 256 * 1024  # bytes that are enough to know a content by


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

_PLAIN_BINARY = (
    FileKind(gettext_lazy("PNG image"), "image/png", (".png",)),
    FileKind(gettext_lazy("JPEG image"), "image/jpeg", (".jpg", ".jpeg")),
    FileKind(gettext_lazy("GIF image"), "image/gif", (".gif",)),
    FileKind(gettext_lazy("WebP image"), "image/webp", (".webp",)),
    FileKind(gettext_lazy("PDF document"), "application/pdf", (".pdf",)),
)
KINDS = (*_PLAIN_BINARY, TEXT, WORD, EXCEL, POWERPOINT, ODF_TEXT, ODF_SHEET, ZIP)
EXTENSIONS = tuple(extension for kind in KINDS for extension in kind.extensions)

_BY_CONTENT_TYPE = {kind.content_type: kind for kind in _PLAIN_BINARY}
_OFFICE_FOLDERS = {"word": WORD, "xl": EXCEL, "ppt": POWERPOINT}
_ODF_TYPES = {kind.content_type: kind for kind in (ODF_TEXT, ODF_SHEET)}
# Text that a browser or a shell would run, were it to believe the content rather than us.
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
    return name, kind


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
    beginning = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return content_type in _ACTIVE_TEXT and beginning[:1] in {b"<", b"#", b"@"}


def _kind_of_archive(upload: UploadedFile) -> FileKind | None:
    try:
        with zipfile.ZipFile(upload) as archive:
            names = set(archive.namelist())
            declared = (
                archive.open("mimetype").read(100).decode("ascii", "replace") if "mimetype" in names else ""
            )
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return None
    finally:
        upload.seek(0)
    if declared:
        return _ODF_TYPES.get(declared.strip())
    if "[Content_Types].xml" in names:
        # Macros are programs: a document that holds some is a .docm in disguise.
        if any(name.endswith("vbaProject.bin") for name in names):
            return None
        folders = {name.partition("/")[0] for name in names}
        return next((kind for folder, kind in _OFFICE_FOLDERS.items() if folder in folders), None)
    return None if "META-INF/MANIFEST.MF" in names else ZIP


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
