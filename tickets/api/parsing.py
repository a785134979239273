"""Reading what a request sends: JSON without surprises, or a form with files."""

import json
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser

__all__ = ["MultiPartParser", "StrictJSONParser"]


class StrictJSONParser(JSONParser):
    """JSON as its standard says: UTF-8, no NaN, no name twice, of a bounded size and depth."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Read the document; `RequestDataTooBig` above the limit, `ParseError` for what is no JSON."""
        content = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(content) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("The document is larger than any that is taken.")
        try:
            return json.loads(
                content.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_without_doubles
            )
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The body is not a JSON document: %(why)s") % {"why": error}) from error


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a JSON value")


def _without_doubles(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"“{name[:40]}” is there twice")
        found[name] = value
    return found
