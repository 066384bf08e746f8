"""The ledger in the administration: the chart is kept, the books are only looked at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from backoffice.core.admin import Master, ReadOnly, ReadOnlyRows
from finance.ledger import entering
from finance.ledger.models import (
    Account,
    Allocation,
    Balance,
    Counter,
    DimensionSet,
    FiscalYear,
    Heading,
    Journal,
    JournalEntry,
    JournalLine,
    OpenItem,
    Period,
)


@admin.register(Heading)
class HeadingAdmin(Master):
    list_display = ["name", "key", "company", "statement", "parent", "place"]
    list_filter = ["company", "statement"]
    search_fields = ["name", "key"]


@admin.register(Account)
class AccountAdmin(Master):
    """Accounts; what has postings keeps its company, code, kind and control."""

    list_display = [
        "code",
        "name",
        "company",
        "kind",
        "heading",
        "role",
        "is_control",
        "needs_cost_centre",
        "is_active",
    ]
    list_filter = ["company", "kind", "is_control", "is_active"]
    search_fields = ["code", "name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["company", "code", "kind", "is_control"] if obj and entering.is_posted_to(obj) else []


@admin.register(Journal)
class JournalAdmin(Master):
    list_display = ["code", "name", "company"]
    list_filter = ["company"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["company", "code"] if obj else []


class PeriodRows(ReadOnlyRows):
    model = Period
    fields = ["name", "starts_on", "ends_on", "state"]


@admin.register(FiscalYear)
class FiscalYearAdmin(ReadOnly):
    list_display = ["name", "company", "starts_on", "ends_on"]
    list_filter = ["company"]
    inlines = [PeriodRows]


@admin.register(Period)
class PeriodAdmin(ReadOnly):
    """Closed and opened on its own page, with right and reason."""

    list_display = ["name", "company", "fiscal_year", "starts_on", "ends_on", "state"]
    list_filter = ["company", "state"]


class LineRows(ReadOnlyRows):
    model = JournalLine
    fields = ["place", "account", "party", "dimension_set", "text", "debit", "credit", "currency"]


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnly):
    list_display = ["number", "on", "journal", "text", "state", "entered_by", "posted_by"]
    list_filter = ["company", "state", "journal"]
    search_fields = ["number", "text"]
    exclude = ["seal"]
    inlines = [LineRows]
    show_full_result_count = False


@admin.register(Balance)
class BalanceAdmin(ReadOnly):
    list_display = ["account", "period", "dimension_set", "currency", "debit", "credit"]
    list_filter = ["period"]
    show_full_result_count = False


@admin.register(OpenItem)
class OpenItemAdmin(ReadOnly):
    list_display = ["party", "account", "on", "due_on", "currency", "amount", "rest"]
    list_filter = ["account"]
    show_full_result_count = False


@admin.register(Allocation)
class AllocationAdmin(ReadOnly):
    list_display = ["debit_item", "credit_item", "on", "amount", "by"]


@admin.register(Counter)
class CounterAdmin(ReadOnly):
    list_display = ["journal", "fiscal_year", "last"]


@admin.register(DimensionSet)
class DimensionSetAdmin(ReadOnly):
    list_display = ["company", "cost_centre"]
