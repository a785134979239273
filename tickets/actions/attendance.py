"""Bringing an attendance sheet into the register of trainings: all or nothing, the same sheet twice does no harm."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from accounts.models import Client, Solution, Training, User
from tickets.cells import looks_like_formula
from tickets.permissions import may_keep_trainings, support_day
from tickets.sheets import Columns, Problem, read_lines

REQUIRED = ("client_code", "person_email", "solution_code", "trained_on", "trainer")
OPTIONAL = ("expires_on",)
LONGEST_TRAINER = 160  # characters: the column's own limit
EARLIEST = date(1980, 1, 1)
FORMATS = ("%Y-%m-%d", "%d/%m/%Y")
REASON = "attendance sheet"


class RefusedSheet(Exception):
    """Some lines cannot be brought in: nothing was; `problems` say which and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = sorted(problems, key=lambda problem: problem.line)

    @property
    def lines(self) -> int:
        """How many lines are refused."""
        return len({problem.line for problem in self.problems})


@dataclass(slots=True)
class Outcome:
    """What a sheet brought in, how many of its lines were known, and those that say something else than before."""

    recorded: list[Training] = field(default_factory=list)
    known: int = 0
    differing: list[Problem] = field(default_factory=list)


def bring_in(content: bytes, *, by: User | None, at: datetime, keep: bool = True) -> Outcome:
    """Write the trainings that a sheet lists; with `keep` false, say what would be done and write nothing.

    `by` is None for the command line. Raises `UnreadableSheet`, `RefusedSheet`, `PermissionDenied`.
    """
    if by is not None and not may_keep_trainings(by):
        raise PermissionDenied(_("Support managers and the platform administrator keep the register."))
    problems: list[Problem] = []
    columns = Columns(REQUIRED, OPTIONAL, _("The file has a heading and no line."))
    lines = list(read_lines(content, columns, problems))
    with transaction.atomic():
        outcome = _Reading(support_day(at), problems).read(lines)
        if problems:
            raise RefusedSheet(problems)
        if keep:
            bulk_create_with_history(
                outcome.recorded, Training, default_user=by, default_date=at, default_change_reason=REASON
            )
    return outcome


class _Reading:
    """Matches the lines of a sheet with the people, solutions and trainings that the instance knows."""

    def __init__(self, today: date, problems: list[Problem]) -> None:
        self.today, self.problems = today, problems
        self.clients = {client.code: client for client in Client.objects.all()}
        self.solutions = {solution.code: solution for solution in Solution.objects.all()}
        self.seen: dict[tuple[int, int, date], int] = {}
        self.outcome = Outcome()

    def read(self, lines: Iterable[tuple[int, dict[str, str]]]) -> Outcome:
        """Return what the lines bring, adding to the problems."""
        lines = list(lines)
        emails = {cells["person_email"].lower() for _line, cells in lines if "person_email" in cells}
        # Locked, so that a sheet brought in twice at the same time is known the second time.
        people = User.objects.select_for_update(no_key=True).filter(email__in=emails).order_by("pk")
        self.people = {person.email: person for person in people}
        held = Training.objects.filter(person__in=self.people.values())
        self.known = {(each.person_id, each.solution_id, each.trained_on): each for each in held}
        for line, cells in lines:
            self._read(line, cells)
        return self.outcome

    def _read(self, line: int, cells: dict[str, str]) -> None:
        before = len(self.problems)
        self._refuse_shapes(line, cells)
        person = self._person(line, cells)
        solution = self.solutions.get(cells.get("solution_code", ""))
        if solution is None and "solution_code" in cells:
            self._refuse(line, "solution_code", cells, _("No solution has this code."))
        trained_on = self._day(line, cells, "trained_on")
        expires_on = self._day(line, cells, "expires_on")
        if trained_on and trained_on > self.today:
            self._refuse(line, "trained_on", cells, _("This day is to come: a sheet says who attended."))
        if trained_on and expires_on and expires_on < trained_on:
            self._refuse(line, "expires_on", cells, _("A training cannot expire before it was held."))
        if person and solution and trained_on and len(self.problems) == before:
            training = Training(
                client=self.clients[cells["client_code"]],
                person=person,
                solution=solution,
                trained_on=trained_on,
                trainer=cells["trainer"],
                expires_on=expires_on,
            )
            self._keep(line, cells, training)

    def _keep(self, line: int, cells: dict[str, str], training: Training) -> None:
        key = (training.person_id, training.solution_id, training.trained_on)
        if key in self.seen:
            reason = _("This training is on line %(line)d already.") % {"line": self.seen[key]}
            self._refuse(line, "person_email", cells, reason)
            return
        self.seen[key] = line
        former = self.known.get(key)
        if former is None:
            self.outcome.recorded.append(training)
            return
        self.outcome.known += 1
        for name in ("trainer", "expires_on"):
            if getattr(former, name) != getattr(training, name):
                reason = _("Differs from the register, which is left as it is.")
                self.outcome.differing.append(Problem(line, name, cells.get(name, ""), reason))

    def _refuse_shapes(self, line: int, cells: dict[str, str]) -> None:
        for name in REQUIRED:
            if name not in cells:
                self._refuse(line, name, cells, _("This column must be filled."))
        for name, text in cells.items():
            if looks_like_formula(text):
                self._refuse(line, name, cells, _("This cell looks like a formula."))
        if len(cells.get("trainer", "")) > LONGEST_TRAINER:
            reason = _("Longer than %(count)d characters.") % {"count": LONGEST_TRAINER}
            self._refuse(line, "trainer", cells, reason)

    def _person(self, line: int, cells: dict[str, str]) -> User | None:
        client = self.clients.get(cells.get("client_code", ""))
        if client is None:
            if "client_code" in cells:
                self._refuse(line, "client_code", cells, _("No client has this code."))
            return None
        person = self.people.get(cells.get("person_email", "").lower())
        if person is None or person.client_id != client.pk:
            if "person_email" in cells:
                self._refuse(line, "person_email", cells, _("Nobody of this client has this address."))
            return None
        return person

    def _day(self, line: int, cells: dict[str, str], name: str) -> date | None:
        text = cells.get(name)
        if text is None:
            return None
        try:
            found = read_day(text)
        except ValueError as error:
            self._refuse(line, name, cells, str(error))
            return None
        return found

    def _refuse(self, line: int, column: str, cells: dict[str, Any], reason: str) -> None:
        self.problems.append(Problem(line, column, cells.get(column, ""), reason))


def read_day(text: str) -> date:
    """Read “2026-03-04” or “04/03/2026”; `ValueError` says what is wrong with it."""
    for each in FORMATS:
        try:
            found = datetime.strptime(text, each).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
        if found < EARLIEST:
            raise ValueError(_("This day is too long ago to be one."))
        return found
    raise ValueError(_("Not a day such as 04/03/2026 or 2026-03-04."))
