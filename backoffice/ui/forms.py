"""Forms that read what people mean: lenient dates and amounts, looked-up records, lines as a grid.

Every form carries the version it was opened with and a key that lets it act only once.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import models
from django.forms.renderers import TemplatesSetting
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from backoffice.ui.lookups import Lookup, lookup_for, none_yet
from backoffice.ui.reading import Unreadable, read_amount, read_date


class Renderer(TemplatesSetting):
    """Draws every form of the house with our field."""

    form_template_name = "ui/fields.html"
    field_template_name = "ui/field.html"


class DateInput(forms.DateInput):
    """A text field that reads dates, with the native picker as a button."""

    template_name = "ui/widgets/date.html"

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, datetime):
            value = timezone.localdate(value)
        return date_format(value, "j M Y") if isinstance(value, date) else value


class DateField(forms.DateField):
    """Reads "t", "-1", "+30", "mon", "eom", "23", "2311", "23 nov" and ordinary dates, day first."""

    widget = DateInput

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return timezone.localdate(value)
        if isinstance(value, date):
            return value
        try:
            return read_date(str(value), today=timezone.localdate())
        except Unreadable as error:
            raise ValidationError(str(error), code="invalid") from error


class AmountInput(forms.TextInput):
    """A figure at the right, shown with thousands marks."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, digits: int | None = 2) -> None:
        self.digits = digits
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "data-read": "amount", **(attrs or {})})
        if digits is not None:
            self.attrs["data-places"] = digits

    def format_value(self, value: Any) -> str | None:
        if value is None or value == "":
            return None
        if isinstance(value, Decimal | int):
            # Quantities and prices with many decimals are shown with as many as they need.
            places = self.digits if self.digits is not None and self.digits <= 2 else None
            exact = Decimal(value) if places is not None else Decimal(value).normalize()
            return number_format(format(exact, "f"), decimal_pos=places, use_l10n=True, force_grouping=True)
        return str(value)


class AmountField(forms.DecimalField):
    """Reads "1,250.00", "12.5k", "1200*1.2", "(50)" and "1.250,00"; `digits` decimals, None keeps what was typed."""

    widget = AmountInput
    numeric = True

    def __init__(self, *, digits: int | None = 2, **options: Any) -> None:
        self.digits = digits
        options.setdefault("widget", AmountInput(digits=digits))
        super().__init__(**options)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal | int):
            return Decimal(value)
        try:
            return read_amount(str(value), digits=self.digits)
        except Unreadable as error:
            raise ValidationError(str(error), code="invalid") from error

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class Boxes(forms.CheckboxSelectMultiple):
    """Boxes to tick, below each other or, where they are few, in one line."""

    template_name = "ui/widgets/boxes.html"

    def __init__(self, *, in_line: bool = False) -> None:
        super().__init__()
        self.in_line = in_line

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["in_line"] = self.in_line
        return context


