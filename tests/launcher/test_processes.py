"""Child processes: what is said when a port is taken, or when a server dies or stays silent."""

import os
import select
import socket
import sys

import pytest

from launcher.problem import ProblemError
from launcher.processes import Server, refuse_busy_port, run_in_foreground, run_step


@pytest.fixture
def server(tmp_path):
    """Return a maker of servers that run a line of Python and are never ready."""
    made = []

    def make(code: str) -> Server:
        it = Server(
            "The example", [sys.executable, "-c", code], tmp_path / "log", os.environ, lambda _: False
        )
        made.append(it)
        return it

    yield make
    for it in made:
        it.stop()


def test_a_busy_port_is_said_in_one_line_with_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ProblemError) as refused:
            refuse_busy_port(port)

    assert f"Port {port} of 127.0.0.1 cannot be used (address already in use)" in str(refused.value)
    assert "HELPDESK_PORT=" in str(refused.value)
    assert "\n" not in str(refused.value)
    refuse_busy_port(port)


def test_a_server_that_dies_is_named_with_the_end_of_its_log(server):
    dying = server("import sys; print('no room left on device'); sys.exit(3)")
    dying.start()

    with pytest.raises(ProblemError, match=r"The example stopped by itself \(exit code 3\)") as refused:
        dying.wait_until_ready(20)

    assert str(refused.value).endswith("\n    no room left on device")


def test_a_server_that_stays_silent_is_named_too(server):
    silent = server("import signal; signal.pause()")
    silent.start()

    with pytest.raises(ProblemError, match="The example does not answer after 0 s"):
        silent.wait_until_ready(0.1)


def test_stopping_a_server_ends_the_processes_it_started(server, tmp_path):
    code = "import os, signal\nif os.fork() == 0:\n  signal.signal(15, signal.SIG_IGN)\n"
    parent = server(code + "  open('child', 'w').write(str(os.getpid()))\nsignal.pause()")
    parent.directory = tmp_path
    parent.is_ready = lambda _: (tmp_path / "child").exists() and (tmp_path / "child").read_text() != ""
    parent.start()
    parent.wait_until_ready(20)
    child = os.pidfd_open(int((tmp_path / "child").read_text()))

    parent.stop()

    ended, _, _ = select.select([child], [], [], 10)
    os.close(child)
    assert ended == [child]


def test_a_step_that_fails_shows_its_last_words(tmp_path):
    command = [sys.executable, "-c", "import sys; sys.exit('relation does not exist')"]

    with pytest.raises(ProblemError, match=r"Migrating the database failed.*\n    relation does not exist"):
        run_step("Migrating the database", command, tmp_path / "log", os.environ)


def test_of_a_traceback_only_the_error_is_shown(tmp_path):
    command = [sys.executable, "-c", "print('Running migrations'); [][0]"]

    with pytest.raises(ProblemError) as refused:
        run_step("Migrating the database", command, tmp_path / "log", os.environ)

    assert str(refused.value).splitlines()[1:] == ["    IndexError: list index out of range"]


def test_a_command_gives_its_own_exit_code():
    assert run_in_foreground([sys.executable, "-c", "raise SystemExit(7)"], os.environ) == 7
    assert run_in_foreground([sys.executable, "-c", "import os; os.kill(os.getpid(), 15)"], os.environ) == 143


def test_a_command_that_does_not_exist_is_a_problem():
    with pytest.raises(ProblemError, match="/nowhere/at-all cannot be run"):
        run_in_foreground(["/nowhere/at-all"], os.environ)
