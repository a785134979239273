"""The same write asked twice is done once: its answer is kept for a day under the key that its author chose."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from tickets.api.problems import Refused, not_understood
from tickets.api.requests import ApiRequest
from tickets.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)
KEY = re.compile(r"[\x21-\x7e]{1,200}")
HEADERS = ("Location", "ETag")


def answer_once(request: ApiRequest, at: datetime, perform: Callable[[], Response]) -> Response:
    """Perform, or replay the answer that this person got under the same key for the same request.

    In the transaction of the act: the answer is kept if and only if the act is. Another request under the key is
    refused (422), one that is still being handled too (409).
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return perform()
    if not KEY.fullmatch(key):
        reason = _("1 to 200 visible ASCII characters")
        raise not_understood([{"field": "Idempotency-Key", "reason": reason}])
    _hold(f"{request.user.pk}:{key}")
    fingerprint = _fingerprint(request)
    kept = KeptAnswer.objects.filter(person=request.user, key=key).first()
    if kept is not None and kept.created_at > at - KEPT_FOR:
        return _replay(kept, fingerprint)
    if kept is not None:
        kept.delete()
    response = perform()
    _keep(request, response, key, fingerprint, at)
    return response


def forget_old(at: datetime) -> int:
    """Forget the answers older than a day at `at`; return how many."""
    return KeptAnswer.objects.filter(created_at__lte=at - KEPT_FOR).delete()[0]


def _hold(name: str) -> None:
    """Hold the key until the transaction ends; refuse if another request holds it (409)."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            said = _("A request with this idempotency key is being handled: ask again in a moment.")
            raise Refused("in-progress", said, headers={"Retry-After": "1"})


def _fingerprint(request: ApiRequest) -> str:
    """Return the digest of what is asked: the address, the fields, and the content of the files."""
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    sent = request.data
    if isinstance(sent, QueryDict):
        sent = {name: values for name, values in sent.lists() if name not in request.FILES}
    digest.update(json.dumps(sent, sort_keys=True).encode())
    for name in sorted(request.FILES):
        for upload in request.FILES.getlist(name):
            digest.update(repr((name, upload.name, upload.size)).encode("utf-8", "replace"))
            for chunk in upload.chunks():
                digest.update(chunk)
            upload.seek(0)
    return digest.hexdigest()


def _replay(kept: KeptAnswer, fingerprint: str) -> Response:
    if kept.fingerprint != fingerprint:
        raise Refused(
            "key-reused", _("Choose a new key: this one was used for another request within a day.")
        )
    return Response(
        json.loads(kept.body), kept.status, headers={**kept.headers, "Idempotency-Replayed": "true"}
    )


def _keep(request: ApiRequest, response: Response, key: str, fingerprint: str, at: datetime) -> None:
    KeptAnswer.objects.create(
        client_id=request.user.client_id,
        person=request.user,
        key=key,
        fingerprint=fingerprint,
        status=response.status_code,
        headers={name: response[name] for name in HEADERS if response.has_header(name)},
        body=json.dumps(response.data, cls=JSONEncoder, ensure_ascii=False),
        created_at=at,
    )
