"""Acting once for a request that is sent twice: the first answer is kept with the effect, in one transaction."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.errors import KeyReused
from backoffice.api.models import AnswerKept


def once(request: Request, operation: str, work: Callable[[], Response]) -> Response:
    """Run `work` unless this user sent the same Idempotency-Key for the operation before.

    A repeat that arrives meanwhile waits for the first. When the first fails nothing is kept, and a repeat tries
    again. Raises `KeyReused` when the key came with other content, and what `work` raises.
    """
    key = request.headers.get("Idempotency-Key", "")[:100]
    if not key:
        return work()
    user: Any = request.user
    digest = hashlib.sha256(JSONRenderer().render(request.data)).hexdigest()
    with transaction.atomic():
        kept, is_new = AnswerKept.objects.get_or_create(
            user=user, operation=operation[:200], key=key, defaults={"request_digest": digest}
        )
        if not is_new:
            return _again(kept, digest)
        response = work()
        with connection.cursor() as cursor:
            # Guards that wait for the commit speak now, while their words can still be answered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        body = json.loads(JSONRenderer().render(response.data))
        etag = response.headers.get("ETag", "")
        AnswerKept.objects.filter(pk=kept.pk).update(status=response.status_code, body=body, etag=etag)
    return response


def _again(kept: AnswerKept, digest: str) -> Response:
    if kept.request_digest != digest:
        raise KeyReused
    headers: dict[str, Any] = {"Idempotent-Replayed": "true"}
    if kept.etag:
        headers["ETag"] = kept.etag
    return Response(kept.body, status=kept.status, headers=headers)
