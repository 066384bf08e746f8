"""Handing in files, reading one again, and getting it back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.exchange import receiving
from backoffice.exchange.forms import UploadForm
from backoffice.exchange.models import Upload
from backoffice.exchange.slots import readers
from backoffice.ui.forms import new_key
from backoffice.ui.screen import Screen
from backoffice.ui.sending import once


class UploadScreen(Screen):
    """Takes several files of one kind and shows what became of each."""

    model = Upload
    action = "add"

    @property
    def reader(self) -> Any:
        found = readers.get(self.kwargs["kind"])
        if found is None:
            raise Http404
        return found

    def form(self, data: Any = None, files: Any = None) -> UploadForm:
        return UploadForm(data, files, accept=self.reader.accept, hint=self.reader.hint)

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        return self.page(self.form())

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        given = [(each.name, each.content_type or "", each.read()) for each in form.cleaned_data["files"]]

        def work() -> str:
            made = receiving.receive(request.company, kind, given, by=request.user)  # type: ignore[attr-defined]
            return f"{request.path}?done={','.join(str(upload.pk) for upload in made)}"

        try:
            location = once(request.user, request.POST.get("idempotency_key", ""), work)
        except ValidationError as error:
            return self.page(form, refusal=" ".join(error.messages), status=422)
        return self.go(location)

    def page(self, form: UploadForm, *, status: int = 200, refusal: str = "") -> HttpResponse:
        ids = [int(each) for each in self.request.GET.get("done", "").split(",") if each.isdigit()]
        done = list(Upload.objects.visible_to(self.request.user).filter(pk__in=ids).order_by("pk")) if ids else []
        title = str(self.reader.title)
        context = {
            "form": form,
            "title": title,
            "crumbs": self.where((_("Uploads"), reverse("exchange:upload_list")), (title, "")),
            "done": done,
            "refusal": refusal,
            "path": self.request.path,
            "idempotency_key": new_key(),
        }
        return render(self.request, "backoffice/exchange/upload.html", context, status=status)


class AgainScreen(Screen):
    """Reads a kept file once more; `confirm` says yes to what the reader proposed."""

    model = Upload
    action = "add"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = self.found(pk)

        def work() -> str:
            read = receiving.again(upload, by=request.user, confirmed=request.POST.get("confirm") == "yes")
            result = read.result
            return result.get_absolute_url() if result is not None else read.get_absolute_url()

        try:
            location = once(request.user, request.POST.get("idempotency_key", ""), work)
        except Refused:
            location = upload.get_absolute_url()
        return self.go(location)


class FileScreen(Screen):
    """Gives a file back as it came in; the browser must not interpret it."""

    model = Upload

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = self.found(pk)
        response = HttpResponse(bytes(upload.content), content_type="application/octet-stream")
        response.headers["X-Content-Type-Options"] = "nosniff"
        name = "".join(c if c.isalnum() or c in "._- " else "_" for c in upload.name)
        response.headers["Content-Disposition"] = f'attachment; filename="{name.encode("ascii", "replace").decode()}"'
        return response
