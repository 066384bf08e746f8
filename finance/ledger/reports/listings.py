"""Trial balance, general ledger and the list of entries."""

from collections import defaultdict
from typing import Any

from django import forms
from django.db.models import Q, Sum, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core.rounding import ZERO
from backoffice.organisation.models import Company
from finance.ledger import queries
from finance.ledger.models import (
    Account,
    Heading,
    Journal,
    JournalLine,
)
from finance.ledger.queries import Movement
from finance.ledger.reports.reading import MOST_LINES, SECTION, entries_in, moved, warnings
from reporting.reports.defining import (
    Asked,
    Column,
    Report,
    Row,
    Sheet,
    offer,
)
from reporting.reports.parameters import (
    CodeField,
    Parameters,
    PeriodField,
    Span,
    cost_centres,
)


class TrialBalanceParameters(Parameters):
    """Period and cost centre of a trial balance."""

    period = PeriodField(label=gettext_lazy("Period"), initial="last_month")
    cost_centre = CodeField(cost_centres, label=gettext_lazy("Cost centre"))
    against = forms.ChoiceField(
        label=gettext_lazy("Against"),
        required=False,
        choices=[("", gettext_lazy("Nothing")), ("prior_year", gettext_lazy("Prior year"))],
    )


@offer
class TrialBalance(Report):
    """Every account with its balance before, what was added on each side, and its balance after."""

    key = "ledger.trial_balance"
    title = gettext_lazy("Trial balance")
    summary = gettext_lazy("Every account: balance before, debits, credits, balance after.")
    section = SECTION
    permission = "ledger.view_journalline"
    parameters = TrialBalanceParameters
    order = 30
    footer = gettext_lazy("Debits are positive, credits in brackets. Every figure opens the entries behind it.")

    def build(self, asked: Asked) -> Sheet:
        span: Span = asked["period"]
        movements = moved(asked, span)
        before = moved(asked, span.year_before()) if asked["against"] else {}
        columns = [
            Column("account", _("Account"), "text"),
            Column("opening", _("Before")),
            Column("debit", _("Debit")),
            Column("credit", _("Credit")),
            Column("closing", _("After")),
        ]
        if asked["against"]:
            columns.append(Column("before", _("A year before"), quiet=True))
        rows, totals = [], [ZERO] * (len(columns) - 1)
        for account in Account.objects.filter(company=asked.company).order_by("code"):
            moves = movements.get(account.pk)
            earlier = before.get(account.pk)
            if moves is None and earlier is None:
                continue
            m = moves or Movement(account.pk, ZERO, ZERO, ZERO)
            figures = [
                m.opening,
                m.debit,
                m.credit,
                m.closing,
                *([earlier.closing if earlier else ZERO] if asked["against"] else []),
            ]
            if not any(figures):
                continue
            href = asked.link(
                "ledger.general_ledger",
                account=account.code,
                period=span.text,
                cost_centre=asked.texts.get("cost_centre"),
            )
            rows.append(Row((str(account), *figures), links={c.key: href for c in columns[1:5]}))
            totals = [a + b for a, b in zip(totals, figures, strict=True)]
        rows.append(Row((_("Total"), *totals), "total"))
        sheet = Sheet(str(self.title), span.words, columns, rows)
        sheet.period_words = span.text
        sheet.entries = entries_in(asked, span.starts_on, span.ends_on).count()
        sheet.warnings = warnings(asked, span)
        return sheet


def _accounts(company: Company, user: Any) -> Any:
    return Account.objects.filter(company=company).order_by("code")


def _headings(company: Company, user: Any) -> Any:
    return Heading.objects.filter(company=company).order_by("statement", "place")


def _journals(company: Company, user: Any) -> Any:
    return Journal.objects.filter(company=company).order_by("code")


class GeneralLedgerParameters(Parameters):
    """Which accounts, when, for which cost centre."""

    period = PeriodField(label=gettext_lazy("Period"), initial="last_month")
    account = CodeField(_accounts, label=gettext_lazy("Account"))
    heading = CodeField(_headings, by="key", is_quiet=True, label=gettext_lazy("Heading"))
    cost_centre = CodeField(cost_centres, label=gettext_lazy("Cost centre"))


