"""What an action would do to the clocks, worked out by the engine before anybody confirms it."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sla.breaches import KeptBreaches
from sla.models import CalendarVersion, PolicyVersion
from tickets.acts import Action
from tickets.record.standing import Standing, changes
from tickets.words import SEVERITIES, ClosingGround, ContestSubject, DeliveryKind, EntryKind, OutOfScopeGround
from tickets.workflow import BY_ACTION

Supposed = tuple[EntryKind, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Outlook:
    """One possible choice of a form (nothing when there is but one) and what would follow, in sentences."""

    choice: str
    sentences: tuple[str, ...]


def outlooks(action: Action, standing: Standing, data: Mapping[str, Any]) -> list[Outlook]:
    """Foresee `action` on a ticket as it stands, `data` being what the form holds so far."""
    if action not in _SUPPOSED:
        return []
    before = standing
    found = []
    for choice, facts in _SUPPOSED[action](standing, data):
        after = standing
        if BY_ACTION[action].is_first_act and standing.life.acknowledged_at is None:
            after = after.with_fact(EntryKind.ACKNOWLEDGED)
        for kind, details in facts:
            after = after.with_fact(kind, **details)
        sentences = changes(before, after) or [_("The clocks are unchanged.")]
        found.append(Outlook(str(choice), tuple(sentences)))
    return found


Choices = Iterable[tuple[object, list[Supposed]]]


def _one(kind: EntryKind, **data: Any) -> Callable[[Standing, Mapping[str, Any]], Choices]:
    return lambda _standing, _data: [("", [(kind, data)])]


def _answer(standing: Standing, _data: Mapping[str, Any]) -> Choices:
    kind = EntryKind.ANSWER if standing.life.question else EntryKind.CLIENT_MESSAGE
    return [("", [(kind, {})])]


def _requalify(standing: Standing, _data: Mapping[str, Any]) -> Choices:
    return [
        (label, [(EntryKind.SEVERITY, {"to": str(severity)})])
        for severity, label in SEVERITIES.items()
        if severity != standing.life.retained
    ]


def _deliver(_standing: Standing, _data: Mapping[str, Any]) -> Choices:
    return [(kind.label, [(EntryKind.DELIVERED, {"what": str(kind)})]) for kind in DeliveryKind]


def _accept(standing: Standing, _data: Mapping[str, Any]) -> Choices:
    what = str(standing.life.delivery.what) if standing.life.delivery else str(DeliveryKind.FIX)
    return [("", [(EntryKind.ACCEPTED, {"what": what})])]


def _declare_production(standing: Standing, data: Mapping[str, Any]) -> Choices:
    accepted = [fact for _choice, facts in _accept(standing, data) for fact in facts]
    closed = (EntryKind.CLOSED, {"ground": str(ClosingGround.PRODUCTION)})
    return [("", [*(accepted if standing.life.delivery else []), closed])]


def _longer(standing: Standing, data: Mapping[str, Any]) -> Choices:
    """Suppose that the delay asked for is agreed."""
    try:
        days = int(data.get("days") or 0)
    except (TypeError, ValueError):
        return []
    # The largest number of days that the engine reckons with is ten years of them.
    if not 0 < days <= 3660:
        return []
    return [(_("Once agreed"), [(EntryKind.TIME_AGREED, {"days": days})])]


def _settle(standing: Standing, _data: Mapping[str, Any]) -> Choices:
    life = standing.life
    for subject in life.contests:
        facts: list[Supposed] = []
        if subject == ContestSubject.SEVERITY and life.claimed:
            facts.append((EntryKind.SEVERITY, {"to": str(life.claimed)}))
        if subject == ContestSubject.SCOPE and life.out_of_scope:
            facts.append((EntryKind.IN_SCOPE, {}))
        if facts:
            yield _("Upheld: %(subject)s") % {"subject": subject.label}, facts


def _recompute(standing: Standing, data: Mapping[str, Any]) -> Choices:
    """Suppose the versions chosen, those of the contract alone; what is missed stays so (K-11)."""
    versions = {}
    for name, model in (("calendar_version", CalendarVersion), ("policy_version", PolicyVersion)):
        chosen = data.get(name)
        key = str(chosen.pk if isinstance(chosen, model) else chosen or "")
        found = model.objects.in_force(standing.at).filter(pk=key) if _is_key(key) else None
        if found is None or not found.exists():
            return []
        versions[name] = key
    kept = KeptBreaches.of(standing.statement).as_document()
    return [("", [(EntryKind.RECOMPUTED, {**versions, "kept": kept})])]


def _is_key(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False


_SUPPOSED: dict[Action, Callable[[Standing, Mapping[str, Any]], Choices]] = {
    Action.ACKNOWLEDGE: _one(EntryKind.ACKNOWLEDGED),
    Action.ASK: _one(EntryKind.QUESTION),
    Action.REQUALIFY: _requalify,
    Action.DELIVER: _deliver,
    Action.ASK_VERDICT: _one(EntryKind.VERDICT_ASKED),
    Action.CLASS_OUT_OF_SCOPE: _one(EntryKind.OUT_OF_SCOPE, ground=str(OutOfScopeGround.MISUSE)),
    Action.PUT_IN_SCOPE: _one(EntryKind.IN_SCOPE),
    Action.CLOSE: _one(EntryKind.CLOSED, ground=str(ClosingGround.AGREED)),
    Action.SETTLE: _settle,
    Action.RECOMPUTE: _recompute,
    Action.REQUEST_TIME: _longer,
    Action.AGREE_TIME: _longer,
    Action.ANSWER: _answer,
    Action.ACCEPT: _accept,
    Action.JUDGE_DEFINITIVE: _accept,
    Action.JUDGE_PROVISIONAL: _one(EntryKind.REJECTED),
    Action.REFUSE: _one(EntryKind.REJECTED),
    Action.DECLARE_PRODUCTION: _declare_production,
    Action.WITHDRAW: _one(EntryKind.CLOSED, ground=str(ClosingGround.WITHDRAWN)),
}
