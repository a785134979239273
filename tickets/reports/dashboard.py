"""The compliance of a period, judged live: rates, times, trend, backlog, flow, each with the address of its tickets."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import Count as CountOf
from django.db.models import Q
from django.db.models.functions import TruncMonth
from django.urls import reverse

from sla.compliance import Rate, Times
from sla.policy import SEVERITIES as BY_RANK
from tickets.models import BreachFinding, Judged, Outcome
from tickets.permissions import support_day
from tickets.reports.counting import AGES, CLOCKS, Figure, aged, condition_of, refusals
from tickets.reports.days import Days
from tickets.reports.lines import Count, Kept, Line, Sums, added, has_any, mean
from tickets.reports.months import Month
from tickets.tallies.measures import COLUMNS, NAMES, RATES, Grain, Scope
from tickets.tallies.reading import Found, Question, summed, times
from tickets.words import Attribution

ALL_SEVERITIES = None
# The sums by severity, solution, month and whether the day is in the period: of no day is any of them unknown.
ByMonth = dict[tuple[int, int, int, int], Sums]
HOURS = tuple(f"hour_{hour}" for hour in range(24))
BUT_HOURS = tuple(name for name in NAMES if name not in HOURS)
OF_RATES = tuple(measure.name for measure in RATES)
_MONTH = "date_part('year', day) * 12 + date_part('month', day) - 1"
_IN_PERIOD = "day BETWEEN '{0.first}' AND '{0.last}'"


class Dashboard:
    """Works out the figures of `days` within `scope`, judged live at `at`; each part is asked once, when it is read.

    `link` are the words of the address that narrow every list behind a figure; `parties` those that have lines.
    """

    def __init__(
        self,
        days: Days,
        scope: Scope,
        at: datetime,
        link: Mapping[str, object],
        parties: Collection[Grain] = (Grain.OWNER, Grain.CLIENT),
    ) -> None:
        self.days, self.scope, self.at, self.parties = days, scope, at, parties
        self.link = {name: value for name, value in link.items() if value}
        where = {
            "client": scope.client, "solution": scope.solution, "rank": scope.rank, "contract": scope.contract,
        }  # fmt: skip
        self.outcomes = Outcome.objects.filter(
            **{name: value for name, value in where.items() if value is not None}
        )

    # --- What is summed ------------------------------------------------------------------
    @cached_property
    def _shown(self) -> Days:
        """The days of the period and those of the trend's months, of which the last is told whole."""
        months = [Days.of_month(month) for month in self.days.trend]
        return Days(min(self.days.first, months[0].first), months[-1].last)

    @cached_property
    def _asked(self) -> dict[str | Grain, Found]:
        """Every sum that the page shows, asked in one statement, in which no day is read twice from the outcomes."""
        days, shown = self.days, self._shown
        questions: dict[str | Grain, Question] = {
            "summed": Question(
                shown.first, shown.last, BUT_HOURS, ["rank", "solution_id", _MONTH, _IN_PERIOD.format(days)],
                cuts=(days.first, days.last + timedelta(days=1)),
            ),
            "open": Question(Month(2000, 1).first_day, days.last, ("received", "closed")),
            "arrivals": Question(
                days.first, days.last, HOURS, ["extract(isodow FROM day)"], by_month=False
            ),
            **{
                grain: Question(days.first, days.last, OF_RATES, [COLUMNS[grain]], grain)
                for grain in self.parties
            },
        }  # fmt: skip
        return dict(zip(questions, summed(self.scope, *questions.values()), strict=True))

    @cached_property
    def _summed(self) -> list[tuple[int, int, Month, bool, Sums]]:
        """The sums by severity, solution and month, in and out of the period, over it and the trend's months."""
        rows = [
            (rank, solution, _month(month), bool(is_inside), sums)
            for (rank, solution, month, is_inside), sums in cast("ByMonth", self._asked["summed"]).items()
        ]
        return rows + [
            (late["rank"], late["solution_id"], late["month"], late["inside"], late["sums"])
            for late in self._late
        ]

    @cached_property
    def _late(self) -> list[dict[str, Any]]:
        """What runs past its deadline without any fact saying so yet: missed, by everything it is shown by."""
        found = []
        for clock in CLOCKS:
            pending = self.outcomes.filter(
                **{
                    "is_rated": True, f"{clock}_judged": Judged.PENDING, f"{clock}_due_at__lt": self.at,
                    f"{clock}_on__range": (self._shown.first, self._shown.last),
                }
            ).order_by()  # fmt: skip
            inside = Q(**{f"{clock}_on__range": (self.days.first, self.days.last)})
            groups = (
                pending.annotate(month=TruncMonth(f"{clock}_on"))
                .values("rank", "solution_id", "owner_id", "client_id", "month")
                .annotate(all=CountOf("pk"), inside=CountOf("pk", filter=inside))
            )
            for group in groups:
                for is_inside, number in ((True, group["inside"]), (False, group["all"] - group["inside"])):
                    if number:
                        month = Month(group["month"].year, group["month"].month)
                        sums = {f"{clock}_missed": number}
                        found.append({**group, "month": month, "inside": is_inside, "sums": sums})
        return found

    @cached_property
    def _inside(self) -> dict[tuple[int, int], Sums]:
        """The sums of the period by severity and solution."""
        return added(
            ((rank, solution), sums) for rank, solution, _month, is_inside, sums in self._summed if is_inside
        )

    def _totals(self, key: Any) -> dict[Any, Sums]:
        """Add up the sums of the period by a key of (rank, solution)."""
        return added((key(rank, solution), sums) for (rank, solution), sums in self._inside.items())

    @cached_property
    def _excluded(self) -> dict[tuple[str, int], int]:
        """How many missed deadlines of the period a finding excludes, by promise and severity."""
        found = {}
        findings = BreachFinding.objects.filter(attribution=Attribution.EXCLUDED)
        if self.scope.client is not None:
            findings = findings.filter(client=self.scope.client)
        # Exclusions are few, and most clients have none: the dear question is asked of a promise that has some.
        for clock in findings.order_by().values_list("promise", flat=True).distinct():
            missed = self.outcomes.filter(condition_of(Figure(f"{clock}_excluded"), self.days, self.at))
            for rank, number in missed.order_by().values_list("rank").annotate(CountOf("pk")):
                found[clock, rank] = number
        return found

    # --- Lines ---------------------------------------------------------------------------
    @cached_property
    def severities(self) -> list[Line]:
        """One line a severity, the gravest first."""
        sums = self._totals(lambda rank, _solution: rank)
        return [
            self._line(rank, sums.get(rank, {}), {"severity": str(BY_RANK[rank])}, ranks=(rank,))
            for rank in reversed(range(len(BY_RANK)))
            if self.scope.rank in {None, rank}
        ]

    @cached_property
    def all(self) -> Line:
        """Every severity together."""
        sums = self._totals(lambda *_key: ALL_SEVERITIES)
        return self._line(ALL_SEVERITIES, sums.get(ALL_SEVERITIES, {}), {}, ranks=range(len(BY_RANK)))

    @cached_property
    def solutions(self) -> list[Line]:
        """One line a solution that has anything in the period."""
        sums = self._totals(lambda _rank, solution: solution)
        return [self._line(key, each, {"solution": key}) for key, each in sums.items() if has_any(each)]

    @cached_property
    def owners(self) -> list[Line]:
        """One line an agent who owns any of the period's tickets; a key of 0 for nobody."""
        return self._by_party(Grain.OWNER, "owner")

    @cached_property
    def clients(self) -> list[Line]:
        """One line a client that has anything in the period."""
        return self._by_party(Grain.CLIENT, "client")

    def _by_party(self, grain: Grain, name: str) -> list[Line]:
        late = [((each[COLUMNS[grain]],), each["sums"]) for each in self._late if each["inside"]]
        sums = added([*self._asked[grain].items(), *late])
        return [
            self._line(key or 0, each, {name: key or "nobody"})
            for (key,), each in sums.items()
            if has_any(each)
        ]

    def _line(
        self, key: Any, sums: Sums, only: dict[str, object], ranks: Iterable[int] | None = None
    ) -> Line:
        known = self._times if ranks is not None else {}
        return Line(
            key=key,
            acknowledge=self._kept("acknowledge", sums, only, ranks or ()),
            resolve=self._kept("resolve", sums, only, ranks or ()),
            acknowledged=self.count(Figure.ACKNOWLEDGED, sums.get("acknowledged", 0), **only),
            resolved=self.count(Figure.RESOLVED, sums.get("resolved", 0), **only),
            mean_acknowledge=mean(sums, "acknowledge_time", "acknowledged"),
            mean_gross=mean(sums, "resolve_gross", "resolved"),
            mean_net=mean(sums, "resolve_net", "resolved"),
            acknowledge_times=known.get(("acknowledge_time", key)),
            gross=known.get(("resolve_gross", key)),
            net=known.get(("resolve_net", key)),
        )

    def _kept(self, clock: str, sums: Sums, only: dict[str, object], ranks: Iterable[int]) -> Kept:
        rate = Rate(sums.get(f"{clock}_met", 0), sums.get(f"{clock}_missed", 0))
        return Kept(
            rate,
            self.count(Figure(clock), rate.total, **only).url,
            self.count(Figure(f"{clock}_missed"), rate.missed, **only),
            self.count(Figure(f"{clock}_free"), sums.get(f"{clock}_free", 0), **only),
            self.count(
                Figure(f"{clock}_excluded"),
                sum(self._excluded.get((clock, rank), 0) for rank in ranks),
                **only,
            ),
        )

    @cached_property
    def _times(self) -> dict[tuple[str, int | None], Times]:
        """Mean, median, 90th percentile and worst by name, and severity or all."""
        return times(self.scope, self.days.first, self.days.last)

    # --- Flow, stock, trend, what they are made of ----------------------------------------
    @cached_property
    def flow(self) -> list[Count]:
        """What came in and went out, and what was open at the end."""
        return [*self.counts(Figure.RECEIVED, Figure.FOLLOW_UP, Figure.CLOSED), self._refused, self._open]

    @cached_property
    def apart(self) -> list[Count]:
        """What is in no rate, by name."""
        return self.counts(Figure.DUPLICATE, Figure.WITHDRAWN, Figure.OUT_OF_SCOPE, Figure.STOPPED)

    @cached_property
    def left_out(self) -> Count:
        """The duplicates and withdrawals of which a promise was judged in the period (K-19)."""
        left_out = self.outcomes.filter(condition_of(Figure.LEFT_OUT, self.days, self.at))
        return self.count(Figure.LEFT_OUT, left_out.count())

    @property
    def _refused(self) -> Count:
        facts = refusals(self.days)
        if self.scope == Scope(client=self.scope.client):
            facts = facts.filter(client=self.scope.client) if self.scope.client is not None else facts
        else:
            facts = facts.filter(ticket__outcome__in=self.outcomes)
        found = facts.aggregate(deliveries=CountOf("pk"), tickets=CountOf("ticket", distinct=True))
        return replace(self.count(Figure.REFUSED, found["deliveries"]), tickets=found["tickets"])

    @property
    def _open(self) -> Count:
        """What had come in and not gone out by the end of the last day: sums of all the days until then."""
        [sums] = self._asked["open"].values()
        return self.count(Figure.OPEN, sums["received"] - sums["closed"])

    @cached_property
    def backlog(self) -> list[tuple[int, list[Count]]]:
        """What is open now by severity, the gravest first, and by age."""
        today = support_day(self.at)
        # The client is in the index of what is open, which then answers alone; the key is not.
        wanted = {f"age_{index}": CountOf("client", filter=aged(index, today)) for index in range(len(AGES))}
        rows = self.outcomes.filter(closed_on__isnull=True).order_by().values_list("rank").annotate(**wanted)
        counted = {(rank, index): number for rank, *numbers in rows for index, number in enumerate(numbers)}
        return [
            (
                rank,
                [
                    self.count(
                        Figure.OPEN_NOW,
                        counted.get((rank, index), 0),
                        severity=str(BY_RANK[rank]),
                        age=str(index),
                    )
                    for index in range(len(AGES))
                ],
            )
            for rank in reversed(range(len(BY_RANK)))
            if self.scope.rank in {None, rank}
        ]

    @cached_property
    def trend(self) -> list[tuple[Month, Line, Count, Count]]:
        """The rates and the flow of the twelve months that end with the period's last."""
        sums = added((month, sums) for _rank, _solution, month, _inside, sums in self._summed)
        lines = []
        for month in self.days.trend:
            of_month, each = Days.of_month(month), sums.get(month, {})
            lines.append(
                (
                    month,
                    self._line(month, each, dict(of_month.query)),
                    self.count(Figure.RECEIVED, each.get("received", 0), **of_month.query),
                    self.count(Figure.CLOSED, each.get("closed", 0), **of_month.query),
                )
            )
        return lines

    @cached_property
    def times_by_state(self) -> list[tuple[Figure, int, str]]:
        """The business time that the tickets closed in the period spent in each state, over their whole lives."""
        return self._durations(figure for figure in Figure if figure.value.startswith("time_"))

    @cached_property
    def pauses(self) -> list[tuple[Figure, int, str]]:
        """The business time paused, by cause, of what was resolved in the period: gross less net (K-12)."""
        return self._durations(figure for figure in Figure if figure.value.startswith("paused_"))

    def _durations(self, figures: Iterable[Figure]) -> list[tuple[Figure, int, str]]:
        sums = self._all_sums
        return [(figure, sums.get(figure.value, 0), self.count(figure, 1).url) for figure in figures]

    @cached_property
    def arrivals(self) -> dict[int, list[Count]]:
        """What came in by weekday (1 is Monday) and hour, in the contract's time zone."""
        found = self._asked["arrivals"]
        return {
            weekday: [
                self.count(
                    Figure.RECEIVED, found.get((weekday,), {}).get(name, 0), weekday=weekday, hour=str(hour)
                )
                for hour, name in enumerate(HOURS)
            ]
            for weekday in range(1, 8)
        }

    @cached_property
    def _all_sums(self) -> Sums:
        return self._totals(lambda *_key: ALL_SEVERITIES).get(ALL_SEVERITIES, {})

    def counts(self, *figures: Figure) -> list[Count]:
        """Return figures that are sums of the period."""
        return [self.count(figure, self._all_sums.get(figure.value, 0)) for figure in figures]

    def count(self, figure: Figure, number: int, **only: object) -> Count:
        """Return a number with the address of its tickets."""
        beginning, label = self._beginnings[figure]
        if self._common.isdisjoint(only):
            return Count(number, "&".join([beginning, *map(_said, only, only.values())]), label)
        query = {**self._period, "figure": figure.value, **self.link, **only}
        return Count(number, f"{self._page}?{'&'.join(map(_said, query, query.values()))}", label)

    @cached_property
    def _common(self) -> set[str]:
        """The words that every address says."""
        return {*self._period, "figure", *self.link}

    @cached_property
    def _beginnings(self) -> dict[Figure, tuple[str, str]]:
        """How the address of each figure begins, and its label: a page says them hundreds of times."""
        return {
            figure: (
                f"{self._page}?{urlencode({**self._period, 'figure': figure.value, **self.link})}",
                str(figure.label),
            )
            for figure in Figure
        }

    @cached_property
    def _page(self) -> str:
        return reverse("board_tickets")

    @cached_property
    def _period(self) -> dict[str, str]:
        return self.days.query


def _month(number: int) -> Month:
    """Return the month that `_MONTH` numbers."""
    year, index = divmod(number, 12)
    return Month(year, index + 1)


@lru_cache(maxsize=4096, typed=True)
def _said(name: str, value: object) -> str:
    """Return one word of an address: a page says the same few in two thousand addresses."""
    return urlencode({name: value})
