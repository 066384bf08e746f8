"""Questions with a form: a bill for an order; accept what a bill differs by, match it by hand, ask for credit."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.authority import recorder
from backoffice.core.errors import Refused
from backoffice.messaging.sending import queue_mail
from backoffice.ui.forms import BaseForm, DateField, new_key
from backoffice.ui.screen import Screen
from backoffice.ui.sending import once
from finance.payables.models import Bill
from procurement.purchasing import accepting, billing, judging, matching
from procurement.purchasing.models import OrderLine, PurchaseOrder


class ActScreen(Screen):
    """A question about a document with a form, answered once."""

    icon = "check"
    label: Any = ""

    def form(self, document: Any, data: Any = None) -> Any:
        """The form of the question."""
        raise NotImplementedError

    def perform(self, document: Any, values: dict[str, Any]) -> str:
        """Do it; answers what is said about it."""
        raise NotImplementedError

    def refusal(self, document: Any) -> Exception | None:
        """Why it cannot be done now."""
        return None

    def after(self, document: Any) -> str:
        """Where the answer leads."""
        return str(document.get_absolute_url())

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.found(pk)
        reason = self.refusal(document)
        if isinstance(reason, PermissionDenied):
            raise reason
        return self.ask(document, self.form(document), refusal=str(reason or ""), status=409 if reason else 200)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = self.found(pk)
        form = self.form(document, request.POST)
        if not form.is_valid():
            return self.ask(document, form, status=422)
        words: list[str] = []

        def work() -> str:
            words.append(self.perform(document, form.cleaned_data))
            return self.after(document)

        try:
            location = once(request.user, request.POST.get("idempotency_key", ""), work)
        except Refused as reason:
            return self.ask(document, form, refusal=str(reason), status=409)
        if words:
            messages.success(request, words[0])
        return self.go(location)

    def ask(self, document: Any, form: Any, *, refusal: str = "", status: int = 200) -> HttpResponse:
        home = document.get_absolute_url()
        context = {
            "document": document,
            "form": form,
            "title": self.label,
            "crumbs": self.where(self.list_crumb(), (str(document), home), (str(self.label), "")),
            "question": f"{self.label}: {document}",
            "label": self.label,
            "icon": self.icon,
            "action_href": self.request.path,
            "back_href": home,
            "version": document.version,
            "idempotency_key": new_key(),
            "in_dialog": bool(self.request.headers.get("HX-Request")),
            "refusal": refusal,
        }
        return self.answer("ui/verb.html", "ui/_verb.html", context, status=status)


class BillForm(BaseForm):
    """What the supplier's paper says."""

    reference = forms.CharField(max_length=60, label=gettext_lazy("Their reference"))
    on = DateField(label=gettext_lazy("Bill date"))


class OrderBillScreen(ActScreen):
    """Type in the bill of an order: a draft with what is left to bill, to be compared with the paper."""

    model = PurchaseOrder
    permission = billing.RIGHT
    label = gettext_lazy("Type in the bill")
    icon = "receipt"

    def form(self, document: Any, data: Any = None) -> Any:
        initial = {"on": timezone.localdate()}
        return BillForm(data, user=self.request.user, company=document.company, initial=initial)

    def refusal(self, document: Any) -> Exception | None:
        return billing.why_not(document)

    def perform(self, document: Any, values: dict[str, Any]) -> str:
        self.bill = billing.draft(document, by=self.request.user, reference=values["reference"], on=values["on"])
        return _("The bill is drafted with what is left to bill. Compare it with the paper.")

    def after(self, document: Any) -> str:
        return str(self.bill.get_absolute_url())


class AcceptForm(BaseForm):
    """Why the differences are accepted."""

    reason = forms.CharField(max_length=500, label=gettext_lazy("Reason"), help_text=gettext_lazy("Auditors read this"))


class AcceptScreen(ActScreen):
    """Accept what a bill differs by."""

    model = Bill
    permission = accepting.RIGHT
    label = gettext_lazy("Accept differences")

    def form(self, bill: Bill, data: Any = None) -> Any:
        return AcceptForm(data, user=self.request.user, company=bill.company)

    def refusal(self, bill: Bill) -> Exception | None:
        return accepting.why_not(bill, self.request.user)

    def perform(self, bill: Bill, values: dict[str, Any]) -> str:
        accepting.accept(bill, by=self.request.user, reason=values["reason"])
        return _("The differences are accepted.")


