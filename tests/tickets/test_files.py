"""Files are known by their content; a disguise is refused, a name is made safe."""

import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image

from tickets.attachments import MultipleFileField
from tickets.files import check_file, safe_name

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
)
PROGRAM = b"MZ\x90\x00\x03" + b"\0" * 55 + b"\x80\0\0\0" + b"\0" * 64 + b"PE\0\0L\x01" + b"\0" * 200
PAGE = b"<!doctype html><html><script>alert(1)</script></html>"
DRAWING = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def archive(**members: str) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as written:
        for name, text in members.items():
            written.writestr(name.replace("__", "/"), text)
    return content.getvalue()


def office(folder: str, *more: str) -> bytes:
    names = ["[Content_Types].xml", "_rels/.rels", f"{folder}/document.xml", *more]
    return archive(**dict.fromkeys(names, "<x/>"))


def picture(kind: str, width: int = 3, height: int = 2) -> bytes:
    content = BytesIO()
    Image.new("L", (width, height)).save(content, kind)
    return content.getvalue()


ACCEPTED = {
    "écran.png": (PNG, "image/png"),
    "photo.JPEG": (picture("JPEG"), "image/jpeg"),
    "anim.gif": (picture("GIF"), "image/gif"),
    "vue.webp": (
        b"RIFF\x1a\0\0\0WEBPVP8L\r\0\0\0/\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0",
        "image/webp",
    ),
    "notice.pdf": (b"%PDF-1.4\n1 0 obj\n", "application/pdf"),
    "trace.log": (b"2026-11-23 10:00 GET <html><head><title>x</title></head>\n", "text/plain"),
    "lignes.csv": ("é;b\n1;2\n".encode("utf-16"), "text/plain"),
    "ancien.csv": ("é;b\n1;2\n".encode("latin-1"), "text/plain"),
    "réponse.json": (b'{"a": 1}', "text/plain"),
    "flux.xml": (b'<?xml version="1.0"?><a/>', "text/plain"),
    "note.docx": (office("word"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "comptes.xlsx": (office("xl"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "plan.pptx": (office("ppt"), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "note.odt": (
        archive(mimetype="application/vnd.oasis.opendocument.text"),
        "application/vnd.oasis.opendocument.text",
    ),
    "table.ods": (
        archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    "tout.zip": (archive(a="b"), "application/zip"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_useful_file_is_accepted_under_its_content_s_own_type(name: str) -> None:
    content, content_type = ACCEPTED[name]
    upload = SimpleUploadedFile(name, content, "text/html")
    found, kind = check_file(upload)
    assert (found, kind.content_type) == (name, content_type)
    assert upload.read() == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("écran.png", PROGRAM),
        ("écran.png", PAGE),
        ("notice.pdf", PNG),
        ("flux.xml", b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><script/></html>'),
        ("lisez-moi.txt", PAGE),
        ("lisez-moi.txt", b"\xef\xbb\xbf \n" + PAGE),
        ("flux.xml", DRAWING),
        ("trace.log", b"#!/bin/sh\nrm -rf /\n"),
        ("trace.log", b"@echo off\r\ndel *.*\r\n"),
        ("trace.log", PROGRAM),
        ("trace.log", b"abc\0def" * 40),
        ("tout.zip", archive(**{"META-INF__MANIFEST.MF": "x"})),
        ("tout.zip", b"PK\x03\x04 no archive at all"),
        ("note.docx", archive(a="b")),
        ("note.docx", office("xl")),
        ("note.docx", office("word", "word/vbaProject.bin")),
        ("note.odt", archive(mimetype="application/vnd.oasis.opendocument.graphics")),
        ("comptes.xlsx", b"a;b\n1;2\n"),
    ],
)  # fmt: skip
def test_a_disguised_file_is_refused_by_name(name: str, content: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        check_file(SimpleUploadedFile(name, content))
    assert refused.value.code == "disguised"
    assert name in refused.value.message


@pytest.mark.parametrize(
    "name", ["page.html", "dessin.svg", "outil.exe", "facture.pdf.exe", "sans_extension", "x.docm"]
)
def test_a_type_off_the_list_is_refused_whatever_its_content(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        check_file(SimpleUploadedFile(name, b"texte"))
    assert refused.value.code == "type"


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(ValidationError) as refused:
        check_file(SimpleUploadedFile("vide.txt", b""))
    assert refused.value.code == "empty"


def test_a_file_above_the_limit_is_refused_and_one_at_the_limit_is_not(settings) -> None:
    settings.ATTACHMENT_MAX_BYTES = 10
    assert check_file(SimpleUploadedFile("a.txt", b"0123456789"))
    with pytest.raises(ValidationError) as refused:
        check_file(SimpleUploadedFile("a.txt", b"0123456789!"))
    assert refused.value.code == "too_big"


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Bureau\\écran 1.png", "écran 1.png"),
        ("facture\u202egnp.exe", "facturegnp.exe"),
        ("a\x00b\r\n\u2028c.txt", "abc.txt"),
        (" ..caché.txt. ", "caché.txt"),
        ("e\u0301cran.png", "écran.png"),
        ("\u200b", "file"),
        ("n" * 300 + ".png", "n" * 196 + ".png"),
    ],
)
def test_a_name_is_made_safe_to_show(given: str, safe: str) -> None:
    with translation.override("en"):
        assert safe_name(given) == safe


def test_the_field_says_every_refusal_at_once_and_which_file_each_is_about() -> None:
    field = MultipleFileField()
    with pytest.raises(ValidationError) as refused:
        field.clean([
            SimpleUploadedFile("bon.txt", b"texte"),
            SimpleUploadedFile("vide.txt", b""),
            SimpleUploadedFile("outil.exe", b"MZ"),
        ])  # fmt: skip
    assert [("vide.txt" in text, "outil.exe" in text) for text in refused.value.messages] == [
        (True, False),
        (False, True),
    ]


def test_the_field_takes_no_more_files_than_the_instance_allows(settings) -> None:
    settings.ATTACHMENT_MAX_COUNT = 2
    files = [SimpleUploadedFile(f"{number}.txt", b"texte") for number in range(3)]
    assert [each.name for each in MultipleFileField().clean(files[:2])] == ["0.txt", "1.txt"]
    with pytest.raises(ValidationError, match="2"):
        MultipleFileField().clean(files)


def test_no_file_is_an_empty_list() -> None:
    assert MultipleFileField().clean(None) == []


# --- Two things at once, and bombs ------------------------------------------------------


def wide_png(width: int, height: int) -> bytes:
    return PNG[:16] + width.to_bytes(4, "big") + height.to_bytes(4, "big") + PNG[24:]


POLYGLOTS = {
    "gif-and-jar.gif": picture("GIF") + archive(**{"META-INF__MANIFEST.MF": "x", "A.class": "x"}),
    "png-and-zip.png": picture("PNG") + archive(a="b"),
    "jpeg-and-page.jpg": picture("JPEG")[:2]
    + b"\xff\xfe\x00\x20<HTML><script>alert(1)</script>  "
    + picture("JPEG")[2:],
    "gif-and-php.gif": b"GIF89a\x01\0\x01\0\x80\0\0<?php system('id'); ?>" + picture("GIF")[13:],
    "pdf-and-page.pdf": b"%PDF-1.4\n<html><script>alert(1)</script></html>\n1 0 obj\n",
    "page-then-pdf.pdf": b"<!-- -->\n%PDF-1.4\n1 0 obj\n",
    "pdf-and-zip.pdf": b"%PDF-1.4\n1 0 obj\n" + archive(a="b"),
}


@pytest.mark.parametrize("name", POLYGLOTS)
def test_a_file_that_is_two_things_at_once_is_refused_in_words(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        check_file(SimpleUploadedFile(name, POLYGLOTS[name]))
    assert refused.value.code in {"polyglot", "disguised"}
    assert name in refused.value.message


@pytest.mark.parametrize(
    "content",
    [
        wide_png(60_000, 60_000),
        wide_png(2**31 - 1, 1),
        wide_png(40_000, 1),
        picture("GIF")[:6] + b"\xff\xff\xff\xff" + picture("GIF")[10:],
        b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff" + b"\0" * 8,
    ],
)
def test_an_image_of_endless_pixels_is_refused_without_being_unfolded(content: bytes) -> None:
    name = {b"\x89": "vaste.png", b"G": "vaste.gif", b"R": "vaste.webp"}[content[:1]]
    with pytest.raises(ValidationError) as refused:
        check_file(SimpleUploadedFile(name, content))
    assert refused.value.code == "too_many_pixels"


def test_the_bound_on_pixels_is_the_instance_s(settings) -> None:
    settings.ATTACHMENT_MAX_PIXELS = 6
    assert check_file(SimpleUploadedFile("a.png", picture("PNG", 3, 2)))
    with pytest.raises(ValidationError, match=r"4 × 2"):
        check_file(SimpleUploadedFile("a.png", picture("PNG", 4, 2)))


def test_an_image_that_says_no_size_is_damaged() -> None:
    with pytest.raises(ValidationError) as refused:
        check_file(SimpleUploadedFile("photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01"))
    assert refused.value.code == "damaged"


def test_no_member_of_an_archive_is_opened(monkeypatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("a member was opened")

    monkeypatch.setattr(zipfile.ZipFile, "open", refuse)
    for name in ("note.odt", "note.docx", "tout.zip"):
        content, content_type = ACCEPTED[name]
        assert check_file(SimpleUploadedFile(name, content))[1].content_type == content_type


def test_an_archive_whose_list_is_a_flood_is_refused() -> None:
    content = archive(a="b")
    end = content.rindex(b"PK\x05\x06")
    flooded = content[: end + 12] + (2**31).to_bytes(4, "little") + content[end + 16 :]
    with pytest.raises(ValidationError):
        check_file(SimpleUploadedFile("tout.zip", flooded))
