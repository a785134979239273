"""In whose name the database is asked: one setting, `helpdesk.scope`, that row-level security reads (docs/wall.md).

A scope is a client's number, `vendor`, `worker` or `entrance`; without one, no row of a client is there. It is held
in a context variable and written with SET LOCAL at the start of each transaction (accounts.database), so that it ends
with the transaction and no connection carries it to somebody else. A statement outside any transaction gets one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

SETTING = "helpdesk.scope"
VENDOR, WORKER, ENTRANCE = "vendor", "worker", "entrance"
NOBODY = ""

_scope: ContextVar[str] = ContextVar("scope", default=NOBODY)


class Somebody(Protocol):
    """Who asks: a person, or a visitor who has not signed in."""

    @property
    def is_authenticated(self) -> bool:
        """Tell whether the person is known."""


def current_scope() -> str:
    """Return the scope in which the database is asked here; an empty text when there is none."""
    return _scope.get()


def scope_named_after(user: Somebody) -> str:
    """Return the scope of `user`: their client's number, the vendor's, or the entrance for who is not known yet."""
    if not user.is_authenticated:
        return ENTRANCE
    client = getattr(user, "client_id", None)
    return VENDOR if client is None else str(client)


def declare(database: BaseDatabaseWrapper, scope: str) -> None:
    """Write the scope into the transaction under way; it is no query of the page, and is counted by nobody."""
    with database.connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, scope])


def is_open(database: BaseDatabaseWrapper) -> bool:
    """Tell whether a transaction is under way that still takes statements."""
    if not database.in_atomic_block or database.needs_rollback or database.connection is None:
        return False
    return database.connection.info.transaction_status != TransactionStatus.INERROR


@contextmanager
def scoped(scope: str) -> Iterator[None]:
    """Ask the database in this scope inside, and in the former one again after.

    It opens no transaction: each one begun inside is of this scope, and so is one under way already.
    """
    former = _scope.get()
    token = _scope.set(scope)
    try:
        if is_open(connection):
            declare(connection, scope)
        yield
    finally:
        _scope.reset(token)
        # One that has failed goes back by itself to what it was before.
        if is_open(connection):
            declare(connection, former)


@contextmanager
def scope_of(user: Somebody) -> Iterator[None]:
    """Ask the database as `user` may, in one transaction; what runs after its commit is of the same scope."""
    with scoped(scope_named_after(user)), transaction.atomic():
        yield


@contextmanager
def entrance_scope() -> Iterator[None]:
    """Look for one account before its client is known: people can be read, and nothing else."""
    with scoped(ENTRANCE), transaction.atomic(savepoint=False):
        yield


@contextmanager
def worker_scope() -> Iterator[None]:
    """Ask for every client, as tasks and commands do; their transactions stay their own, each one short."""
    with scoped(WORKER):
        yield


def enter_scope(user: Somebody) -> None:
    """Go on as `user` until the scope around ends: somebody was recognised (sign-in, token, secret address)."""
    enter(scope_named_after(user))


def enter_scope_of_client(client: int) -> None:
    """Go on in a client's scope until the one around ends: its own identity provider vouches for somebody."""
    enter(str(client))


def enter(scope: str) -> None:
    """Ask the database in this scope until the one around ends."""
    _scope.set(scope)
    if is_open(connection):
        declare(connection, scope)
