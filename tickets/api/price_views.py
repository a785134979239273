"""The public price lists by the API: those published for everybody, the drafts and those withdrawn for the vendor."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from tickets.api.base import ApiView
from tickets.api.examples import PRICE_LIST
from tickets.api.keyset import PAGING, Column, Order, page_of
from tickets.api.openapi import Tag, listing, operation, page_out
from tickets.api.reading import page_answer
from tickets.api.requests import ApiRequest
from tickets.api.terms_outputs import PriceListOut
from tickets.prices.reading import price_lists_for

BY_DAY: dict[str, Order] = {
    "-in_force_from": (Column("in_force_from", descending=True), Column("id", descending=True)),
    "in_force_from": (Column("in_force_from"), Column("id")),
}


class PriceListsView(ApiView):
    """Price lists."""

    takes = PAGING

    @operation(
        "price_lists_list", _("List the public price lists"), Tag.TERMS, page_out("PriceList", PriceListOut),
        query=listing(*BY_DAY),
        description=_(
            "The last first, with their lines. A list never changes once published; it may be withdrawn before its"
            " first day (C-OUT-4)."
        ),
    )  # fmt: skip
    def get(self, request: ApiRequest) -> Response:
        """Answer a page of them."""
        lists = price_lists_for(request.user, timezone.now()).prefetch_related("items")
        return page_answer(page_of(request, lists, BY_DAY, "-in_force_from"), PriceListOut)


class PriceListView(ApiView):
    """One price list."""

    @operation(
        "price_lists_read",
        _("Read a price list"),
        Tag.TERMS,
        PriceListOut,
        refuses=[404],
        examples=[PRICE_LIST],
    )
    def get(self, request: ApiRequest, number: int) -> Response:
        """Answer it."""
        lists = price_lists_for(request.user, timezone.now()).prefetch_related("items")
        return Response(PriceListOut(get_object_or_404(lists, pk=number)).data)
