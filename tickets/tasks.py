"""What the worker does when beat or the doorbell asks: run what is due, send what waits."""

from celery import shared_task
from django.utils import timezone

from tickets.api.idempotency import forget_old
from tickets.effects.runner import run_due
from tickets.notifications.doorbell import muted, ring
from tickets.notifications.sending import send_waiting


@shared_task
def run_due_effects() -> None:
    """Run what is due now, then ask once for the mail it wrote to leave."""
    with muted():
        done = run_due(timezone.now())
    if done:
        ring()


@shared_task
def send_waiting_mail() -> None:
    """Send the mail that waits now."""
    send_waiting(timezone.now())


@shared_task
def forget_kept_answers() -> None:
    """Forget what the API answered more than a day ago."""
    forget_old(timezone.now())
