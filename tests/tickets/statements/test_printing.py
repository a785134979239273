"""The printer reads its stylesheets and fonts once a thread; the rows of a table are plain cells of escaped text."""

from concurrent.futures import ThreadPoolExecutor

from tickets.monthly.tables import Kind, Table
from tickets.statements.printing import dressed
from tickets.templatetags.monthly import printed_rows

STYLES = ("css/print.css", "css/report_print.css")


def test_stylesheets_and_fonts_are_read_once_a_thread() -> None:
    fonts, sheets = dressed(STYLES)
    assert len(sheets) == 2
    assert dressed(STYLES) == (fonts, sheets)
    assert dressed(STYLES[:1])[0] is not fonts
    with ThreadPoolExecutor(1) as other:
        assert other.submit(dressed, STYLES).result()[0] is not fonts


def test_a_printed_row_is_headed_by_its_first_cell_and_says_words_as_words() -> None:
    table = Table(
        "Tickets",
        [("Title", Kind.TEXT), ("Received", Kind.COUNT), ("Severity", Kind.WORD)],
        [["<b>Export</b> & co", 12, None]],
    )
    assert printed_rows(table) == (
        '<tr><th scope="row">&lt;b&gt;Export&lt;/b&gt; &amp; co</th><td class="kind-count">12</td><td></td></tr>'
    )
