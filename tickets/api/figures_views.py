"""The figures of a period, and the tickets behind each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.response import Response

from accounts.models import User
from sla.compliance import Times
from tickets.api.base import ApiView
from tickets.api.filters import ill_given, mistakes
from tickets.api.keyset import PAGING, page_of
from tickets.api.openapi import Tag, listing, operation, page_out, parameter
from tickets.api.outputs import SECOND, SEVERITY_VALUES, Instant, TicketLine
from tickets.api.problems import Errors, not_understood
from tickets.api.reading import TICKET_ORDERS, page_answer
from tickets.api.requests import ApiRequest
from tickets.lists.rows import with_names
from tickets.permissions import may_read_figures, support_day
from tickets.reports.behind import tickets_behind
from tickets.reports.counting import Figure
from tickets.reports.dashboard import Dashboard
from tickets.reports.forms import FigureForm, PeriodForm
from tickets.reports.lines import Kept, Line
from tickets.reports.page import dashboard_context, parties_shown
from tickets.words import SEVERITIES


class KeptOut(serializers.Serializer[Any]):
    """How one promise was kept: counts, and their rate (K-12, K-13)."""

    met = serializers.IntegerField(source="rate.met")
    missed = serializers.IntegerField(source="rate.missed")
    percent = serializers.SerializerMethodField(help_text="Null when nothing was judged.")
    without_commitment = serializers.IntegerField(source="free.number")
    excluded = serializers.IntegerField(
        source="excluded.number",
        help_text="Of those missed, how many a finding excludes; the rate leaves none out (K-11).",
    )

    def get_percent(self, kept: Kept) -> float | None:
        """Say the rate, to a tenth."""
        return None if kept.rate.tenths is None else kept.rate.tenths / 10


@dataclass(frozen=True, slots=True)
class Lengths:
    """Some lengths of business time: how many, their mean, and what is read off them in order, if it is asked for."""

    count: int
    mean: int
    times: Times | None

    @classmethod
    def of(cls, count: int, mean: int | None, times: Times | None) -> "Lengths | None":
        """Return them; None where nothing is counted."""
        return None if mean is None else cls(count, mean, times)


class TimesOut(serializers.Serializer[Any]):
    """Some lengths of business time; what is read off them in order is said of severities alone."""

    count = serializers.IntegerField()
    mean_seconds = serializers.SerializerMethodField()
    median_seconds = serializers.SerializerMethodField()
    ninetieth_seconds = serializers.SerializerMethodField(help_text="The 90th percentile.")
    worst_seconds = serializers.SerializerMethodField()

    def get_mean_seconds(self, lengths: Lengths) -> int:
        """Say the mean."""
        return lengths.mean // SECOND

    def get_median_seconds(self, lengths: Lengths) -> int | None:
        """Say the median."""
        return lengths.times.median // SECOND if lengths.times else None

    def get_ninetieth_seconds(self, lengths: Lengths) -> int | None:
        """Say the 90th percentile."""
        return lengths.times.ninetieth // SECOND if lengths.times else None

    def get_worst_seconds(self, lengths: Lengths) -> int | None:
        """Say the worst."""
        return lengths.times.worst // SECOND if lengths.times else None


class FigureLineOut(serializers.Serializer[Any]):
    """One line of the report."""

    label = serializers.CharField()  # type: ignore[assignment]
    acknowledge = KeptOut()
    resolve = KeptOut()
    acknowledge_times = TimesOut(allow_null=True)
    gross = TimesOut(allow_null=True, help_text="Pauses counted.")
    net = TimesOut(allow_null=True, help_text="Pauses excluded.")


class FigureCountOut(serializers.Serializer[Any]):
    """A number of tickets."""

    label = serializers.CharField()  # type: ignore[assignment]
    number = serializers.IntegerField()


class FiguresOut(serializers.Serializer[Any]):
    """How the promises of a period were kept, judged at the instant of the answer."""

    month = serializers.CharField(allow_null=True, help_text="Null for a period that is no month.")
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    at = Instant()
    is_running = serializers.BooleanField(help_text="The period is not over.")
    all = FigureLineOut()
    severities = FigureLineOut(many=True)
    solutions = FigureLineOut(many=True)
    clients = FigureLineOut(many=True)
    flow = FigureCountOut(many=True)
    apart = FigureCountOut(many=True)
    left_out = FigureCountOut()


def figures_of(board: Dashboard, person: User) -> dict[str, Any]:
    """Return what is said of a period, the very figures of the page."""
    shown, days = dashboard_context(board, person), board.days
    return {
        "month": str(days.month) if days.month else None,
        "first_day": days.first,
        "last_day": days.last,
        "at": board.at,
        "is_running": shown["is_running"],
        "all": line_of(_("All severities"), board.all),
        "severities": [line_of(SEVERITIES[name], line) for name, line in shown["severities"]],
        "solutions": [line_of(name, line) for name, line in shown["solutions"]],
        "clients": [line_of(name, line) for name, line in shown["clients"]],
        "flow": board.flow,
        "apart": board.apart,
        "left_out": board.left_out,
    }


def line_of(label: object, line: Line) -> Mapping[str, Any]:
    """Return what is said of one line."""
    acknowledged, resolved = line.acknowledged.number, line.resolved.number
    return {
        "label": str(label),
        "acknowledge": line.acknowledge,
        "resolve": line.resolve,
        "acknowledge_times": Lengths.of(acknowledged, line.mean_acknowledge, line.acknowledge_times),
        "gross": Lengths.of(resolved, line.mean_gross, line.gross),
        "net": Lengths.of(resolved, line.mean_net, line.net),
    }


def require_reader(user: User) -> None:
    """Refuse whoever the page of figures refuses (403)."""
    if not may_read_figures(user):
        raise PermissionDenied


def checked(request: ApiRequest, form: PeriodForm) -> None:
    """Refuse a question that was not understood, naming its fields (400); a wrong period is said of its first day."""
    errors: Errors = ill_given(request.query_params, form)
    if not form.is_valid() or errors:
        found = errors or mistakes(form)
        raise not_understood(
            [{**each, "field": "from"} if each["field"] == NON_FIELD_ERRORS else each for each in found]
        )


A_MONTH: dict[str, Any] = {"pattern": "^2[01][0-9]{2}-(0[1-9]|1[0-2])$"}
PERIOD = [
    parameter("month", gettext_lazy("As in 2026-05."), **A_MONTH),
    parameter("from", gettext_lazy("First day, in the contract's time zone"), format="date"),
    parameter("to", gettext_lazy("Last day, included"), format="date"),
    parameter("severity", gettext_lazy("Severity"), enum=SEVERITY_VALUES),
    parameter("solution", gettext_lazy("Solution"), type="integer", minimum=1),
    parameter("client", gettext_lazy("Client"), type="integer", minimum=1),
]
OF_A_PERIOD = frozenset({"month", "from", "to", "severity", "solution", "client"})


class FiguresView(ApiView):
    """The figures of a period."""

    takes = OF_A_PERIOD

    @operation(
        "figures", gettext_lazy("Read the figures of a period"), Tag.FIGURES, FiguresOut, query=PERIOD, refuses=[403],
        description=gettext_lazy("The present month unless said; for managers, a client's over its own tickets."),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer them."""
        require_reader(request.user)
        at = timezone.now()
        form = PeriodForm(request.query_params, person=request.user, today=support_day(at))
        checked(request, form)
        parties = parties_shown(form.scope, request.user)
        board = Dashboard(form.days, form.scope, at, form.link, parties)
        return Response(FiguresOut(figures_of(board, request.user)).data)


