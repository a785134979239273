"""The record of each consultation: who looked through whose eyes, why, from when; and when it ended."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

KEPT = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class Consultation(models.Model):
    """One manager views as one person; the row is written before anything is shown, and never changes."""

    by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="consultations", verbose_name=_("by")
    )
    person = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="consulted", verbose_name=_("person")
    )
    # The person's client; none for somebody of the vendor.
    client = models.ForeignKey(
        "accounts.Client", models.PROTECT, null=True, related_name="consultations", verbose_name=_("client")
    )
    motive = models.CharField(_("motive"), max_length=300)
    begun_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until at the latest"))

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-begun_at", "-id"]
        indexes = [models.Index(fields=["person", "-begun_at"], name="consultations_of_a_person")]
        constraints = [
            models.CheckConstraint(name="consultation_has_a_motive", condition=~models.Q(motive="")),
            models.CheckConstraint(
                name="consultation_of_another", condition=~models.Q(by=models.F("person"))
            ),
        ]
        triggers = [KEPT]

    def __str__(self) -> str:
        return f"{self.by} → {self.person}"


class ConsultationEnd(models.Model):
    """A consultation was stopped before its time was over."""

    consultation = models.OneToOneField(
        Consultation, models.PROTECT, related_name="end", verbose_name=_("consultation")
    )
    client = models.ForeignKey("accounts.Client", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("stopped at"))

    class Meta:
        verbose_name = _("end of a consultation")
        verbose_name_plural = _("ends of consultations")
        triggers = [KEPT]

    def __str__(self) -> str:
        return f"{self.consultation} · {self.at:%d/%m/%Y %H:%M}"
