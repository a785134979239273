"""The whole demonstration, told from its beginning to now: parties, terms, tickets."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from django.conf import settings

from sla.versions import compiled_calendar
from tickets.demo.case import Case
from tickets.demo.cast import write_cast
from tickets.demo.committee import convene, write_canned_answers, write_known_defects
from tickets.demo.paid_work import write_price_lists
from tickets.demo.parties import CLIENTS
from tickets.demo.plan import MONTHS, Part, deal
from tickets.demo.stage import Stage
from tickets.demo.standing import STANDING
from tickets.demo.stories import STORIES
from tickets.notifications.quiet import telling_nobody

SPAWNED = 100_000  # numbers of the tickets that others bring about, beyond those dealt

Progress = Callable[[datetime], None]


def tell(now: datetime, *, seed: int, tickets: int, progress: Progress) -> Stage:
    """Write the demonstration as it stands at `now`, an aware instant; nobody is told of any of it."""
    begins_at = months_before(now, MONTHS)
    with telling_nobody():
        cast = write_cast(begins_at.astimezone(settings.SUPPORT_ZONE).date(), now)
        newest = cast.calendar.versions.filter(published_at__isnull=False).latest("number")
        stage = Stage(
            cast, compiled_calendar(newest.pk), seed, now, {part.code: part.weight for part in CLIENTS}
        )
        write_price_lists(cast.managers, begins_at, now)
        rng = Random(seed)  # noqa: S311  (a story, no secret)  # nosec B311
        for part in deal(tickets, begins_at, now, stage.hours, rng):
            _enter(stage, part)
        convene(stage, begins_at)
        stage.play(progress)
        write_known_defects(stage)
        write_canned_answers(stage)
    return stage


def months_before(now: datetime, months: int) -> datetime:
    """Return nine in the morning, on the first day of the month so many months before that of `now`."""
    local = now.astimezone(settings.SUPPORT_ZONE)
    month = local.year * 12 + local.month - 1 - months
    return local.replace(
        year=month // 12, month=month % 12 + 1, day=1, hour=9, minute=0, second=0, microsecond=0
    )


def _enter(stage: Stage, part: Part, former: Case | None = None) -> None:
    case = Case(stage, part, former=former)
    story = STORIES.get(part.story) or STANDING[part.story]
    stage.enter(part.filed_at, case, story(case))
    if part.story == "duplicated":
        again = Part(
            stage.after(part.filed_at, 1 + case.rng.random()), "duplicate", number=part.number + SPAWNED
        )
        _enter(stage, again, case)
    if part.story == "followed_up":
        case.when_closed = _come_back


def _come_back(case: Case) -> None:
    closed_at = case.ticket.closed_at or case.at
    days = timedelta(days=case.rng.randint(3, 18))
    number = case.part.number + SPAWNED
    _enter(case.stage, Part(case.stage.after(closed_at + days, 0.5), "follow_up", number=number), case)
