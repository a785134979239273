"""The pages of the public price lists: read by everybody signed in; published and withdrawn by the support managers."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.requests import PersonRequest
from tickets.actions.prices import (
    as_read,
    discard_price_list,
    lines_of,
    publish_price_list,
    withdraw_price_list,
)
from tickets.models import PriceList
from tickets.permissions import may_keep_prices, support_day
from tickets.phrases import say_date
from tickets.prices.differences import differences
from tickets.prices.reading import find_price_list, price_lists_for

PAGE_SIZE = 25


class PriceListsView(LoginRequiredMixin, View):
    """Every price list, the last first; the drafts are the vendor's alone."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """List them."""
        lists = price_lists_for(request.user, timezone.now())
        page = Paginator(lists, PAGE_SIZE).get_page(request.GET.get("page"))
        context = {"page": page, "may_keep": may_keep_prices(request.user)}
        return render(request, "prices/price_lists.html", context)


class PriceListView(LoginRequiredMixin, View):
    """One price list: its lines, its conditions, when it is in force."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Show it."""
        return show_price_list(request, find_price_list(request.user, pk, timezone.now()))


class KeeperView(LoginRequiredMixin, View):
    """A page for who keeps the prices; a draft does not exist for a client."""

    request: PersonRequest

    def kept(self, pk: int) -> PriceList:
        """Return a list for who keeps them: 404 for one that they may not read, else 403."""
        found = find_price_list(self.request.user, pk, timezone.now())
        self.keeper_only()
        return found

    def keeper_only(self) -> None:
        """Refuse whoever only reads (403)."""
        if not may_keep_prices(self.request.user):
            raise PermissionDenied


class ActView(KeeperView):
    """An act on one list, sent by its page."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Lead to the list: whoever signs in again after sending the act comes back by its address."""
        return redirect("price_list", pk)


class PublishPriceListView(ActView):
    """Publishing a draft."""

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Publish it as it was read, or say on its page what is missing."""
        draft = self.kept(pk)
        try:
            published = publish_price_list(
                draft, by=request.user, at=timezone.now(), read=request.POST.get("read", "")
            )
        except ValidationError as refused:
            return show_refusals(request, pk, _("Nothing is published:"), refused)
        said = _("“%(title)s” is published: in force from %(day)s, it never changes any more.")
        messages.success(request, said % {"title": published.title, "day": say_date(published.in_force_from)})
        return redirect("price_list", pk)


class WithdrawPriceListView(ActView):
    """Withdrawing a published list before its first day."""

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Withdraw it, or say on its page why it stays."""
        price_list = self.kept(pk)
        try:
            withdraw_price_list(price_list, by=request.user, at=timezone.now())
        except ValidationError as refused:
            return show_refusals(request, pk, _("Nothing is withdrawn:"), refused)
        said = _("“%(title)s” is withdrawn: clients read it no more, and its first day is free again.")
        messages.success(request, said % {"title": price_list.title})
        return redirect("price_list", pk)


class DiscardPriceListView(ActView):
    """Throwing a draft away."""

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Throw it away as it was read; a list changed or published meanwhile stays, and its page says so."""
        draft = self.kept(pk)
        try:
            discard_price_list(draft, by=request.user, read=request.POST.get("read", ""))
        except ValidationError as refused:
            return show_refusals(request, pk, _("Nothing is thrown away:"), refused)
        messages.success(request, _("The draft “%(title)s” is thrown away.") % {"title": draft.title})
        return redirect("price_lists")


def show_refusals(request: PersonRequest, pk: int, nothing: str, refused: ValidationError) -> HttpResponse:
    """Show a list as it stands now, with why an act on it was refused (409)."""
    price_list = find_price_list(request.user, pk, timezone.now())
    return show_price_list(request, price_list, nothing, refused.messages, status=HTTPStatus.CONFLICT)


def show_price_list(
    request: PersonRequest,
    price_list: PriceList,
    nothing: str = "",
    refusals: Sequence[str] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Show a list, with what was not done to it and why if something was asked."""
    lines = lines_of(price_list)
    context: dict[str, Any] = {
        "price_list": price_list,
        "published_on": support_day(price_list.published_at) if price_list.published_at else None,
        "withdrawn_on": support_day(price_list.withdrawn_at) if price_list.withdrawn_at else None,
        "items": lines,
        "read": as_read(price_list, lines),
        "may_keep": may_keep_prices(request.user),
        "nothing": nothing,
        "refusals": refusals,
    }
    in_force = None if price_list.is_published else PriceList.objects.in_force_on(support_day(timezone.now()))
    if in_force is not None:
        context |= {"compared_with": in_force, "differences": differences(lines_of(in_force), lines)}
    return render(request, "prices/price_list.html", context, status=status)
