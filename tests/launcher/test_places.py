"""The private directory of a run: one holder at a time, sockets short enough, nothing forgotten."""

import os
import stat

import pytest

from launcher.places import LONGEST_SOCKET_PATH, Home, socket_directory, throwaway_home
from launcher.problem import ProblemError


@pytest.fixture(autouse=True)
def var(monkeypatch, tmp_path):
    monkeypatch.setenv("HELPDESK_VAR", str(tmp_path / "var"))
    monkeypatch.setattr("tempfile.tempdir", None)
    return tmp_path / "var"


@pytest.fixture
def deep(tmp_path):
    """Return a directory whose path leaves no room for a socket's name."""
    return tmp_path / ("d" * 80) / "var"


def test_sockets_stay_inside_a_short_directory_which_nobody_else_may_enter(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    short = socket_directory(tmp_path.relative_to(tmp_path))

    assert short.name == "run"
    assert stat.S_IMODE(short.stat().st_mode) == 0o700


def test_sockets_of_a_directory_too_deep_go_to_a_short_private_one_of_its_own(deep):
    elsewhere = socket_directory(deep)

    assert deep not in elsewhere.parents
    assert len(os.fsencode(elsewhere / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET_PATH
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o700
    assert socket_directory(deep) == elsewhere
    elsewhere.rmdir()


def test_a_short_directory_that_others_may_enter_is_refused(deep):
    elsewhere = socket_directory(deep)
    elsewhere.chmod(0o755)

    with pytest.raises(ProblemError, match="open to others"):
        socket_directory(deep)
    elsewhere.rmdir()


def test_a_link_in_place_of_the_short_directory_is_refused(deep, tmp_path):
    elsewhere = socket_directory(deep)
    elsewhere.rmdir()
    elsewhere.symlink_to(tmp_path)

    with pytest.raises(ProblemError, match="not ours"):
        socket_directory(deep)
    elsewhere.unlink()


def test_a_directory_has_one_holder_and_the_others_learn_what_it_says(tmp_path):
    first, second = Home(tmp_path / "kept"), Home(tmp_path / "kept")

    assert first.occupy()
    first.publish({"site": "http://127.0.0.1:8000"})
    found = second.occupy_or_find()
    first.leave()

    assert found == {"pid": os.getpid(), "site": "http://127.0.0.1:8000"}
    assert second.published() == {}
    assert second.occupy()
    second.leave()


def test_a_throwaway_directory_vanishes_and_those_of_killed_runs_with_the_next_one(var):
    kept = throwaway_home()
    forgotten = var / "throwaway" / "killed"
    (forgotten / "postgresql-15").mkdir(parents=True)

    other = throwaway_home()

    assert not forgotten.exists()
    assert kept.directory.exists()
    other.leave()
    kept.leave()
    assert list((var / "throwaway").iterdir()) == []
