"""How gunicorn serves the application, wherever it runs: it reads this file from the directory it is started in.

The application is loaded once, before the workers part from it, so that they share what never changes: code,
catalogues, public holidays. What is collected and frozen before then is not walked through again by the garbage
collector, which would write to it in each worker. Threads share two reserves of memory (arenas of the C library)
rather than keep one each, of which most would lie idle: only one of them computes at a time.
"""

import contextlib
import ctypes
import gc
import os

from django.conf import settings
from django.urls import get_resolver
from django.utils import translation

ARENA_MAX = -8  # M_ARENA_MAX of <malloc.h>
with contextlib.suppress(AttributeError):  # a C library that has no arenas
    ctypes.CDLL(None).mallopt(ARENA_MAX, 2)

wsgi_app = "helpdesk.wsgi"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
preload_app = True
control_socket_disable = True


def when_ready(server: object) -> None:
    """Read all that any page needs; nothing here opens a connection, which two workers must not share."""
    get_resolver().url_patterns  # noqa: B018  (reading it imports every page)
    for code, _name in settings.LANGUAGES:
        translation.activate(code)
    translation.deactivate()
    gc.collect()
    gc.freeze()
