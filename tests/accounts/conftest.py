"""Fixtures for the tests about people."""

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def counters_of_each_test(own_counters) -> None:
    """Count each test's attempts apart."""


@pytest.fixture
def client_elsewhere() -> Client:
    """Another browser than `client`."""
    return Client()
