"""Handing a joined file back to who may read it, never as something that a browser would run."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from tickets.models import Attachment


@login_required
@require_safe
@cache_control(private=True, no_store=True)
def attachment_view(request: PersonRequest, pk: int) -> FileResponse:
    """Send an attachment, from whichever storage the instance uses; a stranger's is not found."""
    return send(get_object_or_404(Attachment.objects.visible_to(request.user, at=timezone.now()), pk=pk))


def send(attachment: Attachment) -> FileResponse:
    """Answer with the content of a file that its reader may have."""
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError as missing:
        raise Http404(_("This file is missing from the storage.")) from missing
    response = FileResponse(
        content, as_attachment=True, filename=attachment.name, content_type=attachment.content_type
    )
    response["Content-Length"] = attachment.size
    # Opened in spite of all that, it may load nothing, run nothing, and has no origin.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
