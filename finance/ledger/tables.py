"""The columns of the ledger: journals, their lines, accounts, periods."""

from typing import Any, ClassVar

from django.db.models import OuterRef, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from backoffice.core.rounding import ZERO
from backoffice.ui.tables import Badge, Choice, Column, Date, Figure, Link, Person, Table, Text, YesNo
from finance.ledger.models import JournalLine


class Side(Figure):
    """A debit or credit: empty when it is nought, as in the books."""

    def inner(self, values: Any) -> str:
        return "" if values[0] == ZERO else super().inner(values)


class JournalTable(Table):
    """Journal entries, the newest first."""

    order = ("-on", "-pk")
    keyset = True
    one, many = "journal", "journals"

    number = Link("number", _("Number"), empty=_("Draft"))
    on = Date("on", _("Date"), sort=True, stack="l2")
    text = Text("text", _("Reason"), ell=True, stack="full")
    journal = Text("journal__name", _("Journal"), soft=True)
    entered_by = Person("entered_by__name", _("By"))
    state = Badge()
    amount = Figure("amount", _("Amount"), stack="r1")

    def prepare(self, rows: Any, user: Any) -> Any:
        """What each entry moves, as far as this person sees its lines; read for the rows of the page only."""
        lines = JournalLine.objects.visible_to(user).filter(entry=OuterRef("pk"))
        debits = lines.order_by().values("entry").annotate(sum=Sum("debit"))
        return rows.annotate(amount=Subquery(debits.values("sum")))


class EntryLineTable(Table):
    """The lines of an entry as they stand in it."""

    order = ("place",)
    columns: ClassVar[list[Column]] = []

    account = Text("account__code", _("Account"), stack="l2")
    name = Text("account__name", _("Name"), stack="full")
    party = Text("party__name", _("Party"), soft=True)
    text = Text("text", _("Description"), ell=True)
    cost_centre = Text("dimension_set__cost_centre__name", _("Cost centre"), soft=True, stack="l3")
    debit = Side("debit", _("Debit"), stack="r1")
    credit = Side("credit", _("Credit"), stack="r2")


class AccountTable(Table):
    """The chart of accounts."""

    order = ("code", "pk")
    code = Link("code", _("Code"), sort=True)
    name = Text("name", _("Name"), sort=True, stack="l2")
    kind = Choice("kind", _("Kind"), sort=True)
    heading = Text("heading__name", _("Heading"), soft=True)
    role = Choice("role", _("Role"))
    is_control = YesNo("is_control", _("Control"))
    needs_cost_centre = YesNo("needs_cost_centre", _("Needs a cost centre"))
    is_active = YesNo("is_active", _("Active"), stack="r1")


class PeriodTable(Table):
    """The months of the books."""

    order = ("-starts_on", "-pk")
    name = Link("name", _("Period"))
    fiscal_year = Text("fiscal_year__name", _("Fiscal year"), stack="l2")
    starts_on = Date("starts_on", _("First day"))
    ends_on = Date("ends_on", _("Last day"))
    state = Badge(stack="r1")
