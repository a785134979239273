"""A person's own tokens, in their profile: created and shown once, listed, revoked."""

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.generic import View

from accounts.models import User
from accounts.requests import PersonRequest
from tickets.actions.tokens import create_token, revoke_token
from tickets.models import ApiToken, Scope

LIVES = (7, 30, 90, 180, 365)  # days offered, within what the instance allows


class TokenForm(forms.Form):
    """What a token is for, what it may do, how long it lives."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("What will use it: it names it in this list."),
    )
    scope = forms.TypedChoiceField(
        label=gettext_lazy("What it may do"), choices=Scope.choices, coerce=Scope, initial=Scope.READ,
        widget=forms.RadioSelect, help_text=gettext_lazy("Never more than you may do yourself."),
    )  # fmt: skip
    days = forms.TypedChoiceField(label=gettext_lazy("It lives"), coerce=int)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        longest = settings.API_TOKEN_MAX_DAYS
        offered = sorted({days for days in LIVES if days <= longest} or {longest})
        choices = [
            (days, ngettext("%(days)d day", "%(days)d days", days) % {"days": days}) for days in offered
        ]
        self.fields["days"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("days", offered[min(1, len(offered) - 1)])


@method_decorator(never_cache, name="dispatch")
class TokensView(LoginRequiredMixin, View):
    """The page of one's tokens."""

    def get(self, request: PersonRequest) -> HttpResponse:
        """Show them, and the form of a new one."""
        return self.show(request, TokenForm())

    def post(self, request: PersonRequest) -> HttpResponse:
        """Create one and show its secret, this once."""
        form, at = TokenForm(request.POST), timezone.now()
        if not form.is_valid():
            return self.show(request, form, 422)
        try:
            token, secret = create_token(request.user, **form.cleaned_data, at=at)
        except ValidationError as refused:
            form.add_error(None, refused)
            return self.show(request, form, 422)
        return self.show(request, TokenForm(), created=token, secret=secret)

    def show(self, request: PersonRequest, form: TokenForm, status: int = 200, **more: Any) -> HttpResponse:
        """Show the page."""
        context = {"form": form, "tokens": tokens_of(request.user, timezone.now()), **more}
        return render(request, "api/tokens.html", context, status=status)


class RevokeTokenView(LoginRequiredMixin, View):
    """The end of a token."""

    def post(self, request: PersonRequest, key: uuid.UUID) -> HttpResponse:
        """Revoke it, once or again; somebody else's is not found."""
        token = get_object_or_404(ApiToken, user=request.user, key=key)
        revoke_token(token, at=timezone.now())
        messages.success(request, _("The token “%(name)s” opens nothing any more.") % {"name": token.name})
        return redirect("api_tokens")


def tokens_of(person: User, at: datetime) -> list[ApiToken]:
    """Return the tokens of `person` that still open something at `at`, the last created first."""
    return list(ApiToken.objects.live(at).filter(user=person))
