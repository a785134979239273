"""The whole instance on this machine: servers, migrations, demo data, web, worker and beat, until Ctrl-C."""

import http.client
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from launcher.address import chosen_port, site_on
from launcher.backends import Backends, backends
from launcher.install import collect_static_files
from launcher.places import ENVIRONMENT, PYTHON, ROOT, Home, kept_home
from launcher.problem import ProblemError, say
from launcher.processes import (
    Server,
    bound_to_us,
    refuse_busy_port,
    run_in_foreground,
    run_step,
    stop_all,
    undisturbed,
)

PATIENCE = 60.0
RULE = "─" * 78
WEB = "--access-logfile - --graceful-timeout 5"  # the rest is in gunicorn.conf.py
WORKER = (
    "--app helpdesk worker --loglevel INFO --pool prefork --concurrency 2 --without-gossip --without-mingle"
)
BEAT = "--app helpdesk beat --loglevel INFO --pidfile="


def take_place() -> Home:
    """Occupy the directory of the kept data, or say what already runs on it."""
    home = kept_home()
    holder = home.occupy_or_find()
    if holder is not None:
        where = holder.get("site") or "another command, on the same data"
        raise ProblemError(f"Already running: {where} (process {holder['pid']}). Stop it there with Ctrl-C.")
    return home


def web_answers(server: Server, port: int) -> bool:
    """Tell whether the application answers; an answer that is a failure stops the start."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/")
        status = connection.getresponse().status
    except OSError:
        return False
    finally:
        connection.close()
    if status >= 500:
        raise server.problem(f"answers with an error ({status})")
    return True


def log_says(server: Server, words: str) -> bool:
    """Tell whether a server has written these words."""
    return words in server.log.read_text(errors="replace")


def application_servers(home: Home, environment: dict[str, str], port: int) -> list[Server]:
    """Prepare web, worker and beat, in the order in which they stop."""
    programs = ENVIRONMENT / "bin"
    celery, gunicorn = str(programs / "celery"), str(programs / "gunicorn")
    beat = [celery, *BEAT.split(), "--schedule", str(home.directory / "celerybeat-schedule")]
    worker = [celery, *WORKER.split()]
    web = [gunicorn, *WEB.split(), "--bind", f"127.0.0.1:{port}"]

    def server(name: str, command: list[str], is_ready: Callable[[Server], bool]) -> Server:
        """Prepare one of the application's programs, with a log named after it."""
        log = home.logs / f"{name}.log"
        return Server(name, command, log, environment, is_ready, directory=ROOT, inherited=(home.lock,))

    return [
        server("beat", beat, lambda it: log_says(it, "beat: Starting")),
        server("worker", worker, lambda it: log_says(it, " ready.")),
        server("web", web, lambda it: web_answers(it, port)),
    ]


def prepare_database(home: Home, environment: dict[str, str]) -> None:
    """Bring the schema up to date and fill an empty instance with the demonstration."""
    manage = [str(PYTHON), "manage.py"]
    say("Migrating the database")
    migrate = [*manage, "migrate", "--no-input"]
    run_step("Migrating the database", migrate, home.logs / "migrate.log", environment)
    collect_static_files(environment)
    if run_in_foreground([*manage, "demo_reset", "--if-empty"], environment):
        raise ProblemError("The demo data could not be created: make demo-reset tries again.")


def demo_accounts(environment: dict[str, str]) -> str:
    """Return who can sign in to the demonstration, as the application says it."""
    command = [*bound_to_us(), str(PYTHON), "manage.py", "demo_accounts"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ProblemError(f"The demo accounts could not be listed: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout.rstrip()


def announcement(site: str, accounts: str, home: Home, environment: dict[str, str]) -> str:
    """Return the block that tells a newcomer everything needed."""
    files = f"{environment['MAIL_DIR']} (one .eml file per message)"
    mail = "sent through EMAIL_URL" if environment.get("EMAIL_URL") else files
    facts = {
        "Address": site,
        "Mail": mail,
        "Logs": str(home.logs),
        "Data": f"{home.directory} (kept; make demo-reset starts the demonstration afresh)",
        "Stop": "Ctrl-C",
    }
    lines = [f"{name + ':':<10}{value}" for name, value in facts.items()]
    return "\n".join(["", RULE, *lines, "", accounts, RULE])


def watch(servers: list[Server]) -> None:
    """Wait until Ctrl-C; the first server that stops by itself is a problem."""
    while True:
        for server in servers:
            server.refuse_death()
        time.sleep(0.5)


def serve(home: Home, port: int, started: Backends, site: str) -> None:
    """Start the application, say where it is, and stay until Ctrl-C or until one of its programs dies."""
    environment = started.environment
    Path(environment["MAIL_DIR"]).mkdir(mode=0o700, parents=True, exist_ok=True)
    prepare_database(home, environment)
    refuse_busy_port(port)
    servers = application_servers(home, environment, port)
    try:
        say("Starting web, worker and beat")
        for server in servers:
            server.start()
        accounts = demo_accounts(environment)
        for server in servers:
            server.wait_until_ready(PATIENCE)
        home.publish({**home.published(), "site": site})
        say(announcement(site, accounts, home, environment))
        watch([*servers, *started.servers])
    finally:
        with undisturbed():
            say("\nStopping")
            stop_all(servers)


def run() -> int:
    """Run the instance and return 0 when it was stopped on purpose."""
    port = chosen_port()
    home = take_place()
    site = site_on(port)
    try:
        refuse_busy_port(port)
    except ProblemError:
        home.leave()
        raise
    say("Starting PostgreSQL and the broker")
    try:
        with backends(home) as started:
            serve(home, port, started, site)
    except KeyboardInterrupt:
        say("Stopped; the data are kept.")
    return 0
