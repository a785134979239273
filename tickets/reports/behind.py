"""The tickets behind a figure: the very ones that it counts, for it is the same definition."""

from datetime import datetime

from accounts.models import User
from tickets.models import Outcome, Ticket, TicketQuerySet
from tickets.permissions import support_day
from tickets.reports.counting import Figure, aged, condition_of
from tickets.reports.forms import FigureForm


def tickets_behind(form: FigureForm, person: User, at: datetime) -> TicketQuerySet:
    """Return what `person` may see of the tickets that a valid form's figure counts, judged live at `at`."""
    scope, age = form.scope, form.cleaned_data.get("age")
    narrowing = {"client": scope.client, "solution": scope.solution, "rank": scope.rank}
    outcomes = Outcome.objects.filter(
        condition_of(Figure(form.cleaned_data["figure"]), form.days, at),
        **{name: value for name, value in narrowing.items() if value is not None},
        **form.narrowing,
    )
    if age:
        outcomes = outcomes.filter(aged(int(age), support_day(at)))
    return Ticket.objects.visible_to(person, at=at).filter(pk__in=outcomes.values("pk"))
