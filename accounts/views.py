"""The pages of one person: answering an invitation, one's own profile."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, UpdateView

from accounts.access_log import AccessKind
from accounts.forms import FirstPasswordForm, ProfileForm
from accounts.invitations import invited_by
from accounts.models import User
from accounts.noting import note
from accounts.scope import enter_scope


@method_decorator(never_cache, name="dispatch")
class InvitationView(FormView):
    """Let the person who received the mail choose a first password, and sign them in."""

    form_class = FirstPasswordForm
    template_name = "account/invitation.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Refuse a link used, replaced or expired, in the same words whatever the reason."""
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
        """Keep the password and open the product."""
        enter_scope(self.person)
        form.save()
        login(self.request, self.person, backend="allauth.account.auth_backends.AuthenticationBackend")
        note(self.request, AccessKind.SIGNED_IN, self.person)
        messages.success(self.request, _("Your account is open."))
        return redirect("home")


class ProfileView(LoginRequiredMixin, SuccessMessageMixin, UpdateView):
    """One's own name, telephone, language and time zone; they take effect with the page that follows."""

    form_class = ProfileForm
    template_name = "accounts/profile.html"
    success_url = reverse_lazy("profile")
    success_message = gettext_lazy("Your profile is up to date.")

    def get_object(self, queryset: object = None) -> User:
        """Return the person themselves, apart from the one the page's frame speaks of."""
        return get_object_or_404(User.objects.select_related("client"), pk=self.request.user.pk)

    def get_success_message(self, cleaned_data: dict[str, str]) -> str:
        """Say it in the language just chosen."""
        with translation.override(cleaned_data["language"]):
            return str(super().get_success_message(cleaned_data))
