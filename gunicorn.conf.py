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
from django.template import engines
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import get_format

from helpdesk.celery import app
from sla.public_holidays import find_place, names_by_day

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
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            reverse("queue")  # imports every page, and sorts the addresses
            get_format("DATE_FORMAT")
    engines.all()  # imports the tags and filters
    names_by_day(find_place("FR", None), timezone.now().year)  # imports every country
    app.amqp.queues  # noqa: B018  (reading it imports what rings the worker)
    gc.collect()
    gc.freeze()
