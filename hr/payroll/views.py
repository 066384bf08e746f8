"""What is special about the screens of payroll: progress, putting exceptions right, payslips, the own payslips."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.authority import authority
from backoffice.ui.columns import amount, day
from backoffice.ui.forms import new_key
from backoffice.ui.imports import PreviewScreen
from backoffice.ui.listing import Link
from backoffice.ui.panels import Fact
from backoffice.ui.screen import Screen
from backoffice.ui.screens import DocumentScreen, FormScreen
from backoffice.ui.sending import once
from hr.payroll import bringing, detailing, importing, items, panels, planning, preparing, printing
from hr.payroll.forms import BroughtForwardForm, DetailsForm, EndForm, LeaveOutForm, PayItemForm
from hr.payroll.models import Element, LeftOut, PayItem, PayrollRun, Payslip, TaxDetails, YearToDate
from hr.people.models import Employment

FRIDAY = 4
RECENT = 60  # own payslips that are listed: five years of months


def next_month(request: HttpRequest) -> dict[str, Any]:
    """The month after the latest run and its last Friday, as a new run most often has them."""
    company = request.company  # type: ignore[attr-defined]
    rows = PayrollRun.objects.filter(company=company).exclude(state__in=["discarded", "reversed"])
    last = rows.order_by("-year", "-month").first()
    today = timezone.localdate()
    first = (last.last_day + timedelta(days=1)) if last else today.replace(day=1)
    final = PayrollRun(year=first.year, month=first.month).last_day
    return {"year": first.year, "month": first.month, "pay_on": last_friday(final)}


def last_friday(final: date) -> date:
    """The last Friday up to a day."""
    return final - timedelta(days=(final.weekday() - FRIDAY) % 7)


def stored(run: PayrollRun, lines: Sequence[Any], removed: Sequence[Any], *, by: Any) -> PayrollRun:
    """Keep a new run; the form's own saving writes the act."""
    planning.parts(run.company)
    preparing.complete(run)
    if denied := authority.only.refusal(by, "payroll.add_payrollrun", run):
        raise denied
    run.save()
    return run


class RunScreen(DocumentScreen):
    """A run over the whole width: its exceptions need the room."""

    model = PayrollRun

    def context(self, document: PayrollRun) -> dict[str, Any]:
        found = super().context(document)
        return {**found, "main": [*found["main"], *found["side"]], "side": []}


class ProgressScreen(Screen):
    """The bar alone; asks for itself until the calculation has ended, then the page is renewed once."""

    model = PayrollRun

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.found(pk)
        context = {"document": run, "panel": panels.ProgressPanel(), **panels.progress_of(run)}
        response = render(request, "hr/payroll/progress.html", context)
        if not context["running"] and request.headers.get("HX-Request"):
            response["HX-Refresh"] = "true"
        return response


class PutRight(Screen):
    """Deals with one exception of a run by a button, and leads back to the run."""

    model = Payslip
    permission = "payroll.calculate_payrollrun"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        payslip = self.found(pk)
        where = payslip.run.get_absolute_url()

        def work() -> str:
            self.act(payslip)
            return where

        return self.go(once(request.user, request.POST.get("idempotency_key", ""), work))

    def act(self, payslip: Payslip) -> None:
        raise NotImplementedError


class Seen(PutRight):
    """Somebody looked at what was pointed out."""

    def act(self, payslip: Payslip) -> None:
        preparing.note_as_seen(payslip, by=self.request.user)


class EmergencyCode(PutRight):
    """Taxes somebody without a code by the emergency code from the first day that is paid for."""

    def act(self, payslip: Payslip) -> None:
        begins = max(payslip.run.first_day, payslip.employment.starts_on)
        detailing.use_emergency_code(payslip.employment, effective_from=begins, by=self.request.user)
        messages.info(self.request, _("The emergency code holds; calculate again to use it."))


