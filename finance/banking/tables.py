"""The columns of bank accounts, runs and payments."""

from django.utils.translation import gettext_lazy as _

from backoffice.ui.tables import Badge, Date, Figure, Link, Money, NumberLink, Person, Table, Text, YesNo


class BankAccountTable(Table):
    """Our accounts by name."""

    order = ("name", "pk")
    one, many = _("account"), _("accounts")  # type: ignore[assignment]

    name = Link("name", _("Bank account"), sort=True)
    ending = Text("ending", _("Ends in"), stack="l2")
    account = Text("account__code", _("In the books"))
    currency = Text("currency", _("Currency"), stack="r1")
    is_active = YesNo("is_active", _("Active"))


class RunTable(Table):
    """Runs, the latest first."""

    order = ("-pay_on", "-pk")
    one, many = _("run"), _("runs")  # type: ignore[assignment]

    number = NumberLink("number", _("Run"), sort=True, empty=_("Proposal"))
    pay_on = Date("pay_on", _("Pay on"), sort=True, stack="l2")
    account = Text("bank_account__name", _("From"), soft=True)
    entered_by = Person("entered_by__name", _("By"))
    state = Badge()
    total = Money("total", _("Total"), currency="bank_account__currency", sort=True, stack="r1", total=True)


class PaymentTable(Table):
    """The payments of a run."""

    order = ("place",)
    one, many = _("payment"), _("payments")  # type: ignore[assignment]

    creditor = Text("creditor", _("To"), stack="l1")
    ending = Text("ending", _("Account ends in"), soft=True, stack="r2")
    words = Text("text", _("Reference"), ell=True, stack="l2")
    amount = Figure("amount", _("Amount"), total=True, stack="r1")
