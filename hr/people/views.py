"""What is special about the screens of people: the own record, the file of employees, rows that hang on an employee."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.ui.imports import PreviewScreen
from backoffice.ui.panels import draw
from backoffice.ui.reading import Unreadable, read_date
from backoffice.ui.screens import DocumentScreen, FormScreen, ListScreen, VerbScreen
from hr.people import importing, panels, queries
from hr.people.models import Employment, PayRate, PersonBankAccount, PrivateDetails


class EmploymentVerbScreen(VerbScreen):
    """Its forms begin with what is so today."""

    def form(self, document: Any, data: Any = None, files: Any = None) -> Any:
        kind = self.forms.get(self.verb)
        options = {"user": self.request.user, "company": document.company, "document": document}
        return kind(data, files, **options) if kind else None

    def go(self, location: str) -> HttpResponse:
        tell_backdated(self.request, self.request.POST.get("effective_from", ""))
        return super().go(location)


def tell_backdated(request: HttpRequest, text: str) -> None:
    """Say so when a change reaches into days that are over."""
    today = timezone.localdate()
    try:
        begins = read_date(text, today=today)
    except Unreadable:
        return
    if begins < today:
        words = _("This reaches back to %s: payslips that are made already do not change.")
        messages.info(request, words % date_format(begins, "j M Y"))


class EmploymentList(ListScreen):
    """Employees; a day asks who was employed then, whatever became of them since."""

    def in_view(self, key: str) -> Any:
        return super().in_view("all" if self.request.GET.get("on") else key)


class OfEmployment(FormScreen):
    """A new row of an employee: pay or bank details."""

    def load(self) -> Any:
        found = Employment.objects.visible_to(self.request.user).select_related("person", "company")
        employment = found.filter(pk=self.kwargs["employment"]).first()
        if employment is None:
            raise Http404
        self.company = employment.company
        if self.model is PayRate:
            return PayRate(employment=employment, company=employment.company, currency=employment.company.currency)
        return PersonBankAccount(person=employment.person, company=employment.company)

    def page(self, document: Any, form: Any, lines: Any, **more: Any) -> HttpResponse:
        self.title = self.title or _("Pay of %s") % document.employment.person
        return super().page(document, form, lines, **more)

    def go(self, location: str) -> HttpResponse:
        tell_backdated(self.request, self.request.POST.get("valid_from", ""))
        return super().go(location)

    def list_href(self) -> str:
        return reverse("people:employment", args=[self.kwargs["employment"]]) if "employment" in self.kwargs else super().list_href()  # fmt: skip


class PersonScreen(FormScreen):
    """Changes a person or private details, and leads back to the employee."""

    def result(self, document: Any) -> str:
        person = document.person if isinstance(document, PrivateDetails) else document
        latest = Employment.objects.filter(person=person).order_by("-starts_on").first()
        return latest.get_absolute_url() if latest else self.list_href()

    def list_href(self) -> str:
        return reverse("people:employment_list")


class OwnAssignments(panels.AssignmentsPanel):
    permission = ""


class OwnPay(panels.PayPanel):
    permission = ""

    def rows(self, document: Employment, user: Any) -> Any:
        approved = PayRate.objects.filter(employment=document, state=PayRate.State.APPROVED)
        return approved.order_by("-valid_from")


class OwnPrivate(panels.PrivatePanel):
    permission = ""


class OwnBank(panels.BankPanel):
    permission = ""

    def rows(self, document: Employment, user: Any) -> Any:
        return PersonBankAccount.objects.filter(person=document.person_id).order_by("-pk")


class OwnRecordScreen(DocumentScreen):
    """What the house knows of the person who looks: the own employment, private details, approved pay, bank details."""

    model = Employment
    permission = "people.view_own_record"
    own = (panels.EmploymentFacts, OwnAssignments, OwnPay, OwnPrivate, OwnBank)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        company = request.company or None  # type: ignore[attr-defined]
        mine = queries.employment_of(request.user, timezone.localdate(), company)
        context: dict[str, Any] = {"title": _("My record"), "crumbs": [(_("My record"), "")], "path": request.path}
        if mine is None:
            return render(request, "hr/people/no_record.html", context)
        drawn = draw(self.own, mine, request)
        context |= {
            "document": mine,
            "subtitle": str(mine),
            "main": [panel for panel in drawn if not panel.side],
            "side": [panel for panel in drawn if panel.side],
        }
        return render(request, "ui/document.html", context)


class EmployeesImport(PreviewScreen):
    """Brings in a file of employees."""

    model = Employment
    title = gettext_lazy("Bring in employees")
    template = "hr/people/import.html"
    importing = importing

    def done_href(self) -> str:
        return reverse("people:employment_list") + "?view=all"

    def list_crumb(self) -> tuple[str, str]:
        return (_("Employees"), self.list_href())
