"""The pages of quotes: the register of paid work, one quote, its files."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import TemplateView, View

from accounts.models import User
from accounts.requests import PersonRequest
from tickets.acts import Action
from tickets.lists.filters import PAGE_SIZES
from tickets.models import Quote
from tickets.permissions import actions_offered
from tickets.quotes.files import WRITERS, printed
from tickets.quotes.outcomes import outcomes_of
from tickets.quotes.register import PaidWorkFilter, paid_work_for, with_quotes
from tickets.record.page import standing_of


class QuoteRegisterView(LoginRequiredMixin, TemplateView):
    """The paid work that the person may read, the latest request first."""

    template_name = "quotes/register.html"
    request: PersonRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Narrow the register, and cut it in pages."""
        at = timezone.now()
        form = PaidWorkFilter(self.request.GET, person=self.request.user)
        form.is_valid()
        found = form.narrow(paid_work_for(self.request.user, at))
        page = Paginator(found, PAGE_SIZES[0]).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            form=form, page=page, lines=with_quotes(page.object_list), asked=self.request.GET, **kwargs
        )


def find_quote(person: User, number: int) -> Quote:
    """Return a quote that `person` may read now; a stranger's and an unknown one are a 404."""
    found = Quote.objects.visible_to(person, at=timezone.now())
    return get_object_or_404(
        found.select_related("ticket__client", "ticket__contract", "ticket__solution"), pk=number
    )


class QuoteView(LoginRequiredMixin, TemplateView):
    """One quote as it was issued, and what became of it."""

    template_name = "quotes/quote.html"
    request: PersonRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show its document; where it stands is its ticket's ledger's to say."""
        quote = find_quote(self.request.user, self.kwargs["pk"])
        at = timezone.now()
        person, life = self.request.user, standing_of(quote.ticket, at).life
        is_last = life.work is not None and life.work.quote == quote.pk
        offered = actions_offered(person, quote.ticket, life, at) if is_last else []
        return super().get_context_data(
            quote=quote,
            ticket=quote.ticket,
            outcome=outcomes_of([quote.ticket_id], with_words=True)[quote.pk],
            replaced_by=quote.ticket.quotes.filter(number__gt=quote.number).order_by("number").first(),
            may_answer=Action.ACCEPT_QUOTE in offered,
            may_withdraw=Action.WITHDRAW_QUOTE in offered,
            formats=list(WRITERS),
            **printed({**quote.document, "digest": quote.digest}),
            **kwargs,
        )


class QuoteFileView(LoginRequiredMixin, View):
    """A file of a quote."""

    request: PersonRequest

    def get(self, request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
        """Make it of the document that was issued."""
        quote = find_quote(self.request.user, pk)
        write, content_type = WRITERS[suffix]
        outcome = outcomes_of([quote.ticket_id], with_words=True)[quote.pk]
        answer = HttpResponse(write(quote.document, outcome), content_type=content_type)
        answer["Content-Disposition"] = f'attachment; filename="{quote.reference}.{suffix}"'
        return answer
