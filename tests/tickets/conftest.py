"""Months told in the small world, for the tests of what is counted, exported and reported of them."""

import pytest

from tests.kept_world import KeptWorld, Told
from tests.world import World


@pytest.fixture
def may(kept_world: KeptWorld, world: World) -> Told:
    """Sixteen tickets of May 2026, each under the name of what became of it."""
    return kept_world.scene("may", world)


@pytest.fixture
def steering_month(kept_world: KeptWorld, world: World) -> Told:
    """Twenty-six tickets of May 2026, in every state."""
    return kept_world.scene("steering_month", world)
