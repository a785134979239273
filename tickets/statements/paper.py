"""Where a page becomes a PDF: the printer is loaded by the first that is asked for, not by every web process."""

from importlib import import_module

PRINTER = "tickets.statements.printing"  # with WeasyPrint and its fonts, 20 MB
STYLE = "css/print.css"


def print_pdf(template: str, context: dict[str, object], *styles: str) -> bytes:
    """Render a template as PDF/UA; its language and title are those of its `html` element.

    `styles` are stylesheets, by their static names, over that of all documents on paper.
    """
    printed: bytes = import_module(PRINTER).print_pdf(template, context, [STYLE, *styles])
    return printed
