"""How rows are written as JSON: amounts as strings, relations as `ref` where there is one, else as id."""

import inspect
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from rest_framework import serializers

from backoffice.core.flow import Flow
from backoffice.core.refs import has_ref


class VisibleKey(serializers.PrimaryKeyRelatedField):
    """A relation by id; only rows that the caller may see can be named, all others do not exist for them."""

    def get_queryset(self) -> Any:
        return _visible(super().get_queryset(), self.context)


class VisibleRef(serializers.SlugRelatedField):
    """A relation by `ref`, for documents and parties."""

    def get_queryset(self) -> Any:
        return _visible(super().get_queryset(), self.context)


def _visible(rows: Any, context: Mapping[str, Any]) -> Any:
    request = context.get("request")
    if rows is None or request is None or not hasattr(rows, "visible_to"):
        return rows
    return rows.visible_to(request.user)


class RowSerializer(serializers.ModelSerializer):
    """A row as it is; declare `Meta.fields` one by one, never all."""

    serializer_related_field = VisibleKey

    def build_relational_field(self, field_name: str, relation_info: Any) -> Any:
        kind, options = super().build_relational_field(field_name, relation_info)
        if has_ref(relation_info.related_model):
            return VisibleRef, {**options, "slug_field": "ref"}
        return kind, options


class DocumentSerializer(RowSerializer):
    """A document: its own fields plus what all documents share (`SHARED`, read-only except the company).

    With lines, declare `lines = SomeLineSerializer(many=True)`; the lines that are sent replace the old ones.
    """

    SHARED = ("ref", "number", "state", "version", "company", "entered_by", "entered_at", "changed_by", "changed_at")
    READ_ONLY = ("ref", "number", "state", "version", "entered_by", "entered_at", "changed_by", "changed_at")

    def get_extra_kwargs(self) -> dict[str, Any]:
        given = super().get_extra_kwargs()
        return given | {name: {**given.get(name, {}), "read_only": True} for name in self.READ_ONLY}


def lines_of(serializer: Any) -> Any | None:
    """The serializer of the lines when the document declares them."""
    return getattr(serializer.fields.get("lines"), "child", None)


def cleaned(instance: models.Model, given: typing.Iterable[str], skip: typing.Iterable[str] = ()) -> dict[str, Any]:
    """What the model's own checks object to, by field; fields that nobody types in are not asked."""
    meta = instance._meta
    ours = {field.name for field in meta.fields if field.editable and not field.primary_key} | set(given)
    exclude = ({field.name for field in meta.fields} - ours) | set(skip)
    try:
        instance.full_clean(exclude=exclude)
    except ValidationError as error:
        words = error.message_dict
        if NON_FIELD_ERRORS in words:
            words["non_field_errors"] = words.pop(NON_FIELD_ERRORS)
        return words
    return {}


KINDS: dict[Any, Callable[..., serializers.Field]] = {
    str: serializers.CharField,
    int: serializers.IntegerField,
    bool: serializers.BooleanField,
    date: serializers.DateField,
    datetime: serializers.DateTimeField,
    Decimal: lambda **options: serializers.DecimalField(max_digits=24, decimal_places=10, **options),
}


def of_verb(flow: Flow, verb: str) -> type[serializers.Serializer]:
    """What a verb must be told, read from its signature: `send_back(bill, *, by, reason: str)` asks for `reason`."""
    function = flow.functions[verb]
    hints = typing.get_type_hints(function)
    fields: dict[str, Any] = {}
    for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
        if name == "by" or parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            continue
        required = parameter.default is inspect.Parameter.empty
        field = _field_for(hints.get(name, str), required=required)
        if field is not None:
            fields[name] = field
    return type(f"{flow.model.__name__}{verb.title().replace('_', '')}Serializer", (serializers.Serializer,), fields)


def _field_for(hint: Any, *, required: bool) -> serializers.Field | None:
    """A field for one annotated parameter; None for what JSON cannot say (then only Python may give it)."""
    inner = [kind for kind in typing.get_args(hint) if kind is not type(None)]
    nullable = type(None) in typing.get_args(hint)
    kind = inner[0] if nullable and len(inner) == 1 else hint
    options: dict[str, Any] = {"required": required}
    if nullable:
        options["allow_null"] = True
    if kind in KINDS:
        if kind is str and not required:
            options["allow_blank"] = True
        return KINDS[kind](**options)
    if typing.get_origin(kind) is Sequence and len(inner) == 1:
        kind, options["many"] = inner[0], True
    if isinstance(kind, type) and issubclass(kind, models.Model):
        rows = kind._default_manager.all()
        return (
            VisibleRef(slug_field="ref", queryset=rows, **options)
            if has_ref(kind)
            else VisibleKey(queryset=rows, **options)
        )
    return None
