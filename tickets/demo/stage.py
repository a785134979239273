"""The order of time: every ticket of the demonstration is a scene that says when it goes on."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from accounts.models import Solution, User
from sla.calendar import BusinessCalendar
from sla.intervals import HOUR
from sla.policy import Severity
from tickets.actions.past import pass_by
from tickets.actions.quotes import expire_quote
from tickets.actions.silence import close_tacitly
from tickets.demo.cast import Cast
from tickets.demo.trades import TRADES
from tickets.demo.wording import Anomaly
from tickets.models import Ticket
from tickets.words import EffectKind, State

Scene = Iterator[datetime]


class Player(Protocol):
    """What the stage knows of a ticket being lived: `filed` is the ticket as last written."""

    at: datetime
    filed: Ticket | None
    owner: User | None

    @property
    def ticket(self) -> Ticket:
        """Return the ticket, once filed."""

    def closed(self) -> None:
        """Learn that the ticket closed."""


@dataclass(slots=True)
class Stage:
    """Where the tickets are lived, in the order of time, until `now`.

    `hours` are the hours the vendor really kept: people of the vendor act inside them.
    """

    cast: Cast
    hours: BusinessCalendar
    seed: int
    now: datetime
    weights: dict[str, int]
    players: dict[int, Player] = field(default_factory=dict)
    _agenda: list[tuple[datetime, int, Player, Scene]] = field(default_factory=list)
    _entrances: int = 0
    _decks: dict[str, list[Anomaly]] = field(default_factory=dict)

    def enter(self, at: datetime, player: Player, scene: Scene) -> None:
        """Let a scene begin at an instant."""
        self._entrances += 1
        heapq.heappush(self._agenda, (at, self._entrances, player, scene))

    def play(self, progress: Callable[[datetime], None]) -> None:
        """Play every scene until now; what comes later is left to the real people."""
        while self._agenda and self._agenda[0][0] <= self.now:
            at, _, player, scene = heapq.heappop(self._agenda)
            self.let_time_pass(at)
            progress(at)
            if player.filed is not None and player.filed.state == State.CLOSED:
                continue
            player.at = at
            following = next(scene, None)
            if player.filed is not None:
                self._remember(player, player.filed)
            if following is not None:
                self.enter(max(following, at + timedelta(seconds=1)), player, scene)
        self.let_time_pass(self.now)

    def let_time_pass(self, until: datetime) -> None:
        """Do what the timetable did until then: closings at their instant, the rest told to nobody."""
        while due := pass_by(until):
            for effect in due:
                player = self.players[effect.ticket_id or 0]
                if effect.kind == EffectKind.QUOTE_EXPIRY:
                    player.filed = expire_quote(player.ticket, at=effect.due_at)
                else:
                    player.filed = close_tacitly(player.ticket, at=effect.due_at)
                    player.closed()

    def agent_for(self, solution: Solution, rng: Random) -> User:
        """Return the specialist of a solution who has the least to do."""
        specialists = self.cast.specialists[solution.code]
        open_ones = [
            player.owner.pk
            for player in self.players.values()
            if player.owner and player.filed and player.filed.state != State.CLOSED
        ]
        return min(specialists, key=lambda agent: (open_ones.count(agent.pk) + 3 * rng.random(), agent.pk))

    def draw_anomaly(self, solution: Solution, severity: Severity | None) -> Anomaly:
        """Draw what went wrong: every anomaly of the trade comes before any comes again."""
        deck = self._decks.setdefault(solution.code, [])
        fitting = [each for each in deck if severity is None or severity in each.severities]
        if not fitting:
            shuffled = list(TRADES[solution.code])
            Random(f"{self.seed}:{solution.code}:{self._entrances}").shuffle(shuffled)  # noqa: S311  (a story)  # nosec B311
            deck += shuffled
            fitting = [each for each in deck if severity is None or severity in each.severities]
        deck.remove(fitting[0])
        return fitting[0]

    def after(self, at: datetime, hours: float) -> datetime:
        """Return the instant that many business hours later, to the second."""
        return self.hours.add(at, max(int(hours * HOUR), HOUR // 60)).replace(microsecond=0)

    def hours_between(self, start: datetime, end: datetime) -> float:
        """Return the business hours between two instants."""
        return self.hours.between(start, end) / HOUR

    def _remember(self, player: Player, ticket: Ticket) -> None:
        self.players[ticket.pk] = player
        if ticket.state == State.CLOSED:
            player.closed()
