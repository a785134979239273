"""Answers that agents give often, kept once: the vendor's own rows, no client's."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Solution, User
from accounts.traces import Traced


class CannedAnswer(models.Model):
    """Words with placeholders, in one language, for every solution or for one; of one agent or of the whole team."""

    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="fr")
    solution = models.ForeignKey(
        Solution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="canned_answers",
        verbose_name=_("solution"),
        help_text=_("None: for every solution."),
    )
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    is_shared = models.BooleanField(
        _("for the whole team"), default=False, help_text=_("Otherwise for its author alone.")
    )

    history = HistoricalRecords(bases=[Traced])

    class Meta:
        verbose_name = _("canned answer")
        verbose_name_plural = _("canned answers")
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title
