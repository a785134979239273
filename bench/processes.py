"""What processes cost the machine: their memory, and their processor time, read from /proc."""

import contextlib
import os
import time
from collections.abc import Sequence
from pathlib import Path

from django.db import connection


def memory_of(workers: Sequence[int]) -> tuple[float, float]:
    """Return the resident memory of the web processes in MB: added up, and with what they share counted once."""
    totals = {"Rss": 0, "Pss": 0}
    for worker in workers:
        for line in Path(f"/proc/{worker}/smaps_rollup").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name in totals:
                totals[name] += int(rest.split()[0])
    return totals["Rss"] / 1024, totals["Pss"] / 1024


def family_of(parent: int, workers: int = 2, patience: float = 20.0) -> list[int]:
    """Return a process and its children, once there are as many as wanted; RuntimeError if they do not come."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        if len(children) >= workers:
            return [parent, *map(int, children)]
        time.sleep(0.1)
    raise RuntimeError(f"{workers} workers are wanted, {len(children)} came.")


def processor_time(workers: Sequence[int]) -> tuple[float, float]:
    """Return the milliseconds of processor that the web processes, and PostgreSQL's for them, have used so far.

    On a machine that others use as well, their sum is nearer than the wall clock to what one's own would say.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return ticks_of(workers), ticks_of([row[0] for row in cursor.fetchall()])


def ticks_of(processes: Sequence[int]) -> float:
    """Return the milliseconds of processor that processes have used, those that ended left out."""
    ticks = 0
    for process in processes:
        with contextlib.suppress(FileNotFoundError):
            words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            ticks += int(words[11]) + int(words[12])
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")
