"""Production mode: it starts with all of its secrets or not at all, and then only speaks through TLS."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
COMPLETE = {
    "HELPDESK_ENV": "production",
    "SECRET_KEY": "k" * 64,
    "ALLOWED_HOSTS": "support.example, autre.example",
    "SITE_URL": "https://support.example",
    "DATABASE_URL": "postgresql://helpdesk@database/helpdesk",
    "REDIS_URL": "redis://broker:6379/0",
    "EMAIL_URL": "smtp+tls://user:word@mail.example:587",
    "DEFAULT_FROM_EMAIL": "Support <support@support.example>",
}
SAID = (
    "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS",
    "DEBUG", "EMAIL_HOST",
)  # fmt: skip
STARTING = (
    "import json; import helpdesk.settings as found; "
    f"print(json.dumps({{name: getattr(found, name) for name in {SAID!r}}}))"
)


def started(starting: str = STARTING, **changes: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own, with nothing in its environment but this."""
    environment = {"PATH": os.environ["PATH"], **COMPLETE, **changes}
    return subprocess.run(
        [sys.executable, "-c", starting],
        env={name: value for name, value in environment.items() if value},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_with_everything_it_starts_and_speaks_through_tls_alone() -> None:
    process = started()
    assert process.returncode == 0, process.stderr
    assert json.loads(process.stdout) == {
        "ALLOWED_HOSTS": ["support.example", "autre.example"],
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "DEBUG": False,
        "EMAIL_HOST": "mail.example",
    }


@pytest.mark.parametrize("name", sorted(COMPLETE.keys() - {"HELPDESK_ENV"}))
def test_without_one_of_its_secrets_it_does_not_start_and_names_it(name: str) -> None:
    process = started(**{name: ""})
    assert process.returncode != 0
    assert f"{name} is missing from the environment" in process.stderr


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"DEBUG": "true"}, "DEBUG is on"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 50 characters"),
        ({"HELPDESK_ENV": "prodution"}, "neither"),
    ],
)
def test_a_setting_that_would_weaken_it_is_refused(changes: dict[str, str], reason: str) -> None:
    process = started(**changes)
    assert process.returncode != 0
    assert reason in process.stderr


def test_what_the_image_starts_with_is_in_the_image() -> None:
    kept = (ROOT / ".dockerignore").read_text().split()
    assert "!gunicorn.conf.py" in kept
    for file in ("Dockerfile", "docker-compose.yml"):
        assert "gunicorn" in (ROOT / file).read_text()
    command = [str(Path(sys.executable).with_name("gunicorn")), "--check-config", "--print-config"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ)
    assert said.returncode == 0, said.stderr
    assert re.search(r"^wsgi_app\s+= helpdesk\.wsgi$", said.stdout, re.MULTILINE)


def test_the_proxy_leaves_the_apis_answers_and_their_tags_as_they_are() -> None:
    proxy = (ROOT / "deploy" / "Caddyfile").read_text()
    assert "@pages not path /api/*" in proxy
    assert re.findall(r"^\s*encode (\S+)", proxy, re.MULTILINE) == ["@pages"]
