"""The time zones a person may choose."""

import zoneinfo
from itertools import groupby

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Offered first: metropolitan and overseas France, and where its neighbours keep another time.
COMMON = (
    "Europe/Paris",
    "Europe/London",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "Indian/Reunion",
    "Indian/Mayotte",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "UTC",
)
CONTINENTS = frozenset(
    {
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    }
)


def validate_time_zone(name: str) -> None:
    """Refuse a name that the time-zone database does not know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            gettext_lazy("“%(name)s” is not a known time zone."), params={"name": name}, code="time_zone"
        )


def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the zones by continent, the most likely first; a browser finds them by typing a city."""
    named = sorted(name for name in zoneinfo.available_timezones() if name.split("/")[0] in CONTINENTS)
    groups = [
        (continent, [(name, city(name)) for name in names if name not in COMMON])
        for continent, names in groupby(named, key=lambda name: name.split("/")[0])
    ]
    return [(_("Most likely"), [(name, city(name)) for name in COMMON]), *groups]


def city(name: str) -> str:
    """Return the city of a zone: “Paris” for “Europe/Paris”, “Ushuaia (Argentina)” for one of a region."""
    *regions, place = name.replace("_", " ").split("/")
    return f"{place} ({regions[-1]})" if len(regions) > 1 else place
