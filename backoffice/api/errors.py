"""One answer for everything that can be wrong, with the words that the screens use.

Body: `{"code": …, "message": …}`, for invalid input also `{"fields": {name: [messages]}}`.
400 not so, 401 who are you, 403 not you, 404 not there (or not visible to you), 409 not now,
412 somebody else changed it, 428 say which version you saw.
"""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from backoffice.core.errors import Conflict, Refused


class VersionMissing(exceptions.APIException):
    """A change without If-Match would overwrite what others did meanwhile."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "version_missing"
    default_detail = _("Say which version you saw: send its ETag as If-Match.")


class KeyReused(exceptions.APIException):
    """The Idempotency-Key belongs to another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "key_reused"
    default_detail = _("This Idempotency-Key was sent with another request.")


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: translates the three words of `core.errors` once; None stays a 500."""
    match error:
        case Conflict():
            asked = "If-Match" in context["request"].headers
            return _told(412 if asked else 409, error.code, str(error), error.details)
        case Refused():
            return _told(409, error.code, str(error), error.details)
        case ValidationError():
            return _invalid(_by_field(error))
        case exceptions.ValidationError():
            return _invalid(error.detail)
        case PermissionDenied():
            return _told(403, "permission", str(error) or _("Your roles do not include this right."))
        case Http404():
            return _told(404, "not_found", _("There is no such record, or you may not see it."))
        case ProtectedError():
            return _told(409, "used", _("Other records still refer to this one."))
        case IntegrityError():
            return _from_database(error)
        case exceptions.APIException():
            response = exception_handler(error, context)
            if response is not None:
                response.data = {"code": str(error.get_codes()), "message": str(error.detail)}
            return response
    return None


def _told(code: int, word: str, message: str, details: dict[str, Any] | None = None) -> Response:
    set_rollback()
    body: dict[str, Any] = {"code": word, "message": message}
    if details:
        body["details"] = {key: str(value) for key, value in details.items()}
    return Response(body, status=code)


def _invalid(fields: Any) -> Response:
    set_rollback()
    if not isinstance(fields, dict):
        fields = {"non_field_errors": fields}
    return Response({"code": "invalid", "message": _("Something is missing or wrong."), "fields": fields}, status=400)


def _by_field(error: ValidationError) -> dict[str, Any]:
    if not hasattr(error, "error_dict"):
        return {"non_field_errors": error.messages}
    return {"non_field_errors" if k == NON_FIELD_ERRORS else k: v for k, v in error.message_dict.items()}


def _from_database(error: IntegrityError) -> Response | None:
    """A guard of the database speaks to people; a constraint that Python did not ask first is a conflict."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is None:
        return None
    hint = diagnosis.message_hint or ""
    if diagnosis.sqlstate == "P0001" or hint.startswith("refused:"):
        return _told(409, hint.removeprefix("refused:") or "database", diagnosis.message_primary)
    if diagnosis.sqlstate in ("23505", "23503", "23514", "23P01"):
        words = _("This contradicts other records (%(rule)s).") % {"rule": diagnosis.constraint_name}
        return _told(409, "constraint", words)
    return None
