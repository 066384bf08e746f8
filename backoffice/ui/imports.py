"""The screens that bring in a file: what was read, what was not, and why; at once, or after a look at what would become of it."""

import base64
import zlib
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.encryption import InvalidToken, decrypted, encrypted
from backoffice.core.errors import Refused
from backoffice.ui.forms import BaseForm, new_key
from backoffice.ui.screen import Screen, said
from backoffice.ui.sending import once
from backoffice.ui.sheets import Plan

SHOWN = 100  # rows of a file
LARGEST = 2 * 1024 * 1024


class FileForm(BaseForm):
    """A file of rows."""

    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("CSV or XLSX, with the template's headings")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].widget.attrs["accept"] = ".csv,.xlsx"

    def clean_file(self) -> Any:
        """Refuse what nobody brings in at once."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("The file is larger than 2 MB."))
        return file


class ImportScreen(Screen):
    """Brings in a file: `form_class` takes it, `bring(form, by=, company=)` does it.

    `bring` returns (address to go to, number brought in, problems in words); it raises `Refused` or `ValidationError`.
    """

    action = "add"
    form_class: Any = FileForm
    bring: Any = None
    intro: Any = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page(self.make())

    def make(self, data: Any = None, files: Any = None) -> Any:
        return self.form_class(data, files, user=self.request.user, company=self.request.company)  # type: ignore[attr-defined]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        outcome: dict[str, Any] = {"number": 0, "problems": []}

        def work() -> str:
            company = request.company  # type: ignore[attr-defined]
            location, outcome["number"], outcome["problems"] = self.bring(form, by=request.user, company=company)
            return location

        try:
            location = once(request.user, request.POST.get("idempotency_key", ""), work)
        except Refused as reason:
            return self.page(form, refusal=str(reason), status=409)
        except ValidationError as error:
            return self.page(form, refusal=said(error), status=422)
        if outcome["problems"]:
            return self.page(self.make(), problems=outcome["problems"], status=422)
        messages.success(request, _("%s brought in.") % outcome["number"])
        return self.go(location)

    def page(self, form: Any, *, status: int = 200, **more: Any) -> HttpResponse:
        context = {
            "form": form,
            "title": self.heading(),
            "crumbs": self.where(self.list_crumb(), (self.heading(), "")),
            "intro": self.intro,
            "back_href": self.list_href(),
            "idempotency_key": new_key(),
            "path": self.request.path,
            **more,
        }
        return render(self.request, "ui/import.html", context, status=status)


class PreviewScreen(Screen):
    """Brings in a file in two steps: what would become of each row, then all of it or nothing.

    The file is not kept, since it may name private details and pay. Between the steps it travels encrypted in the page.
    A screen of this kind names the module of its app that reads, judges and brings in (`read`, `plan`, `bring`) and
    the template that draws it.
    """

    action = "add"
    template = ""
    importing: Any = None

    def judged(self, name: str, content: bytes) -> Plan[Any]:
        company = self.request.company  # type: ignore[attr-defined]
        rows = self.importing.read(name, content)
        today = timezone.localdate(timezone=company.zone)
        judged: Plan[Any] = self.importing.plan(company, rows, by=self.request.user, today=today)
        return judged

    def bring(self, judged: Plan[Any]) -> str:
        self.importing.bring(self.request.company, judged, by=self.request.user)  # type: ignore[attr-defined]
        return self.done_href()

    def done_href(self) -> str:
        """Where to go when all is brought in."""
        return self.list_href()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page(FileForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("token"):
            return self.carry_out()
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        file = form.cleaned_data["file"]
        try:
            return self.preview(file.name, file.read())
        except Refused as reason:
            return self.page(form, refusal=str(reason), status=409)

    def preview(self, name: str, content: bytes) -> HttpResponse:
        judged = self.judged(name, content)
        token = encrypted(base64.b64encode(zlib.compress(content, 9)).decode())
        # what deserves a look stands in front, the rest need not all be shown
        first = sorted(judged.rows, key=lambda row: (not row.problems, not row.remarks, row.line))[:SHOWN]
        unshown = len(judged.rows) - len(first)
        return self.page(FileForm(), plan=judged, shown=first, unshown=unshown, token=token)

    def carry_out(self) -> HttpResponse:
        try:
            content = zlib.decompress(base64.b64decode(decrypted(self.request.POST["token"])))
        except (InvalidToken, ValueError, zlib.error):
            return self.page(FileForm(), refusal=_("Choose the file again."), status=422)
        judged = self.judged("", content)
        if judged.problems:
            return self.preview("", content)
        key = self.request.POST.get("idempotency_key", "")
        try:
            location = once(self.request.user, key, lambda: self.bring(judged))
        except Refused as reason:
            return self.page(FileForm(), refusal=str(reason), status=409)
        messages.success(self.request, _("%s brought in.") % judged.new)
        return self.go(location)

    def page(self, form: FileForm, *, status: int = 200, **more: Any) -> HttpResponse:
        context = {
            "form": form,
            "title": self.heading(),
            "crumbs": self.where(self.list_crumb(), (_("Bring in"), "")),
            "idempotency_key": new_key(),
            "path": self.request.path,
            "back_href": self.list_href(),
            **more,
        }
        return render(self.request, self.template, context, status=status)


class TemplateScreen(Screen):
    """The file with headings and an example, for whoever may bring one in."""

    action = "add"
    text: Callable[[], str] = str
    file_name = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = HttpResponse(self.text(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.file_name}"'
        return response
