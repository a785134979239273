"""The commands as a person types them: one clear line when they cannot go on, and never a traceback."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import system
from launcher.address import chosen_port
from launcher.problem import ProblemError
from launcher.system import SystemPackage


def launch(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "launcher", *words]
    return subprocess.run(
        command, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )


def test_a_run_on_a_busy_port_stops_before_anything_starts(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = launch("run", HELPDESK_PORT=port, HELPDESK_VAR=str(tmp_path))

    assert done.returncode == 1
    assert done.stderr.strip().startswith(f"Port {port} of 127.0.0.1 cannot be used (address already in use)")
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("postgresql-*"))


def test_a_port_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("HELPDESK_PORT", "eight thousand")

    with pytest.raises(ProblemError, match="HELPDESK_PORT is “eight thousand”"):
        chosen_port()


def test_a_command_runs_beside_throwaway_servers_and_gives_its_exit_code(tmp_path):
    code = "import os, sys; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL']); sys.exit(5)"
    done = launch("services", "--throwaway", "--", sys.executable, "-c", code, HELPDESK_VAR=str(tmp_path))

    assert done.returncode == 5, done.stderr
    assert re.match(r"postgresql://helpdesk@/helpdesk\?host=\S+ unix:///\S+\?db=0$", done.stdout.strip())
    assert not list((tmp_path / "throwaway").iterdir())


def test_asking_the_launcher_to_end_stops_its_command_and_its_servers(tmp_path):
    code = "import os; print(os.getpid(), flush=True); import signal; signal.pause()"
    words = [sys.executable, "-m", "launcher", "services", "--throwaway", "--", sys.executable, "-c", code]
    environment = {**os.environ, "HELPDESK_VAR": str(tmp_path)}
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as launcher:
        child = int(launcher.stdout.readline())
        launcher.send_signal(signal.SIGTERM)
        assert launcher.wait(30) == 143

    assert not Path(f"/proc/{child}").exists()
    assert not list((tmp_path / "throwaway").iterdir())


def test_a_missing_system_package_is_asked_for_in_one_line(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    missing = SystemPackage("libmagic1", "the types of attached files", lambda: False)

    with pytest.raises(ProblemError) as refused:
        system.require((missing,))

    assert str(refused.value) == (
        "Missing on this system: libmagic1 (the types of attached files). "
        "Install with: apt-get install libmagic1"
    )
