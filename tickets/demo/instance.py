"""The instance that the demonstration fills: what it holds already, emptying it, filling it, all or nothing."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from accounts.models import Client, User
from tickets.demo.parties import CLIENTS, PEOPLE
from tickets.demo.stage import Stage
from tickets.demo.telling import tell
from tickets.discarding import kept_keys

OUR_APPS = ("accounts", "sla", "tickets")


def is_empty() -> bool:
    """Tell whether nobody and nothing is there yet."""
    return not (User.objects.exists() or Client.objects.exists())


def foreign_parties() -> list[str]:
    """Return the clients and people that no demonstration wrote, by its own lists: their data would be lost."""
    written = {(part.code, part.name) for part in CLIENTS}
    clients = [
        name for code, name in Client.objects.values_list("code", "name") if (code, name) not in written
    ]
    people = User.objects.exclude(email__in=[part.email for part in PEOPLE]).values_list("email", flat=True)
    return [*clients, *people]


def replace_by_demonstration(
    now: datetime, *, seed: int, tickets: int, progress: Callable[[datetime], None]
) -> Stage:
    """Empty the instance and fill it with the demonstration as of `now`, in one transaction.

    Whatever stops it, the former data and their files stay as they were.
    """
    with transaction.atomic():
        former = kept_keys()
        empty()
        try:
            stage = tell(now, seed=seed, tickets=tickets, progress=progress)
        except BaseException:
            # The rows go with the transaction, their files would not.
            with suppress(DatabaseError):
                _remove(kept_keys())
            raise
        transaction.on_commit(lambda: _remove(former))
    return stage


def empty() -> None:
    """Empty every table of ours, and all that refers to them; the ledger's triggers refuse DELETE alone."""
    models: list[type[Model]] = [Session]
    for label in OUR_APPS:
        models += apps.get_app_config(label).get_models(include_auto_created=True)
    names = {model._meta.db_table for model in models}  # noqa: SLF001
    tables = ", ".join(connection.ops.quote_name(name) for name in sorted(names))
    with connection.cursor() as cursor:
        # What this transaction still has to check is checked first: PostgreSQL wants it before a TRUNCATE.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _remove(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)
