"""What the worker does when beat or the doorbell asks: run what is due, send what waits, sum up, report, export."""

from celery import shared_task
from django.utils import timezone

from tickets.actions.exporting import expire_exports
from tickets.actions.retention import purge_due
from tickets.api.idempotency import forget_old
from tickets.discarding import delete_discarded
from tickets.effects.held_files import scan_held
from tickets.effects.runner import run_due
from tickets.exports.preparation import prepare_waiting
from tickets.list_exports.jobs import make_exports
from tickets.monthly.timetable import build_due_reports
from tickets.notifications.doorbell import muted, ring
from tickets.notifications.sending import send_waiting
from tickets.tallies.sweep import sum_up


@shared_task
def run_due_effects() -> None:
    """Run what is due now, then ask once for the mail it wrote to leave."""
    with muted():
        done = run_due(timezone.now())
    if done:
        ring()


@shared_task
def scan_held_files() -> None:
    """Show the files that wait to the scanner now."""
    scan_held(timezone.now())


@shared_task
def send_waiting_mail() -> None:
    """Send the mail that waits now."""
    send_waiting(timezone.now())


@shared_task
def prepare_exports() -> None:
    """Prepare the exports that wait; let go of those past their day."""
    prepare_waiting(timezone.now)
    expire_exports(timezone.now())
    delete_discarded()


@shared_task
def purge_closed_tickets() -> None:
    """Purge what the contracts' retention says, then delete the bytes."""
    purge_due(timezone.now())
    delete_discarded()


@shared_task
def forget_kept_answers() -> None:
    """Forget what the API answered more than a day ago."""
    forget_old(timezone.now())


@shared_task
def sum_up_days() -> None:
    """Make the sums of the days that acts have touched again."""
    sum_up()


@shared_task
def build_monthly_reports() -> None:
    """Build the drafts of last month that the first business day makes due."""
    build_due_reports(timezone.now())


@shared_task
def make_waiting_list_exports() -> None:
    """Make the files that wait, and those that a schedule makes due."""
    make_exports(timezone.now())
