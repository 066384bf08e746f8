"""Proposing a run, leaving payments out of it, and taking the file."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from backoffice.audit.recording import acting
from backoffice.core.authority import authority, recorder
from backoffice.core.errors import Refused
from backoffice.ui.forms import new_key
from backoffice.ui.screen import Screen
from backoffice.ui.sending import once
from finance.banking import proposing
from finance.banking.forms import ProposalForm
from finance.banking.models import PaymentFile, PaymentRun
from finance.banking.panels import sees_payments


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


class LeaveOutScreen(Screen):
    """Take a payment out of a proposal."""

    model = PaymentRun
    action = "change"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.found(pk)
        payment = run.payments.filter(pk=request.POST.get("payment", "0")).first()
        if payment is None or not sees_payments(run, request.user):
            raise Http404
        version = request.POST.get("version", "")
        proposing.leave_out(payment, by=request.user, version=int(version) if version.isdigit() else run.version)
        return redirect(run.get_absolute_url())


class FileScreen(Screen):
    """The file, to whoever may take it to the bank; each download is written down."""

    model = PaymentFile
    permission = "banking.download_paymentfile"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = PaymentFile.objects.visible_to(request.user).select_related("run").filter(run=pk).first()
        if file is None:
            raise Http404
        if authority.only.refusal(request.user, self.permission, file) or not sees_payments(file.run, request.user):
            raise PermissionDenied
        with acting(request.user):
            recorder.only(file.run, "download", request.user, {"digest": file.digest})
        response = HttpResponse(file.content.encode(), content_type="application/xml")
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name)
        response["Cache-Control"] = "private, no-store"
        return response
