"""What banking tells the floors below: its journal, its place in menu, palette and My work."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.organisation.slots import Start, starts
from backoffice.ui.columns import amount, day
from backoffice.ui.slots import Hit, MenuEntry, Search, WorkList, WorkRow, menu, palette, work
from finance.banking import releasing
from finance.banking.models import PaymentRun
from finance.ledger.charts import journals

journals.fill("PAY", gettext_lazy("Payments"))


def work_rows(user: Any) -> list[WorkRow]:
    """Runs that wait for this person's release."""
    if not user.has_perm("banking.release_paymentrun"):
        return []
    return [
        WorkRow(
            icon="banknote",
            label=_("Payment run of %s") % day(run.pay_on),
            href=run.get_absolute_url(),
            sub=_("proposed by %s") % run.entered_by.name,
            since=run.entered_at,
            amount=run.total,
            currency=run.currency,
            tone="wait",
            flag=_("To release"),
            flag_icon="user-check",
        )
        for run in releasing.waiting_for_release(user).select_related("bank_account", "entered_by")[:20]
    ]


def find_runs(user: Any, words: str) -> list[Hit]:
    """Runs by number for the palette."""
    rows = PaymentRun.objects.visible_to(user).filter(number__icontains=words).select_related("bank_account")
    return [
        Hit(str(run), run.get_absolute_url(), "banknote", f"{run.currency} {amount(run.total)} · {day(run.pay_on)}")
        for run in rows.order_by("-pk")[:6]
    ]


work.fill("banking.release", WorkList(gettext_lazy("To release to the bank"), "tasks", work_rows, order=15))
palette.fill("banking.paymentrun", Search(gettext_lazy("Payment runs"), find_runs, prefix="run:", order=25))
starts.fill(
    "banking.bankaccount",
    Start(
        gettext_lazy("Name the bank account that pays"),
        lambda: reverse("banking:bankaccount_new"),
        "landmark",
        "banking.add_bankaccount",
        order=60,
    ),
)
menu.fill(
    "banking.paymentrun",
    MenuEntry(
        "finance",
        gettext_lazy("Payment runs"),
        "banking:paymentrun_list",
        "banknote",
        "banking.view_paymentrun",
        count=lambda user: releasing.waiting_for_release(user).count(),
        order=20,
    ),
)
menu.fill(
    "banking.bankaccount",
    MenuEntry(
        "finance",
        gettext_lazy("Bank accounts"),
        "banking:bankaccount_list",
        "landmark",
        "banking.view_bankaccount",
        order=80,
    ),
)
