"""What a report says of its own figures, held by the document: the month rule and the definitions, in each language."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy

from tickets.monthly.definitions import DEFINITIONS
from tickets.reports.counting import MONTH_RULE

JSON = dict[str, Any]

KNOWN_SINCE = (
    gettext_lazy("Known since the previous reports"),
    gettext_lazy(
        "What became known of a month after its report was issued: a delivery accepted, an act recorded, a ticket "
        "registered later. It belongs to its own month by the rule above, is told once in the next report, and marks "
        "that month in the trend; the issued report stays as it was signed, and an erratum corrects it."
    ),
)


def annex_of(*, tells_since: bool = True) -> JSON:
    """Return the month rule and the definitions as they are today, by language; `tells_since`: with that section's."""
    said = {}
    terms = (*DEFINITIONS, KNOWN_SINCE) if tells_since else DEFINITIONS
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said[language] = {
                "month_rule": str(MONTH_RULE),
                "definitions": [[str(term), str(meaning)] for term, meaning in terms],
            }
    return said


def month_rule(document: JSON) -> str:
    """Return the month rule as the document holds it, in the active language; today's for one that holds none."""
    return str(_held(document)["month_rule"])


def definitions(document: JSON) -> list[tuple[str, str]]:
    """Return the definitions as the document holds them, in the active language; today's for one that holds none."""
    return [(term, meaning) for term, meaning in _held(document)["definitions"]]


def _held(document: JSON) -> JSON:
    annex = document.get("annex") or annex_of(tells_since="since" in document)
    return annex.get(get_language()) or annex[document["language"]]
