"""What a ticket carries as files: attachments, and its delay statement."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from rest_framework.response import Response

from tickets.api.base import ApiView
from tickets.api.keyset import PAGING, Column, Order, page_of
from tickets.api.openapi import Tag, listing, operation, page_out
from tickets.api.outputs import AttachmentOut
from tickets.api.problems import Refused
from tickets.api.reading import page_answer
from tickets.api.requests import ApiRequest
from tickets.file_door import SAID, as_file
from tickets.models import Attachment
from tickets.record.page import find_ticket
from tickets.statements.gathering import read_statement
from tickets.statements.views import json_answer, pdf_answer
from tickets.words import ScanState

BY_NUMBER: dict[str, Order] = {"id": (Column("id"),), "-id": (Column("id", descending=True),)}


class TicketAttachmentsView(ApiView):
    """The files joined to a ticket and to its messages."""

    takes = PAGING

    @operation(
        "tickets_attachments", _("List the files of a ticket"), Tag.FILES, page_out("Attachment", AttachmentOut),
        query=listing(*BY_NUMBER), refuses=[404],
        description=_("Files are sent with the act that they go with, as parts of multipart/form-data."),
    )  # fmt: skip
    def get(self, request: ApiRequest, number: int) -> Response:
        """Answer a page of those that the person may download."""
        at = timezone.now()
        ticket = find_ticket(request.user, number, at)
        files = Attachment.objects.visible_to(request.user, at=at).filter(ticket=ticket)
        return page_answer(page_of(request, files, BY_NUMBER, "id"), AttachmentOut)


class AttachmentView(ApiView):
    """One file, without its content."""

    @operation("attachments_read", _("Read what a file is"), Tag.FILES, AttachmentOut, refuses=[404])
    def get(self, request: ApiRequest, number: int) -> Response:
        """Answer it."""
        seen = Attachment.objects.visible_to(request.user, at=timezone.now())
        return Response(AttachmentOut(get_object_or_404(seen, pk=number)).data)


class AttachmentContentView(ApiView):
    """The content of a file."""

    @operation(
        "attachments_content", _("Download a file"), Tag.FILES, OpenApiTypes.BINARY, refuses=[404, 409],
        media="*/*",
    )  # fmt: skip
    def get(self, request: ApiRequest, number: int) -> HttpResponseBase:
        """Send it as the page does, never as something that a browser would run; held or infected, it stays (409)."""
        seen = Attachment.objects.visible_to(request.user, at=timezone.now())
        found = get_object_or_404(seen, pk=number)
        if not found.may_be_downloaded:
            raise Refused("not-possible-now", str(SAID[ScanState(found.scan)]))
        return as_file(found.file, found.name, found.content_type, found.size)


class StatementView(ApiView):
    """The delay statement as data."""

    @operation(
        "tickets_statement", _("Read the delay statement"), Tag.FILES, OpenApiTypes.OBJECT, refuses=[404],
        description=_("What `sla_verify` computes again from itself alone: see docs/statement.md."),
    )  # fmt: skip
    def get(self, request: ApiRequest, number: int) -> HttpResponse:
        """Answer the document itself."""
        return json_answer(read_statement(request.user, number, timezone.now()))


class StatementPdfView(ApiView):
    """The delay statement printed."""

    @operation(
        "tickets_statement_pdf", _("Print the delay statement"), Tag.FILES, OpenApiTypes.BINARY, refuses=[404],
        media="application/pdf",
    )  # fmt: skip
    def get(self, request: ApiRequest, number: int) -> HttpResponse:
        """Answer the PDF."""
        return pdf_answer(read_statement(request.user, number, timezone.now()))
