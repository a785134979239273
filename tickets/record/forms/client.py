"""The forms of what the client does."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tickets.attachments import MultipleFileField
from tickets.clocks import days_in_force
from tickets.record.forms.base import ActionForm, MessageForm, text

LONGEST_DELAY = 250  # business days: about a year


class JudgeProvisionalForm(MessageForm):
    """The restrictions that make a workaround provisional (C-WKA-1)."""

    message = text(_("Restrictions that the workaround imposes"))


class RefuseForm(ActionForm):
    """Why a delivery is refused."""

    motive = text(
        _("Motive of the refusal"), help_text=_("What was tested, what was expected, what happens.")
    )
    attachments = MultipleFileField()


class LongerDelayForm(ActionForm):
    """A number of business days, longer than the delay in force (C-CLI-2)."""

    days = forms.IntegerField(label=_("Business days in all"), min_value=1, max_value=LONGEST_DELAY)

    @property
    def days_in_force(self) -> int:
        """The number of business days that must be exceeded."""
        return days_in_force(self.standing.life, self.standing.rules.policy)

    def prepare(self) -> None:
        """Say the delay in force, and propose a longer one."""
        shortest = self.days_in_force + 1
        field = self.fields["days"]
        field.widget.attrs["min"] = shortest
        self.initial.setdefault("days", shortest)
        field.help_text = ngettext(
            "Counted from the delivery or the acceptance. The delay in force is %(days)d business day: longer only.",
            "Counted from the delivery or the acceptance. The delay in force is %(days)d business days: longer only.",
            self.days_in_force,
        ) % {"days": self.days_in_force}


class RequestTimeForm(LongerDelayForm):
    """The client asks; a support manager agrees or not."""

    reason = text(_("Reason"), rows=4)
