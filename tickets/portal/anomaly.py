"""The form in which an anomaly is described: in the portal by its author, at the desk for somebody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sla.models import Contract
from sla.policy import SEVERITIES as SEVERITIES_RISING
from sla.policy import Severity
from tickets.actions.filing import Filing
from tickets.attachments import MultipleFileField
from tickets.promises import NoPromise, Promised, promise, promises
from tickets.words import SEVERITIES, SEVERITY_DEFINITIONS

LONGEST_TEXT = 20_000  # characters of a description, or of the steps
LARGEST_FIRST = list(reversed(SEVERITIES_RISING))


def severity_choices() -> list[tuple[str, SafeString]]:
    """Return the severities, the gravest first, each with its definition in plain words (C-SEV-1)."""
    return [
        (
            severity.value,
            format_html("<strong>{}</strong> {}", SEVERITIES[severity], SEVERITY_DEFINITIONS[severity]),
        )
        for severity in LARGEST_FIRST
    ]


class ContractField(forms.ModelChoiceField):
    """Choose a contract by the name of its solution, among those already read."""

    known: Mapping[str, Contract]

    def to_python(self, value: Any) -> Contract | None:
        """Return the contract of this number; `ValidationError` for one that is not offered."""
        if value in self.empty_values:
            return None
        if str(value) not in self.known:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return self.known[str(value)]

    def label_from_instance(self, obj: Contract) -> str:
        """Say the solution: only one contract covers it at a time."""
        return obj.solution.name


class AnomalyForm(forms.Form):
    """What is said of an anomaly, whoever files it; it validates and never saves."""

    contract = ContractField(
        label=_("Solution"),
        queryset=Contract.objects.none(),
        error_messages={"invalid_choice": _("No ticket can be filed for this solution: choose another.")},
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("What goes wrong, in one sentence."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=LONGEST_TEXT,
        help_text=_(
            "What you expected, what happens instead. Markdown is understood: **bold**, lists, `code`."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    steps = forms.CharField(
        label=_("Steps to reproduce"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=_("One step a line: an anomaly that can be reproduced is corrected sooner."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    affected_version = forms.CharField(
        label=_("Affected version"),
        max_length=80,
        required=False,
        help_text=_("As the solution shows it."),
        widget=forms.TextInput(attrs={"list": "versions", "autocomplete": "off"}),
    )
    environment = forms.CharField(
        label=_("Environment"),
        max_length=200,
        required=False,
        help_text=_("For example: production, test server, workstation."),
    )
    severity = forms.ChoiceField(
        label=_("Severity"), choices=severity_choices, widget=forms.RadioSelect(attrs={"class": "severities"})
    )
    attachments = MultipleFileField()

    def __init__(self, contracts: QuerySet[Contract], at: datetime, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.at = at
        self.contracts = contracts
        field = cast("ContractField", self.fields["contract"])
        field.known = {str(each.pk): each for each in contracts}
        choices = [(each.pk, field.label_from_instance(each)) for each in contracts]
        # From the rows already read: the field alone would read them again for each drawing.
        field.choices = choices if len(choices) == 1 else [("", gettext("Choose…")), *choices]
        if len(choices) == 1:
            # Nothing to choose: it is chosen, and its deadlines can be said at once.
            self.initial.setdefault("contract", contracts[0].pk)

    def clean(self) -> dict[str, Any]:
        """Refuse what could not be promised anything: better before the ticket is written than after."""
        cleaned = super().clean() or {}
        contract, severity, received_at = (
            cleaned.get("contract"), cleaned.get("severity"), cleaned.get("received_at", self.at),
        )  # fmt: skip
        if contract and severity and received_at:
            try:
                promise(contract, Severity(severity), received_at=received_at, at=self.at)
            except NoPromise as refusal:
                raise ValidationError(str(refusal), code="no_promise") from refusal
        return cleaned

    def filing(self) -> Filing:
        """Return what was said, once valid."""
        said = self.cleaned_data
        return Filing(
            title=said["title"],
            description=said["description"],
            severity=Severity(said["severity"]),
            steps=said["steps"],
            affected_version=said["affected_version"],
            environment=said["environment"],
            attachments=said["attachments"],
        )

    def chosen_contract(self) -> Contract | None:
        """Return the contract chosen so far, if it is one that may be."""
        chosen = str(self["contract"].value() or "")
        return next((each for each in self.contracts if str(each.pk) == chosen), None)

    def promised_now(self) -> list[Promised]:
        """Return what each severity would be promised, for a reader without JavaScript."""
        contract = self.chosen_contract()
        try:
            return promises(contract, LARGEST_FIRST, received_at=self.at, at=self.at) if contract else []
        except NoPromise:
            return []
