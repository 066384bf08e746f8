"""The kinds of endpoint: rows to read, masters to keep, what moves by a flow, documents.

An app declares model, serializer and filter set; rights, scope, versions, verbs and refusals come from the kit:

    @route("payables/bills")
    class BillEndpoint(DocumentEndpoint):
        model = Bill
        serializer_class = BillSerializer
        filterset_class = BillFilters
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as Invalid
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.answering import once
from backoffice.api.authentication import TokenAuthentication
from backoffice.api.errors import VersionMissing
from backoffice.api.keeping import keeper
from backoffice.api.permissions import RightsAsked
from backoffice.api.schema import HouseSchema
from backoffice.api.serializers import VisibleRef, cleaned, lines_of, of_verb
from backoffice.audit.recording import acting
from backoffice.core.authority import authority, recorder
from backoffice.core.errors import Conflict, Refused
from backoffice.core.flow import Flow

KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description="A repeat gets the first answer.")
VERSION = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="The ETag that you saw.")


class RowsEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Rows to list and read. `?company=<id>` narrows to one company; the filter set is that of the screen."""

    model: ClassVar[Any]
    ordering: ClassVar[tuple[str, ...] | None] = None
    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [RightsAsked]
    schema = HouseSchema()
    writes: ClassVar[dict[str, str]] = {}
    asks: ClassVar[tuple[str, ...]] = ("company", "cursor", "page_size")  # what a list reads besides its filters
    called: ClassVar[str] = ""  # in names of routes, where a model has a second endpoint

    def right_for(self, action: str) -> str | None:
        """The right that an action needs; see `RightsAsked`."""
        meta = self.model._meta
        if action in ("list", "retrieve"):
            owned = getattr(self.model, "scope_owner", None)
            return "" if owned else f"{meta.app_label}.view_{meta.model_name}"
        return f"{meta.app_label}.{self.writes[action]}_{meta.model_name}" if action in self.writes else None

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        rows = self.model.objects.visible_to(self.request.user)
        if (wanted := self.request.query_params.get("company")) and self.model.scope_company:
            if not wanted.isdigit():
                raise ValidationError({"company": [_("Give the id of a company.")]})
            rows = rows.filter(**{self.model.scope_company: int(wanted)})
        return _joined(rows, self.get_serializer())

    def filter_queryset(self, queryset: Any) -> Any:
        """Filters narrow lists; a single row is there or not. A name that narrows nothing is refused, not overlooked."""
        if self.action != "list":
            return queryset
        filters = DjangoFilterBackend().get_filterset_class(self, queryset)
        known = {*self.asks, *(filters.base_filters if filters else ())}
        if unknown := sorted(set(self.request.query_params) - known):
            raise ValidationError({name: [_("There is no such filter.")] for name in unknown})
        return super().filter_queryset(queryset)

    def answer(self, row: Any, code: int = status.HTTP_200_OK) -> Response:
        """The row as the caller may now read it, with its version as ETag."""
        fresh = self.get_queryset().filter(pk=row.pk).first()
        body = self.get_serializer(fresh if fresh is not None else row).data
        return Response(body, status=code, headers=_etag(fresh if fresh is not None else row))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        return Response(self.get_serializer(row).data, headers=_etag(row))

    def operation(self) -> str:
        """The name under which answers to repeated requests are kept."""
        return f"{self.request.method} {self.request.path}"

    def version(self) -> int | None:
        """The version named by If-Match, None without one."""
        given = self.request.headers.get("If-Match")
        if given is None:
            return None
        match = re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', given.strip())
        if match is None:
            raise ValidationError({"If-Match": [_("Send the ETag of the document.")]})
        return int(match[1])


