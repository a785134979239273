#!/usr/bin/env python
"""Run Django's command line for the helpdesk."""

import os
import sys

from django.core.management import execute_from_command_line

from accounts.scope import worker_scope
from accounts.tracing import Through, Trace, tracing

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    # The one place where commands get to see every client's rows, ours and the libraries' (docs/wall.md).
    with worker_scope(), tracing(Trace(Through.COMMAND, " ".join(sys.argv[1:2]))):
        execute_from_command_line(sys.argv)
