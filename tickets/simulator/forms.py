"""What the simulator is asked, on the page or by address: every refusal names the field and the reason."""

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from sla.clock import PauseCause
from sla.instants import InstantField
from sla.models import CalendarVersion, Contract, PolicyVersion
from sla.permissions import calendars_visible_to, policies_visible_to
from sla.policy import Severity
from sla.versions import NoVersion, calendar_version_at, policy_version_at
from tickets.permissions import support_day
from tickets.simulator.simulation import Question, Wait
from tickets.words import SEVERITY_CHOICES

# A calendar builds, and keeps, every year between those that it is asked about.
FURTHEST = timedelta(days=3653)
MOST_PAUSES = 20
CAUSES = [
    (PauseCause.QUESTION.value, _("Question to the client")),
    (PauseCause.DELIVERY.value, _("Delivery under test")),
]
LOCAL = "%Y-%m-%dT%H:%M"
NONE = {"required": _("Choose a published version: without one, nothing is promised.")}
SUPPOSED = PauseCause.QUESTION, PauseCause.DELIVERY


def local_instant(**options: Any) -> InstantField:
    """Return a field for an instant on the person's own clock."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
    return InstantField(widget=widget, **options)


class ExactInstantField(forms.Field):
    """An instant in ISO 8601 with its offset from UTC: by address, nobody's zone is supposed."""

    def to_python(self, value: object) -> datetime | None:
        """Read it; nothing for nothing."""
        return read_instant(str(value)) if value else None


def read_instant(text: str) -> datetime:
    """Read an instant with its offset; ValidationError for anything else."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        message = gettext(
            "“%(text)s” is not an instant: write it as 2026-04-28T10:30:00+02:00 (in an address, + is %%2B)."
        )
        raise ValidationError(message % {"text": text[:40]}) from error
    if at.utcoffset() is None:
        message = gettext("“%(text)s” has no offset from UTC: which instant it is cannot be known.")
        raise ValidationError(message % {"text": text[:40]})
    return at


class VersionField(forms.TypedChoiceField):
    """A published version of what concerns the person; any other is unknown."""

    def offer(self, versions: QuerySet) -> None:
        """Read the versions, once, and offer them by name and number."""
        by_key = {str(version.pk): version for version in versions}
        self.choices = [(key, str(version)) for key, version in by_key.items()]
        self.coerce = by_key.__getitem__


class QuestionForm(forms.Form):
    """The terms and the reception; `at` is for the two ways of asking to say."""

    calendar = VersionField(label=_("Calendar"), error_messages=NONE)
    policy = VersionField(label=_("Service levels"), error_messages=NONE)
    severity = forms.ChoiceField(label=_("Severity"), choices=SEVERITY_CHOICES)

    def __init__(self, person: User, now: datetime, asked: QueryDict, defaults: Mapping[str, Any]) -> None:
        data = asked.copy()
        for name, value in defaults.items():
            data.setdefault(name, str(value))
        super().__init__(data)
        self.now = now
        for name, versions in versions_for(person).items():
            cast("VersionField", self.fields[name]).offer(versions)

    @property
    def names_the_unknown(self) -> bool:
        """Tell whether it names a version that does not exist, is a draft, or is another client's."""
        return any(self.has_error(name, "invalid_choice") for name in ("calendar", "policy"))

    def clean_at(self) -> datetime:
        """Take now for nothing; refuse what is too far."""
        return refuse_far(self.cleaned_data["at"] or self.now, self.now)

    def question(self, waits: Sequence[Wait]) -> Question:
        """Return what is asked, once valid."""
        asked = self.cleaned_data
        return Question(
            asked["calendar"], asked["policy"], Severity(asked["severity"]), asked["at"], tuple(waits)
        )


class PageForm(QuestionForm):
    """The question as the page asks it: on the person's own clock."""

    at = local_instant(label=_("Received on"))
    field_order = ["at", "severity", "calendar", "policy"]


class AddressForm(QuestionForm):
    """The question as a program asks it: the instant with its offset."""

    at = ExactInstantField(required=False)


