"""The pages of one person: answering an invitation, one's own profile, one's open sessions."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core.internal.ratelimit import consume, respond_429
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView, UpdateView

from accounts.forms import FirstPasswordForm, ProfileForm
from accounts.invitations import invited_by
from accounts.models import Consultation, User
from accounts.requests import PersonRequest
from accounts.scope import enter_scope
from accounts.sessions import end_other_sessions, end_session, open_sessions

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# A key of the database is shorter than this.
MOST_DIGITS = 19
CONSULTATIONS_SHOWN = 20


@method_decorator(never_cache, name="dispatch")
class InvitationView(FormView):
    """Let the person who received the mail choose a first password, and sign them in."""

    form_class = FirstPasswordForm
    template_name = "account/invitation.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Refuse a link used, replaced or expired, in the same words whatever the reason; and many at once."""
        allowed = consume(request, app="allauth.account", action="invitation", limit_get=True)
        if not allowed:
            return respond_429(request)
        person = invited_by(self.kwargs["token"])
        if person is None:
            return render(request, "account/invitation_over.html", status=410)
        self.person = person
        translation.activate(person.language)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, object]:
        """Give the form its person: a password must not resemble their name."""
        return {**super().get_form_kwargs(), "user": self.person}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Name the person invited."""
        return super().get_context_data(person=self.person, **kwargs)

    def form_valid(self, form: FirstPasswordForm) -> HttpResponse:
        """Keep the password and sign in like anybody: a person invited again still owes their second factor."""
        enter_scope(self.person)
        form.save()
        if self.request.user.is_authenticated:
            logout(self.request)
        # allauth keeps a person it does not know yet by the way of authentication that Django would have set.
        self.person.backend = BACKEND
        messages.success(self.request, _("Your account is open."))
        return perform_password_login(
            self.request, {"email": self.person.email}, Login(user=self.person, redirect_url=reverse("home"))
        )


class ProfileView(LoginRequiredMixin, SuccessMessageMixin, UpdateView):
    """One's own name, telephone, language and time zone; they take effect with the page that follows."""

    form_class = ProfileForm
    template_name = "accounts/profile.html"
    success_url = reverse_lazy("profile")
    success_message = gettext_lazy("Your profile is up to date.")

    def get_object(self, queryset: object = None) -> User:
        """Return the person themselves, apart from the one the page's frame speaks of."""
        return get_object_or_404(User.objects.select_related("client"), pk=self.request.user.pk)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add who viewed as this person, the latest first."""
        consultations = (
            Consultation.objects.filter(person=self.object)
            .select_related("by")
            .annotate(until=Coalesce("end__at", "ends_at"))[:CONSULTATIONS_SHOWN]
        )
        return super().get_context_data(consultations=consultations, **kwargs)

    def get_success_message(self, cleaned_data: dict[str, str]) -> str:
        """Say it in the language just chosen."""
        with translation.override(cleaned_data["language"]):
            return str(super().get_success_message(cleaned_data))


class SessionsView(LoginRequiredMixin, TemplateView):
    """Where one is signed in, and how to end it."""

    template_name = "accounts/sessions.html"
    request: PersonRequest

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """List the sessions that are open."""
        return super().get_context_data(sessions=open_sessions(self.request), **kwargs)

    def post(self, request: PersonRequest) -> HttpResponse:
        """End one other session, or all of them; one that is gone already is as the person wished."""
        chosen = request.POST.get("session", "")
        if chosen == "others":
            count = end_other_sessions(request)
            text = ngettext("%(count)d session is ended.", "%(count)d sessions are ended.", count)
            messages.success(request, text % {"count": count})
        elif chosen.isdecimal() and len(chosen) < MOST_DIGITS:
            end_session(request, int(chosen))
            messages.success(request, _("The session is ended."))
        return redirect("sessions")