class LeaveOutScreen(PutRight):
    """Asks why somebody is not paid, and leaves them out."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(self.found(pk), LeaveOutForm(user=request.user))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.form = LeaveOutForm(request.POST, user=request.user)
        if not self.form.is_valid():
            return self.page(self.found(pk), self.form, status=422)
        return super().post(request, pk)

    def act(self, payslip: Payslip) -> None:
        preparing.leave_out(payslip, by=self.request.user, **self.form.cleaned_data)

    def page(self, payslip: Payslip, form: LeaveOutForm, status: int = 200) -> HttpResponse:
        run = payslip.run
        title = _("Leave out %s") % payslip.employment.person
        context = {
            "title": title,
            "form": form,
            "crumbs": self.where(runs_crumb(), (str(run), run.get_absolute_url()), (_("Leave out"), "")),
            "back_href": run.get_absolute_url(),
            "idempotency_key": new_key(),
        }
        return self.answer("hr/payroll/leave_out.html", "hr/payroll/leave_out.html", context, status=status)


class TakeIn(Screen):
    """Pays somebody after all."""

    model = LeftOut
    permission = "payroll.calculate_payrollrun"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.found(pk)
        preparing.take_in(row.run, row.employment, by=request.user)
        messages.info(request, _("%s is paid again; calculate to make the payslip.") % row.employment.person)
        return self.go(row.run.get_absolute_url())


class DetailsScreen(Screen):
    """Other tax details of an employee from a day on."""

    model = TaxDetails
    action = "add"

    def employment(self, pk: int) -> Employment:
        rows = Employment.objects.visible_to(self.request.user).select_related("company", "person")
        found: Employment | None = rows.filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, employment: int) -> HttpResponse:
        found = self.employment(employment)
        latest = TaxDetails.objects.filter(employment=found).order_by("-valid_from").first()
        names = [name for name in DetailsForm.base_fields if name != "effective_from"]
        initial = {name: getattr(latest, name) for name in names} if latest else {}
        return self.page(found, DetailsForm(initial=initial, user=request.user, company=found.company))

    def post(self, request: HttpRequest, employment: int) -> HttpResponse:
        found = self.employment(employment)
        form = DetailsForm(request.POST, user=request.user, company=found.company)
        if not form.is_valid():
            return self.page(found, form, status=422)

        def work() -> str:
            detailing.change(found, by=request.user, **form.cleaned_data)
            return found.get_absolute_url()

        where = once(request.user, request.POST.get("idempotency_key", ""), work)
        messages.success(request, _("Saved."))
        return self.go(where)

    def page(self, found: Employment, form: DetailsForm, status: int = 200) -> HttpResponse:
        title = _("Tax and pension of %s") % found.person
        context = {
            "title": title,
            "form": form,
            "crumbs": self.where((str(found), found.get_absolute_url()), (_("Tax and pension"), "")),
            "back_href": found.get_absolute_url(),
            "idempotency_key": new_key(),
        }
        return self.answer("hr/payroll/details.html", "hr/payroll/details.html", context, status=status)


class BroughtForwardScreen(DetailsScreen):
    """What an employee was paid in a tax year before us."""

    model = YearToDate  # type: ignore[assignment]

    def get(self, request: HttpRequest, employment: int) -> HttpResponse:
        found = self.employment(employment)
        rows = list(bringing.before(found).filter(tax_year=years_of(found)[0]))
        initial: dict[str, Any] = {row.code: row.amount for row in rows}
        initial |= {"source": rows[0].source} if rows else {}
        return self.page(found, self.form(found, initial=initial))

    def post(self, request: HttpRequest, employment: int) -> HttpResponse:
        found = self.employment(employment)
        form = self.form(found, request.POST)
        if not form.is_valid():
            return self.page(found, form, status=422)

        def work() -> str:
            bringing.bring_forward(found, by=request.user, **form.cleaned_data)
            return found.get_absolute_url()

        where = once(request.user, request.POST.get("idempotency_key", ""), work)
        messages.success(request, _("Saved."))
        return self.go(where)

    def form(self, found: Employment, *data: Any, **options: Any) -> BroughtForwardForm:
        return BroughtForwardForm(
            *data, years=years_of(found), user=self.request.user, company=found.company, **options
        )

    def page(self, found: Employment, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "title": _("%s: paid before us") % found.person,
            "form": form,
            "crumbs": self.where((str(found), found.get_absolute_url()), (_("Brought forward"), "")),
            "back_href": found.get_absolute_url(),
            "idempotency_key": new_key(),
        }
        return self.answer("hr/payroll/forward.html", "hr/payroll/forward.html", context, status=status)


class BroughtForwardImport(PreviewScreen):
    """Brings in a file of what many were paid before us."""

    model = YearToDate
    title = gettext_lazy("Paid before us, brought forward")
    template = "hr/payroll/forward_import.html"
    importing = importing

    def list_href(self) -> str:
        return reverse("payroll:payrollrun_list")

    def list_crumb(self) -> tuple[str, str]:
        return runs_crumb()


def years_of(employment: Employment) -> list[str]:
    """The tax year of today where the employee works, and the one before it."""
    return bringing.years(timezone.localdate(timezone=employment.company.zone))


def runs_crumb() -> tuple[str, str]:
    """The way back to the list of runs."""
    return (_("Payroll"), reverse("payroll:payrollrun_list"))


def payslip_links(payslip: Payslip, user: Any) -> list[Link]:
    """A final payslip as a PDF."""
    href = reverse("payroll:payslip_pdf", args=[payslip.pk])
    return [Link(_("PDF"), href, "download")] if payslip.run.state in printing.FINAL else []


def own_links(payslip: Payslip, user: Any) -> list[Link]:
    """An own payslip as a PDF."""
    return [Link(_("PDF"), reverse("payroll:own_payslip_pdf", args=[payslip.pk]), "download")]


class PayslipScreen(DocumentScreen):
    """One payslip, for those who make pay."""

    model = Payslip
    panels: Any = (panels.PayslipFacts, panels.LinesPanel, panels.YearPanel, panels.FlagsPanel)
    links = staticmethod(payslip_links)

    def context(self, document: Payslip) -> dict[str, Any]:
        run = document.run
        title = _("Payslip of %s") % document.employment.person
        list_href = f"{reverse('payroll:payslip_list')}?run={run.pk}"
        crumbs = [runs_crumb(), (str(run), run.get_absolute_url()), (_("Payslips"), list_href), (title, "")]
        return {**super().context(document), "title": title, "subtitle": str(run), "crumbs": crumbs}


def own(user: Any, company: Any) -> Any:
    """The payslips that belong to this person and are final: what is calculated but not posted may still change."""
    rows = Payslip.objects.filter(employment__person__user=user, run__state__in=["posted", "paid"])
    rows = rows.filter(run__company=company) if company else rows
    return rows.select_related("run", "employment__person", "department").order_by("-run__pay_on", "-pk")


class PayslipPaper(Screen):
    """A final payslip as a file, for those who make pay."""

    model = Payslip

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        payslip = self.found(pk)
        response = HttpResponse(printing.pdf(payslip), content_type="application/pdf")
        name = printing.file_name(payslip)
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
        response["Cache-Control"] = "private, no-store"
        return response


class OwnPayslips(Screen):
    """The own payslips, the latest first."""

    model = Payslip
    permission = "payroll.view_own_payslip"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = list(own(request.user, request.company)[:RECENT])  # type: ignore[attr-defined]
        title = _("My payslips")
        context = {"title": title, "crumbs": [(title, "")], "path": request.path, "rows": rows}
        return render(request, "hr/payroll/own.html", context)


class Own(Screen):
    """Finds own payslips only; somebody else's is not there."""

    permission = "payroll.view_own_payslip"

    def found(self, pk: int) -> Payslip:
        row: Payslip | None = own(self.request.user, None).filter(pk=pk).first()
        if row is None:
            raise Http404
        return row


