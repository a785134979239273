"""The forms of work that the contract does not cover: study, quote, acceptance (C-OUT-4)."""

import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.actions.quotes import last_words
from tickets.attachments import MultipleFileField
from tickets.models import PriceItem, PriceList, Quote
from tickets.money import euros
from tickets.paid_work import PaidWork
from tickets.permissions import support_day
from tickets.phrases import say_date
from tickets.record.forms.base import (
    ActionForm,
    MessageForm,
    MessageWithFilesForm,
    Notice,
    OptionalMessageForm,
    text,
)
from tickets.record.standing import Standing
from tickets.seen import Seen
from tickets.validity import last_day
from tickets.words import ContestSubject, EntryKind, WorkStage

QUANTITY = re.compile(r"\d{1,9}(?:[.,]\d{1,2})?", re.ASCII)


def _is_yes(value: str) -> bool:
    return value == "yes"


class StudyForm(MessageForm):
    """Whether the work can be done, and what was found."""

    feasible = forms.TypedChoiceField(
        label=gettext_lazy("Outcome of the study"),
        coerce=_is_yes,
        choices=[
            ("yes", gettext_lazy("The work can be done: a quote follows.")),
            ("no", gettext_lazy("The work cannot be done: the request ends here.")),
        ],
        widget=forms.RadioSelect,
        empty_value=None,
    )
    message = text(
        gettext_lazy("Feasibility study"),
        help_text=gettext_lazy("The client reads it; the quote repeats it."),
    )
    attachments = MultipleFileField()

    field_order = ("seen", "feasible", "message", "attachments")


def _is_quantity(said: str) -> bool:
    """Tell whether a box holds digits, above zero, with two decimals at most."""
    digits = "".join(said.split())
    return QUANTITY.fullmatch(digits) is not None and any(each in digits for each in "123456789")


