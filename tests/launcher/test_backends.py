"""PostgreSQL and the broker for real: private, kept, and gone with the launcher however it ends."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from launcher.backends import application_environment, backends, running_or_own_backends
from launcher.places import ROOT, Home
from launcher.postgresql import choose_binaries
from launcher.problem import ProblemError

# A launcher of its own, as another process: it says that all runs, then waits to be killed.
LAUNCHER = """
import sys, signal, pathlib
from launcher.backends import backends
from launcher.places import Home
home = Home(pathlib.Path(sys.argv[1]))
assert home.occupy()
with backends(home) as started:
    print(started.environment["DATABASE_URL"], *(server.pid for server in started.servers), flush=True)
    signal.pause()
"""


@pytest.fixture(autouse=True)
def no_address(monkeypatch, tmp_path):
    """Forget the servers that this suite itself runs on."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("HELPDESK_VAR", str(tmp_path / "var"))


@contextlib.contextmanager
def own_backends(home: Home):
    assert home.occupy()
    with backends(home) as started:
        yield started


def is_running(pid: int) -> bool:
    """Tell whether a process runs; one that only waits for its parent to notice its end does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_application_has_no_more_rights_than_it_needs_and_the_servers_no_port(tmp_path):
    with (
        own_backends(Home(tmp_path / "new", throwaway=True)) as started,
        psycopg.connect(started.environment["DATABASE_URL"], autocommit=True) as connection,
        redis.Redis.from_url(started.environment["REDIS_URL"]) as broker,
    ):
        rights = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        for extension in ("pg_trgm", "unaccent", "btree_gist"):
            connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")

        assert rights == (False, False, False, True)
        assert connection.execute("SELECT lower('ÉCHÉANCE')").fetchone() == ("échéance",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert broker.config_get("port") == {"port": "0"}
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert not (tmp_path / "new").exists()


def test_data_are_kept_and_nothing_runs_on_when_the_launcher_is_killed(tmp_path):
    kept = tmp_path / "kept"
    command = [sys.executable, "-c", LAUNCHER, str(kept)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as launcher:
        address, *pids = launcher.stdout.readline().split()
        with psycopg.connect(address) as connection:
            connection.execute("CREATE TABLE promise (made text)")
            connection.execute("INSERT INTO promise VALUES ('kept')")
        assert [is_running(int(pid)) for pid in pids] == [True, True]
        launcher.send_signal(signal.SIGKILL)

    again = Home(kept)
    # The servers hold the lock too: having it means that the last of them is gone.
    assert again.occupy_or_find() is None
    assert [is_running(int(pid)) for pid in pids] == [False, False]
    with backends(again) as started, psycopg.connect(started.environment["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT made FROM promise").fetchall() == [("kept",)]


def test_a_command_shares_the_servers_that_already_run_here(tmp_path):
    with own_backends(Home(tmp_path / "var")) as started, running_or_own_backends() as lent:
        assert lent["DATABASE_URL"] == started.environment["DATABASE_URL"]
        assert lent["REDIS_URL"] == started.environment["REDIS_URL"]


def test_a_command_writes_the_links_of_the_instance_under_way(tmp_path, monkeypatch):
    monkeypatch.delenv("SITE_URL", raising=False)
    monkeypatch.setenv("HELPDESK_PORT", "8300")
    with own_backends(Home(tmp_path / "var")) as started:
        monkeypatch.delenv("HELPDESK_PORT")
        with running_or_own_backends() as lent:
            assert started.environment["SITE_URL"] == lent["SITE_URL"] == "http://127.0.0.1:8300"


def test_links_follow_the_port_unless_the_person_says_where_the_site_is(tmp_path, monkeypatch):
    monkeypatch.delenv("SITE_URL", raising=False)
    monkeypatch.setenv("HELPDESK_PORT", "8300")
    assert application_environment(Home(tmp_path), {})["SITE_URL"] == "http://127.0.0.1:8300"

    monkeypatch.setenv("SITE_URL", "https://support.example")
    lent = application_environment(Home(tmp_path), {}, "http://127.0.0.1:8400")
    assert lent["SITE_URL"] == "https://support.example"


def test_servers_named_in_the_environment_are_used_as_they_are(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    monkeypatch.setenv("REDIS_URL", "redis://somewhere:6379/0")

    with own_backends(Home(tmp_path / "kept")) as started:
        assert started.servers == []
        assert started.environment["DATABASE_URL"] == "postgresql://somewhere/else"
        assert started.environment["REDIS_URL"] == "redis://somewhere:6379/0"


def test_the_application_finds_its_files_below_the_kept_directory_unless_told_otherwise(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("MAIL_DIR", "/elsewhere/mail")
    monkeypatch.delenv("MEDIA_ROOT", raising=False)

    environment = application_environment(Home(tmp_path), {"REDIS_URL": "unix:///run/redis.sock?db=0"})

    assert environment["MAIL_DIR"] == "/elsewhere/mail"
    assert environment["MEDIA_ROOT"] == str(tmp_path / "media")
    assert environment["REDIS_URL"] == "unix:///run/redis.sock?db=0"
    assert environment["PATH"].split(os.pathsep)[0] == str(ROOT / ".venv" / "bin")


def test_data_of_a_version_that_is_not_here_are_not_touched(tmp_path):
    (tmp_path / "postgresql-99").mkdir()

    with pytest.raises(ProblemError, match="postgresql-99 needs PostgreSQL 99, which is not here"):
        choose_binaries(tmp_path)
