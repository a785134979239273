"""What was previewed, signed: the versions, and for each ticket the fingerprint of what was foreseen."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from django.core import signing

from accounts.models import User
from sla.models import CalendarVersion, PolicyVersion
from tickets.actions.recomputing import Versions
from tickets.recomputing.preview import Line

SALT = "tickets.recomputing"
HOURS_VALID = 4


class BrokenSeal(ValueError):
    """The preview is too old, somebody else's, or was never made here."""


@dataclass(frozen=True, slots=True)
class Previewed:
    """What somebody saw before deciding: the versions, and each ticket with its fingerprint."""

    versions: Versions
    tickets: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, versions: Versions, lines: Sequence[Line]) -> Self:
        """Return what a preview shows, without the tickets that cannot be recomputed."""
        kept = ((line.ticket.pk, line.foresight.fingerprint) for line in lines if not line.refusal)
        return cls(versions, tuple(kept))

    def sealed_for(self, user: User) -> str:
        """Sign it for the person who saw it."""
        content = {
            "by": user.pk,
            "calendar": self.versions.calendar and str(self.versions.calendar.pk),
            "policy": self.versions.policy and str(self.versions.policy.pk),
            "tickets": self.tickets,
        }
        return signing.dumps(content, salt=SALT, compress=True)

    @classmethod
    def unsealed(cls, seal: str, user: User) -> Self:
        """Read what `user` saw; BrokenSeal."""
        try:
            content = signing.loads(seal, salt=SALT, max_age=HOURS_VALID * 3600)
        except signing.BadSignature as error:
            raise BrokenSeal from error
        if content["by"] != user.pk:
            raise BrokenSeal
        versions = Versions(
            CalendarVersion.objects.select_related("calendar").get(pk=uuid.UUID(content["calendar"]))
            if content["calendar"]
            else None,
            PolicyVersion.objects.select_related("policy").get(pk=uuid.UUID(content["policy"]))
            if content["policy"]
            else None,
        )
        return cls(versions, tuple((number, fingerprint) for number, fingerprint in content["tickets"]))
