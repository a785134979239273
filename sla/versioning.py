"""What calendars and policies have in common: versions with a number, an author, a motive, a publication (C-CAL-3)."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionQuerySet(models.QuerySet):
    """Versions, by when they are in force."""

    def in_force(self, at: datetime) -> Self:
        """Order the versions published at or before `at`, the one in force first."""
        return self.filter(published_at__lte=at).order_by("-published_at", "-number")


class Version(models.Model):
    """What a calendar version and a policy version share: a number, an author, a motive, a publication."""

    # Random, so that a process may cache a published version by its key for ever.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(_("version"))
    motive = models.TextField(_("motive"), blank=True, help_text=_("Why this version exists."))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
    )
    published_at = models.DateTimeField(
        _("published at"),
        null=True,
        blank=True,
        help_text=_("A draft has none; once set, nothing changes any more."),
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        abstract = True
