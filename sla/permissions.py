"""Who reads and who edits calendars and policies: a client reads those of its own contracts, nobody else's."""

from django.db.models import QuerySet

from accounts.models import Role, User
from sla.models import Calendar, Contract, Policy

EDITORS = frozenset({Role.MANAGER, Role.PLATFORM_ADMINISTRATOR})


def may_edit_terms(user: User) -> bool:
    """Tell whether `user` writes and publishes calendars and policies."""
    return user.is_active and user.role in EDITORS


def calendars_visible_to(user: User) -> QuerySet[Calendar]:
    """Return the calendars that concern `user`: all for the vendor, those of its contracts for a client."""
    if user.is_active and user.is_vendor:
        return Calendar.objects.all()
    return Calendar.objects.filter(pk__in=_contracts_of(user).values("calendar"))


def policies_visible_to(user: User) -> QuerySet[Policy]:
    """Return the policies that concern `user`: all for the vendor, those of its contracts for a client."""
    if user.is_active and user.is_vendor:
        return Policy.objects.all()
    return Policy.objects.filter(pk__in=_contracts_of(user).values("policy"))


def _contracts_of(user: User) -> QuerySet[Contract]:
    if not user.is_active or user.client_id is None:
        return Contract.objects.none()
    return Contract.objects.filter(client=user.client_id, client__is_active=True)
