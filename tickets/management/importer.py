"""Bringing a register in: its rows are matched with what the instance knows, then lived again, all or nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Client, Solution, User
from sla.models import Contract
from sla.policy import Severity
from tickets.actions.filing import Filing
from tickets.actions.importing import PastLife, import_ticket
from tickets.actions.past_rules import PastEvents, mistakes_in
from tickets.actions.work import IllegalMove
from tickets.management.register import Row
from tickets.models import Ticket
from tickets.permissions import support_day
from tickets.sheets import Problem

# Columns that are compared when a reference is already there.
COMPARED = ("received_at", "severity", "title", "description")


class Refused(Exception):
    """Some rows cannot be imported: nothing was."""


@dataclass(slots=True)
class Outcome:
    """What an import did: numbers of tickets, and the rows that differ from what was imported before."""

    imported: int = 0
    known: int = 0
    differing: list[Problem] = field(default_factory=list)


class Importer:
    """Imports rows for `by` at the instant `at`, adding to `problems`."""

    def __init__(self, *, by: User, at: datetime, problems: list[Problem]) -> None:
        self.by, self.at, self.problems = by, at, problems
        self.clients = {client.code: client for client in Client.objects.all()}
        self.solutions = {solution.code: solution for solution in Solution.objects.all()}
        self.people = {person.email: person for person in User.objects.select_related("client")}
        self.contracts = list(Contract.objects.select_related("client", "solution", "calendar", "policy"))
        self.seen: dict[tuple[str, str], int] = {}
        self.outcome = Outcome()

    def run(self, rows: Iterable[Row], *, keep: bool, progress: Callable[[int], None]) -> Outcome:
        """Import every row in one transaction, kept unless a problem is found (`Refused`) or `keep` is false."""
        with transaction.atomic():
            for count, row in enumerate(rows, start=1):
                self._import(row)
                progress(count)
            if self.problems:
                raise Refused
            transaction.set_rollback(not keep)
        return self.outcome

    def _import(self, row: Row) -> None:
        client: Client | None = self._found(row, "client_code", self.clients, _("No client has this code."))
        solution: Solution | None = self._found(
            row, "solution_code", self.solutions, _("No solution has this code.")
        )
        reporter = self._person(row, "reporter_email")
        owner = self._person(row, "owner_email")
        self._refuse_repetition(row)
        existing = self._existing(client, row.texts.get("external_reference"))
        if existing is not None:
            if not self._faulty(row):
                self._compare(row, existing)
            return
        contract = self._contract(row, client, solution)
        original = self._original(row, client)
        self._refuse_mistakes(row, client, reporter, past_events(row, owner, original))
        if contract is not None and reporter is not None and not self._faulty(row):
            self._live(row, past_life(row, contract, reporter, owner, original))

    def _existing(self, client: Client | None, reference: str | None) -> Ticket | None:
        if client is None or reference is None:
            return None
        return Ticket.objects.filter(client=client, external_reference=reference).first()

    def _refuse_mistakes(
        self, row: Row, client: Client | None, reporter: User | None, past: PastEvents
    ) -> None:
        """Refuse all that the line's own cells say of an impossible past, whatever else is wrong in it."""
        refused = {problem.column for problem in self.problems if problem.line == row.line}
        unread = frozenset(refused)
        if past.duplicate_of is None and "duplicate_of" in row.texts:
            unread |= {"duplicate_of"}  # an unknown client: its tickets were not even looked for
        mistakes = mistakes_in(past, self.at, client=client, reporter=reporter, unread=unread)
        for name, reason in mistakes.items():
            if name not in refused:
                self._refuse(row, name, reason)

    def _live(self, row: Row, past: PastLife) -> None:
        try:
            import_ticket(past, by=self.by, at=self.at)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self._refuse(row, name, " ".join(messages))
        except IllegalMove as refused:
            self._refuse(row, "received_at", str(refused))
        else:
            self.outcome.imported += 1

    def _refuse_repetition(self, row: Row) -> None:
        key = (row.texts.get("client_code", ""), row.texts.get("external_reference", ""))
        if all(key) and key in self.seen:
            reason = _("This reference is already on line %(line)d for this client.") % {
                "line": self.seen[key]
            }
            self._refuse(row, "external_reference", reason)
        self.seen.setdefault(key, row.line)

    def _compare(self, row: Row, existing: Ticket) -> None:
        """Leave what was imported as it is, naming a column that says something else now."""
        self.outcome.known += 1
        former = {
            "received_at": existing.received_at,
            "severity": Severity(existing.severity_claimed),
            "title": existing.title,
            "description": existing.description,
        }
        for name in COMPARED:
            if row.cells[name] != former[name]:
                reason = _("Differs from ticket %(number)d, imported before and left as it is.")
                self.outcome.differing.append(
                    Problem(row.line, name, row.texts[name], reason % {"number": existing.pk})
                )

    def _contract(self, row: Row, client: Client | None, solution: Solution | None) -> Contract | None:
        received_at = row.cells.get("received_at")
        if client is None or solution is None or not isinstance(received_at, datetime):
            return None
        if received_at > self.at:
            return None  # refused as such: no contract is known of a day to come
        day = support_day(received_at)
        for contract in self.contracts:
            ends_on = contract.ends_on or day
            if (contract.client, contract.solution) == (
                client,
                solution,
            ) and contract.starts_on <= day <= ends_on:
                return contract
        self._refuse(row, "received_at", _("The client had no contract for this solution that day."))
        return None

    def _original(self, row: Row, client: Client | None) -> Ticket | None:
        reference = row.texts.get("duplicate_of")
        if reference is None or client is None:
            return None
        original = self._existing(client, reference)
        if original is None:
            self._refuse(row, "duplicate_of", self._why_no_original(row, client, reference))
        return original

    def _why_no_original(self, row: Row, client: Client, reference: str) -> str:
        line = self.seen.get((client.code, reference), row.line)
        if line != row.line:
            return _("The original, on line %(line)d, is refused.") % {"line": line}
        return _("No ticket of this client has this reference, here or above.")

    def _person(self, row: Row, column: str) -> User | None:
        text = row.texts.get(column)
        if text is None:
            return None
        person = self.people.get(text.lower())
        if person is None:
            self._refuse(row, column, _("Nobody has this address."))
        return person

    def _found(self, row: Row, column: str, known: dict[str, Any], otherwise: str) -> Any:
        text = row.texts.get(column)
        if text is not None and text not in known:
            self._refuse(row, column, otherwise)
        return known.get(text or "")

    def _faulty(self, row: Row) -> bool:
        return any(problem.line == row.line for problem in self.problems)

    def _refuse(self, row: Row, column: str, reason: str) -> None:
        self.problems.append(Problem(row.line, column, row.texts.get(column, ""), reason))


