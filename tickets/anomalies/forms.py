"""The forms of a product anomaly: what is said of it, and what is delivered to every ticket that reports it."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import Solution
from tickets.lists.filters import PageNumber, mistakes_of, unknown_in
from tickets.models import AnomalyDelivery, ProductAnomaly
from tickets.record.forms.base import LONGEST_TEXT, text
from tickets.record.forms.vendor import DELIVERIES
from tickets.words import DeliveryKind


class AnomalyForm(forms.ModelForm):
    """What is said of a defect, to the clients concerned and among the vendor's people; it never saves."""

    class Meta:
        model = ProductAnomaly
        fields = ["title", "summary", "analysis", "planned_version"]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4, "dir": "auto", "maxlength": LONGEST_TEXT}),
            "analysis": forms.Textarea(attrs={"rows": 6, "dir": "auto", "maxlength": LONGEST_TEXT}),
        }


class NewAnomalyForm(AnomalyForm):
    """A defect not known before; its solution is chosen once."""

    class Meta(AnomalyForm.Meta):
        fields = ["solution", *AnomalyForm.Meta.fields]
        field_classes = {"solution": forms.ModelChoiceField}

    solution = forms.ModelChoiceField(
        label=_("Solution"), queryset=Solution.objects.filter(is_active=True), empty_label=_("Choose…")
    )


class AnomalyDeliveryForm(forms.ModelForm):
    """What every linked ticket will be delivered; `last` is the last delivery that its author saw. It never saves."""

    last = forms.IntegerField(
        min_value=0,
        required=False,
        widget=forms.HiddenInput,
        help_text=_("The last delivery that you saw (0: none): refused if there is a later one."),
    )
    what = forms.TypedChoiceField(
        label=_("What is delivered"),
        coerce=DeliveryKind,
        widget=forms.RadioSelect,
        choices=[
            (kind, format_html("<strong>{}</strong> — {}", kind.label, explanation))
            for kind, explanation in DELIVERIES.items()
        ],
    )
    content = text(_("What was done"), help_text=_("Every client concerned reads the same words."))
    how_to_test = text(_("How to test it"), rows=4)

    class Meta:
        model = AnomalyDelivery
        fields = ["what", "version", "content", "how_to_test", "touches_data"]
        help_texts = {"touches_data": _("The client is then reminded to make a backup first (C-CLI-4).")}


class AnomalyFilter(forms.Form):
    """Which product anomalies are listed."""

    solution = forms.ModelChoiceField(
        label=_("Solution"), queryset=Solution.objects.all(), required=False, empty_label=_("All solutions")
    )
    q = forms.CharField(label=_("Number or words of the title"), max_length=120, required=False)
    page = PageNumber()

    @property
    def mistakes(self) -> list[str]:
        """Say each filter that was left aside, and why; those that do not exist as well."""
        return [*mistakes_of(self), *unknown_in(self)]