class ChooseForm(BaseForm):
    """For each line of the bill, which line of an order it is: as found, chosen, or none."""

    def __init__(self, *args: Any, bill: Bill, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", _("As found")), ("0", _("Belongs to no order"))]
        rows = matching.candidates(bill).order_by("order__number", "place")[: matching.CANDIDATES]
        choices += [
            (str(row.pk), f"{row.order.number} / {row.place}: {row} · {row.price.normalize():f}") for row in rows
        ]
        chosen = matching.chosen(bill)
        self.lines = list(bill.lines.order_by("place"))
        for line in self.lines:
            initial = "" if line.pk not in chosen else str(chosen[line.pk] or 0)
            label = f"{line.place}. {line.text}"
            self.fields[f"line{line.pk}"] = forms.ChoiceField(
                choices=choices, required=False, label=label, initial=initial
            )


class ChooseScreen(ActScreen):
    """Match a bill by hand."""

    model = Bill
    permission = "purchasing.add_matchchoice"
    label = gettext_lazy("Change the match")
    icon = "git-merge"

    def form(self, bill: Bill, data: Any = None) -> Any:
        return ChooseForm(data, user=self.request.user, company=bill.company, bill=bill)

    def perform(self, bill: Bill, values: dict[str, Any]) -> str:
        picked = {int(name.removeprefix("line")): value for name, value in values.items()}
        rows = {
            row.pk: row
            for row in OrderLine.objects.filter(pk__in=[int(v) for v in picked.values() if v not in ("", "0")])
        }
        for line in bill.lines.select_related("bill__party", "bill__company"):
            value = picked.get(line.pk, "")
            if value == "":
                matching.forget(line, by=self.request.user)
            else:
                matching.choose(line, rows.get(int(value)), by=self.request.user)
        return _("The match is changed.")


class CreditForm(BaseForm):
    """The mail to the supplier, to be looked over before it goes."""

    to = forms.EmailField(label=gettext_lazy("To"))
    subject = forms.CharField(max_length=200, label=gettext_lazy("Subject"))
    text = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": 14}))


class CreditScreen(ActScreen):
    """Ask the supplier for a credit note: a draft that a person sends."""

    model = Bill
    permission = accepting.RIGHT
    label = gettext_lazy("Ask for credit")
    icon = "mail"

    def form(self, bill: Bill, data: Any = None) -> Any:
        return CreditForm(data, user=self.request.user, company=bill.company, initial=self.draft(bill))

    def refusal(self, bill: Bill) -> Exception | None:
        comparison = judging.seen(bill)
        if comparison is None or comparison.difference <= 0:
            return Refused(_("The bill is not over what was ordered and received."), code="state")
        return None

    def draft(self, bill: Bill) -> dict[str, str]:
        """What the mail says unless the person changes it."""
        comparison = judging.seen(bill)
        if comparison is None:
            return {}
        supplier = comparison.orders[0].supplier
        told = "\n".join(f"- {finding.text}" for finding in comparison.all_findings)
        words = {
            "reference": bill.reference,
            "orders": ", ".join(order.number for order in comparison.orders),
            "credit": f"{bill.currency} {judging.credit_to_ask(comparison):,.2f}",
            "told": told,
            "who": str(self.request.user),
            "company": bill.company.name,
        }
        text = _(
            "Good day,\n\nyour invoice %(reference)s for our order %(orders)s differs from what we ordered and received:\n\n"
            "%(told)s\n\nPlease send us a credit note of %(credit)s including VAT.\n\n%(who)s\n%(company)s\n"
        )
        subject = _("Invoice %(reference)s: please credit %(credit)s") % words
        return {"to": supplier.mail, "subject": subject, "text": text % words}

    def perform(self, bill: Bill, values: dict[str, Any]) -> str:
        queue_mail(to=values["to"], subject=values["subject"], text=values["text"], company=bill.company)
        recorder.only(bill, "ask_for_credit", self.request.user, {"to": values["to"]})
        return _("The mail to %s is on its way.") % values["to"]
