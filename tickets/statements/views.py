"""A ticket's delay statement: on screen, as PDF, as JSON; the same for both sides."""

import json

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from accounts.requests import PersonRequest
from tickets.statements.gathering import DelayStatement, read_statement
from tickets.statements.paper import print_pdf
from tickets.statements.presentation import statement_context


class StatementView(LoginRequiredMixin, View):
    """The statement on screen."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Show it, in the time zone of its calendar."""
        statement = read_statement(request.user, pk, timezone.now())
        with timezone.override(statement.calendar.zone):
            return render(request, "statements/statement.html", statement_context(statement))


class StatementPdfView(LoginRequiredMixin, View):
    """The statement as a document to keep or to send."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Print it."""
        return pdf_answer(read_statement(request.user, pk, timezone.now()))


class StatementJsonView(LoginRequiredMixin, View):
    """The statement as data: what `sla_verify` takes."""

    def get(self, request: PersonRequest, pk: int) -> HttpResponse:
        """Give the document itself."""
        return json_answer(read_statement(request.user, pk, timezone.now()))


def pdf_answer(statement: DelayStatement) -> HttpResponse:
    """Answer with the statement printed."""
    with timezone.override(statement.calendar.zone):
        context = {**statement_context(statement), "vendor_name": settings.VENDOR_NAME}
        content = print_pdf("statements/print.html", context)
    return _file(statement, content, "pdf", "application/pdf")


def json_answer(statement: DelayStatement) -> HttpResponse:
    """Answer with the document itself."""
    content = json.dumps(statement.document, ensure_ascii=False, indent=2, sort_keys=True)
    return _file(statement, content.encode(), "json", "application/json")


def _file(statement: DelayStatement, content: bytes, suffix: str, content_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{statement.name}.{suffix}"'
    return answer
