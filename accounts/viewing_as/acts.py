"""Beginning and stopping a consultation; who may view as whom."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from accounts.models import CLIENT_ROLES, Consultation, ConsultationEnd, Role, User

LASTS = timedelta(minutes=15)


def people_viewable_by(manager: User) -> QuerySet[User]:
    """Return whom a manager may view as: clients' people and agents who have access, nobody of the same right."""
    if not manager.is_active or manager.role != Role.MANAGER:
        return User.objects.none()
    of_clients = Q(role__in=sorted(CLIENT_ROLES), client__is_active=True)
    return User.objects.filter(of_clients | Q(role=Role.AGENT), is_active=True).select_related("client")


def begin(person: User, *, by: User, at: datetime, motive: str) -> Consultation:
    """Write that `by` views as `person` from `at`, for 15 minutes at most; raises PermissionDenied."""
    if not people_viewable_by(by).filter(pk=person.pk).exists():
        raise PermissionDenied
    return Consultation.objects.create(
        by=by, person=person, client=person.client, motive=motive, begun_at=at, ends_at=at + LASTS
    )


def stop(consultation: Consultation, *, at: datetime) -> None:
    """Write that a consultation was stopped at `at`; one that was stopped already stays so."""
    ConsultationEnd.objects.get_or_create(
        consultation=consultation, defaults={"at": at, "client": consultation.client}
    )


def in_force(key: int, *, by: User, at: datetime) -> Consultation | None:
    """Return the consultation under that key while `by` may still use it at `at`."""
    found = (
        Consultation.objects.filter(pk=key, by=by, end=None, begun_at__lte=at, ends_at__gt=at)
        .select_related("person__client", "by")
        .first()
    )
    return found if found and people_viewable_by(by).filter(pk=found.person_id).exists() else None
