"""Where a page becomes a PDF: the printer is loaded by the first that is asked for, not by every web process."""

from importlib import import_module

PRINTER = "tickets.statements.printing"  # with WeasyPrint and its fonts, 20 MB


def print_pdf(template: str, context: dict[str, object]) -> bytes:
    """Render a template as PDF/UA; its language and title are those of its `html` element."""
    printed: bytes = import_module(PRINTER).print_pdf(template, context)
    return printed
