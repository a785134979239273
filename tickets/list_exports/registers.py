"""The lists that are not of tickets: the breach file, the monthly reports, the trainings, the product anomalies."""

from collections.abc import Callable, Iterator
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.trainings import STANDINGS, Standing, standing
from tickets.anomalies.forms import AnomalyFilter
from tickets.anomalies.reading import anomalies_for, narrowed
from tickets.breachfile.forms import BreachPeriodForm
from tickets.breachfile.missed import Breach, breaches_of, missed
from tickets.list_exports.listing import CHUNK, Column, Listing, NoSuchList
from tickets.lists.filters import mistakes_of
from tickets.models import BreachFinding, MonthlyReport, ProductAnomaly, ReportState
from tickets.monthly.tables import Kind
from tickets.permissions import support_day
from tickets.quotes.register import (
    PaidLine,
    PaidWorkFilter,
    count_lines,
    lines_of,
    paid_work_for,
    with_quotes,
)
from tickets.trainings.register import RegisterFilter, registered
from tickets.words import EXCLUDED_GROUNDS, SEVERITIES, Attribution, Promise, WorkStage


def breaches(query: QueryDict, person: User, at: datetime) -> Listing:
    """List the missed deadlines of a period, each with the finding that stands; `NoSuchList` for no period."""
    form = BreachPeriodForm(query, person=person, today=support_day(at))
    if not form.is_valid():
        raise NoSuchList(" ".join(form.mistakes))
    found = missed(form.days, form.scope, at, without_finding=bool(form.cleaned_data["missing"]))

    def rows() -> Iterator[Breach]:
        for page in Paginator(found, CHUNK):
            yield from breaches_of(page.object_list, at)

    return Listing(_breach_columns(), found.count, rows)


def _breach_columns() -> list[Column[Breach]]:
    # The words are found at once: a stream may outlive the request's language.
    severities = {str(severity): str(label) for severity, label in SEVERITIES.items()}
    promises = {promise: str(promise.label) for promise in Promise}
    attributions = {str(each): str(each.label) for each in Attribution}
    clauses = {str(each): str(each.label) for each in EXCLUDED_GROUNDS}
    return [
        Column("number", pgettext("of a ticket", "Number"), Kind.COUNT, attrgetter("ticket.pk")),
        Column("client", _("Client"), Kind.TEXT, attrgetter("ticket.client.name")),
        Column("solution", _("Solution"), Kind.TEXT, attrgetter("ticket.solution.name")),
        Column("title", _("Title"), Kind.TEXT, attrgetter("ticket.title")),
        Column("severity", _("Severity"), Kind.TEXT, lambda each: severities[each.ticket.severity]),
        Column("promise", _("Promise"), Kind.TEXT, lambda each: promises[each.promise]),
        Column("due_at", _("Deadline"), Kind.INSTANT, attrgetter("due")),
        Column("done_at", _("Done on"), Kind.INSTANT, attrgetter("done")),
        Column("late", _("Late by"), Kind.LENGTH, attrgetter("late")),
        _found("cause", _("Cause"), lambda finding: finding.cause),
        _found("attribution", _("Attributed to"), lambda finding: attributions[finding.attribution]),
        _found("clause", _("Clause"), lambda finding: clauses.get(finding.clause, "")),
        _found("comment", _("Comment"), lambda finding: finding.comment),
        _found("corrective_action", _("Corrective action"), lambda finding: finding.corrective_action),
        _found(
            "corrected_on", _("Corrective action done on"), lambda finding: finding.corrected_on, Kind.DAY
        ),
        _found("author", _("Found by"), lambda finding: str(finding.author)),
        _found("found_at", _("Found on"), lambda finding: finding.written_at, Kind.INSTANT),
    ]


def _found(
    key: str, heading: str, read: Callable[[BreachFinding], object], kind: Kind = Kind.TEXT
) -> Column[Breach]:
    """Return a column of what was found; empty while nothing was."""
    return Column(key, heading, kind, lambda each: read(each.finding) if each.finding else None)


def reports(query: QueryDict, person: User, at: datetime) -> Listing:
    """List the monthly reports that the person may read, the last month first; no filter is known."""
    seen = MonthlyReport.objects.visible_to(person).defer("body", "document")
    found = seen.select_related("client", "contract__solution", "corrects", "issued_by")
    states = {str(state): str(state.label) for state in ReportState}
    columns: list[Column[MonthlyReport]] = [
        Column("month", _("Month"), Kind.DAY, attrgetter("month")),
        Column("client", _("Client"), Kind.TEXT, attrgetter("client.name")),
        Column("contract", _("Contract"), Kind.TEXT, attrgetter("contract.reference")),
        Column("solution", _("Solution"), Kind.TEXT, attrgetter("contract.solution.name")),
        Column("number", pgettext("of a report", "Number"), Kind.COUNT, attrgetter("number")),
        Column("state", _("State"), Kind.TEXT, lambda each: states[each.state]),
        Column(
            "corrects", _("Corrects no."), Kind.COUNT, lambda each: each.corrects and each.corrects.number
        ),
        Column("figures_at", _("Figures of"), Kind.INSTANT, attrgetter("figures_at")),
        Column("issued_by", _("Signed off by"), Kind.TEXT, lambda each: str(each.issued_by or "")),
        Column("issued_at", _("Signed off on"), Kind.INSTANT, attrgetter("issued_at")),
        Column("digest", "SHA-256", Kind.TEXT, attrgetter("digest")),
    ]
    return Listing(columns, found.count, lambda: found.iterator(chunk_size=CHUNK))


