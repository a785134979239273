"""What is promised in the demonstration: a calendar and two policies, in versions published over time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings

from accounts.models import User
from sla.models import Calendar, CalendarVersion, Closure, Policy, PolicyVersion
from sla.public_holidays import find_place, names_by_day

MORNING_ONLY = [["09:00", "12:00"]]

PREMIUM_TARGETS = {
    "bloquante": {"acknowledge": {"hours": 1}, "resolve": {"hours": 12}},
    "majeure": {"acknowledge": {"hours": 2}, "resolve": {"days": 4}},
    "mineure": {"acknowledge": {"hours": 9}, "resolve": None},
}
PREMIUM_TARGETS_SINCE = {**PREMIUM_TARGETS, "mineure": {"acknowledge": {"hours": 9}, "resolve": {"days": 25}}}


@dataclass(frozen=True, slots=True)
class Terms:
    """What contracts refer to."""

    calendar: Calendar
    standard: Policy
    premium: Policy


def publish_terms(calendar: Calendar, begins_on: date, now: datetime, author: User) -> Terms:
    """Publish the calendar and the policies as they were published between `begins_on` and `now`."""
    standard, premium = (
        Policy.objects.create(name=name) for name in ("Contrat standard", "Contrat renforcé")
    )
    first = begins_on - timedelta(days=60)
    publish_policy(standard, 1, first, author, "Niveaux de service de l’annexe « support et maintenance ».")
    publish_policy(premium, 1, first, author, "Délais raccourcis, à la demande.", targets=PREMIUM_TARGETS)
    later = begins_on + timedelta(days=200)
    if morning(later) <= now:
        motive = "Un délai de résolution est désormais promis pour les anomalies mineures."
        publish_policy(premium, 2, later, author, motive, targets=PREMIUM_TARGETS_SINCE)
    publish_calendar(calendar, begins_on, now, author)
    return Terms(calendar, standard, premium)


def publish_policy(
    policy: Policy, number: int, day: date, author: User, motive: str, **terms: object
) -> PolicyVersion:
    """Publish one version of a policy on the morning of `day`."""
    return PolicyVersion.objects.create(
        policy=policy, number=number, published_at=morning(day), author=author, motive=motive, **terms
    )


def publish_calendar(calendar: Calendar, begins_on: date, now: datetime, author: User) -> None:
    """Publish each version of the calendar that had been published by `now`, and prepare the next one."""
    closures: list[Closure] = []
    for number, (day, motive, added) in enumerate(versions_from(begins_on, now.year + 1), start=1):
        published_at = morning(day)
        for each in added:
            each.published_on = day if published_at <= now else None
        closures += added
        version = CalendarVersion.objects.create(
            calendar=calendar, number=number, author=author, motive=motive
        )
        Closure.objects.bulk_create([copied(closure, version) for closure in closures])
        if published_at > now:
            break
        CalendarVersion.objects.filter(pk=version.pk).update(published_at=published_at)


def copied(closure: Closure, version: CalendarVersion) -> Closure:
    """Return the same closure for another version."""
    return Closure(
        version=version,
        first_day=closure.first_day,
        last_day=closure.last_day,
        windows=closure.windows,
        motive=closure.motive,
        published_on=closure.published_on,
    )


def versions_from(begins_on: date, last_year: int) -> Iterator[tuple[date, str, list[Closure]]]:
    """Yield each version: the day of its publication, its motive, the closures that it adds."""
    year = begins_on.year
    yield (
        begins_on - timedelta(days=60),
        f"Calendrier d’ouverture, fermetures de {year}.",
        bridges(year) + half_days(year),
    )
    for year in range(begins_on.year, last_year + 1):
        if year > begins_on.year:
            yield (
                date(year, 6, 15),
                f"Fermeture de l’après-midi de la réunion annuelle, {year}.",
                [closure(third_thursday(year, 10), MORNING_ONLY, "Réunion annuelle du service de support")],
            )
        yield (
            date(year, 12, 1),
            f"Ponts et demi-journées de fin d’année {year + 1}.",
            bridges(year + 1) + half_days(year + 1),
        )


def bridges(year: int) -> list[Closure]:
    """Return the Friday after Ascension."""
    days = names_by_day(find_place("FR", None), year)
    ascension = next(day for day, names in days.items() if any("Ascension" in name for name in names))
    return [closure(ascension + timedelta(days=1), [], "Pont de l’Ascension")]


def half_days(year: int) -> list[Closure]:
    """Return the mornings of 24 and 31 December, where they are working days."""
    eves = {24: "Veille de Noël, matin seulement", 31: "Saint-Sylvestre, matin seulement"}
    return [
        closure(date(year, 12, day), MORNING_ONLY, motive)
        for day, motive in eves.items()
        if date(year, 12, day).isoweekday() <= 5
    ]


def closure(day: date, windows: list[list[str]], motive: str) -> Closure:
    """Return a closure of one day, of no version yet."""
    return Closure(first_day=day, last_day=day, windows=windows, motive=motive)


def third_thursday(year: int, month: int) -> date:
    """Return the third Thursday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(4 - first.isoweekday()) % 7 + 14)


def morning(day: date) -> datetime:
    """Return 10:00 in the contract's time zone."""
    return datetime.combine(day, time(10), settings.SUPPORT_ZONE)
