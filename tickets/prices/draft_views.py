"""Writing a price list's draft: nothing typed is lost, whatever became of the draft meanwhile."""

from enum import StrEnum
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.requests import PersonRequest
from tickets.actions.prices import (
    PUBLISHED,
    STALE,
    as_read,
    change_price_list,
    draft_price_list,
    lines_of,
)
from tickets.models import PriceList
from tickets.permissions import may_keep_prices
from tickets.prices.forms import PriceLineRows, PriceListForm, price_rows, say_on_fields
from tickets.prices.reading import find_price_list
from tickets.prices.views import KeeperView


class Conflict(StrEnum):
    """What became of a draft while its form was being filled in."""

    STALE = "stale"
    PUBLISHED = "published"
    GONE = "gone"


class NewPriceListView(KeeperView):
    """Starting a draft: from the list published last, from one that is named, or from what is typed."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Lead to the lists: a draft is started by their button."""
        return redirect("price_lists")

    def post(self, request: PersonRequest) -> HttpResponse:
        """Start it and open its form; keep it if all of it is there."""
        self.keeper_only()
        if "title" in request.POST:
            return self.keep_typed(request)
        draft = draft_price_list(by=request.user, at=timezone.now(), copy_of=self.former(request))
        return redirect("price_list_edit", draft.pk)

    def former(self, request: PersonRequest) -> PriceList | None:
        """Return the list to start from, if one is named; 404 for one that is not there."""
        named = request.POST.get("from")
        if named is None:
            return None
        try:
            key = int(named)
        except ValueError as unreadable:
            raise Http404 from unreadable
        return find_price_list(request.user, key, timezone.now())

    def keep_typed(self, request: PersonRequest) -> HttpResponse:
        """Keep as a draft of its own what was typed for one that is published or thrown away."""
        form, rows = PriceListForm(request.POST), price_rows([], request.POST)
        if form.is_valid() & rows.is_valid():
            try:
                with transaction.atomic():
                    draft = draft_price_list(by=request.user, at=timezone.now())
                    change_price_list(
                        draft, by=request.user, at=timezone.now(), lines=rows.lines(), **form.cleaned_data
                    )
            except ValidationError as refused:
                say_on_fields(form, refused)
            else:
                return say_kept(request, draft.pk)
        return show_form(request, form, rows, status=HTTPStatus.UNPROCESSABLE_ENTITY)


class EditPriceListView(KeeperView):
    """The form of a draft."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Show it; a list published meanwhile is said so."""
        draft = self.kept(pk)
        if draft.is_published:
            return say_published(request, draft)
        lines = lines_of(draft)
        form, rows = PriceListForm(instance=draft), price_rows(lines, None)
        return show_form(request, form, rows, draft=draft, read=as_read(draft, lines))

    def post(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Keep the draft; what cannot be is said on its field, or above the form when the draft is another one."""
        draft, read = self.draft_left(pk), request.POST.get("read", "")
        form, rows = PriceListForm(request.POST), price_rows([], request.POST)
        if draft is None or draft.is_published:
            return show_conflict(request, form, rows, draft)
        if form.is_valid() & rows.is_valid():
            said = {**form.cleaned_data, "lines": rows.lines()}
            try:
                change_price_list(draft, by=request.user, at=timezone.now(), read=read, **said)
            except ValidationError as refused:
                if getattr(refused, "code", None) in {PUBLISHED, STALE}:
                    return show_conflict(request, form, rows, self.draft_left(pk))
                say_on_fields(form, refused)
            else:
                return say_kept(request, pk)
        return show_form(request, form, rows, draft=draft, read=read, status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def draft_left(self, pk: int) -> PriceList | None:
        """Return the draft as it stands now; nothing, for who keeps the prices, when it was thrown away."""
        try:
            return self.kept(pk)
        except Http404:
            if not may_keep_prices(self.request.user):
                raise
            return None


def show_form(
    request: PersonRequest,
    form: PriceListForm,
    rows: PriceLineRows,
    *,
    draft: PriceList | None = None,
    read: str = "",
    conflict: Conflict | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Show the form as it stands; what is typed in it is kept in `draft`, else as a draft of its own.

    `read` is the digest of the draft that the person has before their eyes.
    """
    drafted = draft is not None and not draft.is_published
    context = {
        "price_list": draft,
        "form": form,
        "rows": rows,
        "read": read,
        "conflict": conflict,
        "address": reverse("price_list_edit", args=[draft.pk])
        if draft and drafted
        else reverse("price_list_new"),
    }
    return render(request, "prices/form.html", context, status=status)


def show_conflict(
    request: PersonRequest, form: PriceListForm, rows: PriceLineRows, draft: PriceList | None
) -> HttpResponse:
    """Show what was typed with what became of the draft (409); sent again, it takes the place of what stands."""
    if draft is None:
        return show_form(request, form, rows, conflict=Conflict.GONE, status=HTTPStatus.CONFLICT)
    conflict = Conflict.PUBLISHED if draft.is_published else Conflict.STALE
    read = as_read(draft, lines_of(draft))
    return show_form(
        request, form, rows, draft=draft, read=read, conflict=conflict, status=HTTPStatus.CONFLICT
    )


def say_kept(request: PersonRequest, pk: int) -> HttpResponse:
    """Lead to the draft that was kept."""
    messages.success(request, _("The draft is kept: nobody but the vendor reads it until it is published."))
    return redirect("price_list", pk)


def say_published(request: PersonRequest, price_list: PriceList) -> HttpResponse:
    """Answer who comes to write in a list that is published (409)."""
    text = _(
        "This price list is published: it never changes any more. Start a draft from it to change something."
    )
    context = {"text": text, "address": reverse("price_list", args=[price_list.pk])}
    return render(request, "409.html", context, status=HTTPStatus.CONFLICT)
