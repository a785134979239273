"""Deputies: who stands in for a colleague, for some days, by a training of their own (C-WHO-1)."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Deputation, Role, Training, User

LONGEST = 366  # days: a longer absence is a change of administrator


def deputising_on(day: date, path: str = "") -> Prefetch:
    """Fetch with people, under `deputising`, those whom they stand in for on `day`; `path` leads to the people."""
    running = Deputation.objects.running_on(day).select_related("person")
    return Prefetch(f"{path}deputations_held", running, to_attr="deputising")


def may_name_deputy_of(by: User, person: User) -> bool:
    """Tell whether `by` may name a deputy of `person`: an administrator of their own, the client's manager of any."""
    if not by.is_active or by.client_id is None or by.client_id != person.client_id:
        return False
    if person.role != Role.ADMINISTRATOR or not person.is_active:
        return False
    return by.role == Role.CLIENT_MANAGER or by.pk == person.pk


def possible_deputies(person: User, day: date) -> QuerySet[User]:
    """Return the colleagues who hold, on `day`, a valid training for one of the solutions of `person`."""
    solutions = Training.objects.filter(person=person).values("solution")
    trained = Training.objects.valid_on(day).filter(solution__in=solutions)
    return User.objects.filter(
        client=person.client_id, role=Role.ADMINISTRATOR, is_active=True, pk__in=trained.values("person")
    ).exclude(pk=person.pk)


@transaction.atomic
def name_deputy(
    person: User, deputy: User, *, first_day: date, last_day: date, by: User, at: datetime, today: date
) -> Deputation:
    """Name `deputy` for `person`, both days included; it gives no right that the deputy does not hold (C-WHO-1).

    Raises `PermissionDenied` (403), `ValidationError` by field.
    """
    if person.client is None or not may_name_deputy_of(by, person):
        raise PermissionDenied(_("You may not name a deputy for this person."))
    check_period(first_day, last_day, today)
    # Two forms sent at once must not name two deputies for the same days.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not possible_deputies(person, max(first_day, today)).filter(pk=deputy.pk).exists():
        raise ValidationError({
            "deputy": _("A deputy holds a valid training of their own for one of the same solutions (C-WHO-1).")
        })  # fmt: skip
    others = person.deputations.filter(
        ended_at__isnull=True, first_day__lte=last_day, last_day__gte=first_day
    )
    if others.exists():
        raise ValidationError({"first_day": _("A deputy is already named for some of these days.")})
    return Deputation.objects.create(
        client=person.client,
        person=person,
        deputy=deputy,
        first_day=first_day,
        last_day=last_day,
        named_by=by,
        named_at=at,
    )


def check_period(first_day: date, last_day: date, today: date) -> None:
    """Refuse, by field, days that end before they begin, are over, or last too long."""
    if last_day < first_day:
        raise ValidationError({"last_day": _("The last day cannot come before the first.")})
    if last_day < today:
        raise ValidationError({"last_day": _("These days are over.")})
    if (last_day - first_day).days > LONGEST:
        raise ValidationError({"last_day": _("A deputy is named for a year at most.")})


@transaction.atomic
def end_deputation(deputation: Deputation, *, by: User, at: datetime) -> Deputation:
    """End a deputation at once; ended twice, it stays as it was ended first."""
    locked = Deputation.objects.select_for_update().select_related("person").get(pk=deputation.pk)
    if not may_name_deputy_of(by, locked.person):
        raise PermissionDenied(_("You may not name a deputy for this person."))
    if locked.ended_at is None:
        locked.ended_by, locked.ended_at = by, at
        locked.save(update_fields=["ended_by", "ended_at"])
    return locked
