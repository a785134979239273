"""Fixtures for the tests about people."""

import uuid

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def own_counters(settings) -> None:
    """Give each test its own attempt counters, which are kept in the cache between sign-ins."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"test-{uuid.uuid4().hex}"}}


@pytest.fixture
def client_elsewhere() -> Client:
    """Another browser than `client`."""
    return Client()
