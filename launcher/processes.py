"""Child processes that never outlive the launcher, each with a log of its own."""

import contextlib
import functools
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launcher.places import ROOT
from launcher.problem import ProblemError, last_lines

SIGNAL_NAMES = {signal.SIGINT: "INT", signal.SIGTERM: "TERM", signal.SIGKILL: "KILL"}


@functools.cache
def bound_to_us(on_our_death: signal.Signals = signal.SIGTERM) -> tuple[str, ...]:
    """Return the prefix with which the kernel signals a child when the launcher dies, even by `kill -9`."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", SIGNAL_NAMES[on_our_death]) if setpriv else ()


def refuse_busy_port(port: int) -> None:
    """Raise a clear problem when something already listens on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            reason = os.strerror(error.errno or 0).lower()
            raise ProblemError(
                f"Port {port} of 127.0.0.1 cannot be used ({reason}): stop what uses it, "
                "or choose another one, for example: make run HELPDESK_PORT=8123"
            ) from error


@dataclass
class Server:
    """A long-running child in a session of its own: the terminal's Ctrl-C reaches the launcher alone."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    is_ready: Callable[["Server"], bool]
    stop_signal: signal.Signals = signal.SIGTERM
    prefix: Sequence[str] = ()
    directory: Path | None = None
    inherited: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it; `wait_until_ready` tells when it answers."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*self.prefix, *bound_to_us(self.stop_signal), *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                cwd=self.directory,
                start_new_session=True,
                pass_fds=self.inherited,
            )

    @property
    def pid(self) -> int:
        """The process's id."""
        return self.process.pid if self.process else 0

    def problem(self, what: str) -> ProblemError:
        """Return a problem of this server, with the end of its log."""
        return ProblemError(f"{self.name} {what}; the end of {self.log}:{last_lines(self.log)}")

    def refuse_death(self) -> None:
        """Raise a problem with the end of its log when it has stopped by itself."""
        code = self.process.poll() if self.process else None
        if code is None:
            return
        raise self.problem(f"stopped by itself ({f'signal {-code}' if code < 0 else f'exit code {code}'})")

    def wait_until_ready(self, patience: float) -> None:
        """Wait until it answers; raise a problem when it dies, or stays silent for `patience` seconds."""
        deadline = time.monotonic() + patience
        while not self.is_ready(self):
            self.refuse_death()
            if time.monotonic() > deadline:
                raise self.problem(f"does not answer after {patience:.0f} s")
            time.sleep(0.05)

    def ask_to_stop(self) -> None:
        """Send the signal on which it ends cleanly."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self, patience: float = 15.0) -> None:
        """Stop it, at the latest by force after `patience` seconds, with every process it started."""
        if not self.process:
            return
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        # Its session is its own: whatever it left there is ours to end, and nothing else is.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let no second Ctrl-C interrupt the stopping, which would leave half of it running."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def stop_all(servers: Sequence[Server]) -> None:
    """Stop servers in the order given, those of one kind at once being asked together."""
    for server in servers:
        server.ask_to_stop()
    for server in servers:
        server.stop()


def run_step(title: str, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
    """Run one command to its end, its output in a log; raise a problem with the log's end when it fails."""
    with log.open("wb") as output:
        code = subprocess.run(
            [*bound_to_us(), *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=ROOT,
            check=False,
        ).returncode
    if code:
        raise ProblemError(f"{title} failed; the end of {log}:{last_lines(log)}")


def run_in_foreground(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command on the person's own terminal and return its exit code; Ctrl-C is its to answer."""
    program = shutil.which(command[0], path=environment.get("PATH"))
    if not program:
        raise ProblemError(f"{command[0]} cannot be run: there is no such program.")
    child = subprocess.Popen([*bound_to_us(), program, *command[1:]], env=environment, cwd=ROOT)
    while True:
        try:
            code = child.wait()
        except KeyboardInterrupt:
            # From a terminal the child has had the signal too; sent to us alone, it has not.
            child.terminate()
        else:
            return code if code >= 0 else 128 - code
