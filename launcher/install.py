"""Installs what the project needs, and does nothing at all when it is there already."""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from launcher import broker, postgresql, system
from launcher.places import ENVIRONMENT, PYTHON, ROOT, private_directory, var_directory
from launcher.problem import ProblemError, say
from launcher.processes import run_step

OLDEST_PYTHON = (3, 11)
LOCKS = ROOT / "requirements"
NODE_MODULES = ROOT / "node_modules"
NODE_FILES = (ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc")
STATIC = ROOT / "var" / "static"
# The wheels of PostgreSQL and of the broker are built for these.
WHEEL_SYSTEM, WHEEL_MACHINES = "Linux", ("x86_64", "aarch64")


def digest(*files: Path) -> str:
    """Return one digest of the content of several files."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()


def read_stamp(stamp: Path) -> object:
    """Return what was noted when this was last done, or nothing."""
    try:
        return json.loads(stamp.read_text())
    except (FileNotFoundError, ValueError):
        return None


def log_directory() -> Path:
    """Return where the installation's own logs go."""
    return private_directory(private_directory(var_directory()) / "log")


def set_up(*, tests: bool) -> None:
    """Install everything that running (and testing) needs; idempotent, and instant when nothing changed."""
    system.require(system.FOR_THE_ENVIRONMENT)
    if not shutil.which("npm"):
        raise ProblemError(
            "npm is missing: install Node.js 18 or later with npm (apt-get install nodejs npm)."
        )
    system.require(system.FOR_RUNNING + (system.FOR_TESTING if tests else ()))
    install_python_packages(tests=tests)
    install_front_end_packages()


def environment_works() -> bool:
    """Tell whether the virtual environment exists and its interpreter still runs and is recent enough."""
    if not PYTHON.exists():
        return False
    check = f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    return subprocess.run([PYTHON, "-c", check], capture_output=True, check=False).returncode == 0


def needs_server_wheels(*, tests: bool) -> bool:
    """Tell whether PostgreSQL or the broker must come from a wheel, the system having none."""
    named = bool(os.environ.get("DATABASE_URL")) and bool(os.environ.get("REDIS_URL"))
    if (named and not tests) or (postgresql.system_suffices(var_directory()) and broker.system_program()):
        return False
    if platform.system() != WHEEL_SYSTEM or platform.machine() not in WHEEL_MACHINES:
        raise ProblemError(
            "PostgreSQL 15 or later and redis-server are needed, and no wheel has them for this system: "
            "apt-get install postgresql redis-server, or set DATABASE_URL and REDIS_URL."
        )
    return True


def install_python_packages(*, tests: bool) -> None:
    """Create the virtual environment and make it hold exactly what the locks say.

    The tests' packages stay once they are there: going from the tests to a run and back installs nothing.
    """
    stamp = ENVIRONMENT / "installed.json"
    noted = read_stamp(stamp) if environment_works() else None
    before = noted if isinstance(noted, dict) else {}
    names = ["app", *(["test"] if tests or "test" in before else [])]
    if needs_server_wheels(tests=tests) or "embedded" in before:
        names.append("embedded")
    wanted = {name: digest(LOCKS / f"{name}.txt") for name in ("installer", *names)}
    if before == wanted:
        return
    say(f"Installing Python packages ({', '.join(names)})")
    stamp.unlink(missing_ok=True)
    steps = {**os.environ, "UV_COMPILE_BYTECODE": "1", "VIRTUAL_ENV": str(ENVIRONMENT)}
    if not environment_works():
        create = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
        run_step("Creating .venv", create, log_directory() / "venv.log", steps)
    uv = ENVIRONMENT / "bin" / "uv"
    if not uv.exists() or before.get("installer") != wanted["installer"]:
        pip = [str(PYTHON), *["-m", "pip", "install", "--quiet", "--require-hashes", "-r"]]
        run_step("Installing uv", [*pip, str(LOCKS / "installer.txt")], log_directory() / "pip.log", steps)
    sync = [str(uv), "pip", "sync", "--require-hashes", *(str(LOCKS / f"{name}.txt") for name in wanted)]
    run_step("Installing Python packages", sync, log_directory() / "uv.log", steps)
    stamp.write_text(json.dumps(wanted))


def install_peers(environment: Path) -> Path:
    """Make an environment hold what the engine is compared with, and return its interpreter."""
    stamp, python = environment / "installed.json", environment / "bin" / "python"
    lock = LOCKS / "bench.txt"
    wanted = digest(lock)
    if read_stamp(stamp) == wanted and python.exists():
        return python
    say("Installing the engines to compare with")
    uv = str(ENVIRONMENT / "bin" / "uv")
    create = [uv, "venv", "--quiet", "--clear", "--python", str(PYTHON), str(environment)]
    run_step("Creating an environment", create, log_directory() / "bench.log", os.environ)
    sync = [uv, "pip", "sync", "--require-hashes", "--python", str(python), str(lock)]
    run_step("Installing the engines", sync, log_directory() / "bench.log", os.environ)
    stamp.write_text(json.dumps(wanted))
    return python


def install_front_end_packages() -> None:
    """Install what the pages load, exactly as the lock says; no package's own script is run."""
    stamp = NODE_MODULES / "installed.json"
    wanted = digest(*NODE_FILES)
    if read_stamp(stamp) == wanted:
        return
    say("Installing front-end packages")
    clean_install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    run_step("npm ci", clean_install, log_directory() / "npm.log", os.environ)
    stamp.write_text(json.dumps(wanted))


def compile_catalogues() -> None:
    """Compile each catalogue that is newer than its compiled form."""
    for source in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        command = ["msgfmt", "-o", str(compiled), str(source)]
        run_step(f"Compiling {source.relative_to(ROOT)}", command, log_directory() / "msgfmt.log", os.environ)


def collect_static_files(environment: Mapping[str, str]) -> None:
    """Collect what the pages load when one of its sources changed since the last time."""
    sources = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    settings = (ROOT / "helpdesk" / name for name in ("settings.py", "static_files.py"))
    decided_by = (LOCKS / "app.txt", ROOT / "package-lock.json", *settings)
    stamp = STATIC / "collected.json"
    wanted = digest(*decided_by, *sources)
    if read_stamp(stamp) == wanted:
        return
    say("Collecting static files")
    private_directory(ROOT / "var")
    command = [str(PYTHON), "manage.py", "collectstatic", "--no-input", "--clear"]
    run_step("Collecting static files", command, log_directory() / "collectstatic.log", environment)
    stamp.write_text(json.dumps(wanted))
