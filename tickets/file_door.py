"""Handing a stored file back, whatever it is joined to: as a file to keep, never as something a browser would run."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.models import Attachment, Certificate
from tickets.words import ScanState

SAID = {
    ScanState.HELD: gettext_lazy(
        "This file is held: the scanner has not seen it yet. Come back in some minutes."
    ),
    ScanState.INFECTED: gettext_lazy(
        "This file is infected according to the scanner: nobody may download it."
    ),
}


def handed_back(request: HttpRequest, stored: Attachment | Certificate) -> HttpResponse | FileResponse:
    """Answer with a stored file; the caller has found it through `visible_to`.

    One held or in quarantine stays, and a page says why (409); one that the storage lost is a 404.
    """
    if not stored.may_be_downloaded:
        return render(request, "409.html", {"text": SAID[ScanState(stored.scan)]}, status=409)
    return as_file(stored.file, stored.name, stored.content_type, stored.size)


def as_file(stored: FieldFile, name: str, content_type: str, size: int) -> FileResponse:
    """Answer with stored bytes under a name, as a file to keep; one that storage lost is a 404."""
    try:
        content = stored.open("rb")
    except FileNotFoundError as missing:
        raise Http404(_("This file is missing from the storage.")) from missing
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    response["Content-Length"] = size
    # Opened in spite of all that, it may load nothing, run nothing, and has no origin.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    # No page of another origin may draw it in.
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
