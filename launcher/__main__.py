"""The launcher's commands, as the Makefile calls them: `python3 -m launcher COMMAND`."""

import argparse
import os
import signal
import sys
from types import FrameType

import launcher
from launcher import catalogues, checks
from launcher.backends import running_or_own_backends, throwaway_backends
from launcher.install import collect_static_files, compile_catalogues, install_peers, set_up
from launcher.places import PYTHON, var_directory
from launcher.problem import ProblemError, say
from launcher.processes import run_in_foreground
from launcher.run import run
from launcher.system import browser


def stop_as_ctrl_c_does(_signal: int, _frame: FrameType | None) -> None:
    """Treat a request to end, and the terminal's closing, as Ctrl-C."""
    raise KeyboardInterrupt


def beside_backends(command: list[str], *, throwaway: bool) -> int:
    """Run any command with PostgreSQL and the broker up, and return its exit code."""
    lent = throwaway_backends() if throwaway else running_or_own_backends()
    with lent as environment:
        return run_in_foreground(command, environment)


def test(words: list[str]) -> int:
    """Run the test suite on servers of its own, which vanish at the end."""
    with throwaway_backends() as environment:
        collect_static_files(environment)
        command = [str(PYTHON), "-m", "pytest", "-n", "2", "--dist", "loadgroup", *words]
        return run_in_foreground(command, {**environment, "CHROMIUM": browser() or ""})


def parsed_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python3 -m launcher", description=launcher.__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("setup", help="install what running and testing need")
    commands.add_parser("run", help="run the whole instance until Ctrl-C")
    tests = commands.add_parser("test", help="run pytest; the words after -- go to it")
    tests.add_argument("words", nargs=argparse.REMAINDER, help="-- ARGUMENTS…")
    commands.add_parser("lint", help="run every check that is not a test")
    commands.add_parser("messages", help="write new strings into the catalogues")
    commands.add_parser("bench-sla", help="measure the service-level engine beside other engines")
    beside = commands.add_parser("services", help="run a command with PostgreSQL and the broker up")
    beside.add_argument("--throwaway", action="store_true", help="on new servers, whose data vanish")
    beside.add_argument("words", nargs=argparse.REMAINDER, help="-- COMMAND…")
    return parser.parse_args()


def obey(arguments: argparse.Namespace) -> int:
    """Carry out one command and return the exit code."""
    words = [word for at, word in enumerate(getattr(arguments, "words", ())) if (at, word) != (0, "--")]
    set_up(tests=arguments.command in {"setup", "test", "lint"})
    compile_catalogues()
    match arguments.command:
        case "run":
            return run()
        case "test":
            return test(words)
        case "lint":
            with throwaway_backends() as environment:
                return checks.run_all(environment)
        case "messages":
            return catalogues.update()
        case "bench-sla":
            interpreter = install_peers(var_directory() / "bench-venv")
            return run_in_foreground([str(interpreter), "-m", "bench.sla"], dict(os.environ))
        case "services" if not words:
            raise ProblemError("Say which command to run: python3 -m launcher services -- COMMAND…")
        case "services":
            return beside_backends(words, throwaway=arguments.throwaway)
        case _:
            say("Everything is installed.")
            return 0


def main() -> int:
    """Run one command; a problem is one line on the terminal and exit code 1."""
    signal.signal(signal.SIGTERM, stop_as_ctrl_c_does)
    signal.signal(signal.SIGHUP, stop_as_ctrl_c_does)
    try:
        return obey(parsed_arguments())
    except ProblemError as problem:
        sys.stderr.write(f"\n{problem}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted.\n")
        return 130


sys.exit(main())
