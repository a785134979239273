"""Handing a joined file back to who may read it, never as something that a browser would run."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from tickets.file_door import handed_back
from tickets.models import Attachment, Certificate


@login_required
@require_safe
@cache_control(private=True, no_store=True)
def attachment_view(request: PersonRequest, pk: int) -> HttpResponse | FileResponse:
    """Send an attachment, from whichever storage the instance uses; a stranger's is not found."""
    found = Attachment.objects.visible_to(request.user, at=timezone.now())
    return handed_back(request, get_object_or_404(found, pk=pk))


@login_required
@require_safe
@cache_control(private=True, no_store=True)
def certificate_view(request: PersonRequest, pk: int) -> HttpResponse | FileResponse:
    """Send a training's certificate; another organisation's is not found."""
    return handed_back(request, get_object_or_404(Certificate.objects.visible_to(request.user), pk=pk))
