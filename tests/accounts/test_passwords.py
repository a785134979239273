"""Stolen passwords are refused from a local list; a list that cannot be trusted keeps the instance from starting."""

import hashlib
import random
import socket

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError

from accounts.passwords import BreachedPasswordValidator, DigestFile, check_breached_list
from tests.test_production import started

STOLEN = [f"phrase volée numéro {number}" for number in range(2000)]


def digest(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.fixture
def listed(tmp_path, settings):
    """A list with counts of various lengths, as the usual one has."""
    path = tmp_path / "stolen.txt"
    draw = random.Random(7)
    path.write_text("".join(f"{each}:{draw.randrange(10**8)}\n" for each in sorted(map(digest, STOLEN))))
    settings.BREACHED_PASSWORDS_FILE = str(path)
    return path


def test_every_password_of_the_list_is_found_and_no_other(listed):
    known = DigestFile(str(listed))
    assert [each for each in STOLEN if each not in known] == []
    assert [n for n in range(2000) if f"phrase jamais vue {n}" in known] == []


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_short_list_is_read_to_its_ends(tmp_path, ending, count):
    path = tmp_path / "short.txt"
    path.write_bytes("".join(each.lower() + ending for each in sorted(map(digest, STOLEN[:count]))).encode())
    known = DigestFile(str(path))
    assert all(each in known for each in STOLEN[:count])
    assert not any(each in known for each in STOLEN[count:200])


def test_a_stolen_password_is_refused_with_the_reason(listed):
    with pytest.raises(ValidationError, match=r"volés ailleurs|stolen elsewhere"):
        BreachedPasswordValidator().validate(STOLEN[42])
    BreachedPasswordValidator().validate("phrase jamais vue")


def test_without_a_list_nothing_is_asked_of_anybody(settings, monkeypatch):
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a password was looked up outside")

    monkeypatch.setattr(socket, "create_connection", refuse)
    settings.BREACHED_PASSWORDS_FILE = ""
    BreachedPasswordValidator().validate(STOLEN[0])


def test_a_list_that_vanishes_lets_nothing_through(listed):
    listed.unlink()
    with pytest.raises(ValidationError) as refused:
        BreachedPasswordValidator().validate("phrase jamais vue")
    assert refused.value.code == "unchecked"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not a digest\n",
        "\n".join(sorted(map(digest, STOLEN), reverse=True)),
        "\n".join(sorted(map(digest, STOLEN))[:1000]) + "\n<html>not found</html>\n" * 1000,
    ],
    ids=["empty", "prose", "upside down", "cut short by a page of errors"],
)
def test_a_broken_list_is_refused_at_the_start(listed, content):
    listed.write_text(content)
    with pytest.raises(ImproperlyConfigured, match="BREACHED_PASSWORDS_FILE cannot be used"):
        check_breached_list()


def test_a_whole_list_is_accepted_at_the_start(listed):
    check_breached_list()


def test_an_absent_list_keeps_the_instance_from_starting_and_the_line_says_so():
    starting = "import django; django.setup()"
    process = started(
        starting, DJANGO_SETTINGS_MODULE="helpdesk.settings", BREACHED_PASSWORDS_FILE="/nowhere/list"
    )
    assert process.returncode != 0
    assert "BREACHED_PASSWORDS_FILE cannot be used" in process.stderr
