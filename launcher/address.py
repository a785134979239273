"""Where the instance answers on this machine."""

import os

from launcher.problem import ProblemError

DEFAULT_PORT = 8000


def chosen_port() -> int:
    """Return HELPDESK_PORT, or the usual port."""
    text = os.environ.get("HELPDESK_PORT") or str(DEFAULT_PORT)
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ProblemError(f"HELPDESK_PORT is “{text}”: it must be a number from 1 to 65535.")
    return int(text)


def site_on(port: int) -> str:
    """Return the address of the instance that listens on a port of this machine."""
    return f"http://127.0.0.1:{port}"
