"""The Celery application and the whole timetable: what runs, and how often."""

import os
from datetime import timedelta

from celery import Celery
from celery.schedules import schedule

from helpdesk.settings import TIMETABLE_SECONDS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

app = Celery("helpdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The database row is the promise and the broker only a doorbell, so every entry may run
# late, twice or not at all: the next run catches up. “Relative” keeps whole minutes, so
# that what is due at 18:00 runs at 18:00.
EVERY_RUN = schedule(timedelta(seconds=TIMETABLE_SECONDS), relative=True)

app.conf.beat_schedule = {
    "run what is due": {
        "task": "tickets.tasks.run_due_effects",
        "schedule": EVERY_RUN,
        "options": {"expires": TIMETABLE_SECONDS},
    },
    "send waiting mail": {
        "task": "tickets.tasks.send_waiting_mail",
        "schedule": EVERY_RUN,
        "options": {"expires": TIMETABLE_SECONDS},
    },
    "sum up days": {
        "task": "tickets.tasks.sum_up_days",
        "schedule": EVERY_RUN,
        "options": {"expires": TIMETABLE_SECONDS},
    },
    "make waiting exports": {
        "task": "tickets.tasks.make_waiting_exports",
        "schedule": EVERY_RUN,
        "options": {"expires": TIMETABLE_SECONDS},
    },
    # The first business day is found in each contract's calendar: every quarter of an hour asks.
    "build monthly reports": {
        "task": "tickets.tasks.build_monthly_reports",
        "schedule": schedule(timedelta(minutes=15)),
        "options": {"expires": 15 * 60},
    },
}