# Columns that say what happened, besides the people and the original, which are looked for.
EVENTS = (
    "received_at", "acknowledged_at", "delivered_at", "delivery_kind", "delivery_content", "delivery_version",
    "accepted_at", "closed_at", "closing_ground", "out_of_scope_ground",
)  # fmt: skip


def past_events(row: Row, owner: User | None, original: Ticket | None) -> PastEvents:
    """Return what a row says to have happened, as far as its cells were understood."""
    return PastEvents(owner=owner, duplicate_of=original, **_events(row))


def past_life(
    row: Row, contract: Contract, reporter: User, owner: User | None, original: Ticket | None
) -> PastLife:
    """Return what a row without a fault says, its parties found."""
    said: dict[str, Any] = row.cells
    filing = Filing(
        title=said["title"],
        description=said["description"],
        severity=said["severity"],
        steps=said.get("steps", ""),
        affected_version=said.get("affected_version", ""),
        environment=said.get("environment", ""),
        external_reference=said["external_reference"],
    )
    return PastLife(
        contract=contract,
        filing=filing,
        reporter=reporter,
        owner=owner,
        duplicate_of=original,
        **_events(row),
    )


def _events(row: Row) -> dict[str, Any]:
    return {name: row.cells[name] for name in EVENTS if name in row.cells}
