"""What a person has read of a draft before acting on it: a digest of each part, which the form sends back."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sla.document import digest_of
from tickets.actions.work import IllegalMove

JSON = dict[str, Any]

# part: how it is called, and what of the document it is
PARTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "figures": (
        gettext_lazy("the figures"),
        ("figures_at", "figures", "since", "tickets", "calendars", "policies"),
    ),
    "causes": (gettext_lazy("the missed deadlines or their causes"), ("breaches",)),
    "synthesis": (gettext_lazy("the synthesis"), ("synthesis",)),
    "action_plan": (gettext_lazy("the action plan"), ("action_plan",)),
    "correction": (gettext_lazy("what it corrects"), ("correction",)),
    "cover": (
        gettext_lazy("the client, the contract or the recipients"),
        ("client", "contract", "recipients"),
    ),
}
TEXTS = ("synthesis", "action_plan", "correction")


class StaleReading(IllegalMove):
    """The draft is no longer what was read of it; `parts` are those that changed."""

    def __init__(self, parts: Collection[str]) -> None:
        said = ", ".join(str(PARTS[part][0]) for part in parts)
        super().__init__(
            _(
                "The draft has changed since you read it: %(parts)s. Nothing was done; what you typed is below."
            )
            % {"parts": said}
        )
        self.parts = parts


def as_read(document: Mapping[str, Any]) -> str:
    """Return what a form sends back of a document that was read: the SHA-256 of each part, in their order."""
    return ".".join(
        digest_of({key: document[key] for key in keys if key in document}) for _name, keys in PARTS.values()
    )


def check_read(read: str, document: Mapping[str, Any], parts: Collection[str] = tuple(PARTS)) -> None:
    """Raise `StaleReading` if one of `parts` is not what was read; what cannot be read back is no reading at all."""
    before, now = read.split("."), as_read(document).split(".")
    if len(before) != len(now):
        raise StaleReading(parts)
    changed = [
        part for part, was, is_now in zip(PARTS, before, now, strict=True) if part in parts and was != is_now
    ]
    if changed:
        raise StaleReading(changed)
