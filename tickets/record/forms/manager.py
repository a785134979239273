"""The forms of what a support manager decides."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from sla.models import CalendarVersion, PolicyVersion
from tickets.record.forms.base import ActionForm, MessageForm, text
from tickets.record.forms.client import LongerDelayForm
from tickets.record.forms.quotes import undoing_notices
from tickets.words import ContestSubject


def _is_upheld(value: str) -> bool:
    return value == "yes"


UPHELD = {
    ContestSubject.SEVERITY: _("The client is right: the severity claimed is retained."),
    ContestSubject.SCOPE: _("The client is right: the ticket is put back in scope."),
    ContestSubject.DEADLINE: _(
        "The client is right: recompute the delays under other versions if the calendar or policy was wrong;"
        " the ledger keeps this decision."
    ),
}


class SettleForm(ActionForm):
    """Which contest is settled, how, and why (C-SEV-2, C-OUT-3)."""

    subject = forms.TypedChoiceField(
        label=_("What is contested"), coerce=ContestSubject, widget=forms.RadioSelect
    )
    upheld = forms.TypedChoiceField(
        label=_("Decision"),
        coerce=_is_upheld,
        choices=[
            ("yes", _("The client is right.")),
            ("no", _("The vendor's decision stands.")),
        ],
        widget=forms.RadioSelect,
        empty_value=None,
    )
    motive = text(_("Motive"), help_text=_("The client reads it."))

    def prepare(self) -> None:
        """Offer what is contested now, a single contest chosen already; name the quote that may be undone."""
        self.notices += undoing_notices(self.standing)
        open_contests = [(subject, subject.label) for subject in self.standing.life.contests]
        self.offer_choices("subject", open_contests)
        if len(open_contests) == 1:
            subject = open_contests[0][0]
            self.initial.setdefault("subject", subject)
            self.offer_choices(
                "upheld", [("yes", UPHELD[subject]), ("no", _("The vendor's decision stands."))]
            )
        else:
            self.fields["upheld"].help_text = " ".join(
                str(UPHELD[subject]) for subject, _label in open_contests
            )


class RecomputeForm(ActionForm):
    """The versions that are to bind the ticket, and why (C-CAL-3)."""

    calendar_version = forms.ModelChoiceField(
        CalendarVersion.objects.none(), label=_("Calendar"), empty_label=None
    )
    policy_version = forms.ModelChoiceField(PolicyVersion.objects.none(), label=_("Policy"), empty_label=None)
    motive = text(_("Motive"), help_text=_("The client reads it, with the delays before and after."))

    def prepare(self) -> None:
        """Offer the versions published by now, the ones in force chosen already."""
        contract, at = self.standing.ticket.contract, self.standing.at
        offered = {
            "calendar_version": CalendarVersion.objects.in_force(at)
            .filter(calendar=contract.calendar_id)
            .select_related("calendar"),
            "policy_version": PolicyVersion.objects.in_force(at)
            .filter(policy=contract.policy_id)
            .select_related("policy"),
        }
        for name, versions in offered.items():
            cast("forms.ModelChoiceField", self.fields[name]).queryset = versions
            self.initial.setdefault(name, versions.first())


class AgreeTimeForm(LongerDelayForm):
    """The delay agreed: the one asked for, or another, longer still than the one in force."""

    message = text(_("Message (optional)"), required=False, rows=3)

    def prepare(self) -> None:
        """Propose what was asked for."""
        asked = self.standing.life.time_requested
        fact = next((fact for fact in self.standing.facts if fact.seq == asked), None)
        if fact:
            self.initial.setdefault("days", fact.data["days"])
        super().prepare()


class RefuseTimeForm(MessageForm):
    """Why the longer delay is refused."""

    message = text(_("Reason of the refusal"))
