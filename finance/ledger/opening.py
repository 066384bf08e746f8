"""Opening the books of a company: chart of accounts, journals, fiscal years around today."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.audit.recording import acting
from backoffice.core import events
from backoffice.core.authority import authority, recorder
from backoffice.core.errors import Refused
from backoffice.organisation import slots
from backoffice.organisation.models import Company
from finance.ledger import charts, periods
from finance.ledger.events import BooksOpened
from finance.ledger.models import Account, FiscalYear

PROPOSED = {"GB": "uk"}


def proposed_chart(country: str) -> str:
    """The chart that fits a country: its own where we have one, else the international one."""
    return PROPOSED.get(country, "ifrs")


def open_books(company: Company, *, chart: str, first_month: int, on: date, by: Any) -> None:
    """Install the chart and open the fiscal years before, around and after a day.

    Raises `Refused` when the company has accounts already.
    """
    with acting(by):
        Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
        if has_books(company):
            raise Refused(_("%(company)s has its chart of accounts already.") % {"company": company}, code="books")
        charts.install(company, chart)
        started = on.year if on.month >= first_month else on.year - 1
        for year in (started - 1, started, started + 1):
            periods.open_year(company, date(year, first_month, 1))
        recorder.only(company, "open_books", by, {"chart": chart, "first_month": first_month})
        events.publish(BooksOpened(company_id=company.pk, chart=chart))


def open_next_year(company: Company, *, by: Any) -> FiscalYear:
    """Open the fiscal year after the last one.

    Raises `PermissionDenied` without the right to add fiscal years, `Refused` before the books are opened.
    """
    if denied := authority.only.refusal(by, "ledger.add_fiscalyear", FiscalYear(company=company)):
        raise denied
    with acting(by):
        Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
        starts_on = next_year_starts(company)
        if starts_on is None:
            raise Refused(_("%(company)s has no books yet.") % {"company": company}, code="books")
        year = periods.open_year(company, starts_on)
        recorder.only(year, "open", by, {"starts_on": year.starts_on, "ends_on": year.ends_on})
    return year


def next_year_starts(company: Company) -> date | None:
    """The day after the last fiscal year, or None while there is none."""
    last = FiscalYear.objects.filter(company=company).order_by("ends_on").last()
    return last.ends_on + timedelta(days=1) if last else None


def has_books(company: Company) -> bool:
    """Whether a company has a chart of accounts."""
    return Account.objects.filter(company=company).exists()


def save_step(company: Company, values: dict[str, Any], *, by: Any) -> None:
    """Open the books as the set-up's form says."""
    with transaction.atomic():
        on = timezone.localdate()
        open_books(company, chart=values["chart"], first_month=values["first_month"], on=on, by=by)


slots.steps.fill(
    "books",
    slots.Step(
        label=gettext_lazy("Books"),
        intro=gettext_lazy("Accounts, tax codes and journals come with the chart; every account can be renamed later."),
        form="finance.ledger.forms.BooksForm",
        save=save_step,
        is_done=has_books,
        icon="book-open",
        order=20,
    ),
)