def trainings(query: QueryDict, person: User, at: datetime) -> Listing:
    """List the register of trainings as it stands that day; `NoSuchList` for a filter that is not understood."""
    day, form = support_day(at), RegisterFilter(query)
    if not form.is_valid():
        raise NoSuchList(" ".join(form.mistakes))
    found = form.narrow(registered(), day).prefetch_related(None)
    words = {key: str(said[0]) for key, said in STANDINGS.items()}
    columns: list[Column[Standing]] = [
        Column("client", _("Client"), Kind.TEXT, attrgetter("training.client.name")),
        Column("person", _("Person"), Kind.TEXT, lambda each: str(each.training.person)),
        Column("email", _("E-mail address"), Kind.TEXT, attrgetter("training.person.email")),
        Column("solution", _("Solution"), Kind.TEXT, attrgetter("training.solution.name")),
        Column("standing", _("Standing"), Kind.TEXT, lambda each: words[each.key]),
        Column("trained_on", _("Trained on"), Kind.DAY, attrgetter("training.trained_on")),
        Column("trainer", _("Trainer"), Kind.TEXT, attrgetter("training.trainer")),
        Column("expires_on", _("Expires on"), Kind.DAY, attrgetter("training.expires_on")),
        Column("ended_on", _("Ended on"), Kind.DAY, attrgetter("training.ended_on")),
    ]
    return Listing(
        columns, found.count, lambda: (standing(each, day) for each in found.iterator(chunk_size=CHUNK))
    )


def anomalies(query: QueryDict, person: User, at: datetime) -> Listing:
    """List the product anomalies with what each concerns; `NoSuchList` for a filter that is not understood."""
    form = AnomalyFilter(query)
    if not form.is_valid():
        raise NoSuchList(" ".join(mistakes_of(form)))
    found = narrowed(anomalies_for(person), form.cleaned_data["solution"], form.cleaned_data["q"])
    columns: list[Column[ProductAnomaly]] = [
        Column("reference", _("Reference"), Kind.TEXT, attrgetter("reference")),
        Column("solution", _("Solution"), Kind.TEXT, attrgetter("solution.name")),
        Column("title", _("Title"), Kind.TEXT, attrgetter("title")),
        Column("planned_version", _("Planned version"), Kind.TEXT, attrgetter("planned_version")),
        Column("open_tickets", _("Open tickets"), Kind.COUNT, attrgetter("open_tickets")),
        Column("tickets", _("Tickets"), Kind.COUNT, attrgetter("tickets")),
        Column("clients", _("Clients"), Kind.COUNT, attrgetter("clients")),
        Column("created_at", _("Recorded on"), Kind.INSTANT, attrgetter("created_at")),
    ]
    return Listing(columns, found.count, lambda: found.iterator(chunk_size=CHUNK))


def quotes(query: QueryDict, person: User, at: datetime) -> Listing:
    """List the paid work that the person may read; `NoSuchList` for a filter that is not understood."""
    form = PaidWorkFilter(query, person=person)
    if not form.is_valid():
        raise NoSuchList(" ".join(form.mistakes))
    found = form.narrow(paid_work_for(person, at))
    stages = {str(stage): str(stage.label) for stage in WorkStage}

    def rows() -> Iterator[PaidLine]:
        for page in Paginator(found, CHUNK):
            yield from lines_of(with_quotes(page.object_list))

    def of_quote(name: str) -> Callable[[PaidLine], Any]:
        return lambda line: line.known and attrgetter(name)(line.known)

    def of_acceptance(name: str) -> Callable[[PaidLine], Any]:
        acceptance = of_quote("outcome.acceptance")
        return lambda line: (accepted := acceptance(line)) and attrgetter(name)(accepted)

    columns: list[Column[PaidLine]] = [
        Column("ticket", pgettext("of a ticket", "Number"), Kind.COUNT, attrgetter("ticket.pk")),
        Column("client", _("Client"), Kind.TEXT, attrgetter("ticket.client.name")),
        Column("solution", _("Solution"), Kind.TEXT, attrgetter("ticket.solution.name")),
        Column("title", _("Title"), Kind.TEXT, attrgetter("ticket.title")),
        Column("stage", _("Stage"), Kind.TEXT, lambda each: stages[each.stage]),
        Column("requested_at", _("Requested on"), Kind.INSTANT, attrgetter("ticket.work_requested_at")),
        Column("quote", _("Quote"), Kind.TEXT, of_quote("quote.reference")),
        Column("net", _("Total excl. VAT"), Kind.MONEY, of_quote("quote.net")),
        Column("gross", _("Total incl. VAT"), Kind.MONEY, of_quote("quote.gross")),
        Column("valid_until", _("Valid until"), Kind.DAY, of_quote("outcome.valid_until")),
        Column(
            "outcome",
            _("Outcome"),
            Kind.TEXT,
            lambda line: line.known and str(line.known.outcome.standing.label),
        ),
        Column("accepted_at", _("Accepted on"), Kind.INSTANT, of_acceptance("at")),
        Column("accepted_by", _("Accepted by"), Kind.TEXT, of_acceptance("signatory")),
        Column("order_reference", _("Purchase order"), Kind.TEXT, of_acceptance("order_reference")),
    ]
    return Listing(columns, lambda: count_lines(found), rows)
