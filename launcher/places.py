"""Where things are in the work tree, and the private directory that holds what a run keeps."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import stat
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from launcher.problem import ProblemError

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
PATIENCE_FOR_THE_LOCK = 10.0
# A unix socket's address holds 108 bytes, the closing zero included.
LONGEST_SOCKET_PATH = 107
LONGEST_SOCKET_NAME = len(".s.PGSQL.5432.lock")


def var_directory() -> Path:
    """Return the directory of everything kept between runs (HELPDESK_VAR moves it)."""
    return Path(os.environ.get("HELPDESK_VAR") or ROOT / "var").resolve()


def private_directory(path: Path) -> Path:
    """Create a directory that only its owner may enter, and return it."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def fits_a_socket(directory: Path) -> bool:
    """Tell whether a socket in this directory has an address short enough for the system."""
    return len(os.fsencode(directory)) + 1 + LONGEST_SOCKET_NAME <= LONGEST_SOCKET_PATH


def socket_directory(home: Path) -> Path:
    """Return a private directory for sockets: inside `home`, or elsewhere when that path is too long."""
    inside = home / "run"
    if fits_a_socket(inside):
        return private_directory(inside)
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"helpdesk-{os.getuid()}-{name}"
    if not fits_a_socket(short):
        raise ProblemError(f"{short} is too long a path for unix sockets: set TMPDIR to a shorter directory.")
    with contextlib.suppress(FileExistsError):
        short.mkdir(mode=0o700)
    found = short.lstat()
    # The name can be guessed: somebody else's directory, or a link to one, is not ours to trust.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise ProblemError(f"{short} is not ours or is open to others: remove it, or set TMPDIR.")
    return short


@dataclass
class Home:
    """One private directory of data, logs and sockets, held by one launcher at a time.

    The lock is a file lock that the servers inherit: it is free again only when the last of them is gone,
    however the launcher ended.
    """

    directory: Path
    throwaway: bool = False
    lock: int = field(default=-1, init=False)
    announcement: int = field(default=-1, init=False)
    elsewhere: Path | None = field(default=None, init=False)

    @property
    def logs(self) -> Path:
        """Where each program writes its own log."""
        return private_directory(self.directory / "log")

    @property
    def sockets(self) -> Path:
        """Where the sockets are."""
        return socket_directory(self.directory)

    @property
    def state(self) -> Path:
        """What the launcher that holds this directory says of itself to the others."""
        return self.directory / "state.json"

    def occupy(self, patience: float = 0.0) -> bool:
        """Take the lock, waiting at most `patience` seconds; tell whether it was had."""
        private_directory(self.directory)
        lock = os.open(self.directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(lock)
                    return False
                time.sleep(0.1)
            else:
                self.lock = lock
                self.state.unlink(missing_ok=True)
                return True

    def occupy_or_find(self) -> dict[str, object] | None:
        """Take the lock and return nothing, or return what its living holder published.

        A launcher killed by force frees the lock only when its servers are gone, a moment later.
        """
        if self.occupy():
            return None
        if holder := self.published():
            return holder
        if self.occupy(PATIENCE_FOR_THE_LOCK):
            return None
        raise ProblemError(
            f"{self.directory} is in use by a command that is starting or stopping: try again."
        )

    def publish(self, state: dict[str, object]) -> None:
        """Let other launchers find what runs here, as long as this process lives."""
        content = json.dumps({"pid": os.getpid(), **state}).encode()
        if self.announcement < 0:
            self.announcement = os.open(self.state, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self.announcement, fcntl.LOCK_EX)
        os.ftruncate(self.announcement, os.pwrite(self.announcement, content, 0))

    def published(self) -> dict[str, object]:
        """Return what the launcher that holds this directory says, nothing when it is gone or only starts."""
        try:
            with self.state.open() as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return {}
        except BlockingIOError:
            return dict(json.loads(self.state.read_text()))
        return {}

    def leave(self) -> None:
        """Give the directory back, and remove it altogether when it was made to be thrown away."""
        self.state.unlink(missing_ok=True)
        sockets = self.sockets
        if sockets.parent != self.directory or self.throwaway:
            shutil.rmtree(sockets, ignore_errors=True)
        if self.throwaway:
            shutil.rmtree(self.directory, ignore_errors=True)
            if self.elsewhere:
                shutil.rmtree(self.elsewhere, ignore_errors=True)
        for descriptor in (self.announcement, self.lock):
            if descriptor >= 0:
                os.close(descriptor)


def kept_home() -> Home:
    """Return the directory whose data are kept from one run to the next."""
    return Home(var_directory())


def throwaway_home() -> Home:
    """Return a new directory for one run, after removing those whose launcher was killed."""
    parent = private_directory(private_directory(var_directory()) / "throwaway")
    for left in parent.iterdir():
        forgotten = Home(left, throwaway=True)
        if forgotten.occupy():
            forgotten.leave()
    home = Home(Path(tempfile.mkdtemp(dir=parent, prefix="")), throwaway=True)
    if not home.occupy():
        raise ProblemError(f"{home.directory} was taken by another process: run the command again.")
    return home
