"""Product anomalies as the vendor reads them: with how many tickets and clients each concerns."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Solution, User
from tickets.actions.anomalies import has_had
from tickets.models import AnomalyDelivery, ProductAnomaly, Ticket, TicketQuerySet
from tickets.permissions import may_read_queue
from tickets.words import State


def anomalies_for(user: User) -> QuerySet[ProductAnomaly]:
    """Return the product anomalies, counted; the vendor's people alone read them (`PermissionDenied`)."""
    if not may_read_queue(user):
        raise PermissionDenied
    is_open = ~Q(links__ticket__state=State.CLOSED)
    return (
        ProductAnomaly.objects.select_related("solution")
        .annotate(
            open_tickets=Count("links", filter=is_open & Q(links__isnull=False)),
            tickets=Count("links"),
            clients=Count("links__client", distinct=True),
        )
        .order_by("-id")
    )


def find_anomaly(user: User, key: int) -> ProductAnomaly:
    """Return a product anomaly for one of the vendor's people; 404 for an unknown one."""
    return get_object_or_404(anomalies_for(user), pk=key)


def tickets_of(user: User, anomaly: ProductAnomaly, at: datetime) -> TicketQuerySet:
    """Return the tickets that report an anomaly, of those that `user` may read at `at`."""
    return Ticket.objects.visible_to(user, at=at).filter(anomaly_link__anomaly=anomaly)


def tickets_served(user: User, delivery: AnomalyDelivery, at: datetime) -> TicketQuerySet:
    """Return the tickets of the delivery's anomaly that have had it, each once."""
    return tickets_of(user, delivery.anomaly, at).filter(has_had(delivery))


def narrowed(
    anomalies: QuerySet[ProductAnomaly], solution: Solution | None, words: str
) -> QuerySet[ProductAnomaly]:
    """Keep those of a solution, and whose title has every word or whose number it is (“AP-12”)."""
    if solution is not None:
        anomalies = anomalies.filter(solution=solution)
    for word in words.split():
        found = Q(title__unaccent__icontains=word)
        number = word.upper().removeprefix("AP-")
        if number.isascii() and number.isdigit() and len(number) < 18:
            found |= Q(pk=int(number))
        anomalies = anomalies.filter(found)
    return anomalies
