"""A second opinion on the clocks: at every quarter of an hour, everything is worked out again from the start."""

from datetime import datetime, timedelta

from tests.sla.slow_walk import STEP, SlowCalendar

ORDER = ["mineure", "majeure", "bloquante"]


class SlowLife:
    """A ticket's life on a grid of fifteen minutes; events are the dictionaries of the vectors."""

    def __init__(self, calendar: SlowCalendar, policy: dict) -> None:
        self.calendar = calendar
        self.policy = policy
        self.severity = None
        self.starts: dict[str, datetime] = {}
        self.pauses: list[list] = []
        self.question = self.out = False
        self.test = None
        self.acknowledged = self.done = self.closed = None
        self.judged: dict[str, datetime | None] = {"acknowledge": None, "resolve": None}
        self.missed: dict[str, datetime] = {}
        self.done_pauses: list[list] = []

    def run(self, events: list[dict], at: datetime) -> None:
        now = events[0]["at"]
        waiting = list(events)
        while now <= at and self.closed is None:
            self.look(now)
            while waiting and waiting[0]["at"] == now and self.closed is None:
                self.happen(waiting.pop(0), now)
                self.look(now)
            now += STEP
        self.end = self.closed or at

    def paused(self) -> bool:
        return self.question or self.out or self.test is not None

    def due(self, severity: str, duty: str, now: datetime) -> datetime | None:
        """Work a severity's deadline out again, with every pause until `now`."""
        target, start = self.policy[severity][duty], self.starts.get(severity)
        if target is None or start is None:
            return None
        if "days" in target:
            due = self.calendar.add_days(start, target["days"])
        else:
            due = self.calendar.add(start, timedelta(hours=target["hours"]))
        if duty == "resolve":
            for begun, ended in self.pauses:
                begin, end = max(begun, start), ended or now
                if begin < due and begin < end:
                    due = self.calendar.add(due, self.calendar.between(begin, end))
        return due

    def in_force(self, duty: str, now: datetime) -> tuple[datetime, str] | None:
        if self.severity is None:
            return None
        reached = ORDER[: ORDER.index(self.severity) + 1]
        dues = [(due, severity) for severity in reached if (due := self.due(severity, duty, now)) is not None]
        return min(dues, default=None)

    def look(self, now: datetime) -> None:
        found = self.in_force("acknowledge", now)
        if self.acknowledged is None and found and now > found[0]:
            self.missed.setdefault("acknowledge", found[0])
        if self.done is not None or self.severity is None:
            return
        late = []
        for severity in ORDER[: ORDER.index(self.severity) + 1]:
            due = self.due(severity, "resolve", now)
            if due is None or now <= due:
                continue
            begun = self.pauses[-1][0] if self.paused() else None
            shifted = begun is not None and max(begun, self.starts[severity]) < self.before_pause(
                severity, now
            )
            in_time = self.test is not None and self.test[1] <= due
            if not shifted and not in_time:
                late.append(due)
        if late:
            self.missed.setdefault("resolve", min(late))

    def before_pause(self, severity: str, now: datetime) -> datetime:
        """Return the deadline as it stood when the pause that is open began."""
        kept, self.pauses = self.pauses, self.pauses[:-1]
        due = self.due(severity, "resolve", now)
        self.pauses = kept
        return due

    def happen(self, event: dict, now: datetime) -> None:
        before = self.paused()
        match event["kind"]:
            case "received" | "severity":
                self.reach(event.get("severity") or event["to"], now)
            case "acknowledged":
                self.acknowledge(now)
            case "question" | "answer" as kind:
                self.question = kind == "question" and self.done is None
            case "out_of_scope" | "in_scope" as kind:
                self.out = kind == "out_of_scope" and self.done is None
            case "delivered":
                self.deliver(event, now)
            case verdict:
                self.end_of_test(verdict, event, now)
        if self.paused() and not before:
            self.pauses.append([now, None])
        if before and not self.paused():
            self.pauses[-1][1] = now

    def acknowledge(self, now: datetime) -> None:
        if self.acknowledged is None:
            self.acknowledged = now
            judged = self.in_force("acknowledge", now)
            self.judged["acknowledge"] = judged and judged[0]

    def deliver(self, event: dict, now: datetime) -> None:
        if self.done is None:
            found = self.in_force("resolve", now)
            self.question = False
            self.test = (event["what"], now, found and found[0], [list(pause) for pause in self.pauses])

    def end_of_test(self, verdict: str, event: dict, now: datetime) -> None:
        if verdict == "closed":
            self.closed = now
        if self.test is None:
            return
        tacit = verdict == "closed" and self.test[0] == "fix"
        if tacit or (verdict == "accepted" and event.get("lasting", True)):
            self.accept()
        elif verdict != "closed":
            self.test = None

    def reach(self, severity: str, now: datetime) -> None:
        self.severity = severity
        for reached in ORDER[: ORDER.index(severity) + 1]:
            self.starts.setdefault(reached, self.calendar.next_open(now))

    def accept(self) -> None:
        _, self.done, self.judged["resolve"], self.done_pauses = self.test
        self.test, self.question, self.out = None, False, False

    def states(self) -> dict[str, str]:
        return {"acknowledge": self.state("acknowledge"), "resolve": self.state("resolve")}

    def state(self, duty: str) -> str:
        done = self.acknowledged if duty == "acknowledge" else self.done
        if duty in self.missed:
            return "missed"
        if (self.judged[duty] if done else self.in_force(duty, self.end)) is None:
            return "none"
        if done:
            return "met"
        if self.closed or (duty == "resolve" and self.out):
            return "stopped"
        return "paused" if duty == "resolve" and self.paused() else "running"

    def shown_due(self, duty: str) -> datetime | None:
        match self.state(duty):
            case "missed":
                return self.missed[duty]
            case "met":
                return self.judged[duty]
            case "running":
                return self.in_force(duty, self.end)[0]
        return None

    def times(self) -> tuple[timedelta, timedelta]:
        """Return net and gross of the resolution."""
        receipt = self.calendar.next_open(self.received)
        end = self.done or self.end
        gross = max(self.calendar.between(receipt, end), timedelta())
        pauses = self.done_pauses if self.done else self.pauses
        waited = sum(
            (
                self.calendar.between(max(begun, receipt), max(ended or end, receipt))
                for begun, ended in pauses
            ),
            timedelta(),
        )
        return gross - waited, gross
