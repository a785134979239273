"""Monthly reports of a contract: drafts that are reviewed, then documents that never change."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Client, Role, User
from sla.models import Contract


class ReportState(models.TextChoices):
    """Where a monthly report stands."""

    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")


class MonthlyReportQuerySet(models.QuerySet["MonthlyReport"]):
    """Monthly reports, by who may read them."""

    def visible_to(self, user: User) -> Self:
        """Keep every report for a support manager, those issued to their organisation for a client manager."""
        if not user.is_active:
            return self.none()
        if user.role == Role.MANAGER:
            return self
        if user.role == Role.CLIENT_MANAGER and user.client is not None and user.client.is_active:
            return self.filter(client=user.client, state=ReportState.ISSUED)
        return self.none()


class MonthlyReport(models.Model):
    """The service levels of one month of a contract; issued, it is numbered, frozen, hashed and signed.

    `body` holds the figures as they were worked out at `figures_at`, `document` what was issued: the whole of it,
    the digest apart. The database refuses any change to an issued one; an erratum is another report.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("client"))
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="reports", verbose_name=_("contract"))
    month = models.DateField(_("month"), help_text="Its first day.")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="errata")
    correction = models.TextField(_("what it corrects"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=ReportState, default=ReportState.DRAFT)
    number = models.PositiveIntegerField(_("number"), null=True, help_text="Without a gap for each client.")
    figures_at = models.DateTimeField(_("date of the figures"))
    body = models.JSONField(default=dict)
    synthesis = models.TextField(_("synthesis"), blank=True)
    synthesis_is_written = models.BooleanField(
        default=False, help_text="A person changed it: no rule does any more."
    )
    synthesis_figures_at = models.DateTimeField(
        null=True, help_text="Date of the figures beside which the written synthesis was last read."
    )
    action_plan = models.TextField(_("action plan"), blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="None: nobody since the figures were worked out.",
    )
    built_at = models.DateTimeField()
    built_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", help_text="None: the timetable."
    )
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    document = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the document, hexadecimal.")

    objects = MonthlyReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly report")
        verbose_name_plural = _("monthly reports")
        ordering = ["-month", "contract", "id"]
        constraints = [
            models.UniqueConstraint(fields=["client", "id"], name="report_of_client"),
            models.UniqueConstraint(
                fields=["contract", "month"], name="one_report_a_month", condition=Q(corrects__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                name="one_erratum_in_writing",
                condition=Q(corrects__isnull=False, state=ReportState.DRAFT),
            ),
            models.UniqueConstraint(fields=["client", "number"], name="report_number_of_client"),
            models.CheckConstraint(name="report_of_a_whole_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="issued_is_numbered_signed_and_hashed",
                condition=Q(
                    state=ReportState.DRAFT,
                    number__isnull=True,
                    issued_at__isnull=True,
                    issued_by__isnull=True,
                    document__isnull=True,
                    digest="",
                )
                | Q(
                    state=ReportState.ISSUED,
                    number__isnull=False,
                    issued_at__isnull=False,
                    issued_by__isnull=False,
                    document__isnull=False,
                )
                & ~Q(digest=""),
            ),
            models.CheckConstraint(
                name="erratum_says_what_it_corrects",
                condition=Q(corrects__isnull=True, correction="")
                | Q(corrects__isnull=False) & ~Q(correction=""),
            ),
            models.CheckConstraint(
                name="review_of_a_report_has_its_author",
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["client", "-month"], name="report_of_client_list")]
        triggers = [
            pgtrigger.Protect(
                name="issued_report_is_fixed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=ReportState.ISSUED.value),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract.reference} · {self.month:%m/%Y}"

    @property
    def is_issued(self) -> bool:
        """Tell whether it is frozen."""
        return self.state == ReportState.ISSUED

    @property
    def synthesis_is_older(self) -> bool:
        """Tell whether a person wrote the synthesis beside other figures than those it stands beside."""
        return self.synthesis_is_written and self.synthesis_figures_at != self.figures_at
