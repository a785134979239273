"""What a form that is being typed answers: its draft is kept, or forgotten, or left to what another tab kept."""

from collections.abc import Collection
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.requests import PersonRequest
from tickets.drafts import Newer, TooLong, discard, keep
from tickets.models import Draft
from tickets.phrases import say_time

SEEN = "draft_seen"  # the stamp of the draft that the tab knows


def answer_typing(request: PersonRequest, form: str, page: str, **which: Collection[str]) -> HttpResponse:
    """Keep what is typed, or forget it on demand, and say so; `page` is the address of the form.

    `which` fields are kept is said as to `keep`.
    """
    if "discard" in request.POST:
        discard(request.user, form)
        return _answer(request, page, _("The draft was discarded."))
    typed = request.POST.dict()
    try:
        draft = keep(request.user, form, typed, seen=typed.get(SEEN), **which)
    except TooLong:
        said = _("The draft is not kept any more: there is too much text.")
        return _answer(request, page, said, stamp=typed.get(SEEN, ""))
    except Newer as newer:
        return _overtaken(request, page, newer.draft, stamp=typed.get(SEEN, ""))
    if draft is None:
        return _answer(request, page, "")
    said = _("Draft kept at %(time)s (without the files).") % {"time": _minute(draft)}
    return _answer(request, page, said, stamp=draft.stamp)


def _overtaken(request: PersonRequest, page: str, newer: Draft, stamp: str) -> HttpResponse:
    said = _(
        "Another tab kept something else here at %(time)s: what you type in this one is not kept any more."
    ) % {"time": _minute(newer)}
    if request.htmx:
        context = {"said": said, "stamp": stamp, "newer": newer, "page": page}
        return render(request, "portal/draft_state.html", context)
    way_out = _("Go back: your words are still there, to be copied.")
    context = {"text": f"{said} {way_out}", "address": page}
    return render(request, "409.html", context, status=HTTPStatus.CONFLICT)


def _answer(request: PersonRequest, page: str, said: str, stamp: str = "") -> HttpResponse:
    if request.htmx:
        return render(request, "portal/draft_state.html", {"said": said, "stamp": stamp})
    messages.info(request, said)
    return HttpResponseRedirect(page)


def _minute(draft: Draft) -> str:
    return say_time(draft.updated_at.replace(second=0))
