"""Fixtures of the pages about calendars and policies."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests.world import World


@pytest.fixture
def browser(world: World) -> Callable[[str], Client]:
    """A function that signs in somebody of the world, who reads English."""
    User.objects.update(language="en")

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(getattr(world, name))
        return client

    return sign_in
