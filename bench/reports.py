"""Measure the reports at size: the dashboard over a million tickets, a workbook of 100,000 rows, 200 clients' reports.

Everything is written straight into the tables of a database made for it, and counted with the code that pages run.
"""

import argparse
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client as Browser  # noqa: E402
from django.utils import timezone, translation  # noqa: E402

from accounts.models import Client, Role, User  # noqa: E402
from accounts.scope import NOBODY, scope_of, scoped, worker_scope  # noqa: E402
from bench.reports_seed import CLIENTS, REPORTED, YEARS, seed_outcomes, seed_reported_month  # noqa: E402
from sla.models import Contract  # noqa: E402
from tickets.list_exports.columns import listing_of  # noqa: E402
from tickets.list_exports.writing import write_workbook  # noqa: E402
from tickets.models import MonthlyReport, Outcome, Ticket  # noqa: E402
from tickets.monthly.document import document_of  # noqa: E402
from tickets.monthly.files import write_pdf  # noqa: E402
from tickets.monthly.issuing import build_report  # noqa: E402
from tickets.reports.dashboard import Dashboard  # noqa: E402
from tickets.reports.days import Days  # noqa: E402
from tickets.reports.months import Month  # noqa: E402
from tickets.reports.page import dashboard_context, parties_shown  # noqa: E402
from tickets.tallies.measures import Scope  # noqa: E402
from tickets.tallies.sweep import sum_up  # noqa: E402

USUAL = 1_000_000
RUNS = 15
ROWS = 100_000


def said(label: str, times: Sequence[float], target: str) -> None:
    """Print the median, the least and the most of some times, in milliseconds."""
    low, middle, high = min(times), statistics.median(times), max(times)
    print(
        f"{label}: p50 {middle * 1000:,.0f} ms (from {low * 1000:,.0f} to {high * 1000:,.0f}; target {target})"
    )


def timed(act: Callable[[], object], runs: int = RUNS) -> list[float]:
    """Return how long an act takes, run after run, once warm."""
    act()
    found = []
    for _run in range(runs):
        begun = time.perf_counter()
        act()
        found.append(time.perf_counter() - begun)
    return found


def read_figures(days: Days, scope: Scope, at: datetime, person: User) -> None:
    """Read every part of the dashboard, as its page does: in one transaction, in the person's own scope."""
    with scope_of(person):
        read_parts(days, scope, at, person)


def read_parts(days: Days, scope: Scope, at: datetime, person: User) -> None:
    """Read them in the transaction under way."""
    board = Dashboard(days, scope, at, {}, parties_shown(scope, person))
    dashboard_context(board, person)
    _parts = (
        board.all, board.flow, board.apart, board.left_out, board.trend, board.times_by_state, board.pauses,
    )  # fmt: skip


def measure_dashboard(tickets: int) -> None:
    """Time any twelve months: of everybody, of one client; the figures alone, then the whole page."""
    begun = time.perf_counter()
    seed_outcomes(tickets)
    elapsed = time.perf_counter() - begun
    print(
        f"{Outcome.objects.count():,} tickets of {CLIENTS} clients over {YEARS} years, seeded in {elapsed:.0f} s"
    )
    begun, days = time.perf_counter(), 0
    while done := sum_up():
        days += done
    print(f"{days:,} days summed up in {time.perf_counter() - begun:.0f} s")
    with scoped(NOBODY), connection.cursor() as cursor:
        cursor.execute(
            "VACUUM (ANALYZE) tickets_outcome, tickets_dayfigures, tickets_staleday, tickets_ticket"
        )
    at, manager = timezone.now(), User.objects.filter(role=Role.MANAGER).earliest("pk")
    largest = Outcome.objects.values_list("client", flat=True).first()
    today = at.date()
    spans = [
        Days(first, first + timedelta(days=364))
        for first in (today - timedelta(days=364), today - timedelta(days=800), today - timedelta(days=1200))
    ]
    with translation.override("fr"):
        for name, client, target in (("every client", None, "250 ms"), ("one client", largest, "60 ms")):
            for days_of in spans:
                scope = Scope(client=client)
                times = timed(partial(read_figures, days_of, scope, at, manager))
                said(f"figures of 12 months from {days_of.first}, {name}", times, target)
        browser = Browser(headers={"host": "localhost"})
        browser.force_login(manager)
        for name, query in (("every client", {}), ("one client", {"client": str(largest)})):
            address: dict[str, str] = {**spans[0].query, **query}
            said(
                f"whole page, {name}",
                timed(partial(browser.get, "/figures/", address)),
                "none",
            )