class WaitForm(forms.Form):
    """One pause on the page; left empty, it is none."""

    cause = forms.ChoiceField(label=_("Cause"), choices=[("", _("None")), *CAUSES], required=False)
    start = local_instant(label=_("From"), required=False)
    end = local_instant(label=_("To"), required=False)

    def __init__(self, number: int, asked: QueryDict, now: datetime) -> None:
        super().__init__(asked, prefix=f"pause-{number}")
        self.now = now

    def clean(self) -> dict[str, Any]:
        """Refuse what is too far, and a row filled in part."""
        cleaned = super().clean() or {}
        if any(cleaned.values()):
            for name in ("cause", "start", "end"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        for name in ("start", "end"):
            if cleaned.get(name):
                try:
                    refuse_far(cleaned[name], self.now)
                except ValidationError as error:
                    self.add_error(name, error)
        return cleaned

    @property
    def wait(self) -> Wait | None:
        """The pause, once valid; None for an empty row."""
        row = self.cleaned_data
        return Wait(PauseCause(row["cause"]), row["start"], row["end"]) if row.get("cause") else None


def refuse_far(at: datetime, now: datetime) -> datetime:
    """Return the instant; ValidationError beyond ten years from now."""
    if abs(at - now) > FURTHEST:
        raise ValidationError(gettext("The simulator answers for ten years around today."))
    return at


def read_wait(text: str, now: datetime) -> Wait:
    """Read “cause/from/to”; ValidationError says what is wrong."""
    parts = text.split("/")
    if len(parts) != 3 or parts[0] not in {cause.value for cause in SUPPOSED}:
        message = gettext("“%(text)s” is not a pause: write question/FROM/TO or delivery/FROM/TO.")
        raise ValidationError(message % {"text": text[:60]})
    start, end = (refuse_far(read_instant(part), now) for part in parts[1:])
    return Wait(PauseCause(parts[0]), start, end)


def refuse_senseless(waits: Sequence[Wait], received_at: datetime) -> None:
    """Refuse pauses that no ticket could have; ValidationError carries the pause's index as `code`."""
    for index, wait in enumerate(waits):
        if wait.end <= wait.start:
            raise ValidationError(gettext("A pause ends after it begins."), code=str(index))
        if wait.start < received_at:
            raise ValidationError(gettext("A pause cannot begin before the reception."), code=str(index))
    in_order = sorted(enumerate(waits), key=lambda numbered: numbered[1].start)
    for cause in SUPPOSED:
        for (_former, before), (index, after) in pairwise(
            each for each in in_order if each[1].cause == cause
        ):
            if after.start < before.end:
                message = gettext("Two pauses of the same cause overlap: they are one wait (K-7).")
                raise ValidationError(message, code=str(index))
    for index, wait in in_order:
        for other in waits:
            begins_within = wait.start <= other.start < wait.end
            if wait.cause == PauseCause.QUESTION and other.cause == PauseCause.DELIVERY and begins_within:
                message = gettext("A delivery ends an open question: this one cannot outlast it (K-7).")
                raise ValidationError(message, code=str(index))


def versions_for(person: User) -> dict[str, QuerySet]:
    """Return the published versions that `person` may simulate with, by field."""
    return {
        "calendar": CalendarVersion.objects.filter(
            published_at__isnull=False, calendar__in=calendars_visible_to(person)
        )
        .select_related("calendar")
        .order_by("calendar__name", "-number"),
        "policy": PolicyVersion.objects.filter(
            published_at__isnull=False, policy__in=policies_visible_to(person)
        )
        .select_related("policy")
        .order_by("policy__name", "-number"),
    }


def default_terms(person: User, at: datetime) -> dict[str, uuid.UUID]:
    """Return the versions in force under the first contract that concerns the person; else the first of each."""
    contracts = Contract.objects.in_force(support_day(at)).select_related("calendar", "policy")
    if not person.is_vendor:
        contracts = contracts.filter(client=person.client_id)
    contract = contracts.order_by("reference").first()
    if contract:
        # Without a published version, the form says that one is to be chosen.
        with suppress(NoVersion):
            return {
                "calendar": calendar_version_at(contract.calendar, at).pk,
                "policy": policy_version_at(contract.policy, at).pk,
            }
    firsts = {name: versions.first() for name, versions in versions_for(person).items()}
    return {name: version.pk for name, version in firsts.items() if version}
