"""What people type about any document: an override with its reason; how the history is searched."""

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.access.models import User
from backoffice.audit.models import Act, Change
from backoffice.audit.watching import watched
from backoffice.documents import wording
from backoffice.documents.models import Document
from backoffice.ui.filters import DateFilter, Filters, RecordFilter, Search
from backoffice.ui.forms import BaseForm, LookupField


class OverrideForm(BaseForm):
    """Which document, which verb, for whom and why; an administrator names it without being able to open it."""

    document = forms.CharField(
        label=gettext_lazy("Document"),
        max_length=200,
        help_text=gettext_lazy("Its number, or the address of its page"),
    )
    verb = forms.CharField(label=gettext_lazy("What may be done"), max_length=40)
    to = LookupField(User.objects.filter(is_active=True), label=gettext_lazy("For whom"))
    hours = forms.IntegerField(label=gettext_lazy("For how many hours"), min_value=1, max_value=72, initial=24)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Auditors read this"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["verb"] = forms.ChoiceField(label=self.fields["verb"].label, choices=kept_apart())

    def clean_document(self) -> Any:
        """The document itself."""
        found = named(self.cleaned_data["document"])
        if found is None:
            raise ValidationError(_("There is no such document."))
        return found

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        document, verb = values.get("document"), values.get("verb")
        if document is not None and verb and verb not in _apart(type(document)):
            self.add_error("verb", _("Nothing is kept apart there for this document."))
        if values.get("to") is not None and values["to"] == self.user:
            self.add_error("to", _("Nobody may grant an override to themselves."))
        return values

    @property
    def lasts(self) -> timedelta:
        return timedelta(hours=self.cleaned_data["hours"])


def kept_apart() -> list[tuple[str, str]]:
    """The verbs of all documents whose duties are kept apart."""
    found = {verb: str(m.flow.label(verb)) for m in document_models() for verb in _apart(m)}
    return sorted(found.items(), key=lambda pair: pair[1])


def _apart(model: Any) -> list[str]:
    flow = getattr(model, "flow", None)
    return [verb for verb, arrow in flow.moves.items() if arrow.apart] if flow else []


def document_models() -> list[Any]:
    """The kinds of documents."""
    return [model for model in apps.get_models() if issubclass(model, Document)]


def named(words: str) -> Document | None:
    """A document by its number or by the address of its page."""
    words = words.strip()
    if "/" in words:
        path = "/" + words.split("://", 1)[-1].split("/", 1)[-1].split("?", 1)[0].lstrip("/")
        try:
            match = resolve(path)
        except Resolver404:
            return None
        screen = getattr(match.func, "view_class", None)
        model = getattr(match.func, "view_initkwargs", {}).get("model") or getattr(screen, "model", None)
        if model is None or not issubclass(model, Document) or "pk" not in match.kwargs:
            return None
        return model._base_manager.filter(pk=match.kwargs["pk"]).first()
    found = (model._base_manager.filter(number__iexact=words).order_by("pk").first() for model in document_models())
    # a bill and its entry share a number: what a person means is the bill, the entry comes from it
    return next(iter(sorted((d for d in found if d is not None), key=lambda d: not _apart(type(d)))), None)


def _kinds() -> list[tuple[int, str]]:
    kinds = ContentType.objects.get_for_models(*watched())
    return sorted(
        ((kind.pk, capfirst(str(m._meta.verbose_name))) for m, kind in kinds.items()), key=lambda pair: pair[1]
    )


def _tables() -> list[tuple[str, str]]:
    return sorted(
        ((m._meta.db_table, wording.kind_words(m._meta.db_table)) for m in watched()), key=lambda pair: pair[1]
    )


class ActFilters(Filters):
    """How the auditor searches acts."""

    by = RecordFilter(queryset=User.objects.all(), label=gettext_lazy("Person"))
    after = DateFilter(field_name="at__date", lookup_expr="gte", label=gettext_lazy("From"))
    before = DateFilter(field_name="at__date", lookup_expr="lte", label=gettext_lazy("Until"))
    content_type = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=_kinds)
    q = Search("verb", label=gettext_lazy("Search what was done"))

    class Meta:
        model = Act
        fields: list[str] = []


class ChangeFilters(Filters):
    """How the auditor searches changes."""

    by = RecordFilter(queryset=User.objects.all(), label=gettext_lazy("Person"))
    after = DateFilter(field_name="at__date", lookup_expr="gte", label=gettext_lazy("From"))
    before = DateFilter(field_name="at__date", lookup_expr="lte", label=gettext_lazy("Until"))
    table = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=_tables)
    operation = django_filters.ChoiceFilter(label=gettext_lazy("Operation"), choices=Change.Operation.choices)
    q = Search("row_id", label=gettext_lazy("Search by row"))

    class Meta:
        model = Change
        fields: list[str] = []
