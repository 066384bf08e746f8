"""The schema says what really happens: every operation lists the refusals of `errors.answer`."""

from typing import Any, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

MEANINGS = {
    "400": "Not so: something is missing or wrong; `fields` says what.",
    "401": "Who are you? The token is missing, unknown or has ended.",
    "403": "Not you: your roles do not include the right.",
    "404": "There is no such record, or you may not see it.",
    "409": "Not now: state, period, duty or another record stands against it.",
    "412": "Somebody else changed it after you read it.",
    "422": "The Idempotency-Key was sent with another request.",
    "428": "Say which version you saw.",
}
READING = ("400", "401", "403", "404")


ERROR = inline_serializer(
    "Error",
    {
        "code": serializers.CharField(),
        "message": serializers.CharField(),
        "details": serializers.DictField(required=False),
        "fields": serializers.DictField(required=False),
    },
)


class HouseSchema(AutoSchema):
    """drf-spectacular's reading of an endpoint plus the answers to what may go wrong."""

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        reading = self.method in ("GET", "HEAD", "OPTIONS")
        error = self.resolve_serializer(ERROR, direction)
        for status in READING if reading else MEANINGS:
            body = {"application/json": {"schema": error.ref}}
            bodies.setdefault(status, {"content": body, "description": MEANINGS[status]})
        return bodies

    def get_operation_id(self) -> str:
        """`payables_bill_submit`: app, model and verb, whatever the path."""
        model = getattr(self.view, "model", None)
        if model is None:
            return super().get_operation_id()
        name = getattr(self.view, "called", "") or model._meta.model_name
        return f"{model._meta.app_label}_{name}_{getattr(self.view, 'action', '').removeprefix('verb_')}"


class BearerScheme(OpenApiAuthenticationExtension):
    """How programs say who they are."""

    target_class = "backoffice.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
