"""Second factors in the tests: an application that shows codes, without a telephone."""

import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from accounts.models import User

VENDOR = ["agent", "manager", "platform_administrator"]


def code_of(secret: str) -> str:
    """Return the code that an application would show now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def with_application() -> Callable[[User], str]:
    """A function that gives a person an authenticator application and returns its key."""

    def give(person: User) -> str:
        secret = generate_totp_secret()
        TOTP.activate(person, secret)
        return secret

    return give


@pytest.fixture
def required(settings) -> None:
    """Require a second factor of the vendor's people, as production does."""
    settings.MFA_REQUIRED_ROLES = VENDOR