class LookupInput(forms.Widget):
    """A box that searches on the server; the text alone is enough without script."""

    template_name = "ui/widgets/lookup.html"

    def __init__(self, lookup: Lookup, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.lookup = lookup
        self.hints: dict[str, str] = {}
        self.known: dict[str, Any] = {}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The key that was chosen, else the text, marked so that the field can tell them apart."""
        key, text = data.get(name) or "", data.get(f"{name}-text")
        if key and (text is None or text.strip()):
            return key
        return f"text:{text.strip()}" if text and text.strip() else ""

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}-text" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        key, text = "", ""
        if isinstance(value, str) and value.startswith("text:"):
            text = value.removeprefix("text:")
        elif value not in (None, ""):
            found = self.known.get(str(value)) or self.lookup.by_key(value)
            key, text = (value, self.lookup.text(found)) if found else ("", "")
        context["widget"] |= {"key": key, "text": text, "url": self.lookup.url(self.hints)}
        return context


class LookupField(forms.ModelChoiceField):
    """Chooses a record: a native list up to twelve rows, else a search by code or words.

    `queryset` limits what may be chosen; the form calls `for_user` so that only visible rows count.
    """

    SHORT = 12

    def __init__(self, queryset: Any, *, lookup: Lookup | None = None, **options: Any) -> None:
        self.lookup = lookup or lookup_for(queryset.model)
        options.setdefault("widget", LookupInput(self.lookup))
        super().__init__(queryset, **options)
        self.known: dict[str, Any] = {}

    def for_user(self, user: Any, hints: dict[str, str] | None = None) -> None:
        """Narrow to the rows that this person may see, and choose the widget by their number."""
        self.queryset = self.lookup.rows(user, self.queryset, hints or {})
        few, self.known = _shared_rows(user, self.queryset, self.SHORT)
        if len(few) <= self.SHORT and not self.lookup.always_search:
            attrs = {k: v for k, v in self.widget.attrs.items() if k != "data-hint"}
            self.widget = forms.Select(attrs)
            self.widget.choices = [
                ("", "" if self.required else "—"),
                *((row.pk, self.lookup.text(row)) for row in few),
            ]
            self.widget.is_required = self.required
            if self.required and not few:
                self.help_text = none_yet(self.queryset.model, user)
        elif isinstance(self.widget, LookupInput):
            self.widget.hints, self.widget.known = hints or {}, self.known

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("text:"):
            return self._by_text(value.removeprefix("text:"))
        row = self.known.get(str(value)) if value not in self.empty_values else None
        row = row or super().to_python(value)
        if row is not None:
            self.known[str(row.pk)] = row
        return row

    def _by_text(self, text: str) -> Any:
        found = self.lookup.matching(self.queryset, text)
        exact = [
            row
            for row in found
            if self.lookup.text(row).lower() == text.lower() or self.lookup.code(row).lower() == text.lower()
        ]
        choice = exact or [row for row in found if not self.lookup.why_not(row)] or found
        if len(choice) != 1:
            words = _("Nothing is called “%s”.") if not choice else _("Several are called “%s”: choose one.")
            raise ValidationError(words % text, code="invalid_choice")
        return choice[0]

    def has_changed(self, initial: Any, data: Any) -> bool:
        if isinstance(data, str) and data.startswith("text:"):
            return True
        return super().has_changed(initial, data)


def _shared_rows(user: Any, queryset: Any, limit: int) -> tuple[list[Any], dict[str, Any]]:
    """The first rows and those met so far, read once for all lines of a form and kept with the request's user."""
    cache = user.__dict__.setdefault("_lookup_rows", {})
    try:
        key = str(queryset.query)
    except EmptyResultSet:  # without a right to see them there are no rows to read
        return [], {}
    if key not in cache:
        few = list(queryset[: limit + 1])
        cache[key] = (few, {str(row.pk): row for row in few})
    return cache[key]


def form_field(field: Any, **options: Any) -> forms.Field | None:
    """Our fields for a model's columns: `formfield_callback` of every form of the house."""
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return field.formfield(form_class=DateField, widget=DateInput, **_without(options, "widget"))
    if isinstance(field, models.DecimalField):
        kept = {k: v for k, v in options.items() if k not in {"max_digits", "decimal_places", "widget"}}
        made = AmountField(
            digits=field.decimal_places,
            required=not field.blank,
            label=capfirst(field.verbose_name),
            help_text=field.help_text,
            **kept,
        )
        made.initial = field.get_default() if field.has_default() else made.initial
        return made
    if isinstance(field, models.ForeignKey):
        made_key = field.formfield(form_class=LookupField, **_without(options, "widget"))
        return made_key
    made_other = field.formfield(**options)
    if isinstance(made_other, forms.TypedChoiceField):
        choices: Any = made_other.choices
        made_other.choices = [(v, w if v else _nothing(made_other)) for v, w in choices]
    return made_other


def _nothing(field: forms.Field) -> str:
    """The words of no choice: none where one must be made, a dash where nothing is a choice too."""
    return "" if field.required else "—"


def _without(options: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in names}


class _Reading:
    """Tells the look-ups of a form who asks."""

    fields: dict[str, forms.Field]
    hints: dict[str, str] = {}

    def tell_user(self, user: Any, company: Any = None) -> None:
        """Limit every looked-up record to what this person may see, in this company where it has one."""
        hints = {**self.hints, **({"company": str(company.pk)} if company else {})}
        for field in self.fields.values():
            if isinstance(field, LookupField):
                field.for_user(user, hints)
            elif isinstance(field, forms.ModelChoiceField) and field.empty_label:
                field.empty_label = _nothing(field)

    def _post_clean(self) -> None:
        """Refuse a closed record that was chosen now; one that stands there from before may stay."""
        super()._post_clean()  # type: ignore[misc]
        for name in self.changed_data:  # type: ignore[attr-defined]
            field, row = self.fields[name], self.cleaned_data.get(name)  # type: ignore[attr-defined]
            if isinstance(field, LookupField) and row is not None and (reason := field.lookup.why_not(row)):
                self.add_error(name, f"{field.lookup.text(row)}: {reason}")  # type: ignore[attr-defined]


class BaseForm(_Reading, forms.Form):
    """A form without a model, for verbs and parameters. `user` and `company` limit its look-ups."""

    def __init__(self, *args: Any, user: Any = None, company: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user, self.company = user, company
        if user is not None:
            self.tell_user(user, company)


class BaseModelForm(_Reading, forms.ModelForm):
    """A form of a model with our fields. `widths` in its Meta give columns of six, e.g. {"name": "x2"}.

    `once` names fields that together stand once in a company: nobody types the company, so Django does not ask.
    """

    once: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, user: Any = None, company: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user, self.company = user, company
        for name, width in getattr(self.Meta, "widths", {}).items():
            self.fields[name].width = width  # type: ignore[attr-defined]
        if user is not None:
            self.tell_user(user, company)

    def clean(self) -> dict[str, Any] | None:
        """Refuse a second row of the company with the same `once` fields."""
        cleaned = super().clean()
        company = self.company or getattr(self.instance, "company", None)
        if self.once and company is not None and all(name in self.cleaned_data for name in self.once):
            same = {name: self.cleaned_data[name] for name in self.once}
            rows = type(self.instance)._default_manager.filter(company=company, **same)
            if rows.exclude(pk=self.instance.pk).exists():
                self.add_error(self.once[-1], _("There is one already."))
        return cleaned

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # Before Django reads Meta: every form of the house gets our fields, with or without Meta inheritance.
        if "Meta" in cls.__dict__ and not hasattr(cls.Meta, "formfield_callback"):
            cls.Meta.formfield_callback = staticmethod(form_field)

    class Meta:
        formfield_callback = staticmethod(form_field)


class ReasonForm(BaseForm):
    """A verb that asks for a reason."""

    reason = forms.CharField(label="Reason", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class LineForm(BaseModelForm):
    """One row of a line grid. A new row in which only the `given` fields hold something is an empty one."""

    given: ClassVar[frozenset[str]] = frozenset()

    def has_changed(self) -> bool:
        """Whether a line was typed: the place of an empty row says nothing."""
        quiet = set() if self.instance.pk else {"ORDER", "DELETE", *self.given}
        return bool(set(self.changed_data) - quiet)

    def visible_cells(self) -> list[Any]:
        """What a person types in the row."""
        return [f for f in self.visible_fields() if f.name not in {"DELETE", "ORDER"}]

    def hidden_cells(self) -> list[Any]:
        """Keys, order and the mark of removal."""
        return [*self.hidden_fields(), *(self[name] for name in ("DELETE",) if name in self.fields)]


class Lines(forms.BaseInlineFormSet):
    """The lines of a document as a grid; empty trailing rows are no lines.

    Make one with `lines_of(Bill, BillLine, form=BillLineForm, ...)`.
    """

    title: Any = ""
    sums: tuple[tuple[str, str], ...] = ()
    balanced = False
    places = 2
    currency = ""
    least = 0

    def __init__(self, *args: Any, user: Any = None, company: Any = None, **options: Any) -> None:
        self.user, self.company = user, company
        super().__init__(*args, **options)
        self.currency = self.currency or getattr(company, "currency", "")
        self._meet_rows()

    def _meet_rows(self) -> None:
        """Read the records that the lines name in one query for each column, not one for each cell."""
        if self.user is None:
            return
        for name, field in self.empty_form.fields.items():
            if isinstance(field, LookupField):
                rows: Any = field.queryset
                keys = {k for k in self._keys_of(name) if k not in field.known}
                field.known.update({str(row.pk): row for row in rows.filter(pk__in=keys)} if keys else {})

    def _keys_of(self, name: str) -> set[str]:
        if self.is_bound:
            typed = (self.data.get(f"{self.prefix}-{i}-{name}", "") for i in range(self.total_form_count()))
            return {key for key in typed if key.isdigit()}
        return {str(key) for row in self.get_queryset() if (key := getattr(row, f"{name}_id", None)) is not None}

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "user": self.user, "company": self.company}

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "ORDER" in form.fields:
            form.fields["ORDER"].widget = forms.HiddenInput()
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget = forms.CheckboxInput(attrs={"hidden": True, "class": "off", "tabindex": "-1"})

    def clean(self) -> None:
        super().clean()
        if self.least and len(self.kept()) < self.least and not any(self.errors):
            raise ValidationError(
                _("At least one line is needed.")
                if self.least == 1
                else _("At least %s lines are needed.") % self.least
            )

    def kept(self) -> list[Any]:
        """The forms that hold a line after saving, in the order of the screen."""
        removed = self._should_delete_form  # type: ignore[attr-defined]
        held = [f for f in self.forms if not removed(f) and (f.instance.pk or f.has_changed())]
        return sorted(
            held, key=lambda f: (f.cleaned_data.get("ORDER") or 10**6) if hasattr(f, "cleaned_data") else 10**6
        )


def lines_of(
    parent: type[models.Model],
    model: type[models.Model],
    *,
    form: type[LineForm],
    title: Any,
    sums: Iterable[tuple[str, str]] = (),
    balanced: bool = False,
    extra: int = 3,
    least: int = 1,
    fk_name: str | None = None,
) -> type[Lines]:
    """The formset class for the lines of a document; `sums` are (words, key) of the bar below the grid."""
    made = forms.inlineformset_factory(
        parent, model, form=form, formset=Lines, extra=extra, can_delete=True, can_order=True, fk_name=fk_name
    )
    made.title, made.sums, made.balanced, made.least = title, tuple(sums), balanced, least  # type: ignore[attr-defined]
    return made  # type: ignore[return-value]


def new_key() -> str:
    """A fresh idempotency key."""
    return str(uuid4())


def lookup_url(model: type[models.Model]) -> str:
    """Where records of a model are searched."""
    return reverse("ui:lookup", args=[model._meta.label_lower])
