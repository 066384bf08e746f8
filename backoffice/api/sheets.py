"""How a program brings in the text of a file of rows: as a screen does, all rows or none."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.answering import once
from backoffice.api.endpoints import KEY, RowsEndpoint
from backoffice.api.serializers import VisibleKey
from backoffice.organisation.models import Company


class SheetSerializer(serializers.Serializer):
    """A file of a company."""

    company = VisibleKey(queryset=Company.objects.all())
    name = serializers.CharField(max_length=160, default="file.csv")
    content = serializers.CharField(help_text="The CSV text", max_length=2_000_000)
    check_only = serializers.BooleanField(default=False, help_text="Say what would become of it, write nothing")


class SheetAnswerSerializer(serializers.Serializer):
    """What became of it; while there are problems, nothing was written."""

    new = serializers.IntegerField()
    known = serializers.IntegerField()
    problems = serializers.ListField(child=serializers.CharField())


class Importing(Protocol):
    """The module of an app that reads, judges and brings in its files."""

    def read(self, name: str, content: bytes) -> Sequence[Any]: ...

    def plan(self, company: Company, rows: Any, *, by: Any, today: date) -> Any: ...

    def bring(self, company: Company, judged: Any, *, by: Any) -> Any: ...


class SheetEndpoint(RowsEndpoint):
    """For an endpoint whose rows come in by file as well: `import/`, by the module that it names."""

    importing: Importing

    @extend_schema(parameters=[KEY], request=SheetSerializer, responses=SheetAnswerSerializer, filters=False)
    @action(detail=False, methods=["post"], url_path="import", pagination_class=None)
    def import_file(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Bring in a CSV file, all rows or none; with `check_only` only say what would become of it."""
        return once(request, self.operation(), self._import)

    def _import(self) -> Response:
        context = self.get_serializer_context()
        return brought(self.request.data, self.importing, by=self.request.user, context=context)


def brought(data: Any, importing: Importing, *, by: Any, context: Mapping[str, Any]) -> Response:
    """Bring in what was sent, or with `check_only` say what would become of it."""
    given = SheetSerializer(data=data, context=context)
    given.is_valid(raise_exception=True)
    file = given.validated_data
    company = file["company"]
    rows = importing.read(file["name"], file["content"].encode())
    judged = importing.plan(company, rows, by=by, today=timezone.localdate(timezone=company.zone))
    if not judged.problems and not file["check_only"]:
        importing.bring(company, judged, by=by)
    answer = {"new": judged.new, "known": judged.known, "problems": judged.problems}
    return Response(answer, status=422 if judged.problems else 200)