@offer
class GeneralLedger(Report):
    """The lines of one, several or all accounts with a running balance."""

    key = "ledger.general_ledger"
    title = gettext_lazy("General ledger")
    summary = gettext_lazy("The lines of an account with its running balance, each leading to its entry.")
    section = SECTION
    permission = "ledger.view_journalline"
    parameters = GeneralLedgerParameters
    order = 40
    footer = gettext_lazy("Debits are positive, credits in brackets. A line opens its entry and with it the document.")

    def build(self, asked: Asked) -> Sheet:
        span: Span = asked["period"]
        columns = [
            Column("on", _("Date"), "date"),
            Column("entry", _("Entry"), "text"),
            Column("text", _("Description"), "text"),
            Column("party", _("Party"), "text"),
            Column("centre", _("Cost centre"), "text"),
            Column("debit", _("Debit")),
            Column("credit", _("Credit")),
            Column("balance", _("Balance")),
        ]
        movements = moved(asked, span)
        accounts = list(self._chosen(asked))
        lines = self._lines(asked, span, [account.pk for account in accounts])
        entries = {line[1] for own in lines.values() for line in own}
        rows: list[Row] = []
        for account in accounts:
            movement = movements.get(account.pk, Movement(account.pk, ZERO, ZERO, ZERO))
            if any((movement.opening, movement.debit, movement.credit)) or account.pk in lines:
                rows += self._account(account, movement, lines[account.pk])
        sheet = Sheet(str(self.title), self._subtitle(asked, span), columns, rows)
        sheet.period_words = span.text
        sheet.entries = len(entries)
        return sheet

    def _chosen(self, asked: Asked) -> Any:
        accounts = _accounts(asked.company, asked.user)
        if asked["account"]:
            return accounts.filter(pk=asked["account"].pk)
        if asked["heading"]:
            return accounts.filter(heading__in=_with_children(asked["heading"]))
        return accounts

    def _subtitle(self, asked: Asked, span: Span) -> str:
        which = asked["account"] or asked["heading"]
        return f"{which}, {span.words}" if which else span.words

    def _lines(self, asked: Asked, span: Span, accounts: list[int]) -> dict[int, list[tuple[Any, ...]]]:
        """The lines of these accounts in the order of the books, no more than are wanted."""
        lines = JournalLine.objects.filter(
            account__in=accounts, on__isnull=False, on__gte=span.starts_on, on__lte=span.ends_on
        )
        if (departments := queries.departments_seen(asked.user, asked.company)) is not None:
            lines = lines.filter(dimension_set__cost_centre__department__in=departments)
        if asked["cost_centre"]:
            lines = lines.filter(dimension_set__cost_centre=asked["cost_centre"])
        if asked.as_of is not None:
            lines = lines.filter(entry__posted_at__lte=asked.as_of)
        read = lines.order_by("account__code", "on", "id").values_list(
            "account_id",
            "entry_id",
            "on",
            "entry__number",
            Coalesce(NullIf("text", Value("")), "entry__text"),
            "party__name",
            "dimension_set__cost_centre__code",
            "debit",
            "credit",
        )
        found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for line in read[: (asked.limit or MOST_LINES) + 1]:
            found[line[0]].append(line)
        return found

    def _account(self, account: Account, movement: Movement, lines: list[tuple[Any, ...]]) -> list[Row]:
        balance = movement.opening
        rows = [Row((str(account), None, _("Balance before"), None, None, None, None, balance), "head")]
        for _account, entry, on, number, text, party, centre, debit, credit in lines:
            balance += debit - credit
            cells = (on, number, text, party, centre, debit or None, credit or None, balance)
            rows.append(Row(cells, "line", 0, None, {"entry": reverse("ledger:journalentry", args=[entry])}))
        closing = (_("Balance after"), None, None, None, None, movement.debit, movement.credit, movement.closing)
        return [*rows, Row(closing, "total")]


def _with_children(heading: Heading) -> list[int]:
    """A heading and everything below it."""
    found, level = [heading.pk], [heading.pk]
    while level:
        level = list(Heading.objects.filter(parent__in=level).values_list("pk", flat=True))
        found += level
    return found


class JournalListParameters(Parameters):
    """Which entries: period and journal."""

    period = PeriodField(label=gettext_lazy("Period"), initial="last_month")
    journal = CodeField(_journals, label=gettext_lazy("Journal"))


@offer
class JournalList(Report):
    """The posted entries of a period in the order of their numbers."""

    key = "ledger.journal_list"
    title = gettext_lazy("List of entries")
    summary = gettext_lazy("The posted entries of a period by number, with who posted them.")
    section = SECTION
    permission = "ledger.view_journalline"
    parameters = JournalListParameters
    order = 50
    footer = gettext_lazy("A number opens its entry.")

    def build(self, asked: Asked) -> Sheet:
        span: Span = asked["period"]
        columns = [
            Column("number", _("Number"), "text"),
            Column("on", _("Date"), "date"),
            Column("journal", _("Journal"), "text"),
            Column("text", _("Reason"), "text"),
            Column("by", _("Posted by"), "text"),
            Column("amount", _("Debits")),
        ]
        departments = queries.departments_seen(asked.user, asked.company)
        seen = None if departments is None else Q(lines__dimension_set__cost_centre__department__in=departments)
        entries = entries_in(asked, span.starts_on, span.ends_on)
        if asked["journal"]:
            entries = entries.filter(journal=asked["journal"])
        listed = (
            entries.annotate(worth=Sum("lines__debit", filter=seen))
            .order_by("journal__code", "number", "id")
            .values_list("pk", "number", "on", "journal__code", "text", "posted_by__name", "worth")
        )
        rows = [
            Row(
                (number, on, journal, text, by, worth or ZERO),
                links={"number": reverse("ledger:journalentry", args=[pk])},
            )
            for pk, number, on, journal, text, by, worth in (listed[: asked.limit + 1] if asked.limit else listed)
        ]
        number = len(rows)
        if not asked.limit or number <= asked.limit:
            total = sum((row.cells[5] for row in rows), ZERO)
            rows.append(Row((_("Total"), None, None, None, None, total), "total"))
        sheet = Sheet(str(self.title), span.words, columns, rows)
        sheet.period_words = span.text
        sheet.entries = number
        return sheet
