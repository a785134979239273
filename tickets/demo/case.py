"""One ticket being lived: whose it is, when its people can act, and what they find to say."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings

from accounts.models import User
from sla.models import Contract
from sla.policy import Severity
from tickets.actions.client import follow_up
from tickets.actions.filing import Filing, file_ticket, register_ticket
from tickets.actions.vendor import note
from tickets.attachments import ReceivedFile
from tickets.demo import conversation
from tickets.demo.papers import papers_of
from tickets.demo.plan import Part
from tickets.demo.releases import release_at
from tickets.demo.stage import Stage
from tickets.demo.wording import Anomaly, Writer
from tickets.models import Ticket
from tickets.words import Means, State

EVENING = 0.1
BY_TELEPHONE = 0.09
WITH_PAPERS = 0.2


class Case:
    """A ticket, its people, its anomaly and its own source of chance; delays are in business hours."""

    def __init__(self, stage: Stage, part: Part, *, former: "Case | None" = None) -> None:
        self.stage, self.part, self.at, self.former = stage, part, part.filed_at, former
        self.rng = Random(f"{stage.seed}:{part.number}:{part.story}")  # noqa: S311  (a story, no secret)  # nosec B311
        self.filed: Ticket | None = None
        self.owner: User | None = None
        self.when_closed: Callable[[Case], None] | None = None
        self.contract: Contract = former.contract if former else self._contract()
        self.anomaly: Anomaly = former.anomaly if former else self._anomaly()
        self.severity = part.severity or Severity(self.rng.choice(list(self.anomaly.severities)))
        self.reporter = self.rng.choice(self._who_may_file())
        self.writer: Writer = former.writer if former else self._writer()

    @property
    def ticket(self) -> Ticket:
        """The ticket as last written."""
        if self.filed is None:
            raise LookupError("not filed yet")
        return self.filed

    @property
    def is_closed(self) -> bool:
        """Tell whether the ticket closed, maybe by silence while nobody looked."""
        return self.filed is not None and self.filed.state == State.CLOSED

    def closed(self) -> None:
        """Let what follows from the closing begin, once."""
        if self.when_closed:
            react, self.when_closed = self.when_closed, None
            react(self)

    # --- Acting ------------------------------------------------------------------------------

    def file(self) -> None:
        """File in the portal, tell an agent by telephone, or file again what came back."""
        if self.former is not None and self.part.story == "follow_up":
            message = self.write(conversation.IT_IS_BACK)
            self.filed = follow_up(self.former.ticket, by=self.reporter, at=self.at, message=message)
            return
        filing = self._filing()
        if self.rng.random() >= BY_TELEPHONE or not self.stage.hours.is_open(self.at):
            self.filed = file_ticket(self.contract, filing, by=self.reporter, at=self.at)
            return
        agent = self.stage.agent_for(self.contract.solution, self.rng)
        self.filed = register_ticket(
            self.contract,
            filing,
            reporter=self.reporter,
            by=agent,
            means=Means.TELEPHONE,
            received_at=self.at - timedelta(minutes=self.rng.randint(4, 35)),
            at=self.at,
        )

    def vendor(self, verb: Callable[..., Ticket], *, by: User | None = None, **fields: Any) -> None:
        """Let the owner (or another) do one thing now; the first to act owns the ticket."""
        if self.owner is None:
            self.owner = by or self.stage.agent_for(self.contract.solution, self.rng)
        self.filed = verb(self.ticket, by=by or self.owner, at=self.at, **fields)

    def client(self, verb: Callable[..., Ticket], **fields: Any) -> None:
        """Let the reporter, or a colleague who may, do one thing now."""
        able = self._who_may_file()
        person = self.reporter if self.reporter in able else able[0]
        self.filed = verb(self.ticket, by=person, at=self.at, **fields)

    def manager(self, verb: Callable[..., Ticket], **fields: Any) -> None:
        """Let a support manager decide one thing now."""
        self.filed = verb(self.ticket, by=self.rng.choice(self.stage.cast.managers), at=self.at, **fields)

    def note(self, templates: Sequence[str]) -> None:
        """Let the owner write an internal note now."""
        if self.owner is not None:
            note(self.ticket, by=self.owner, at=self.at, message=self.write(templates))

    def write(self, templates: Sequence[str]) -> str:
        """Find words for this ticket."""
        return self.writer.one_of(templates)

    def chance(self, share: float) -> bool:
        """Tell whether something that happens in that share of cases happens in this one."""
        return self.rng.random() < share

    def papers(self, share: float = WITH_PAPERS) -> list[ReceivedFile]:
        """Sometimes join a screenshot or an extract of a log."""
        return papers_of(self.anomaly, self.writer, self.at) if self.chance(share) else []

    # --- When --------------------------------------------------------------------------------

    def soon(self, least: float, most: float) -> datetime:
        """Return an instant of opening, that many business hours from now."""
        return self.stage.after(self.at, self.rng.uniform(least, most))

    def client_soon(self, least: float, most: float) -> datetime:
        """Return when the client finds the time: mostly at work, at times in the evening."""
        at = self.soon(least, most)
        if not self.chance(EVENING):
            return at
        evening = at.astimezone(settings.SUPPORT_ZONE).replace(hour=18, minute=5)
        return max(at, evening + timedelta(minutes=self.rng.randint(0, 170)))

    def acknowledgement_time(self) -> datetime:
        """Return when an agent takes the ticket: mostly well in time."""
        due = self.ticket.acknowledge_due_at
        if due is None:
            return self.soon(0.5, 6)
        if self.part.acknowledged_late:
            return self.stage.after(max(due, self.at), self.rng.uniform(0.2, 4))
        return self._within(due, 0.08, 0.75)

    def delivery_time(self) -> datetime:
        """Return when something is delivered: before the deadline, or not; without one, when there is time."""
        due = self.ticket.resolve_due_at
        if due is None or due <= self.at:
            return self.soon(6, 110) if due is None else self.soon(2, 16)
        if self.part.resolved_late:
            return self.stage.after(due, self.rng.uniform(0.5, 14))
        return self._within(due, 0.2, 0.78)

    def verdict_time(self) -> datetime:
        """Return when the client gives its verdict: before silence would close the ticket."""
        if self.ticket.closes_at is None:
            return self.soon(4, 30)
        return self._within(self.ticket.closes_at, 0.06, 0.8)

    def _within(self, due: datetime, least: float, most: float) -> datetime:
        left = self.stage.hours_between(self.at, due)
        return (
            self.stage.after(self.at, left * self.rng.uniform(least, most)) if left > 0 else self.soon(0.1, 1)
        )

    # --- What it is about --------------------------------------------------------------------

    def _contract(self) -> Contract:
        on_that_day = self.stage.cast.contracts_on(self._day())
        contracts = [each for each in on_that_day if self.part.client in {"", each.client.code}]
        return self.rng.choices(contracts, [self.stage.weights[each.client.code] for each in contracts])[0]

    def _anomaly(self) -> Anomaly:
        return self.stage.draw_anomaly(self.contract.solution, self.part.severity)

    def _who_may_file(self) -> list[User]:
        return self.stage.cast.who_may_file(self.contract.client, self.contract.solution, self._day())

    def _day(self) -> date:
        return self.at.astimezone(settings.SUPPORT_ZONE).date()

    def _writer(self) -> Writer:
        rng = Random(f"{self.stage.seed}:{self.part.number}:words")  # noqa: S311  (a story, no secret)  # nosec B311
        release = release_at(self.contract.solution.code, self.at, rng)
        writer = Writer(rng, {**conversation.SLOTS, **self.anomaly.slots, **release})
        writer.values["subject"] = writer.write(self.anomaly.subject)
        return writer

    def _filing(self) -> Filing:
        stakes = conversation.STAKES[self.severity]
        description = [self.write(self.anomaly.symptoms)]
        if self.chance(0.45):
            description.append(self.write(conversation.CONTEXT))
        description.append(self.write(stakes))
        if self.chance(0.3):
            description.insert(0, self.write(conversation.GREETINGS))
        steps = [f"{number}. {self.writer.write(step)}" for number, step in enumerate(self.anomaly.steps, 1)]
        return Filing(
            title=self._title(),
            description="\n\n".join(description),
            severity=self.severity,
            steps="\n".join(steps) if self.chance(0.85) else "",
            affected_version=self.writer.values["version"],
            environment=self.write(conversation.ENVIRONMENTS),
            attachments=self.papers(),
        )

    def _title(self) -> str:
        title = self.write(self.anomaly.titles)
        plain = not any(mark in title for mark in ("depuis", "(", " :"))
        return f"{title} {self.write(conversation.TITLE_TAILS)}" if plain and self.chance(0.55) else title