class OwnPaper(Own, PayslipPaper):
    """An own payslip as a file."""


class OwnPayslip(Own, PayslipScreen):
    """An own payslip."""

    links = staticmethod(own_links)
    panels = (panels.PayslipFacts, panels.LinesPanel, panels.YearPanel)

    def context(self, document: Payslip) -> dict[str, Any]:
        run = document.run
        crumbs = [(_("My payslips"), reverse("payroll:own")), (f"{panels.month_of(run)} {run.year}", "")]
        title = _("Payslip, %(month)s %(year)s") % {"month": panels.month_of(run), "year": run.year}
        return {**super().context(document), "title": title, "subtitle": "", "crumbs": crumbs}


def item_stored(item: PayItem, lines: Sequence[Any], removed: Sequence[Any], *, by: Any) -> PayItem:
    """Keep the item that the form made."""
    return items.entered(item, only_once=item.only_once, by=by)  # type: ignore[attr-defined]


def element_stored(element: Element, lines: Sequence[Any], removed: Sequence[Any], *, by: Any) -> Element:
    """Keep an element. Raises `PermissionDenied` without the right, `Refused` when elements would form a circle."""
    action = "change" if element.pk else "add"
    if denied := authority.only.refusal(by, f"payroll.{action}_element", element):
        raise denied
    element.save()
    planning.parts(element.company)
    return element


