"""What a manager finds of a missed deadline."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tickets.models import BreachFinding
from tickets.reports.forms import PeriodForm
from tickets.words import EXCLUDED_GROUNDS, Attribution


class BreachPeriodForm(PeriodForm):
    """Which missed deadlines to list."""

    missing = forms.BooleanField(label=_("Without a complete finding only"), required=False)


def last_revision(findings: Sequence[BreachFinding]) -> int:
    """Return the revision of the last finding of a deadline, given the last first; 0 before any."""
    return findings[0].revision if findings else 0


class FindingForm(forms.Form):
    """The cause, to whom it is attributed, what is done about it; `seen` is the last revision its author saw."""

    cause = forms.CharField(
        label=_("Cause"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why the deadline was missed, in words that both parties will read."),
    )
    attribution = forms.ChoiceField(label=_("Attributed to"), choices=[("", "—"), *Attribution.choices])
    clause = forms.ChoiceField(
        label=_("Clause of the excluded circumstance"),
        choices=[("", _("None"))] + [(each.value, each.label) for each in EXCLUDED_GROUNDS],
        required=False,
        help_text=_("An exclusion names its clause; the deadline stays missed, both rates are shown (K-11)."),
    )
    comment = forms.CharField(
        label=_("Comment"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the other party is to know: the circumstances, what was said or agreed meanwhile."),
    )
    corrective_action = forms.CharField(
        label=_("Corrective action"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What is done so that it does not happen again: who, by when."),
    )
    corrected_on = forms.DateField(
        label=_("Corrective action done on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Empty until it is done: a later finding says it."),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @classmethod
    def renewed(cls, data: QueryDict, findings: Sequence[BreachFinding]) -> QueryDict:
        """Return what was typed, as it is sent back to an author who is shown what was written since."""
        renewed = data.copy()
        renewed["seen"] = str(last_revision(findings))
        return renewed

    def clean(self) -> dict[str, Any]:
        """Refuse an exclusion without its clause, and a clause without an exclusion (K-11)."""
        wanted = super().clean() or {}
        excluded = wanted.get("attribution") == Attribution.EXCLUDED
        if "attribution" in wanted and excluded != bool(wanted.get("clause")):
            self.add_error(
                "clause",
                ValidationError(_("An excluded circumstance names its clause, any other none (K-11).")),
            )
        return wanted
