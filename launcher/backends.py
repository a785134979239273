"""PostgreSQL and the broker together, for as long as something needs them."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from launcher.address import chosen_port, site_on
from launcher.broker import broker_server
from launcher.places import ENVIRONMENT, Home, kept_home, throwaway_home
from launcher.postgresql import postgresql_server
from launcher.processes import Server, stop_all, undisturbed

PATIENCE = 60.0


@dataclass
class Backends:
    """What runs, and the environment in which the application finds it."""

    home: Home
    environment: dict[str, str]
    servers: list[Server] = field(default_factory=list)


def application_environment(home: Home, addresses: dict[str, str], site: str = "") -> dict[str, str]:
    """Return the environment of the application's processes; what the person set wins over our defaults.

    `site` is the address in the links of mails; without one it is that of HELPDESK_PORT, where a run answers.
    """
    defaults = {
        "MAIL_DIR": str(home.directory / "mail"),
        "MEDIA_ROOT": str(home.directory / "media"),
    }
    path = f"{ENVIRONMENT / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    environment = {**defaults, **os.environ, **addresses, "PATH": path, "VIRTUAL_ENV": str(ENVIRONMENT)}
    if not home.throwaway and not environment.get("SITE_URL"):
        environment["SITE_URL"] = site or site_on(chosen_port())
    return environment


def own_servers(home: Home) -> tuple[list[Server], dict[str, str]]:
    """Prepare the servers that the environment does not name; a throwaway run never touches those it does."""
    servers, addresses = [], {}
    for variable, prepare in (("DATABASE_URL", postgresql_server), ("REDIS_URL", broker_server)):
        if os.environ.get(variable) and not home.throwaway:
            continue
        server, addresses[variable] = prepare(home)
        servers.append(server)
    return servers, addresses


@contextlib.contextmanager
def backends(home: Home) -> Iterator[Backends]:
    """Run the servers on a directory already occupied, and stop them and leave the directory at the end."""
    started: list[Server] = []
    try:
        servers, addresses = own_servers(home)
        for server in servers:
            started.append(server)
            server.start()
        for server in servers:
            server.wait_until_ready(PATIENCE)
        environment = application_environment(home, addresses)
        home.publish({"addresses": addresses, "links": environment.get("SITE_URL", "")})
        yield Backends(home, environment, servers)
    finally:
        with undisturbed():
            stop_all(started)
            home.leave()


@contextlib.contextmanager
def running_or_own_backends() -> Iterator[dict[str, str]]:
    """Lend the environment of the run under way here, or of servers started for the purpose."""
    home = kept_home()
    holder = home.occupy_or_find()
    if holder is None:
        with backends(home) as started:
            yield started.environment
    else:
        addresses = cast("dict[str, str]", holder["addresses"])
        # The mails that a command sends lead to the instance under way, whichever port that one took.
        yield application_environment(home, addresses, str(holder.get("links", "")))


@contextlib.contextmanager
def throwaway_backends() -> Iterator[dict[str, str]]:
    """Lend the environment of fast servers whose data vanish with them."""
    with backends(throwaway_home()) as started:
        yield started.environment
