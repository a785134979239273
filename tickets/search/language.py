"""The language of searches: words, “phrases”, beginnings*, -exclusions, #numbers and field:values; pure reading."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

LONGEST = 200  # characters
MOST_TERMS = 20
SHORTEST_BEGINNING = 2


class QueryError(ValueError):
    """A search that cannot be understood; the message says where and what would be."""


class Kind(StrEnum):
    """What a term is."""

    WORD = "word"
    PHRASE = "phrase"
    BEGINNING = "beginning"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Term:
    """Something to be found in the words of a ticket, or to be absent from them."""

    kind: Kind
    text: str
    is_excluded: bool = False

    @property
    def number(self) -> int | None:
        """The ticket's number that is meant, if one is."""
        return int(self.text.removeprefix("#")) if self.kind == Kind.NUMBER else None

    @property
    def is_number_alone(self) -> bool:
        """Tell whether a ticket's number is meant, and not also a word: “#12”."""
        return self.kind == Kind.NUMBER and self.text.startswith("#")


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter written in the search: its field, under its own name, and the value as typed."""

    field: str
    value: str


# Each field, under its French and English names, accents and case apart.
FIELDS = {
    "client": "client", "solution": "solution", "gravite": "severity", "severite": "severity",
    "severity": "severity", "etat": "state", "statut": "state", "state": "state", "status": "state",
    "a": "owner", "owner": "owner", "proprietaire": "owner",
}  # fmt: skip
_PIECE = re.compile(
    r"""
    (?P<minus>-(?=[^\s-]))?
    (?:(?P<field>[^\W\d_]+):(?=\S))?
    (?:"(?P<quoted>[^"]*)"|«(?P<guillemets>[^»]*)»|(?P<open>["«])|(?P<bare>[^\s"«]+))
    """,
    re.VERBOSE,
)
_EMPTY_FIELD = re.compile(r"(?:^|\s)-?([^\W\d_]+):(?=\s|$)")
_HAS_MEANING = re.compile(r"[^\W_]")


def fold(text: str) -> str:
    """Return a text without accents nor case, its spaces single, for comparing what people type."""
    plain = unicodedata.normalize("NFKD", text)
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).lower().split())


def read_query(text: str) -> list[Term | Choice]:
    """Read a search; raise `QueryError` for what is not of the language."""
    if len(text) > LONGEST:
        raise QueryError(_("A search has at most %(count)d characters.") % {"count": LONGEST})
    for found in _EMPTY_FIELD.finditer(_without_quotes(text)):
        if fold(found[1]) in FIELDS:
            raise QueryError(_("“%(field)s:” wants a value right after the colon.") % {"field": found[1]})
    pieces = [_read(found) for found in _PIECE.finditer(text)]
    terms = [piece for piece in pieces if piece is not None]
    if len(terms) > MOST_TERMS:
        raise QueryError(_("A search has at most %(count)d words.") % {"count": MOST_TERMS})
    return terms


def _without_quotes(text: str) -> str:
    return re.sub(r'"[^"]*"|«[^»]*»', "_", text)


def _read(found: re.Match[str]) -> Term | Choice | None:
    if found["open"]:
        rest = found.string[found.start("open") : found.start("open") + 20]
        raise QueryError(_("The quotation that begins at %(text)s is never closed.") % {"text": rest})
    is_excluded = bool(found["minus"])
    quoted = found["quoted"] if found["quoted"] is not None else found["guillemets"]
    if found["field"]:
        return _choice(found["field"], (quoted if quoted is not None else found["bare"]).strip(), is_excluded)
    if quoted is not None:
        return Term(Kind.PHRASE, quoted.strip(), is_excluded) if _HAS_MEANING.search(quoted) else None
    return _bare(found["bare"], is_excluded)


def _choice(name: str, value: str, is_excluded: bool) -> Choice:
    field = FIELDS.get(fold(name))
    if field is None:
        raise QueryError(
            _(
                "“%(field)s:” is no filter. The filters are client:, solution:, severity:, state: and owner:;"
                " to search these very characters, put them in quotation marks."
            )
            % {"field": name}
        )
    if is_excluded:
        raise QueryError(_("“-” excludes words; it does not go with “%(field)s:”.") % {"field": name})
    if not value:
        raise QueryError(_("“%(field)s:” wants a value right after the colon.") % {"field": name})
    return Choice(field, value)


def _bare(text: str, is_excluded: bool) -> Term | None:
    word = text.rstrip("*")
    if word != text:
        if len(_HAS_MEANING.findall(word)) < SHORTEST_BEGINNING:
            raise QueryError(
                _("“%(text)s”: the beginning of a word has at least %(count)d letters.")
                % {"text": text, "count": SHORTEST_BEGINNING}
            )
        return Term(Kind.BEGINNING, word, is_excluded)
    number = text.removeprefix("#")
    if number.isascii() and number.isdigit() and (text != number or not is_excluded) and len(number) < 19:
        return Term(Kind.NUMBER, text, is_excluded)
    return Term(Kind.WORD, text, is_excluded) if _HAS_MEANING.search(text) else None