class MasterEndpoint(RowsEndpoint):
    """Masters (parties, accounts, …) that programs may also enter and change."""

    writes = {"create": "add", "partial_update": "change"}
    http_method_names = ["get", "post", "patch", "head", "options"]

    @extend_schema(parameters=[KEY])
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return once(request, self.operation(), self._create)

    def _create(self) -> Response:
        serializer = self.get_serializer(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        row = self.model(**serializer.validated_data)
        self._demand(row, "add")
        _checked(row, serializer.validated_data, self.request.user)
        with acting(self.request.user):
            row.save()
            recorder.only(row, "enter", self.request.user, {})
        return self.answer(row, status.HTTP_201_CREATED)

    @extend_schema(parameters=[KEY, VERSION])
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        version = self.version()
        if version is None and hasattr(self.model, "version"):
            raise VersionMissing
        return once(request, self.operation(), lambda: self._change(version))

    @transaction.atomic
    def _change(self, version: int | None) -> Response:
        seen = self.get_object()
        row = self.model._base_manager.select_for_update().get(pk=seen.pk)
        if version is not None and version != row.version:
            raise Conflict(_("%(document)s changed after you opened it.") % {"document": row})
        self._demand(row, "change")
        serializer = self.get_serializer(row, data=self.request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        for name, value in serializer.validated_data.items():
            setattr(row, name, value)
        self._demand(row, "change")
        _checked(row, serializer.validated_data, self.request.user)
        with acting(self.request.user):
            if version is not None:
                row.version += 1
            row.save()
            recorder.only(row, "change", self.request.user, {"fields": sorted(serializer.validated_data)})
        return self.answer(row)

    def _demand(self, row: Any, action: str) -> None:
        meta = self.model._meta
        if denied := authority.only.refusal(self.request.user, f"{meta.app_label}.{action}_{meta.model_name}", row):
            raise denied


class FlowEndpoint(RowsEndpoint):
    """What moves by a flow: rows to read, every verb as `POST …/<verb>/`, `verbs/` tells which are open, `bulk/`."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        flow = getattr(getattr(cls, "model", None), "flow", None)
        if isinstance(flow, Flow):
            for verb, arrow in flow.moves.items():
                if not arrow.system:
                    setattr(cls, f"verb_{verb}", _verb_action(flow, verb))

    def right_for(self, action: str) -> str | None:
        if action in ("verbs", "bulk"):
            return super().right_for("retrieve")
        if action.startswith("verb_"):
            return ""  # the flow asks for the verb's own right on this very document
        return super().right_for(action)

    @extend_schema(
        responses=inline_serializer(
            "Verb",
            {
                "verb": serializers.CharField(),
                "label": serializers.CharField(),
                "open": serializers.BooleanField(),
                "code": serializers.CharField(allow_blank=True),
                "reason": serializers.CharField(allow_blank=True),
                "asks": serializers.ListField(child=serializers.CharField()),
            },
            many=True,
        ),
        filters=False,
    )
    @action(detail=True, pagination_class=None)
    def verbs(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Which verbs are open to the caller now, and why the others are not."""
        document, flow = self.get_object(), self.model.flow
        return Response([_told(flow, document, request.user, v) for v, m in flow.moves.items() if not m.system])

    @extend_schema(
        parameters=[KEY],
        request=inline_serializer(
            "BulkRequest",
            {
                "verb": serializers.CharField(),
                "refs": serializers.ListField(child=serializers.CharField(), max_length=500),
                "details": serializers.DictField(required=False),
            },
        ),
        responses=inline_serializer(
            "BulkAnswer",
            {
                "ref": serializers.CharField(),
                "done": serializers.BooleanField(),
                "code": serializers.CharField(allow_blank=True),
                "message": serializers.CharField(allow_blank=True),
            },
            many=True,
        ),
        filters=False,
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    def bulk(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One verb on up to 500 documents; each succeeds or is refused on its own, in the order given."""
        return once(request, self.operation(), lambda: Response(self._bulk(request.data)))

    def _bulk(self, data: Any) -> list[dict[str, Any]]:
        flow: Flow = self.model.flow
        verb, refs = data.get("verb"), data.get("refs")
        if verb not in flow.moves or flow.moves[verb].system:
            raise ValidationError({"verb": [_("There is no such verb.")]})
        if not isinstance(refs, list) or not 0 < len(refs) <= 500:
            raise ValidationError({"refs": [_("Give between 1 and 500 references.")]})
        details = _details(flow, verb, data.get("details", {}), self.get_serializer_context())
        key = self.model._meta.get_field(self.lookup_field if self.lookup_field != "pk" else self.model._meta.pk.name)
        wanted = [key.to_python(ref) for ref in refs]
        found = {getattr(row, key.name): row for row in self.get_queryset().filter(**{f"{key.name}__in": wanted})}
        return [_one_of_bulk(flow, verb, ref, found.get(ref), self.request.user, details) for ref in wanted]

    def perform_verb(self, verb: str) -> Response:
        """Perform one verb with the details that its signature asks for."""
        document, flow = self.get_object(), self.model.flow
        details = _details(flow, verb, self.request.data, self.get_serializer_context())
        flow.perform(document, verb, by=self.request.user, version=self.version(), **details)
        return self.answer(document)


class DocumentEndpoint(FlowEndpoint):
    """Documents by `ref`: list, read, enter, change (with If-Match), and the verbs of the flow.

    `enter` and `change` default to `documents.keeping`; an app whose drafts compute something names its own
    functions with the same signatures. `changeable` names the states in which fields may be changed.
    """

    lookup_field = "ref"
    lookup_value_converter = "uuid"
    http_method_names = ["get", "post", "patch", "head", "options"]
    writes = {"create": "add", "partial_update": "change"}
    changeable: ClassVar[tuple[str, ...]] = ()
    enter: ClassVar[Callable[..., Any]]
    change: ClassVar[Callable[..., Any]]

    @extend_schema(parameters=[KEY])
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return once(request, self.operation(), self._create)

    def _create(self) -> Response:
        user = self.request.user
        serializer = self.get_serializer(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        rows = values.pop("lines", ())
        document = self.model(**values)
        lines = self._made(serializer, rows, document)
        document.entered_by = document.changed_by = user
        self.complete(document, lines)
        _checked(document, values, user, lines)
        self._function("enter")(document, by=user, lines=lines)
        return self.answer(document, status.HTTP_201_CREATED)

    @extend_schema(parameters=[KEY, VERSION])
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        version = self.version()
        if version is None:
            raise VersionMissing
        return once(request, self.operation(), lambda: self._change(version))

    def _change(self, version: int) -> Response:
        user, document = self.request.user, self.get_object()
        if document.state not in (self.changeable or (self.model.flow.start,)):
            words = {"document": document, "state": document.get_state_display().lower()}
            raise Refused(_("%(document)s is %(state)s: it cannot be changed now.") % words, code="state")
        serializer = self.get_serializer(document, data=self.request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        rows = values.pop("lines", None)
        for name, value in values.items():
            setattr(document, name, value)
        lines = None if rows is None else self._made(serializer, rows, document)
        self.complete(document, lines or ())
        _checked(document, values, user, lines or ())
        self._function("change")(document, by=user, version=version, lines=lines)
        return self.answer(document)

    def complete(self, document: Any, lines: Sequence[Any]) -> None:
        """Fill what follows from the rest, before the model's own checks; nothing by default."""

    def line_of(self, model: Any, values: dict[str, Any], document: Any) -> Any:
        """A line of a document from what was sent; an endpoint whose lines are told otherwise than stored overrides it."""
        return model(**values)

    def _made(self, serializer: Any, rows: Sequence[dict[str, Any]], document: Any) -> list[Any]:
        child = lines_of(serializer)
        return [self.line_of(child.Meta.model, dict(row), document) for row in rows] if child is not None else []

    def _function(self, name: str) -> Callable[..., Any]:
        return getattr(type(self), name, None) or getattr(keeper.only, name)


def _verb_action(flow: Flow, verb: str) -> Any:
    function = flow.functions.get(verb)

    def act(self: FlowEndpoint, request: Request, *args: Any, **kwargs: Any) -> Response:
        return once(request, self.operation(), lambda: self.perform_verb(verb))

    act.__name__ = f"verb_{verb}"
    act.__doc__ = (function.__doc__ if function else "") or flow.label(verb)
    documented = extend_schema(
        parameters=[KEY, VERSION], request=of_verb(flow, verb), operation_id=f"{flow.model._meta.label_lower}.{verb}"
    )(act)
    return action(detail=True, methods=["post"], url_path=verb, url_name=verb)(documented)


def _details(flow: Flow, verb: str, data: Any, context: Mapping[str, Any]) -> dict[str, Any]:
    asked = of_verb(flow, verb)(data=data, context=context)
    if "on" in asked.fields and isinstance(data, dict) and "on" not in data:
        # Verbs are told the day; only the edges read the clock.
        asked = of_verb(flow, verb)(data={**data, "on": timezone.localdate().isoformat()}, context=context)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def _told(flow: Flow, document: Any, user: Any, verb: str) -> dict[str, Any]:
    reason = flow.why_not(document, user, verb)
    code = "permission" if isinstance(reason, PermissionDenied) else getattr(reason, "code", "")
    return {
        "verb": verb,
        "label": flow.label(verb),
        "open": reason is None,
        "code": code if reason else "",
        "reason": str(reason) if reason else "",
        "asks": list(of_verb(flow, verb)().fields),
    }


def _one_of_bulk(flow: Flow, verb: str, ref: Any, document: Any, user: Any, details: dict[str, Any]) -> dict[str, Any]:
    told = {"ref": str(ref), "done": False, "code": "", "message": ""}
    if document is None:
        return told | {"code": "not_found", "message": _("There is no such record, or you may not see it.")}
    try:
        flow.perform(document, verb, by=user, **details)
    except Refused as refused:
        return told | {"code": refused.code, "message": str(refused)}
    except PermissionDenied as denied:
        return told | {"code": "permission", "message": str(denied)}
    except Invalid as invalid:
        return told | {"code": "invalid", "message": " ".join(invalid.messages)}
    return told | {"done": True}


def _etag(row: Any) -> dict[str, str]:
    version = getattr(row, "version", None)
    return {} if version is None else {"ETag": f'"{version}"'}


def _checked(row: models.Model, given: Any, user: Any, lines: Sequence[Any] = ()) -> None:
    """The model's own checks on a row and its lines; all objections are answered together."""
    words = cleaned(row, given)
    of_lines = []
    for line in lines:
        parent = next(f.name for f in line._meta.fields if f.is_relation and issubclass(type(row), f.related_model))
        of_lines.append(cleaned(line, (), skip=(parent, "place")))
    if any(of_lines):
        words["lines"] = of_lines
    if words:
        raise ValidationError(words)
    if hasattr(row, "clean_for"):
        row.clean_for(user)


def _joined(rows: Any, serializer: Any) -> Any:
    """Read what the serializer will show with a constant number of queries."""
    names = [field.source for field in serializer.fields.values() if isinstance(field, VisibleRef)]
    if names:
        rows = rows.select_related(*names)
    for name, field in serializer.fields.items():
        child = getattr(field, "child", None)
        if isinstance(child, serializers.ModelSerializer):
            inner = [f.source for f in child.fields.values() if isinstance(f, VisibleRef)]
            model: Any = child.Meta.model
            below = model._default_manager.select_related(*inner) if inner else model._default_manager.all()
            rows = rows.prefetch_related(models.Prefetch(field.source or name, below))
    return rows
