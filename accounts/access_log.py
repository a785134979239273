"""The log of accesses: sign-ins, refusals, downloads; append-only, for the platform administrator to read."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.traces import Traced


class AccessKind(models.TextChoices):
    """What is logged: who came in or not, what was refused, what was taken away."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_REFUSED = "sign_in_refused", _("Sign-in refused")
    SIGNED_OUT = "signed_out", _("Signed out")
    FORBIDDEN = "forbidden", _("Forbidden")
    NOT_FOUND = "not_found", _("Not found")
    DOWNLOADED = "downloaded", _("Downloaded")


class AccessRecord(Traced):
    """One access, written once its request is over, whatever became of what the request wrote."""

    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("what"), max_length=16, choices=AccessKind)
    client = models.ForeignKey(
        "accounts.Client", models.PROTECT, null=True, related_name="+", verbose_name=_("client")
    )
    person = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    path = models.CharField(_("address asked for"), max_length=300)
    status = models.PositiveSmallIntegerField(_("answer"))

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        ordering = ["-id"]
        indexes = [
            # The back office: the last of a client, of a person.
            models.Index(fields=["client", "-id"], name="access_of_client"),
            models.Index(fields=["person", "-id"], name="access_of_person"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} · {self.kind}"
