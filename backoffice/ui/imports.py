"""The screen that brings in a file: what was read, what was not, and why."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.ui.forms import new_key
from backoffice.ui.screen import Screen, said
from backoffice.ui.sending import once


class ImportScreen(Screen):
    """Brings in a file: `form_class` takes it, `bring(form, by=, company=)` does it.

    `bring` returns (address to go to, number brought in, problems in words); it raises `Refused` or `ValidationError`.
    """

    action = "add"
    form_class: Any = None
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
