"""The columns of runs, payslips, tax details and figures of the law."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from backoffice.ui.html import text
from backoffice.ui.tables import Badge, Choice, Date, Figure, Link, Money, Table, Text, YesNo
from hr.payroll import bringing


class Name(Text):
    """First names, or what the person is known as, and last name."""

    def __init__(self, start: str, label: Any, **options: Any) -> None:
        super().__init__(f"{start}__last_name", label, also=(f"{start}__first_names", f"{start}__known_as"), **options)

    def inner(self, values: Sequence[Any]) -> str:
        return text(self.file_values(values)[0])

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        last, first, known = values[:3]
        return [f"{known or first} {last}"]


class RunTable(Table):
    """Runs, the latest first; sums of all, nobody's own."""

    order = ("-pay_on", "-pk")

    year = Link("year", _("Year"))
    month = Choice("month", _("Month"), stack="l2")
    number = Text("number", _("Number"), soft=True)
    pay_on = Date("pay_on", _("Pay day"), sort=True)
    people = Figure("people", _("People"), digits=0)
    gross = Money("gross", _("Gross"), currency="currency", sort=True)
    net = Money("net", _("Net"), currency="currency", sort=True, stack="r2")
    state = Badge(stack="r1")


class PayslipTable(Table):
    """Payslips of all runs; only for whoever may see pay."""

    order = ("-run__pay_on", "employment__number")
    one, many = _("payslip"), _("payslips")  # type: ignore[assignment]

    employment = Link("employment__number", _("Employee"), sort=True)
    person = Name("employment__person", _("Name"), sort="employment__person__last_name", stack="l2")
    pay_on = Date("run__pay_on", _("Pay day"), sort=True, stack="l3")
    tax_code = Text("tax_code", _("Tax code"), soft=True)
    gross = Money("gross", _("Gross"), currency="run__currency", sort=True)
    deductions = Money("deductions", _("Deductions"), currency="run__currency")
    net = Money("net", _("Net"), currency="run__currency", sort=True, stack="r2")
    state = Badge(stack="r1")


class TaxDetailsTable(Table):
    """How people are taxed and insured."""

    order = ("employment__number", "-valid_from")

    employment = Text("employment__number", _("Employee"), sort=True)
    person = Name("employment__person", _("Name"), sort="employment__person__last_name", stack="l2")
    valid_from = Date("valid_from", _("From"), sort=True)
    valid_to = Date("valid_to", _("Up to"))
    tax_code = Text("tax_code", _("Tax code"), sort=True, stack="r1")
    ni_category = Text("ni_category", _("NI"))
    pension = Choice("pension", _("Pension"))


class OwnTaxTable(TaxDetailsTable):
    """The details of one employment."""

    columns = [c for c in TaxDetailsTable.columns if c.name not in ("employment", "person")]


class Total(Text):
    """A total of the year by the name that people know it by."""

    def inner(self, values: Sequence[Any]) -> str:
        return text(self.file_values(values)[0])

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [str(dict(bringing.FIGURES).get(values[0], values[0]))]


class ForwardTable(Table):
    """What was brought forward of one employment."""

    tax_year = Text("tax_year", _("Tax year"))
    code = Total("code", _("Total"), stack="l2")
    amount = Figure("amount", _("Amount"), digits=2, stack="r1")
    source = Text("source", _("Where it comes from"), soft=True, ell=True)


class PayItemTable(Table):
    """What people get or are charged beside the salary; only for whoever may see pay."""

    order = ("employment__number", "-valid_from", "-pk")

    element = Link("element__name", _("Element"), sort=True)
    person = Name("employment__person", _("Name"), sort="employment__person__last_name", stack="l2")
    number = Text("employment__number", _("Employee"), soft=True)
    valid_from = Date("valid_from", _("From"), sort=True, stack="l3")
    valid_to = Date("valid_to", _("Up to"))
    amount = Figure("amount", _("Amount"), digits=2, sort=True, stack="r1")
    note = Text("note", _("What for"), ell=True, soft=True)


class OwnItemTable(PayItemTable):
    """The items of one employment."""

    order = ("-valid_from", "-pk")  # type: ignore[assignment]
    columns = [c for c in PayItemTable.columns if c.name not in ("person", "number")]


class ElementTable(Table):
    """A company's own parts of pay."""

    url = "payroll:element_edit"
    order = ("code", "pk")

    code = Link("code", _("Code"), sort=True)
    name = Text("name", _("Name"), sort=True, stack="l2")
    kind = Choice("kind", _("Kind"), stack="r1")
    formula = Text("formula", _("Formula"), ell=True, soft=True)
    account = Text("account__code", _("Account"), soft=True)
    is_active = YesNo("is_active", _("Active"))


class Figures(Text):
    """A figure as people write it: a number, names with numbers, or bands."""

    def inner(self, values: Sequence[Any]) -> str:
        return text(self.file_values(values)[0])

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [spelt(values[0])]


def spelt(value: Any) -> str:
    """A figure of the law in words: `rate 0.5, allowance 15000`, bands parted by semicolons."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {spelt(each)}" for name, each in value.items())
    if isinstance(value, list):
        inner = any(isinstance(each, list | dict) for each in value)
        return ("; " if inner else " ").join("" if each is None else spelt(each) for each in value)
    return str(value)


class ParameterTable(Table):
    """Figures of the law with their days and sources."""

    order = ("code", "-valid_from", "-pk")

    code = Text("code", _("Figure"), sort=True)
    valid_from = Date("valid_from", _("From"), sort=True, stack="r1")
    value = Figures("value", _("Value"), ell=True, stack="l2")
    source = Text("source", _("Source"), ell=True, soft=True)
    recorded_at = Date("recorded_at", _("Recorded"))
