"""A ticket's entity tag: what its answer depends on, known without reading its ledger."""

import hashlib
import re
from datetime import datetime

from django.utils.http import parse_etags
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.api.links import Links, links_of
from tickets.api.outputs import clocks_of
from tickets.api.problems import Refused
from tickets.api.requests import ApiRequest
from tickets.models import Ticket
from tickets.permissions import actors_of

FORMAT = 2  # to be raised when the shape of the answer changes
# What a proxy that encodes an answer adds to its tag.
ENCODED = re.compile(r'-(?:gzip|zstd|br|deflate)"$')


def etag_of(ticket: Ticket, links: Links, user: User, at: datetime) -> str:
    """Return the tag of a ticket (fetched with its parties) and what it has beside it as `user` reads them at `at`.

    Every act moves `last_seq`; a deadline that passes changes a clock; the texts and names are those read.
    """
    parties = (ticket.client, ticket.solution, ticket.reporter, ticket.owner)
    texts = (ticket.title, ticket.description, ticket.steps, ticket.affected_version, ticket.environment)
    capacities = sorted(actors_of(user, ticket, at))
    clocks = [str(clock["state"]) for clock in clocks_of(ticket, at).values()]
    said = (
        FORMAT, ticket.pk, ticket.last_seq, texts, ticket.external_reference, [str(each) for each in parties],
        clocks, capacities, links.said(), user.pk, user.language,
    )  # fmt: skip
    return f'"{ticket.last_seq}-{hashlib.sha256(repr(said).encode()).hexdigest()[:24]}"'


def _tags(header: str) -> list[str]:
    """Return the tags that a header names, as this application gave them, whatever proxy encoded the answer."""
    return [ENCODED.sub('"', tag) for tag in parse_etags(header)]


def is_unchanged(request: ApiRequest, etag: str) -> bool:
    """Tell whether the reader has this very answer already (`If-None-Match`)."""
    known = _tags(request.headers.get("If-None-Match", ""))
    return "*" in known or etag in [each.removeprefix("W/") for each in known]


def require_match(request: ApiRequest, ticket: Ticket, at: datetime, *, rule: str) -> None:
    """Refuse an act, whose row of the workflow is `rule`, on a ticket that is not as it was read (`If-Match`, 412)."""
    if "If-Match" not in request.headers:
        return
    known = _tags(request.headers["If-Match"])
    if "*" in known:
        return
    if etag_of(ticket, links_of(request.user, ticket, at), request.user, at) not in known:
        raise Refused("changed", _("The ticket has changed since you read it: read it again."), rule=rule)
