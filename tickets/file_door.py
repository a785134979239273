"""Handing a stored file back, whatever it is joined to: as a file to keep, never as something a browser would run."""

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from tickets.models import Attachment, Certificate


def handed_back(stored: Attachment | Certificate) -> FileResponse:
    """Answer with a stored file; the caller has found it through `visible_to`. One that storage lost is a 404."""
    try:
        content = stored.file.open("rb")
    except FileNotFoundError as missing:
        raise Http404(_("This file is missing from the storage.")) from missing
    response = FileResponse(
        content, as_attachment=True, filename=stored.name, content_type=stored.content_type
    )
    response["Content-Length"] = stored.size
    # Opened in spite of all that, it may load nothing, run nothing, and has no origin.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    # No page of another origin may draw it in.
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
