"""Uploads for programs: files in as base64, what became of them out."""

import base64
import binascii
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.answering import once
from backoffice.api.endpoints import RowsEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import RowSerializer
from backoffice.exchange import receiving
from backoffice.exchange.forms import UploadFilters
from backoffice.exchange.models import Upload
from backoffice.exchange.slots import readers
from backoffice.organisation.models import Company


class UploadSerializer(RowSerializer):
    result = serializers.SerializerMethodField()

    class Meta:
        model = Upload
        fields = [
            "id", "company", "kind", "name", "media_type", "size", "digest", "state", "message", "warnings", "proposal",
            "result", "by", "at",
        ]  # fmt: skip

    def get_result(self, upload: Upload) -> str | None:
        """The `ref` of the document that it became."""
        return str(upload.result.ref) if upload.result is not None else None


class NewUploadSerializer(serializers.Serializer):
    company = serializers.PrimaryKeyRelatedField(queryset=Company.objects.all())
    kind = serializers.ChoiceField(choices=[])
    name = serializers.CharField(max_length=160)
    media_type = serializers.CharField(max_length=80, required=False, default="application/octet-stream")
    content = serializers.CharField(help_text="The file in base64")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [key for key, _reader in readers.items()]  # type: ignore[attr-defined]

    def validate_content(self, value: str) -> bytes:
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError) as error:
            raise serializers.ValidationError("This is not base64.") from error


class AgainSerializer(serializers.Serializer):
    confirmed = serializers.BooleanField(default=False, help_text="Say yes to the reader's proposal")


@route("exchange/uploads")
class UploadEndpoint(RowsEndpoint):
    """Files that came in. `POST` hands one in, `again/` reads it once more."""

    model = Upload
    serializer_class = UploadSerializer
    filterset_class = UploadFilters
    http_method_names = ["get", "post", "head", "options"]
    writes = {"create": "add", "again": "add"}

    @extend_schema(request=NewUploadSerializer, responses={201: UploadSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hand in one file; the answer says what became of it, a refusal included."""
        return once(request, self.operation(), self._create)

    def _create(self) -> Response:
        given = NewUploadSerializer(data=self.request.data)
        given.is_valid(raise_exception=True)
        file = given.validated_data
        (upload,) = receiving.receive(
            file["company"], file["kind"], [(file["name"], file["media_type"], file["content"])], by=self.request.user
        )
        return self.answer(upload, status.HTTP_201_CREATED)

    @extend_schema(request=AgainSerializer, responses=UploadSerializer)
    @action(detail=True, methods=["post"])
    def again(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Read a kept file once more, or confirm what its reader proposed."""
        return once(request, self.operation(), self._again)

    def _again(self) -> Response:
        asked = AgainSerializer(data=self.request.data)
        asked.is_valid(raise_exception=True)
        upload = receiving.again(self.get_object(), by=self.request.user, confirmed=asked.validated_data["confirmed"])
        return self.answer(upload)
