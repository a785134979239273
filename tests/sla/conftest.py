"""Fixtures of the service-level tests."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture
def in_english() -> Iterator[None]:
    """Read messages as they are written in the source, whatever the language of the instance."""
    with translation.override("en"):
        yield
