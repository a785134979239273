"""Trainings about to expire: the person, the client's managers and the vendor are told before (C-WHO-1)."""

import logging
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import Training
from sla.calendar import BusinessCalendar, CalendarError
from sla.models import Contract
from sla.versions import NoVersion, calendar_version_at, compiled_calendar
from tickets.effects.due import due, mark_done
from tickets.models import Effect
from tickets.notifications.audience import told_of_training
from tickets.notifications.doorbell import ring_after_commit
from tickets.notifications.outbox import put
from tickets.permissions import support_day
from tickets.words import EffectKind

logger = logging.getLogger(__name__)

WARNING_DAYS = (60, 30, 7)  # calendar days before the last day of validity


def expiring(day: date) -> QuerySet[Training]:
    """Return the trainings in the last weeks of their validity on `day`, that no later one renews."""
    renewed = Training.objects.filter(
        Q(expires_on__isnull=True) | Q(expires_on__gt=OuterRef("expires_on")),
        ended_on__isnull=True,
        person=OuterRef("person"),
        solution=OuterRef("solution"),
    )
    return Training.objects.filter(
        ~Exists(renewed),
        ended_on__isnull=True,
        expires_on__range=(day, day + timedelta(days=max(WARNING_DAYS) + 1)),
        person__is_active=True,
        person__client=F("client"),
        client__is_active=True,
    )


def plan_warnings(at: datetime) -> None:
    """Bring the pending warnings to what trainings and contracts say at `at`: a sweep, safe to repeat.

    A warning is due at the opening of its day, or at the next one if support is closed that day, by the
    calendar of the client's contract for the solution; without a contract in force there is none.
    """
    expected = {(training.pk, key): (training, due_at) for training, key, due_at in _warnings(at)}
    known = {
        (effect.training_id, effect.key): effect
        for effect in Effect.objects.filter(
            Q(done_at__isnull=True) | Q(training__in={training for training, _key in expected}),
            training__isnull=False,
        )
    }
    for each, effect in known.items():
        pending = Effect.objects.filter(pk=effect.pk, done_at__isnull=True)
        if each not in expected:
            pending.delete()
        elif effect.done_at is None and effect.due_at != expected[each][1]:
            pending.update(due_at=expected[each][1])
    Effect.objects.bulk_create(
        [
            Effect(
                client_id=training.client_id,
                training=training,
                kind=EffectKind.TRAINING_EXPIRY,
                key=key,
                due_at=due_at,
            )
            for (pk, key), (training, due_at) in expected.items()
            if (pk, key) not in known
        ],
        ignore_conflicts=True,
    )


def _warnings(at: datetime) -> Iterator[tuple[Training, str, datetime]]:
    today = support_day(at)
    trainings = list(expiring(today))
    calendars = _calendars({training.client_id for training in trainings}, at)
    for training in trainings:
        calendar = calendars.get((training.client_id, training.solution_id))
        if calendar is None or training.expires_on is None:
            continue
        for days in WARNING_DAYS:
            day = training.expires_on - timedelta(days=days)
            midnight = datetime.combine(day, time.min, tzinfo=settings.SUPPORT_ZONE)
            yield training, f"expiry:{training.expires_on}:{days}", calendar.next_open(midnight)


def _calendars(clients: set[int], at: datetime) -> dict[tuple[int, int], BusinessCalendar]:
    """Return the calendars that bind these clients at `at`, by client and solution."""
    found = {}
    contracts = Contract.objects.in_force(support_day(at)).filter(client__in=clients)
    for contract in contracts.select_related("calendar"):
        try:
            calendar = compiled_calendar(calendar_version_at(contract.calendar, at).pk)
        except (NoVersion, CalendarError):
            # One calendar that cannot be read must not stop the whole timetable.
            logger.exception("The trainings under %s are not watched.", contract)
        else:
            found[contract.client_id, contract.solution_id] = calendar
    return found


def warn_of_expiry(training: Training, at: datetime) -> None:
    """Tell the person, the client's managers and the vendor's training contact, once for all that is due."""
    warnings = list(due(at).filter(training=training))
    mark_done(warnings, at)
    put(
        told_of_training(training),
        template=EffectKind.TRAINING_EXPIRY,
        key=f"effect:{warnings[-1].pk}",
        at=at,
        client=training.client_id,
        context={"training": training.pk, "expires_on": str(training.expires_on)},
    )
    ring_after_commit()
