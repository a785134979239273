"""Product anomalies: recorded, changed and delivered by the vendor, once for every ticket that reports them."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext as _

from accounts.models import Solution, User
from tickets.actions.many import Outcome, on_each
from tickets.actions.vendor import write_delivery
from tickets.actions.work import IllegalMove, check_unchanged, require, working
from tickets.acts import Action
from tickets.models import AnomalyDelivery, AnomalyLink, LedgerEntry, ProductAnomaly, Ticket
from tickets.permissions import may_keep_anomalies
from tickets.rereading import as_read
from tickets.words import DeliveryKind, EntryKind


def record_anomaly(
    *,
    by: User,
    at: datetime,
    solution: Solution,
    title: str,
    summary: str,
    analysis: str = "",
    planned_version: str = "",
) -> ProductAnomaly:
    """Record a defect of a solution; `PermissionDenied` but for an agent or a manager."""
    _check(by)
    require(title, "title")
    require(summary, "summary")
    return ProductAnomaly.objects.create(
        solution=solution,
        title=title,
        summary=summary,
        analysis=analysis,
        planned_version=planned_version,
        created_by=by,
        created_at=at,
    )


def change_anomaly(
    anomaly: ProductAnomaly,
    *,
    by: User,
    title: str,
    summary: str,
    analysis: str,
    planned_version: str,
    read: str | None = None,
) -> ProductAnomaly:
    """Change what is said of a defect (its history keeps the former words); its solution stays.

    `IllegalMove` when it no longer says what was `read` (the digest of what its author had before their eyes).
    """
    _check(by)
    require(title, "title")
    require(summary, "summary")
    with transaction.atomic():
        locked = ProductAnomaly.objects.select_for_update().get(pk=anomaly.pk)
        check_unchanged(read, anomaly_as_read(locked))
        locked.title, locked.summary = title, summary
        locked.analysis, locked.planned_version = analysis, planned_version
        locked.save()
    return locked


def anomaly_as_read(anomaly: ProductAnomaly) -> str:
    """Return the digest of what is said of a defect."""
    return as_read(anomaly, ("title", "summary", "analysis", "planned_version"))


def record_delivery(
    anomaly: ProductAnomaly,
    *,
    by: User,
    at: datetime,
    what: DeliveryKind,
    content: str,
    how_to_test: str,
    version: str = "",
    touches_data: bool = False,
    last: int | None = None,
) -> AnomalyDelivery:
    """Write down, once, what every linked ticket will be delivered.

    `last` is the number of the last delivery that its author saw (0: none). `IllegalMove` if there is a later one, or
    if the last one says the very same: a form sent twice, from wherever it was.
    """
    _check(by)
    require(content, "content")
    require(how_to_test, "how_to_test")
    with transaction.atomic():
        locked = ProductAnomaly.objects.select_for_update().get(pk=anomaly.pk)
        former = locked.deliveries.order_by("pk").last()
        if last is not None and last != (former.pk if former else 0):
            raise IllegalMove(_("Something was delivered for this anomaly since you opened this form."))
        said = {"what": what, "version": version, "content": content, "how_to_test": how_to_test}
        if former and all(getattr(former, name) == value for name, value in said.items()):
            raise IllegalMove(
                _("This very delivery was made already: go on with it for the tickets that await it.")
            )
        return AnomalyDelivery.objects.create(
            anomaly=locked,
            what=what,
            version=version,
            content=content,
            how_to_test=how_to_test,
            touches_data=touches_data,
            delivered_by=by,
            delivered_at=at,
        )


def last_delivery(anomaly: ProductAnomaly) -> int:
    """Return the number of what was last delivered for a defect; 0 for nothing yet."""
    return anomaly.deliveries.aggregate(last=Max("pk"))["last"] or 0


def deliver_to_all(delivery: AnomalyDelivery, *, by: User, at: datetime) -> list[Outcome]:
    """Deliver to each open linked ticket that has not had it yet: each client gets its own window (C-CLI-2).

    Interrupted or run again, it goes on where it stopped: a ticket's ledger says which delivery it had.
    """
    _check(by)
    waiting = tickets_awaiting(delivery)
    if not waiting:
        raise IllegalMove(_("No open ticket awaits this delivery."))
    return on_each(waiting, lambda ticket: _deliver(ticket, delivery, by=by, at=at))


def _deliver(ticket: Ticket, delivery: AnomalyDelivery, *, by: User, at: datetime) -> None:
    with working(ticket, Action.DELIVER, by=by, at=at) as work:
        # The list was read before the ticket was held: somebody may have served it, or parted it, meanwhile.
        if any(fact.data.get("anomaly_delivery") == delivery.pk for fact in work.facts):
            raise IllegalMove(_("This ticket has had this delivery already."))
        if not AnomalyLink.objects.filter(ticket=ticket.pk, anomaly=delivery.anomaly_id).exists():
            raise IllegalMove(_("This ticket does not report this product anomaly any more."))
        write_delivery(
            work,
            DeliveryKind(delivery.what),
            delivery.content,
            version=delivery.version,
            how_to_test=delivery.how_to_test,
            touches_data=delivery.touches_data,
            anomaly_delivery=delivery.pk,
        )


def tickets_awaiting(delivery: AnomalyDelivery) -> list[Ticket]:
    """Return the open tickets linked to the delivery's anomaly that have not had it."""
    linked = Ticket.objects.open().filter(anomaly_link__anomaly=delivery.anomaly_id)
    return list(linked.exclude(has_had(delivery)).select_related("client").order_by("pk"))


def has_had(delivery: AnomalyDelivery) -> Exists:
    """Tell of a ticket whether its ledger says that it had the delivery: its own entries alone are read."""
    own = LedgerEntry.objects.filter(ticket=OuterRef("pk"), kind=EntryKind.DELIVERED)
    return Exists(own.filter(data__anomaly_delivery=delivery.pk))


def _check(by: User) -> None:
    if not may_keep_anomalies(by):
        raise PermissionDenied(_("Only an agent or a manager keeps product anomalies."))
