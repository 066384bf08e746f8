"""The parts of the screens of banking."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.ui.columns import amount, day
from backoffice.ui.panels import Fact, FactsPanel, LinesPanel, Panel, Step
from finance.banking import releasing, slots, withdrawing
from finance.banking.models import PaymentFile, PaymentRun
from finance.banking.proposing import sees_payments
from finance.banking.tables import PaymentTable

State = PaymentRun.State


class AccountFacts(FactsPanel):
    """What a bank account is."""

    fields = ["name", "account", "holder", "bic", "currency"]

    def facts(self, document: Any, user: Any) -> list[Fact]:
        return [*super().facts(document, user), Fact(_("IBAN"), f"•• {document.ending}")]


class RunFacts(FactsPanel):
    """The head of a run."""

    def facts(self, document: PaymentRun, user: Any) -> list[Fact]:
        source = slots.payables.get(document.source)
        return [
            Fact(_("Pays"), source.label if source else document.source),
            Fact(_("From"), document.bank_account, href=document.bank_account.get_absolute_url()),
            Fact(_("Pay on"), day(document.pay_on, this_year=0)),
            Fact(_("Due until"), day(document.due_until, this_year=0)),
            Fact(_("Payments"), document.standing.count()),
            Fact(_("Total"), f"{document.currency} {amount(document.total)}"),
        ]


class PaymentsPanel(LinesPanel):
    """Who gets what."""

    title = gettext_lazy("Payments")
    relation = "payments"
    table = PaymentTable
    permission = "banking.view_payment"

    def context(self, document: PaymentRun, user: Any) -> dict[str, Any] | None:
        return super().context(document, user) if sees_payments(document, user) else None

    def rows(self, document: PaymentRun, user: Any) -> Any:
        return super().rows(document, user).filter(taken_out_at=None)

    def sums(self, document: Any, user: Any) -> list[tuple[Any, Any, str]]:
        return [(_("Total"), document.total, document.currency)]


class ChangePanel(Panel):
    """Leaving payments out of a proposal, and paying a part of what is due."""

    title = gettext_lazy("Change the proposal")
    template = "finance/banking/change.html"
    permission = "banking.change_paymentrun"
    order = 35

    def context(self, document: PaymentRun, user: Any) -> dict[str, Any] | None:
        if document.state != State.PROPOSED or not sees_payments(document, user):
            return None
        source = slots.payables.get(document.source)
        parts = source is not None and not source.is_private  # wages are paid in full or not at all
        payments: dict[Any, list[Any]] = {}
        for item in releasing.items_of(document):
            payments.setdefault(item.payment, []).append(item)
        return {"payments": list(payments.items()), "parts": parts}


class TakeOutPanel(Panel):
    """Taking payments out of a released run, and which of them will go by themselves when the file is made."""

    title = gettext_lazy("Take payments out")
    template = "finance/banking/take_out.html"
    permission = withdrawing.RIGHT
    order = 35

    def context(self, document: PaymentRun, user: Any) -> dict[str, Any] | None:
        if document.state != State.RELEASED or not sees_payments(document, user):
            return None
        objections = withdrawing.objections(document)
        rows = [(payment, objections.get(payment.pk, "")) for payment in document.standing]
        return {"rows": rows, "n": len(rows), "refused": len(objections)}


class TakenOutPanel(Panel):
    """What was released and taken out before the bank had it: by whom and why."""

    title = gettext_lazy("Taken out after the release")
    template = "finance/banking/taken_out.html"
    permission = "banking.view_payment"
    order = 38

    def context(self, document: PaymentRun, user: Any) -> dict[str, Any] | None:
        if not sees_payments(document, user):
            return None
        gone = document.payments.exclude(taken_out_at=None).select_related("taken_out_by").order_by("taken_out_at")
        rows = list(gone)
        if not rows:
            return None
        booked = [
            (entry, entry.get_absolute_url() if user.has_perm("ledger.view_journalentry", entry) else "")
            for entry in withdrawing.entries_of(document)
        ]
        return {"rows": rows, "n": len(rows), "booked": booked}


class LeftOutPanel(Panel):
    """What was due and is not paid, and why."""

    title = gettext_lazy("Left out")
    template = "finance/banking/left_out.html"
    order = 40

    def context(self, document: PaymentRun, user: Any) -> dict[str, Any] | None:
        if not document.left_out or not sees_payments(document, user):
            return None
        return {"rows": document.left_out, "n": len(document.left_out)}


class FilePanel(Panel):
    """The file for the bank."""

    title = gettext_lazy("Bank file")
    template = "finance/banking/file.html"
    permission = "banking.view_paymentfile"
    side = True
    order = 20

    def context(self, document: PaymentRun, user: Any) -> dict[str, Any] | None:
        file = PaymentFile.objects.filter(run=document).defer("content").first()
        return {"file": file, "may": user.has_perm("banking.download_paymentfile", file)} if file else None


def steps(run: PaymentRun, user: Any) -> list[Step]:
    """Proposed, released, sent to the bank."""
    if run.state == State.CANCELLED:
        return [Step(_("Proposed"), "done", run.entered_by.short), Step(_("Cancelled"), "now")]
    is_released = run.state != State.PROPOSED
    return [
        Step(_("Proposed"), "done", run.entered_by.short),
        Step(
            _("Released"),
            "done" if is_released else "now",
            run.released_by.short if run.released_by else _("by a second person"),
        ),
        Step(
            _("Sent to the bank"),
            "done" if run.state == State.EXPORTED else "now" if is_released else "",
            _("one file"),
        ),
        Step(_("Paid"), "", day(run.pay_on)),
    ]
