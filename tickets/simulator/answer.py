"""The simulator's answers: what the page shows, what a program gets, what it is refused."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from sla.account import Account
from sla.calendar import CalendarError
from sla.models import CalendarVersion, PolicyVersion
from tickets.simulator.explanation import SimulatedClock, clocks_said, receipt_said
from tickets.simulator.forms import (
    MOST_PAUSES,
    AddressForm,
    PageForm,
    default_terms,
    read_wait,
    refuse_senseless,
)
from tickets.simulator.rows import Rows
from tickets.simulator.simulation import Simulation, Wait, simulate

SECOND = 1_000_000  # microseconds


class Refusal(Exception):
    """A question refused: `errors` are {"field", "reason"}, `status` the answer's."""

    def __init__(self, errors: list[dict[str, str]], status: int = 400) -> None:
        super().__init__(errors)
        self.errors = errors
        self.status = status


def answer_page(form: PageForm, rows: Rows) -> dict[str, Any]:
    """Return what the page shows beside the form: both clocks, or the problems by the name of their field."""
    valid = form.is_valid()
    waits = rows.waits(form.cleaned_data.get("at"))
    if not valid or waits is None:
        return {"problems": _problems(form, *rows.forms)}
    try:
        simulation = simulate(form.question(waits))
    except CalendarError as error:
        form.add_error("at", str(error))
        return {"problems": _problems(form)}
    zone = simulation.rules.calendar.zone.key
    return {
        "receipt": receipt_said(simulation),
        "clocks": clocks_said(simulation),
        "other_zone": zone if zone != timezone.get_current_timezone_name() else "",
    }


def _problems(*forms: Form) -> list[tuple[str, str]]:
    return [
        (str(form[name].label), str(reason))
        for form in forms
        for name, reasons in form.errors.items()
        for reason in reasons
    ]


def ask_by_address(person: User, asked: QueryDict, now: datetime) -> Simulation:
    """Read and answer a program's question; Refusal, or Http404 for a version that is not the person's."""
    form = AddressForm(person, now, asked, default_terms(person, now))
    valid = form.is_valid()
    if form.names_the_unknown:
        raise Http404
    errors: list[dict[str, str]] = [
        {"field": name, "reason": str(reason)} for name, reasons in form.errors.items() for reason in reasons
    ]
    known = {*form.fields, "pause"}
    errors += [{"field": name, "reason": _("unknown field")} for name in asked if name not in known]
    waits = _waits(asked.getlist("pause"), form.cleaned_data.get("at"), now, errors)
    if errors or not valid:
        raise Refusal(errors)
    try:
        return simulate(form.question(waits))
    except CalendarError as error:
        raise Refusal([{"field": "at", "reason": str(error)}]) from error


def answer_document(simulation: Simulation) -> dict[str, Any]:
    """Return the answer as JSON takes it: instants in the calendar's zone, lengths in seconds of business time."""
    zone = simulation.rules.calendar.zone
    question, statement = simulation.question, simulation.statement
    with timezone.override(zone):
        acknowledge, resolve = clocks_said(simulation)
        receipt = receipt_said(simulation)
    return {
        "received_at": _iso(question.received_at, simulation),
        "effective_receipt": _iso(statement.effective_receipt, simulation),
        "severity": question.severity.value,
        "calendar": _version(question.calendar_version, question.calendar_version.calendar.name),
        "policy": _version(question.policy_version, question.policy_version.policy.name),
        "receipt": receipt,
        "acknowledge": _clock(acknowledge, simulation.acknowledge, simulation),
        "resolve": _clock(resolve, simulation.resolve, simulation),
        "pauses": [
            {
                "cause": pause.cause.value,
                "from": _iso(pause.started_at, simulation),
                "to": _iso(pause.ended_at, simulation),
                "business_seconds": pause.business / SECOND,
            }
            for pause in statement.pauses
        ],
    }


def _waits(
    texts: list[str], received_at: datetime | None, now: datetime, errors: list[dict[str, str]]
) -> list[Wait]:
    """Read the pauses; what is wrong with each is added to `errors`."""
    if len(texts) > MOST_PAUSES:
        errors.append({"field": "pause", "reason": _("%(most)d pauses at most.") % {"most": MOST_PAUSES}})
        return []
    waits = []
    for index, text in enumerate(texts):
        try:
            waits.append(read_wait(text, now))
        except ValidationError as error:
            errors.append({"field": f"pause[{index}]", "reason": " ".join(error.messages)})
    if received_at and len(waits) == len(texts):
        try:
            refuse_senseless(waits, received_at)
        except ValidationError as error:
            errors.append({"field": f"pause[{error.code}]", "reason": " ".join(error.messages)})
    return waits


def _clock(said: SimulatedClock, account: Account | None, simulation: Simulation) -> dict[str, Any]:
    return {
        "due": _iso(said.due, simulation),
        "promise": said.promise,
        "said": said.said,
        "explanation": list(said.steps),
        "moved_by_seconds": account.shift / SECOND if account else None,
        "left_out": [
            {
                "kind": reason.kind.value,
                "first": reason.first.isoformat(),
                "last": reason.last.isoformat(),
                "name": reason.name,
            }
            for reason in (account.left_out if account else ())
        ],
    }


def _iso(at: datetime | None, simulation: Simulation) -> str | None:
    return at.astimezone(simulation.rules.calendar.zone).isoformat() if at else None


def _version(version: CalendarVersion | PolicyVersion, name: str) -> dict[str, Any]:
    return {
        "id": str(version.pk),
        "name": name,
        "version": version.number,
        "published_at": version.published_at and version.published_at.isoformat(),
    }
