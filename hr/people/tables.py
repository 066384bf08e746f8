"""The columns of employees, their assignments, pay, bank details and reports."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.ui.html import badge_markup
from backoffice.ui.tables import Badge, Choice, Date, Figure, Link, Money, Person, Table, Text
from hr.people import queries
from hr.people.naming import Name


class Held(Text):
    """Whether a dated row is over, holds today or lies ahead."""

    def __init__(self, label: Any) -> None:
        super().__init__("valid_from", label, also=("valid_to",), stack="r1", file=False)

    def inner(self, values: Sequence[Any]) -> str:
        words, tone, icon = standing(*values[:2])
        return badge_markup(str(words), tone, icon) if words else ""


def standing(valid_from: Any, valid_to: Any) -> tuple[Any, str, str]:
    """Words, tone and icon of a dated row today."""
    today = timezone.localdate()
    if valid_from > today:
        return _("Ahead"), "busy", "clock"
    return (_("Now"), "good", "circle-check") if valid_to is None or valid_to > today else ("", "", "")


class EmploymentTable(Table):
    """Employees by number, with what they do on a day."""

    order = ("number", "pk")
    one, many = _("employee"), _("employees")  # type: ignore[assignment]

    number = Link("number", _("Number"), sort=True)
    person = Name("person", _("Name"), sort="person__last_name,person__first_names", stack="l2")
    job = Text("job", _("Job"), sort=True, ell=True, stack="l3")
    department = Text("department_name", _("Department"), sort=True)
    manager = Text("manager_name", _("Manager"), soft=True, ell=True)
    fte = Figure("held_fte", _("FTE"), digits=2, sort=True, total=True)
    starts_on = Date("starts_on", _("First day"), sort=True)
    ends_on = Date("ends_on", _("Last day"), sort=True)
    state = Badge(stack="r1")

    def prepare(self, rows: Any, user: Any) -> Any:
        return queries.as_of(rows, timezone.localdate())


class ReportTable(EmploymentTable):
    """Those who report to somebody, without what is the same for all."""

    columns = [c for c in EmploymentTable.columns if c.name in ("number", "person", "job", "fte", "state")]


class AssignmentTable(Table):
    """What somebody did, does and will do."""

    order = ("-valid_from",)

    valid_from = Date("valid_from", _("From"))
    valid_to = Date("valid_to", _("Up to"))
    job_title = Text("job_title", _("Job"), stack="l2")
    department = Text("department__name", _("Department"), stack="l3")
    manager = Name("manager__person", _("Manager"), soft=True)
    weekly_hours = Figure("weekly_hours", _("Hours"), digits=2)
    held = Held(_("Standing"))


class PayRateTable(Table):
    """Rates of pay, the latest first."""

    order = ("-valid_from", "-pk")

    employment = Link("employment__number", _("Employee"), sort=True)
    person = Name("employment__person", _("Name"), sort="employment__person__last_name", stack="l2")
    valid_from = Date("valid_from", _("From"), sort=True)
    valid_to = Date("valid_to", _("Up to"))
    amount = Money("amount", _("Amount"), currency="currency", sort=True, stack="r1")
    basis = Choice("basis", _("Basis"))
    reason = Text("reason", _("Reason"), ell=True, soft=True)
    entered_by = Person("entered_by__name", _("Proposed by"))
    state = Badge()


class OwnPayTable(PayRateTable):
    """The rates of one employment."""

    columns = [c for c in PayRateTable.columns if c.name in ("valid_from", "valid_to", "amount", "basis", "state")]
    why = Link("reason", _("Reason"))


class BankAccountTable(Table):
    """Bank details by their last digits."""

    order = ("-pk",)

    ending = Link("ending", _("Ends in"))
    person = Name("person", _("Person"), sort="person__last_name", stack="l2")
    holder = Text("holder", _("Account holder"), ell=True)
    bic = Text("bic", _("BIC"), soft=True)
    entered_by = Person("entered_by__name", _("Entered by"))
    entered_at = Date("entered_at", _("Entered"), sort=True)
    state = Badge(stack="r1")


class OwnBankTable(BankAccountTable):
    """The accounts of one person."""

    columns = [c for c in BankAccountTable.columns if c.name != "person"]
