"""Effects that are due: which ones, in which order, and their mark once done."""

import logging
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from sla.calendar import CalendarError
from sla.versions import compiled_calendar
from tickets.models import Effect

logger = logging.getLogger(__name__)

PAGE = 200


def due(at: datetime) -> QuerySet[Effect]:
    """Return the effects due at `at` and not done yet, the earliest first."""
    return Effect.objects.filter(done_at__isnull=True, due_at__lte=at).order_by("due_at", "id")


def is_open(calendar_version: uuid.UUID, at: datetime) -> bool:
    """Tell whether support is open; a calendar that does not know such an instant counts as closed."""
    try:
        return compiled_calendar(calendar_version).is_open(at)
    except CalendarError:
        logger.exception(
            "Calendar version %s does not reach %s: what it holds stays held.", calendar_version, at
        )
        return False


def candidates(at: datetime) -> Iterator[Effect]:
    """Yield what is due at `at` page by page, without what waits for an opening.

    One pass meets each effect at most once, whatever becomes of it: one that fails or is busy
    keeps nobody else waiting.
    """
    pending = _without_held(due(at), at)
    last: Effect | None = None
    while True:
        page = pending
        if last is not None:
            after = Q(due_at__gt=last.due_at) | Q(due_at=last.due_at, id__gt=last.pk)
            page = page.filter(after, due_at__gte=last.due_at)
        rows = list(page[:PAGE])
        if not rows:
            return
        yield from rows
        last = rows[-1]


def _without_held(pending: QuerySet[Effect], at: datetime) -> QuerySet[Effect]:
    holding = pending.filter(needs_opening=True, ticket__isnull=False).order_by()
    versions = holding.values_list("ticket__calendar_version", flat=True).distinct()
    closed = [version for version in versions if not is_open(version, at)]
    return pending.exclude(needs_opening=True, ticket__calendar_version__in=closed) if closed else pending


def mark_done(effects: Iterable[Effect], at: datetime) -> None:
    """Mark effects of a locked ticket or training as done at `at`."""
    Effect.objects.filter(pk__in=[effect.pk for effect in effects], done_at__isnull=True).update(done_at=at)
