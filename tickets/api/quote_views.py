"""Quotes by the API: those of the tickets that one may read, each with its document (C-OUT-4)."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from accounts.models import User
from tickets.api.base import ApiView
from tickets.api.keyset import PAGING, Column, Order, page_of
from tickets.api.openapi import Tag, listing, operation, page_out
from tickets.api.reading import page_answer
from tickets.api.requests import ApiRequest
from tickets.api.terms_outputs import QuoteOut
from tickets.models import Quote

BY_ISSUE: dict[str, Order] = {
    "-issued_at": (Column("issued_at", descending=True), Column("id", descending=True)),
    "issued_at": (Column("issued_at"), Column("id")),
}


def quotes_for(user: User) -> QuerySet[Quote]:
    """Return the quotes that `user` may read now."""
    return Quote.objects.visible_to(user, at=timezone.now()).select_related("client")


class QuotesView(ApiView):
    """Quotes."""

    takes = PAGING

    @operation(
        "quotes_list", _("List the quotes"), Tag.TERMS, page_out("Quote", QuoteOut), query=listing(*BY_ISSUE),
        description=_("The last first, each with its document; what became of it is in its ticket's ledger (C-OUT-4)."),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer a page of them."""
        return page_answer(page_of(request, quotes_for(request.user), BY_ISSUE, "-issued_at"), QuoteOut)


class QuoteView(ApiView):
    """One quote."""

    @operation("quotes_read", _("Read a quote"), Tag.TERMS, QuoteOut, refuses=[404])
    def get(self, request: ApiRequest, number: int) -> Response:
        """Answer it."""
        return Response(QuoteOut(get_object_or_404(quotes_for(request.user), pk=number)).data)
