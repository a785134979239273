"""What a draft changes in the prices of the list in force, line by line (C-OUT-4)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tickets.actions.prices import PriceLine


@dataclass(frozen=True, slots=True)
class Difference:
    """One code whose line is added (nothing before), removed (nothing after) or changed."""

    code: str
    before: PriceLine | None
    after: PriceLine | None


def differences(before: Iterable[PriceLine], after: Iterable[PriceLine]) -> list[Difference]:
    """Return what differs from one list to the other, by code whatever its case; nothing when they say the same."""
    former, later = _by_code(before), _by_code(after)
    each = (
        Difference(code, former.get(code), later.get(code)) for code in sorted(former.keys() | later.keys())
    )
    return [difference for difference in each if difference.before != difference.after]


def _by_code(lines: Iterable[PriceLine]) -> dict[str, PriceLine]:
    return {line.code.upper(): replace(line, code=line.code.upper()) for line in lines}
