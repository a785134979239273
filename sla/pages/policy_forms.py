"""The form of a policy's draft: the table of delays, and the conventions."""

from collections.abc import Iterator

from django import forms

from sla.admin_forms import PolicyVersionForm
from sla.models import PolicyVersion
from sla.pages.differences import SEVERITY_NAMES


class PolicyDraftForm(PolicyVersionForm):
    """A draft as its page shows it: a row for each severity, a column for each delay."""

    class Meta(PolicyVersionForm.Meta):
        model = PolicyVersion
        fields = ["motive", "closing_days", "reminder_days", "escalation_percents"]
        widgets = {"motive": forms.Textarea(attrs={"rows": 2})}

    @property
    def table(self) -> Iterator[tuple[object, tuple[forms.BoundField, forms.BoundField]]]:
        """The rows, the most severe first: a name, then the fields of acknowledgement and resolution."""
        return (
            (name, (self[f"{severity}_acknowledge"], self[f"{severity}_resolve"]))
            for severity, name in SEVERITY_NAMES.items()
        )
