"""The pages of the public price lists: read by everybody signed in, kept by the support managers."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.requests import PersonRequest
from tickets.actions.prices import (
    change_price_list,
    discard_price_list,
    draft_price_list,
    publish_price_list,
    withdraw_price_list,
)
from tickets.models import PriceList
from tickets.permissions import may_keep_prices, support_day
from tickets.phrases import say_date
from tickets.prices.forms import PriceLineRows, PriceListForm, price_rows, say_on_fields
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


class NewPriceListView(KeeperView):
    """Starting a draft from the list published last."""

    def post(self, request: PersonRequest) -> HttpResponse:
        """Start it and open its form."""
        self.keeper_only()
        draft = draft_price_list(by=request.user, at=timezone.now())
        return redirect("price_list_edit", draft.pk)


class EditPriceListView(KeeperView):
    """The form of a draft."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Show it; a list published meanwhile is said so."""
        draft = self.kept(pk)
        if draft.is_published:
            return say_published(request, draft)
        return self.show(draft, PriceListForm(instance=draft), price_rows(draft, None))

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Keep the draft; what cannot be is said on its field, and nothing typed is lost."""
        draft = self.kept(pk)
        form, rows = PriceListForm(request.POST), price_rows(draft, request.POST)
        if not (form.is_valid() & rows.is_valid()):
            return self.show(draft, form, rows, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            change_price_list(
                draft, by=request.user, at=timezone.now(), lines=rows.lines(), **form.cleaned_data
            )
        except ValidationError as refused:
            if refused_as(refused, "published"):
                return say_published(request, draft)
            say_on_fields(form, refused)
            return self.show(draft, form, rows, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        messages.success(
            request, _("The draft is kept: nobody but the vendor reads it until it is published.")
        )
        return redirect("price_list", pk)

    def show(
        self, draft: PriceList, form: PriceListForm, rows: PriceLineRows, status: int = 200
    ) -> HttpResponse:
        """Show the form as it stands."""
        context = {"price_list": draft, "form": form, "rows": rows}
        return render(self.request, "prices/form.html", context, status=status)


class PublishPriceListView(KeeperView):
    """Publishing a draft."""

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Publish it, or say on its page what is missing."""
        draft = self.kept(pk)
        try:
            published = publish_price_list(draft, by=request.user, at=timezone.now())
        except ValidationError as refused:
            return show_price_list(request, draft, refused.messages, status=HTTPStatus.CONFLICT)
        said = _("“%(title)s” is published: in force from %(day)s, it never changes any more.")
        messages.success(request, said % {"title": published.title, "day": say_date(published.in_force_from)})
        return redirect("price_list", pk)


class WithdrawPriceListView(KeeperView):
    """Withdrawing a published list before its first day."""

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Withdraw it, or say on its page why it stays."""
        price_list = self.kept(pk)
        try:
            withdraw_price_list(price_list, by=request.user, at=timezone.now())
        except ValidationError as refused:
            return show_price_list(request, price_list, refused.messages, status=HTTPStatus.CONFLICT)
        said = _("“%(title)s” is withdrawn: clients read it no more, and its first day is free again.")
        messages.success(request, said % {"title": price_list.title})
        return redirect("price_list", pk)


class DiscardPriceListView(KeeperView):
    """Throwing a draft away."""

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Throw it away; a list published meanwhile stays."""
        draft = self.kept(pk)
        try:
            discard_price_list(draft, by=request.user)
        except ValidationError:
            return say_published(request, draft)
        messages.success(request, _("The draft “%(title)s” is thrown away.") % {"title": draft.title})
        return redirect("price_lists")


def show_price_list(
    request: PersonRequest, price_list: PriceList, refusals: list[str] | None = None, status: int = 200
) -> HttpResponse:
    """Show a list, with why it could not be published or withdrawn if it was asked."""
    context: dict[str, Any] = {
        "price_list": price_list,
        "published_on": support_day(price_list.published_at) if price_list.published_at else None,
        "withdrawn_on": support_day(price_list.withdrawn_at) if price_list.withdrawn_at else None,
        "items": price_list.items.order_by("code"),
        "may_keep": may_keep_prices(request.user),
        "refusals": refusals or [],
    }
    return render(request, "prices/price_list.html", context, status=status)


def refused_as(refused: ValidationError, code: str) -> bool:
    """Tell whether an act was refused for that reason as a whole, not for a field."""
    return getattr(refused, "code", None) == code


def say_published(request: PersonRequest, price_list: PriceList) -> HttpResponse:
    """Answer an act on a list that is published (409)."""
    text = _(
        "This price list is published: it never changes any more. Start a draft from it to change something."
    )
    context = {"text": text, "address": reverse("price_list", args=[price_list.pk])}
    return render(request, "409.html", context, status=HTTPStatus.CONFLICT)
