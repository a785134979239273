"""The switches of a tree in which every removal is present: one is made at a time, and each says that it was met.

`bench.removals` writes the calls to what is here; `bench.mutant_runs` throws the switches. Nothing of it is in the
tree that is shipped.
"""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

# The number of the removal that is made, 0 for none; those met at import are tried in a process of their own.
living = int(os.environ.get("REMOVED", "0"))
# Those that would have made a difference since this was last emptied, as far as can be told where they stand.
reached: set[int] = set()


def removed(number: int) -> bool:
    """Tell whether this removal is made, and keep that it was met."""
    reached.add(number)
    return number == living


def signed_in(number: int, mixin: Any) -> Any:
    """Stand for Django's mixin that sends a stranger to sign in, or for its absence."""

    class Switched(mixin):
        def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
            if not request.user.is_authenticated and removed(number):
                return super(mixin, self).dispatch(request, *args, **kwargs)
            return super().dispatch(request, *args, **kwargs)

    return Switched


def decorated(number: int, decorator: Callable[[Any], Any], name: str) -> Callable[[Any], Any]:
    """Stand for a decorator that refuses strangers or methods, or for its absence."""

    def refuses(request: Any) -> bool:
        if name == "login_required":
            return not request.user.is_authenticated
        return request.method not in {"require_POST": {"POST"}, "require_safe": {"GET", "HEAD"}}[name]

    def decorate(view: Any) -> Any:
        guarded = decorator(view)

        @wraps(guarded)
        def either(request: Any, *args: Any, **kwargs: Any) -> Any:
            if refuses(request) and removed(number):
                return view(request, *args, **kwargs)
            return guarded(request, *args, **kwargs)

        return either

    return decorate


def permission(number: int, kind: Any) -> Any:
    """Stand for one of an API view's permission classes, or for its absence."""

    class Switched(kind):
        def has_permission(self, request: Any, view: Any) -> bool:
            try:
                answer = super().has_permission(request, view)
            except Exception:
                if removed(number):
                    return True
                raise
            return answer or removed(number)

    return Switched
