"""Each transaction begins by saying its scope; a statement outside any transaction gets one of its own."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.backends.postgresql import base

from accounts.scope import current_scope, declare


def in_a_transaction(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Run a statement; where there is a scope and no transaction that carries it, in a transaction of its own."""
    database = context["connection"]
    if not current_scope() or database.in_atomic_block or not database.get_autocommit():
        return execute(sql, params, many, context)
    with transaction.atomic(using=database.alias):
        return execute(sql, params, many, context)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that belongs to nobody between two transactions."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers = [in_a_transaction]

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        if not autocommit and (scope := current_scope()):
            declare(self, scope)