class FigureTicketsView(ApiView):
    """The tickets that a figure counts."""

    takes = PAGING | OF_A_PERIOD | {"figure", "owner", "age", "weekday", "hour"}

    @operation(
        "figures_tickets", gettext_lazy("List the tickets behind a figure"), Tag.FIGURES,
        page_out("FigureTicket", TicketLine),
        query=[
            *listing(*TICKET_ORDERS),
            *PERIOD,
            parameter("figure", gettext_lazy("Figure"), required=True, enum=Figure.values),
            parameter("owner", gettext_lazy("“nobody” or an agent's number, for support managers")),
            parameter("age", gettext_lazy("A step of the backlog's age, the youngest first"), enum=list("0123")),
            parameter("weekday", gettext_lazy("Received on that weekday, 1 for Monday"), enum=list("1234567")),
            parameter("hour", gettext_lazy("Received in that hour"), type="integer", minimum=0, maximum=23),
        ],
        refuses=[403],
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer a page of them."""
        require_reader(request.user)
        at = timezone.now()
        form = FigureForm(request.query_params, person=request.user, today=support_day(at))
        checked(request, form)
        found = with_names(tickets_behind(form, request.user, at))
        return page_answer(page_of(request, found, TICKET_ORDERS, "-number"), TicketLine, at=at)
