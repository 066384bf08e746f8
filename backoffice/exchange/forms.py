"""The form that takes several files, and how the list of uploads is narrowed."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.exchange.models import Upload
from backoffice.exchange.receiving import LARGEST, MOST
from backoffice.ui.filters import Filters, Search
from backoffice.ui.forms import BaseForm


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files at once."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        kept = [super(FilesField, self).clean(each, initial) for each in files]
        if len(kept) > MOST:
            raise ValidationError(_("At most %s files at once.") % MOST)
        for each in kept:
            if each.size > LARGEST:
                raise ValidationError(
                    _("%(file)s is larger than %(size)s MB.") % {"file": each.name, "size": LARGEST // 1024 // 1024}
                )
        return kept


class UploadForm(BaseForm):
    """Files of one kind."""

    files = FilesField(label=gettext_lazy("Files"))  # type: ignore[assignment]

    def __init__(self, *args: Any, accept: str = "", hint: Any = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["files"].widget.attrs["accept"] = accept
        self.fields["files"].help_text = hint


class UploadFilters(Filters):
    """How the list of uploads is narrowed."""

    q = Search("name", "message", label=gettext_lazy("Search files"))
    state = django_filters.ChoiceFilter(choices=Upload.State.choices, label=gettext_lazy("State"))

    class Meta:
        model = Upload
        fields: list[str] = []
