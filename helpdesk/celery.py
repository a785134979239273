"""The Celery application and the whole timetable: what runs, and how often."""

import os
from datetime import timedelta
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab, schedule

from accounts.scope import worker_scope
from accounts.tracing import Through, Trace, tracing
from helpdesk.settings import TIMETABLE_SECONDS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")


class WorkerTask(Task):
    """A task that sees every client's rows: the one place where tasks get to (docs/wall.md)."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task in the worker's scope, its transactions its own."""
        with worker_scope(), tracing(Trace(Through.TASK, self.name)):
            return super().__call__(*args, **kwargs)


app = Celery("helpdesk", task_cls=WorkerTask)
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
    "scan held files": {
        "task": "tickets.tasks.scan_held_files",
        "schedule": EVERY_RUN,
        "options": {"expires": TIMETABLE_SECONDS},
    },
    "prepare exports": {
        "task": "tickets.tasks.prepare_exports",
        "schedule": EVERY_RUN,
        "options": {"expires": TIMETABLE_SECONDS},
    },
    # The first night of each month; a month missed is caught up by the next one.
    "purge what retention says": {
        "task": "tickets.tasks.purge_closed_tickets",
        "schedule": crontab(day_of_month="1", hour="2", minute="30"),
    },
    "send waiting mail": {
        "task": "tickets.tasks.send_waiting_mail",
        "schedule": EVERY_RUN,
        "options": {"expires": TIMETABLE_SECONDS},
    },
    "forget the API's answers of yesterday": {
        "task": "tickets.tasks.forget_kept_answers",
        "schedule": schedule(timedelta(hours=1)),
        "options": {"expires": 3600},
    },
    "sum up days": {
        "task": "tickets.tasks.sum_up_days",
        "schedule": EVERY_RUN,
        "options": {"expires": TIMETABLE_SECONDS},
    },
    "make waiting list exports": {
        "task": "tickets.tasks.make_waiting_list_exports",
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
