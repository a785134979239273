"""Certificates of trainings: files that go through the same door as those joined to tickets."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, Training, User
from tickets.models.files import StoredFile, storage_key


def certificate_path(_certificate: "Certificate", _name: str) -> str:
    """Return a random storage key."""
    return storage_key("certificates")


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Certificates, by who may download them."""

    def visible_to(self, user: User) -> Self:
        """Keep the vendor's all; for a client's people, their own, and their organisation's for who runs it."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_vendor:
            return self
        if user.client is None or not user.client.is_active:
            return self.none()
        own = self.filter(client=user.client)
        return own.filter(training__person=user) if user.role == Role.READER else own


class Certificate(StoredFile):
    """What proves a training: a scan, an attendance certificate."""

    training = models.ForeignKey(Training, models.PROTECT, related_name="certificates")
    file = models.FileField(upload_to=certificate_path)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["id"]