class PayItemScreen(FormScreen):
    """A new pay item of an employee; the employee's page follows."""

    model = PayItem
    form_class = PayItemForm
    store = staticmethod(item_stored)
    title = gettext_lazy("New pay item")
    private = True

    def load(self) -> Any:
        rows = Employment.objects.visible_to(self.request.user).select_related("company", "person")
        found = rows.filter(pk=self.kwargs["employment"]).first()
        if found is None:
            raise Http404
        self.company = found.company
        return PayItem(employment=found)

    def page(self, document: Any, form: Any, lines: Any, **more: Any) -> HttpResponse:
        self.title = _("Pay item of %s") % document.employment.person
        return super().page(document, form, lines, **more)

    def result(self, document: PayItem) -> str:
        return document.employment.get_absolute_url()

    def list_href(self) -> str:
        return reverse("people:employment", args=[self.kwargs["employment"]])


class ItemScreen(Screen):
    """One pay item: what it is, and how it ends."""

    model = PayItem

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(self.found(pk), EndForm(user=request.user))

    def page(self, item: PayItem, form: EndForm, status: int = 200) -> HttpResponse:
        employment = item.employment
        until = day(item.last_day, this_year=0) if item.last_day else _("further notice")
        back_href = employment.get_absolute_url()
        context = {
            "title": str(item.element),
            "document": item,
            "form": form,
            "may": self.request.user.has_perm("payroll.change_payitem"),
            "facts": [
                Fact(_("Employee"), employment.person, sub=employment.number, href=back_href),
                Fact(_("Element"), item.element, sub=item.element.get_kind_display()),
                Fact(_("Amount"), amount(item.amount)),
                Fact(_("From"), day(item.valid_from, this_year=0)),
                Fact(_("Until"), until),
                *([Fact(_("What for"), item.note)] if item.note else []),
                Fact(_("Entered by"), item.entered_by),
            ],
            "crumbs": self.where((str(employment), back_href), (str(item.element), "")),
            "back_href": back_href,
            "idempotency_key": new_key(),
        }
        return self.answer("hr/payroll/item.html", "hr/payroll/item.html", context, status=status)

    def change(self, pk: int, work: Any) -> HttpResponse:
        """Act once on the item, and lead back to the employee."""
        item = self.found(pk)
        where = item.employment.get_absolute_url()

        def act() -> str:
            work(item)
            return where

        return self.go(once(self.request.user, self.request.POST.get("idempotency_key", ""), act))


class EndItem(ItemScreen):
    """Ends a pay item on a day."""

    permission = "payroll.change_payitem"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.go(reverse("payroll:payitem", args=[self.found(pk).pk]))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = EndForm(request.POST, user=request.user)
        if not form.is_valid():
            return self.page(self.found(pk), form, status=422)
        answer = self.change(pk, lambda item: items.end(item, by=request.user, **form.cleaned_data))
        messages.success(request, _("Saved."))
        return answer


class TakeBackItem(ItemScreen):
    """Removes a pay item that no posted run has paid."""

    permission = "payroll.change_payitem"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.go(reverse("payroll:payitem", args=[self.found(pk).pk]))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        answer = self.change(pk, lambda item: items.take_back(item, by=request.user))
        messages.success(request, _("Taken back."))
        return answer
