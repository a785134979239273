"""Public holidays by country and subdivision, copied once per year out of the `holidays` package."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

import holidays
from django.utils.translation import gettext as _


class UnknownPlaceError(ValueError):
    """No such country or subdivision; `field` says which of the two."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Place(NamedTuple):
    """Where the holidays are those of, and the years for which they are known."""

    country: str
    subdivision: str | None
    years: range


@cache
def find_place(country: str, subdivision: str | None) -> Place:
    """Return the place, or raise UnknownPlaceError naming what is unknown."""
    countries = holidays.list_supported_countries(include_aliases=False)
    if country not in countries:
        message = _("no public holidays are known for the country “%(country)s”")
        raise UnknownPlaceError("country", message % {"country": country})
    known = holidays.country_holidays(country)
    aliases: Mapping[str, str] = known.get_subdivision_aliases() if subdivision else {}
    names = {*countries[country], *(name for names in aliases.values() for name in names)}
    if subdivision is not None and subdivision not in names:
        message = _("the country %(country)s has no subdivision “%(subdivision)s”")
        raise UnknownPlaceError("subdivision", message % {"country": country, "subdivision": subdivision})
    return Place(country, subdivision, range(known.start_year, known.end_year + 1))


@cache
def names_by_day(place: Place, year: int) -> Mapping[date, tuple[str, ...]]:
    """Return the holidays of a local year, each day with every holiday that falls on it.

    Names are in the country's own language whatever the process's locale.
    """
    if year not in place.years:
        return {}
    known = holidays.country_holidays(
        place.country,
        subdiv=place.subdivision,
        years=year,
        expand=False,
        language=holidays.country_holidays(place.country).default_language,
    )
    return {day: tuple(sorted(known.get_list(day))) for day in sorted(known)}


@cache
def subdivisions_of(country: str) -> Mapping[str, str]:
    """Return the subdivisions whose holidays differ, by code, each by its full name (Alsace, Guadeloupe…)."""
    if country not in holidays.list_supported_countries(include_aliases=False):
        return {}
    aliases: Mapping[str, list[str]] = holidays.country_holidays(country).get_subdivision_aliases()
    return {code: names[-1] for code, names in aliases.items() if names}


def names_in(place: Place, years: range) -> list[str]:
    """Return the names of a place's holidays in these years, each once, in the order of the calendar."""
    found: dict[str, tuple[int, int]] = {}
    for year in years:
        for day, names in names_by_day(place, year).items():
            for name in names:
                found.setdefault(name, (day.month, day.day))
    return sorted(found, key=lambda name: found[name])
