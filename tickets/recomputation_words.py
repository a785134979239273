"""A recompute said in words, from what the ledger keeps of it: the versions, and each clock before and after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from sla.clock import ClockState
from tickets.models import CLOCK_STATES
from tickets.phrases import say_business_time, say_instant


def say_recomputation(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what changed, name and text; what did not change is said once for all."""
    names, former = data["names"], data["former_names"]
    said = [
        (label, _from_to(say_version(*former[key]), say_version(*names[key])))
        for key, label in (("calendar", _("Calendar")), ("policy", _("Policy")))
        if former[key] != names[key]
    ]
    before, after = data["before"], data["after"]
    moved = [
        (label, _from_to(say_standing(before[key]), say_standing(after[key])))
        for key, label in (("acknowledge", _("Acknowledgement")), ("resolve", _("Resolution")))
        if before[key] != after[key]
    ]
    if before["closes_at"] != after["closes_at"]:
        moved.append((_("Closing by silence"), _from_to(say_closing(before), say_closing(after))))
    return [*said, *(moved or [(_("Delays"), _("no deadline moves"))])]


def say_version(name: str, number: int) -> str:
    """Say a version as it was called when the fact was written."""
    return _("%(name)s, version %(number)d") % {"name": name, "number": number}


def say_standing(clock: Mapping[str, Any]) -> str:
    """Say a clock as a recompute keeps it: its state, and its deadline or the time left."""
    state = ClockState(clock["state"])
    if state == ClockState.PAUSED and clock["left"] is not None:
        return _("paused, %(left)s left") % {"left": say_business_time(clock["left"])}
    if clock["due"] is None:
        return str(CLOCK_STATES[state])
    due = say_instant(datetime.fromisoformat(clock["due"]))
    if state == ClockState.MISSED:
        return _("%(due)s, missed") % {"due": due}
    return _("%(due)s, kept") % {"due": due} if state == ClockState.MET else due


def say_closing(side: Mapping[str, Any]) -> str:
    """Say when silence closes the ticket, as a recompute keeps it."""
    return say_instant(datetime.fromisoformat(side["closes_at"])) if side["closes_at"] else _("none")


def _from_to(before: str, after: str) -> str:
    return f"{before} → {after}"
