"""Proposing a run, changing the proposal, and taking the file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.ui.forms import new_key
from backoffice.ui.screen import Screen
from backoffice.ui.sending import once
from finance.banking import downloading, proposing, withdrawing
from finance.banking.forms import LeaveOutForm, PayPartForm, ProposalForm
from finance.banking.models import PaymentFile, PaymentItem, PaymentRun
from finance.banking.proposing import sees_payments


class ProposeScreen(Screen):
    """Choose what is paid; the proposal is the page that follows."""

    model = PaymentRun
    action = "add"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        values = form.cleaned_data
        account = values.pop("bank_account")
        if denied := authority.only.refusal(request.user, self.right(), PaymentRun(company=account.company)):
            raise denied

        def work() -> str:
            return proposing.propose(account, by=request.user, **values).get_absolute_url()

        try:
            where = once(request.user, request.POST.get("idempotency_key", ""), work)
        except Refused as reason:
            return self.page(form, refusal=str(reason), status=422)
        return redirect(where)

    def form(self, data: Any = None) -> ProposalForm:
        return ProposalForm(data, user=self.request.user, company=self.request.company)  # type: ignore[attr-defined]

    def page(self, form: ProposalForm, *, refusal: str = "", status: int = 200) -> HttpResponse:
        context = {
            "title": _("New payment run"),
            "crumbs": self.where(self.list_crumb(), (_("New"), "")),
            "form": form,
            "refusal": refusal,
            "idempotency_key": new_key(),
            "path": self.request.path,
            "back_href": self.list_href(),
        }
        return render(self.request, "finance/banking/propose.html", context, status=status)


class ChangeScreen(Screen):
    """Asks about one payment or item of a proposal, and changes it; the run's page follows."""

    model = PaymentRun
    action = "change"
    asked = ""  # the name of the payment or item in the address and in the form
    form_class: Any = None
    heading_of: Any = ""
    words: Any = ""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.found(pk)
        return self.page(run, self.row(run, request.GET), self.form_class(user=request.user))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.found(pk)
        row, form = self.row(run, request.POST), self.form_class(request.POST, user=request.user)
        if not form.is_valid():
            return self.page(run, row, form, status=422)
        given = request.POST.get("version", "")
        version = int(given) if given.isdigit() else run.version

        def work() -> str:
            self.change(row, version, form.cleaned_data)
            return run.get_absolute_url()

        try:
            where = once(request.user, request.POST.get("idempotency_key", ""), work)
        except Refused as reason:
            return self.page(run, row, form, refusal=str(reason), status=409)
        return redirect(where)

    def row(self, run: PaymentRun, data: Any) -> Any:
        """The payment or item that is asked about, of this run and for this person."""
        key = data.get(self.asked, "")
        row = self.rows_of(run).filter(pk=key).first() if key.isdigit() else None
        if row is None or not sees_payments(run, self.request.user):
            raise Http404
        return row

    def rows_of(self, run: PaymentRun) -> Any:
        raise NotImplementedError

    def change(self, row: Any, version: int, values: dict[str, Any]) -> None:
        raise NotImplementedError

    def page(self, run: PaymentRun, row: Any, form: Any, *, refusal: str = "", status: int = 200) -> HttpResponse:
        context = {
            "title": self.heading_of,
            "crumbs": self.where(self.list_crumb(), (str(run), run.get_absolute_url()), (self.heading_of, "")),
            "what": row,
            "asked": self.asked,
            "words": self.words,
            "form": form,
            "refusal": refusal,
            "version": run.version,
            "idempotency_key": new_key(),
            "path": self.request.path,
            "back_href": run.get_absolute_url(),
        }
        return render(self.request, "finance/banking/ask.html", context, status=status)


class LeaveOutScreen(ChangeScreen):
    """Refuse one payment of a proposal, with the reason."""

    asked = "payment"
    form_class = LeaveOutForm
    heading_of = gettext_lazy("Leave out a payment")
    words = gettext_lazy("What it would have paid is due again. Who leaves a payment out can't release the run.")

    def rows_of(self, run: PaymentRun) -> Any:
        return run.standing

    def change(self, row: Any, version: int, values: dict[str, Any]) -> None:
        proposing.leave_out(row, by=self.request.user, version=version, **values)


class TakeOutScreen(ChangeScreen):
    """Take one payment out of a released run before the bank has it, with the reason."""

    permission = withdrawing.RIGHT
    asked = "payment"
    form_class = LeaveOutForm
    heading_of = gettext_lazy("Take out a payment")
    words = gettext_lazy("It is booked back and what it paid is due again. The other payments stay released.")

    def rows_of(self, run: PaymentRun) -> Any:
        return run.standing

    def change(self, row: Any, version: int, values: dict[str, Any]) -> None:
        withdrawing.take_out(row, by=self.request.user, version=version, **values)


class PayPartScreen(ChangeScreen):
    """Pay another amount of one item of a proposal."""

    asked = "item"
    form_class = PayPartForm
    heading_of = gettext_lazy("Pay a part")
    words = gettext_lazy("The rest stays due. Who changes an amount can't release the run.")

    def rows_of(self, run: PaymentRun) -> Any:
        return PaymentItem.objects.filter(payment__run=run, payment__taken_out_at=None).select_related("payment")

    def change(self, row: Any, version: int, values: dict[str, Any]) -> None:
        proposing.pay_part(row, values["amount"], by=self.request.user, version=version)


class FileScreen(Screen):
    """The file, to whoever may take it to the bank; each download is written down."""

    model = PaymentFile
    permission = downloading.RIGHT

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = downloading.take(pk, by=request.user)
        if file is None:
            raise Http404
        response = HttpResponse(file.content.encode(), content_type="application/xml")
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name)
        response["Cache-Control"] = "private, no-store"
        return response
