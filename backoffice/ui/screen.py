"""What all screens share: sign-in, rights, rows in scope, crumbs, answers for htmx and plain browsers."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.views.generic import View

from backoffice.core.authority import authority
from backoffice.core.errors import Refused


class Screen(View):
    """The base of the five kinds of screens; `model` says whose rows, `title` what the head says."""

    model: Any = None
    title: Any = ""
    permission: str = ""
    action: ClassVar[str] = "view"
    crumbs: Sequence[tuple[Any, str]] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated:
            if request.headers.get("HX-Request"):
                return HttpResponse(status=401)
            return redirect_to_login(request.get_full_path())
        if denied := authority.only.refusal(request.user, self.right(), None):
            raise denied
        try:
            return super().dispatch(request, *args, **kwargs)
        except Refused as reason:
            context = {"reason": reason, "back_href": self.list_href()}
            return render(request, "errors/409.html", context, status=409)

    def right(self) -> str:
        """The right that this screen asks for: model and action unless `permission` says otherwise."""
        return self.permission or f"{self.model._meta.app_label}.{self.action}_{self.model._meta.model_name}"

    def rows(self) -> Any:
        """The rows this person may see; where a company is in view and the model has one, only its rows."""
        rows = self.model.objects.visible_to(self.request.user)
        path = getattr(self.model, "scope_company", None)
        return rows.filter(**{path: company.pk}) if path and (company := self.request.company) else rows  # type: ignore[attr-defined]

    def all_rows(self) -> Any:
        """The rows that this person may see, of all their companies."""
        return self.model.objects.visible_to(self.request.user)

    def found(self, pk: int) -> Any:
        """The row of the address, or 404 when it is not there for this person; any company they may see."""
        row = self.all_rows().filter(pk=pk).first()
        if row is None:
            raise Http404
        company = self.request.company  # type: ignore[attr-defined]
        if company and getattr(row, "company_id", None) == company.pk:
            row.company = company
        return row

    def heading(self) -> str:
        return str(self.title or capfirst(str(self.model._meta.verbose_name_plural)))

    def where(self, *more: tuple[str, str]) -> list[tuple[str, str]]:
        """The crumbs; those declared, then the list of the model, then `more`."""
        declared = [(str(label), reverse(name) if name else "") for label, name in self.crumbs]
        return [*declared, *more]

    def list_href(self) -> str:
        """The list of this model, or the start page when it has none."""
        meta = self.model._meta
        try:
            return reverse(f"{meta.app_label}:{meta.model_name}_list")
        except NoReverseMatch:
            return reverse("ui:work")

    def list_crumb(self) -> tuple[str, str]:
        return (capfirst(str(self.model._meta.verbose_name_plural)), self.list_href())

    def go(self, location: str) -> HttpResponse:
        """Send the browser on, also when htmx asked."""
        if self.request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": location})
        return HttpResponseRedirect(location)

    def answer(self, full: str, part: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """The page, or only its changing part when htmx asked for that."""
        template = part if self.request.headers.get("HX-Request") else full
        return render(self.request, template, {"path": self.request.path, **context}, status=status)


def with_pointed(rows: Any, *more: str) -> Any:
    """Rows with what they point to and what that is called by; `more` are further relations."""
    own = [each for each in rows.model._meta.concrete_fields if each.remote_field and each.name != "company"]
    names = [f"{each.name}__{path}" for each in own for path in getattr(each.related_model, "named_by", ())]
    return rows.select_related(*(each.name for each in own), *names, *more)


def back(request: HttpRequest, otherwise: str) -> str:
    """Where the person came from, if that is a page of ours."""
    target = request.POST.get("back", "")
    return target if target.startswith("/") and not target.startswith("//") and "\\" not in target else otherwise


def said(error: ValidationError) -> str:
    """A validation error of a verb in one sentence."""
    return " ".join(error.messages)
