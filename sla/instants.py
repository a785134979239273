"""Local times as people write them: an hour repeated in autumn is its first, one skipped in spring is refused (K-6)."""

from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

# Marks a time read without a zone of its own: no other time has this very object, and in it no hour is missing.
_AS_WRITTEN = ZoneInfo("Etc/UTC")


def instant_of(local: datetime, zone: tzinfo) -> datetime:
    """Return the instant of a naive local time in `zone`; `ValidationError` for one that a spring night skipped.

    Of a time that an autumn night repeats, the first occurrence is meant (K-6). Near the first and last years
    `OverflowError` says that the time has no instant.
    """
    aware = local.replace(tzinfo=zone, fold=0)
    if aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(fold=0):
        raise ValidationError(
            _("This time did not exist: that night the clocks went forward."), code="nonexistent"
        )
    return aware


class InstantField(forms.DateTimeField):
    """A date and time in the person's own zone, which becomes an instant as K-6 says."""

    def to_python(self, value: Any) -> datetime | None:
        """Read the time; Django refuses a repeated hour, which the rules know how to take."""
        with timezone.override(_AS_WRITTEN):
            read: datetime | None = super().to_python(value)
        if read is None or read.tzinfo is not _AS_WRITTEN:
            return read
        try:
            return instant_of(read.replace(tzinfo=None), timezone.get_current_timezone())
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
