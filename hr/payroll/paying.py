"""Net wages for payment runs: what is due to whom, on the account that a second person confirmed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.organisation.models import Company
from finance.banking.models import PaymentItem
from finance.banking.slots import Creditor, Payable, payables
from finance.ledger.models import Role
from hr.payroll.models import PayrollRun, Payslip
from hr.people.models import PersonBankAccount

PREFIX = "payslip:"


class Wages:
    """Net pay of posted runs as a source of payments; single amounts are told only to who may see payslips."""

    label = gettext_lazy("Net wages")
    role: str = Role.WAGES_PAYABLE
    is_private = True
    right = "payroll.view_payslip"

    def due(self, company: Company, until: date, currency: str) -> list[Payable]:
        """Net pay of posted runs whose pay day has come by then and that no released payment has paid."""
        rows = Payslip.objects.filter(
            run__company=company,
            run__currency=currency,
            run__state=PayrollRun.State.POSTED,
            run__pay_on__lte=until,
            net__gt=0,
        ).select_related("run", "employment__person")
        paid = _paid(f"{PREFIX}{pk}" for pk in rows.values_list("pk", flat=True))
        slips = [
            slip for slip in rows.order_by("run__pay_on", "employment__number") if f"{PREFIX}{slip.pk}" not in paid
        ]
        known = _creditors(slips)
        return [
            Payable(
                key=f"{PREFIX}{slip.pk}",
                payee=f"person:{slip.employment.person_id}",
                creditor=known.get(slip.employment.person_id, Creditor(slip.employment.person.name)),
                amount=slip.net,
                due_on=slip.run.pay_on,
                text=_("Pay %(year)d-%(month)02d, %(number)s") % {
                    "year": slip.run.year, "month": slip.run.month, "number": slip.employment.number,
                },
                href=reverse("payroll:payslip", args=[slip.pk]),
                refusal="" if slip.employment.person_id in known else _("No bank account is confirmed."),
            )
            for slip in slips
        ]  # fmt: skip

    def creditors(self, keys: Sequence[str]) -> Mapping[str, Creditor]:
        """The confirmed accounts as they are now."""
        wanted = [int(key.removeprefix(PREFIX)) for key in keys]
        slips = list(Payslip.objects.filter(pk__in=wanted).select_related("employment"))
        known = _creditors(slips)
        return {
            f"{PREFIX}{slip.pk}": known[slip.employment.person_id]
            for slip in slips
            if slip.employment.person_id in known
        }


def _creditors(slips: Sequence[Payslip]) -> dict[int, Creditor]:
    persons = [slip.employment.person_id for slip in slips]
    rows = PersonBankAccount.objects.filter(person__in=persons, state=PersonBankAccount.State.CONFIRMED)
    return {row.person_id: Creditor(row.holder, row.iban, row.bic, row.iban[:2]) for row in rows}


def _paid(keys: Any) -> set[str]:
    rows = PaymentItem.objects.filter(
        key__in=list(keys), payment__run__state__in=["released", "exported"], payment__taken_out_at=None
    )
    return set(rows.values_list("key", flat=True))


def paid_keys(run: PayrollRun) -> set[str]:
    """The payslips of a run that are paid or proposed to be paid, by key."""
    keys = [f"{PREFIX}{pk}" for pk in run.payslips.filter(net__gt=0).values_list("pk", flat=True)]
    rows = PaymentItem.objects.filter(
        key__in=keys, payment__run__state__in=["proposed", "released", "exported"], payment__taken_out_at=None
    )
    return set(rows.values_list("key", flat=True))


def settle_paid(released: Sequence[str], *, by: Any) -> None:
    """Settle the posted runs of which these payslips were the last that nobody had paid."""
    slips = [int(key.removeprefix(PREFIX)) for key in released if key.startswith(PREFIX)]
    for run in PayrollRun.objects.filter(payslips__in=slips, state=PayrollRun.State.POSTED).distinct().order_by("pk"):
        keys = {f"{PREFIX}{pk}" for pk in run.payslips.filter(net__gt=0).values_list("pk", flat=True)}
        if keys <= _paid(keys) | set(released):
            settle(run, by=by)


@PayrollRun.flow.verb
def settle(run: PayrollRun, *, by: Any) -> None:
    """Everybody is paid."""


def unsettle_unpaid(withdrawn: Sequence[str], *, by: Any) -> None:
    """The runs to which these payslips belong are not paid any more: the payments were taken back."""
    slips = [int(key.removeprefix(PREFIX)) for key in withdrawn if key.startswith(PREFIX)]
    for run in PayrollRun.objects.filter(payslips__in=slips, state=PayrollRun.State.PAID).distinct().order_by("pk"):
        unsettle(run, by=by)


@PayrollRun.flow.verb
def unsettle(run: PayrollRun, *, by: Any) -> None:
    """Somebody is not paid after all, and is due again."""


payables.fill("wages", Wages())
