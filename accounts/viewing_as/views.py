"""The pages of a consultation: beginning it with a motive, stopping it."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from accounts.models import Role
from accounts.requests import PersonRequest
from accounts.viewing_as.acts import begin, stop
from accounts.viewing_as.forms import ViewAsForm
from accounts.viewing_as.middleware import KEY


class ViewAsView(LoginRequiredMixin, FormView):
    """Choose whom to view as, and say why."""

    form_class = ViewAsForm
    template_name = "viewing_as/begin.html"
    request: PersonRequest

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Open for managers alone."""
        if request.user.is_authenticated and request.user.role != Role.MANAGER:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, object]:
        """Offer those whom this manager may view as."""
        return {**super().get_form_kwargs(), "manager": self.request.user}

    def form_valid(self, form: ViewAsForm) -> HttpResponse:
        """Write it down, then look."""
        consultation = begin(
            form.cleaned_data["person"],
            by=self.request.user,
            at=timezone.now(),
            motive=form.cleaned_data["motive"],
        )
        self.request.session[KEY] = consultation.pk
        return redirect("home")


@require_POST
def stop_viewing_as(request: HttpRequest) -> HttpResponse:
    """Be oneself again."""
    consultation = getattr(request, "consultation", None)
    if consultation is not None:
        stop(consultation, at=timezone.now())
        del request.session[KEY]
        messages.success(request, _("The consultation is stopped: you are yourself again."))
    return redirect("home")