class QuantitiesInput(forms.Widget):
    """The lines of a price list, with a box for the quantity of each: `name-CODE` in what is sent."""

    template_name = "quotes/quantities.html"
    use_fieldset = True

    def __init__(self) -> None:
        super().__init__()
        self.items: list[PriceItem] = []

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> dict[str, str]:
        """Return what was typed, by code; an empty box is left out."""
        prefix = f"{name}-"
        return {
            key.removeprefix(prefix): str(value).strip()
            for key, value in data.items()
            if key.startswith(prefix) and str(value).strip()
        }

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> bool:
        """Tell whether no box was sent at all."""
        return not any(key.startswith(f"{name}-") for key in data)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give each line its box; of quantities refused, mark those that are faulty, or the first box."""
        typed = value if isinstance(value, Mapping) else {}
        faulty: set[str] = set()
        if self.items and (attrs or {}).get("aria-invalid"):
            faulty = {code for code, said in typed.items() if not _is_quantity(said)} or {self.items[0].code}
        rows = [
            (item, f"{name}-{item.code}", typed.get(item.code, ""), item.code in faulty)
            for item in self.items
        ]
        return {**super().get_context(name, value, attrs), "rows": rows}

    def id_for_label(self, id_: str) -> str:
        """Return nothing: the label is that of a group."""
        return ""


class QuantitiesField(forms.Field):
    """So many units of lines of a price list, by code."""

    widget = QuantitiesInput

    def clean(self, value: Any) -> dict[str, Decimal]:
        """Read the quantities; what is no number, or has more than two decimals, is refused by its code."""
        typed = value if isinstance(value, Mapping) else {}
        if not typed:
            raise ValidationError(_("A quote has one line at least."))
        return {code: _quantity(code, said) for code, said in typed.items()}


def _quantity(code: str, said: str) -> Decimal:
    """Read digits with a comma or a point before their decimals, blanks between thousands or not."""
    digits = "".join(said.split())
    if not QUANTITY.fullmatch(digits):
        raise ValidationError(
            _("%(code)s: “%(said)s” is no quantity: a number, with two decimals at most.")
            % {"code": code[:40], "said": said[:40]}
        )
    return Decimal(digits.replace(",", "."))


class IssueQuoteForm(ActionForm):
    """What is offered: lines of the price list of the day of the request, until when, and when it would be done."""

    lines = QuantitiesField(
        label=gettext_lazy("Quantities"),
        help_text=gettext_lazy(
            "The public prices in force on the day of the request; an empty line is left out."
        ),
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Included: the client answers by the end of that day."),
    )
    execution = text(
        gettext_lazy("What is done, and when"),
        rows=4,
        help_text=gettext_lazy("Printed on the quote: what each line covers, the delay once it is accepted."),
    )
    message = text(gettext_lazy("Message (optional)"), required=False, rows=3)

    def prepare(self) -> None:
        """Offer the lines of the list that the request named and its usual validity; recall what was found."""
        paid = self.standing.life.work
        price_list = PriceList.objects.filter(pk=paid.price_list).first() if paid else None
        if paid is None or price_list is None:
            return
        field = cast("QuantitiesField", self.fields["lines"])
        cast("QuantitiesInput", field.widget).items = list(price_list.items.all())
        day = support_day(self.standing.at) + timedelta(days=price_list.validity_days)
        self.initial.setdefault("valid_until", day)
        self.notices.append(
            Notice(
                _("Asked for on %(day)s: the prices are those of that day.")
                % {"day": say_date(support_day(paid.requested_at))},
                quoted=last_words(self.standing.ticket, EntryKind.WORK_REQUESTED),
                url=reverse("price_list", args=[price_list.pk]),
                link=price_list.title,
            )
        )
        self.notices.append(
            Notice(_("Feasibility study"), quoted=last_words(self.standing.ticket, EntryKind.STUDIED))
        )
        if paid.quote is not None and paid.stage == WorkStage.QUOTED:
            awaiting = Quote.objects.get(pk=paid.quote)
            said = _("This quote will replace %(reference)s, which the client can accept no more.")
            self.notices.append(notice_of(awaiting, said % {"reference": awaiting.reference}, paid))


class RequestWorkForm(MessageWithFilesForm):
    """What is wanted, although the contract does not cover it."""

    def prepare(self) -> None:
        """Say what a request engages to: nothing yet."""
        price_list = PriceList.objects.in_force_on(support_day(self.standing.at))
        if price_list is None:
            return
        self.notices.append(
            Notice(
                _(
                    "A request engages you to nothing: the vendor studies it, then issues a quote at the public prices"
                    " of today, which a manager of your organisation accepts or refuses."
                ),
                url=reverse("price_list", args=[price_list.pk]),
                link=price_list.title,
            )
        )


def notice_of(quote: Quote, said: str, paid: PaidWork) -> Notice:
    """Return a sentence about the last quote of paid work, with its amounts, its validity and the way to it."""
    facts = (
        _("%(reference)s: %(net)s excl. VAT (%(gross)s incl. VAT), its validity suspended by the contest.")
        if paid.is_held
        else _("%(reference)s: %(net)s excl. VAT (%(gross)s incl. VAT), valid until %(day)s.")
    ) % {
        "reference": quote.reference,
        "net": euros(quote.net),
        "gross": euros(quote.gross),
        "day": say_date(last_day(paid.expires_at) if paid.expires_at else quote.valid_until),
    }
    return Notice(f"{said} {facts}".strip(), url=reverse("quote", args=[quote.pk]), link=_("Read the quote"))


def lapsing_notices(standing: Standing) -> list[Notice]:
    """Return what an act that ends paid work under way takes away; nothing where there is none."""
    work = standing.life.work
    if work is None or not work.is_under_way:
        return []
    if work.quote is None or work.stage not in {WorkStage.QUOTED, WorkStage.ACCEPTED}:
        return [Notice(_("The client's request for a quote lapses: nothing is owed for it."))]
    quote = Quote.objects.get(pk=work.quote)
    return [notice_of(quote, _("The quote lapses: nobody can accept it any more."), work)]


def undoing_notices(standing: Standing) -> list[Notice]:
    """Return what upholding the contest of the classing undoes; nothing where no paid work is under way."""
    work = standing.life.work
    if work is None or not work.is_under_way or ContestSubject.SCOPE not in standing.life.contests:
        return []
    if work.quote is None or work.stage not in {WorkStage.QUOTED, WorkStage.ACCEPTED}:
        return [
            Notice(_("Put back in scope, the client's request for a quote lapses: nothing is owed for it."))
        ]
    quote = Quote.objects.get(pk=work.quote)
    said = (
        _("Put back in scope, the accepted order is undone: its work is owed, and not to be paid.")
        if work.stage == WorkStage.ACCEPTED
        else _(
            "Put back in scope, the quote lapses; out of scope, it gets back the days that the contest took."
        )
    )
    return [notice_of(quote, said, work)]


class PutInScopeForm(MessageForm):
    """Words that go with a ticket owed again."""

    def prepare(self) -> None:
        """Say what lapses."""
        self.notices += lapsing_notices(self.standing)


class WithdrawForm(OptionalMessageForm):
    """Words that may go with a ticket given up."""

    def prepare(self) -> None:
        """Say what lapses."""
        self.notices += lapsing_notices(self.standing)


class QuoteAnswerForm(ActionForm):
    """An answer to the quote that its author has read, and to no other."""

    quote = forms.IntegerField(
        label=gettext_lazy("Id of the quote that is meant"), min_value=1, widget=forms.HiddenInput
    )
    message = text(gettext_lazy("Message (optional)"), required=False, rows=3)

    def prepare(self) -> None:
        """Name the quote that awaits an answer."""
        paid = self.standing.life.work
        self.awaiting = Quote.objects.filter(pk=paid.quote).first() if paid and paid.quote else None
        if paid and self.awaiting:
            self.initial.setdefault("quote", self.awaiting.pk)
            self.notices.append(notice_of(self.awaiting, "", paid))

    @classmethod
    def renewed(cls, data: QueryDict, standing: Standing, seen: Seen) -> QueryDict:
        """Send the form back for the quote that awaits an answer now: what was said of a former one is not kept."""
        renewed = super().renewed(data, standing, seen)
        paid = standing.life.work
        if paid and paid.quote and renewed.get("quote") != str(paid.quote):
            renewed["quote"] = str(paid.quote)
            renewed.pop("agreed", None)
        return renewed


class WithdrawQuoteForm(QuoteAnswerForm):
    """Why a quote is taken back."""

    message = text(gettext_lazy("Why it is withdrawn: the client reads it"), rows=3)


class AcceptQuoteForm(QuoteAnswerForm):
    """The client's agreement, in so many words."""

    agreed = forms.BooleanField(
        label=gettext_lazy("I accept this quote in the name of my organisation."),
        help_text=gettext_lazy("The work starts then, and the amount is owed."),
    )
    order_reference = forms.CharField(
        label=gettext_lazy("Your purchase order (optional)"), required=False, max_length=80
    )

    field_order = ("seen", "quote", "agreed", "order_reference", "message")

    def prepare(self) -> None:
        """Say what is accepted: which quote, for how much."""
        super().prepare()
        # A form sent back names the quote that its author read, whatever has replaced it since.
        if self.awaiting and str(self["quote"].value()) == str(self.awaiting.pk):
            self.fields["agreed"].label = _(
                "I accept the quote %(reference)s, %(net)s excl. VAT (%(gross)s incl. VAT), in the name of"
                " my organisation."
            ) % {
                "reference": self.awaiting.reference,
                "net": euros(self.awaiting.net),
                "gross": euros(self.awaiting.gross),
            }
