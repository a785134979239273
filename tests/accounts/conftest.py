"""Fixtures for the tests about people."""

import pytest
from django.test import Client


@pytest.fixture
def client_elsewhere() -> Client:
    """Another browser than `client`."""
    return Client()
