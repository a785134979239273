"""Verify a statement of delays without an instance nor its settings: `python -m sla statement.json`."""

import sys
from pathlib import Path

from django.conf import settings

from sla.report import report


def main(arguments: list[str]) -> int:
    """Verify the one file named; return 0 when everything is confirmed."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m sla statement.json\n")
        return 2
    settings.configure(USE_I18N=False)
    return report(Path(arguments[0]), sys.stdout.write)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
