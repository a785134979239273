"""Wiring of the helpdesk: settings, addresses, the Celery application. No rule lives here."""

from helpdesk.celery import app as celery_app

__all__ = ["celery_app"]
