"""Facts of long ago tell nobody: while history is written down, no mail is put in the outbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


@contextmanager
def telling_nobody() -> Iterator[None]:
    """Let the acts of this block be written without mail: an import, a demonstration of past months."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def is_quiet() -> bool:
    """Tell whether history is being written down, of which nobody is told."""
    return _quiet.get()
