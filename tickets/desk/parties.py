"""Whom the queue's filters offer: every client, every solution, whoever owns tickets; read once for the vendor."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import connection

from accounts.models import Client, Solution, User
from accounts.scope import current_scope
from tickets.lists.choices import Pairs, named

KEPT = 60  # seconds: the longest that a name changed behind the histories' back may stay unseen


# Where each history ends: three steps of their keys.
_CHANGES = """
SELECT
    (SELECT max(history_id) FROM accounts_historicalclient),
    (SELECT max(history_id) FROM accounts_historicalsolution),
    (SELECT max(history_id) FROM accounts_historicaluser)
"""


@dataclass(frozen=True, slots=True)
class Parties:
    """Number and name of each, as a list to choose from says them."""

    clients: Pairs
    solutions: Pairs
    workers: Pairs


def parties_at(at: datetime) -> Parties:
    """Return whom the filters offer at `at`, read anew when a history has grown or a minute has passed."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES)
        return _read(current_scope(), cursor.fetchone(), int(at.timestamp()) // KEPT)


@lru_cache(maxsize=4)
def _read(_scope: str, _changes: tuple[int | None, ...], _minute: int) -> Parties:
    return Parties(
        clients=tuple((str(number), name) for number, name in Client.objects.values_list("pk", "name")),
        solutions=tuple((str(number), name) for number, name in Solution.objects.values_list("pk", "name")),
        workers=workers(),
    )


def workers() -> Pairs:
    """Return whoever may own a ticket."""
    return named(User.objects.workers().values_list("pk", "first_name", "last_name", "email"))
