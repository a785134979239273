"""A request too big, or with too many parts, is answered by a page that says the limits."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.world import World
from tickets.models import Ticket


@pytest.fixture
def claire(client, world: World):
    world.claire.language = "en"
    world.claire.save()
    client.force_login(world.claire)
    client.raise_request_exception = False
    return client


def says_the_limits(answer) -> bool:
    return answer.status_code == 413 and "10 files at most, 20 MB each" in answer.content.decode()


def test_a_text_beyond_any_form(claire) -> None:
    assert says_the_limits(claire.post("/file/", {"description": "x" * (2 * 1024 * 1024 + 1)}))


def test_a_request_larger_than_all_its_files_may_be(claire, settings) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1000
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    files = [SimpleUploadedFile("gros.txt", b"x" * 12_000)]
    answer = claire.post("/file/", {"attachments": files})
    assert answer.status_code == 413
    assert not Ticket.objects.exists()


def test_a_file_too_big_in_a_request_that_is_not_is_the_form_s_to_say(claire, settings) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1000
    answer = claire.post("/file/", {"attachments": [SimpleUploadedFile("gros.txt", b"x" * 1001)]})
    assert answer.status_code == 422
    assert "gros.txt" in answer.content.decode()


def test_too_many_files(claire) -> None:
    files = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(101)]
    assert says_the_limits(claire.post("/file/", {"attachments": files}))


def test_too_many_fields(claire) -> None:
    assert says_the_limits(claire.post("/file/", {f"champ{number}": "x" for number in range(1001)}))


def test_a_name_without_end_is_refused_in_words(claire) -> None:
    """Ten thousand characters: the framework stops reading the part's head, and the person is told why."""
    answer = claire.post("/file/", {"attachments": [SimpleUploadedFile("n" * 10_000 + ".txt", b"x")]})
    assert answer.status_code in {400, 422}
    assert not Ticket.objects.exists()


def test_a_part_with_a_head_of_ten_kilobytes_says_that_a_name_is_too_long(claire) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="attachments"; filename="' + b"n" * 10_240
        + b'.txt"\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n'
    )  # fmt: skip
    answer = claire.generic("POST", "/file/", body, "multipart/form-data; boundary=b")
    assert answer.status_code == 400
    assert "200 characters at most" in answer.content.decode()
    assert not Ticket.objects.exists()
