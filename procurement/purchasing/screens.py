"""What is done about a bill that differs: accept it, match it by hand, ask the supplier for credit."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.authority import recorder
from backoffice.core.errors import Refused
from backoffice.messaging.sending import queue_mail
from backoffice.ui.forms import BaseForm, new_key
from backoffice.ui.screen import Screen
from backoffice.ui.sending import once
from finance.payables.models import Bill
from procurement.purchasing import accepting, judging, matching
from procurement.purchasing.models import OrderLine


class BillAct(Screen):
    """A question about a bill with a form, answered once."""

    model = Bill
    icon = "check"
    label: Any = ""

    def form(self, bill: Bill, data: Any = None) -> Any:
        """The form of the question."""
        raise NotImplementedError

    def perform(self, bill: Bill, values: dict[str, Any]) -> str:
        """Do it; answers what is said about it."""
        raise NotImplementedError

    def refusal(self, bill: Bill) -> Exception | None:
        """Why it cannot be done now."""
        return None

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        bill = self.found(pk)
        reason = self.refusal(bill)
        if isinstance(reason, PermissionDenied):
            raise reason
        return self.ask(bill, self.form(bill), refusal=str(reason or ""), status=409 if reason else 200)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        bill = self.found(pk)
        form = self.form(bill, request.POST)
        if not form.is_valid():
            return self.ask(bill, form, status=422)
        words: list[str] = []

        def work() -> str:
            words.append(self.perform(bill, form.cleaned_data))
            return str(bill.get_absolute_url())

        try:
            location = once(request.user, request.POST.get("idempotency_key", ""), work)
        except Refused as reason:
            return self.ask(bill, form, refusal=str(reason), status=409)
        if words:
            messages.success(request, words[0])
        return self.go(location)

    def ask(self, bill: Bill, form: Any, *, refusal: str = "", status: int = 200) -> HttpResponse:
        context = {
            "document": bill,
            "form": form,
            "title": self.label,
            "crumbs": self.where(self.list_crumb(), (str(bill), bill.get_absolute_url()), (str(self.label), "")),
            "question": f"{self.label}: {bill}",
            "label": self.label,
            "icon": self.icon,
            "action_href": self.request.path,
            "back_href": bill.get_absolute_url(),
            "version": bill.version,
            "idempotency_key": new_key(),
            "in_dialog": bool(self.request.headers.get("HX-Request")),
            "refusal": refusal,
        }
        return self.answer("ui/verb.html", "ui/_verb.html", context, status=status)


class AcceptForm(BaseForm):
    """Why the differences are accepted."""

    reason = forms.CharField(max_length=500, label=gettext_lazy("Reason"), help_text=gettext_lazy("Auditors read this"))


class AcceptScreen(BillAct):
    """Accept what a bill differs by."""

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


class ChooseScreen(BillAct):
    """Match a bill by hand."""

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


class CreditScreen(BillAct):
    """Ask the supplier for a credit note: a draft that a person sends."""

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