def measure_export() -> None:
    """Time a workbook of 100,000 rows, and the memory that it takes beyond what the process holds already."""
    person = User.objects.filter(role=Role.MANAGER).earliest("pk")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as file, translation.override("fr"):
        listing = listing_of(Ticket.objects.order_by("pk")[:ROWS], person, timezone.now())
        columns = listing.columns
        written = write_workbook(file, columns, listing.rows(), ZoneInfo("Europe/Paris"))
        size = file.tell()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"XLSX of {written:,} rows, {len(columns)} columns: {time.perf_counter() - begun:.1f} s (target 15 s),"
        f" {size / 1e6:.0f} MB; the process peaks at {after / 1024:.0f} MB, {(after - before) / 1024:.0f} MB more than"
        " before (target 300 MB)"
    )


@worker_scope()
def make_report(contract: int) -> tuple[float, float, int]:
    """Build a contract's report of the month and print it; return how long each took, and the size of the PDF."""
    connection.close()
    month, at = Month.of(timezone.now()).previous, timezone.now()
    begun = time.perf_counter()
    report = build_report(Contract.objects.get(pk=contract), month, by=None, at=at)
    built = time.perf_counter()
    saved = MonthlyReport.objects.select_related("client", "contract__solution", "corrects").get(pk=report.pk)
    content = write_pdf(document_of(saved))
    return built - begun, time.perf_counter() - built, len(content)


def measure_reports() -> None:
    """Time a month of 200 tickets for one client, then for 200 clients on two processes."""
    begun = time.perf_counter()
    contracts = seed_reported_month()
    elapsed = time.perf_counter() - begun
    print(f"{len(contracts)} clients with {REPORTED} tickets each in the month, seeded in {elapsed:.0f} s")
    make_report(contracts[0])
    one = [make_report(contracts[0]) for _run in range(5)]
    said("draft of a month of 200 tickets", [built for built, _printed, _size in one], "none")
    said("its PDF", [printed for _built, printed, _size in one], "3,000 ms")
    MonthlyReport.objects.all().delete()
    connection.close()
    begun = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        made = list(pool.map(make_report, contracts, chunksize=5))
    elapsed = time.perf_counter() - begun
    print(f"{len(made)} reports built and printed on two processes: {elapsed:.0f} s (target 600 s)")


def main(words: Sequence[str]) -> int:
    """Seed and measure; an instance that holds data is refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tickets", type=int, nargs="?", default=USUAL)
    parser.add_argument("--only", choices=["dashboard", "export", "reports"])
    wanted = parser.parse_args(words)
    call_command("migrate", verbosity=0)
    # A page names its static files as they were collected: a clone that never ran has none yet.
    call_command("collectstatic", interactive=False, verbosity=0)
    if Client.objects.exists():
        print("This database holds clients: give the benchmark an empty one.", file=sys.stderr)
        return 1
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} before;"
        f" {timezone.localdate():%d/%m/%Y}"
    )
    if wanted.only in {None, "dashboard", "export"}:
        measure_dashboard(wanted.tickets)
    if wanted.only in {None, "export"}:
        measure_export()
    if wanted.only in {None, "reports"}:
        measure_reports()
    return 0


if __name__ == "__main__":
    with worker_scope():
        sys.exit(main(sys.argv[1:]))
