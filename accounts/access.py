"""What lets a person in, and its end at once: sessions, links, and whatever other apps hand out."""

from collections.abc import Callable
from functools import partial

from allauth.usersessions.models import UserSession
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.db.models import F

from accounts.models import User

Ending = Callable[[User], None]
# What the apps above this one hand out (tokens, waiting mail): each adds how to end it, once, when it is loaded.
ENDINGS: list[Ending] = []


def end_access(person: User) -> None:
    """End at once whatever lets `person` in or acts in their name; they may be let in anew afterwards.

    Every session is void with its next request, even one that is not listed; so is every link received by
    mail. Whoever deactivates a person, takes their second factors away or suspects a theft calls this.
    """
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(access_epoch=F("access_epoch") + 1)
        person.refresh_from_db(fields=["access_epoch"])
        for ending in ENDINGS:
            ending(person)
        for row in UserSession.objects.filter(user=person):
            transaction.on_commit(partial(row.end))


def close_account(person: User) -> None:
    """Deactivate `person`: nothing that they had opens anything any more."""
    with transaction.atomic():
        person.is_active = False
        person.save(update_fields=["is_active"])
        end_access(person)


class ResetTokens(PasswordResetTokenGenerator):
    """The links of forgotten passwords: void once used, once the access ends, and for a closed account."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.access_epoch}"

    def check_token(self, user: User | None, token: str | None) -> bool:
        """Refuse the token of a closed account, whatever it was made for."""
        return user is not None and user.is_active and super().check_token(user, token)
