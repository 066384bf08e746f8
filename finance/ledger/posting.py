"""Posting: one balanced entry, one statement, one number.

A document's verb says what to post (`Posting`), its move locks the period before and writes the entry last
(`finance.ledger.writing`).
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.core.flow import kindly
from backoffice.core.rounding import ZERO
from backoffice.organisation.models import Company, CostCentre
from backoffice.parties.models import Party
from finance.ledger import periods, writing
from finance.ledger.models import Account, Journal, JournalEntry
from finance.ledger.writing import Numbered


@dataclass(slots=True)
class Line:
    """One side of an entry before it is posted; amounts as in `JournalLine`.

    Without a currency the line is in the company's currency and the currency amounts are the same.
    """

    account: Account
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    text: str = ""
    party: Party | None = None
    cost_centre: CostCentre | None = None
    currency: str = ""
    currency_debit: Decimal = ZERO
    currency_credit: Decimal = ZERO
    due_on: date | None = None


def debit(
    account: Account, amount: Decimal, *, currency: str = "", company_amount: Decimal | None = None, **more: Any
) -> Line:
    """A debit of `amount` in `currency`; a negative amount is a credit. Without a currency: company currency."""
    return _side(account, amount, currency, company_amount, more)


def credit(
    account: Account, amount: Decimal, *, currency: str = "", company_amount: Decimal | None = None, **more: Any
) -> Line:
    """A credit of `amount` in `currency`; a negative amount is a debit. Without a currency: company currency."""
    return _side(account, -amount, currency, None if company_amount is None else -company_amount, more)


def _side(
    account: Account, amount: Decimal, currency: str, company_amount: Decimal | None, more: dict[str, Any]
) -> Line:
    books = amount if company_amount is None else company_amount
    line = Line(account, currency=currency, **more)
    line.debit, line.credit = (books, ZERO) if books >= 0 else (ZERO, -books)
    if currency:
        line.currency_debit, line.currency_credit = (amount, ZERO) if amount >= 0 else (ZERO, -amount)
    return line


@dataclass(slots=True)
class Posting:
    """An entry to be posted. `origin` is the document it comes from, `event` what happened to it."""

    on: date
    lines: Sequence[Line]
    text: str
    journal: str = Journal.Code.GENERAL
    document_on: date | None = None
    origin: models.Model | None = None
    event: str = "post"
    reversal_of: JournalEntry | None = None


def post(company: Company, posting: Posting, *, by: Any) -> JournalEntry:
    """Post an entry at once, in one transaction, with right, number and audit.

    Raises `Refused` (closed period, not balanced, account not to be used), `PermissionDenied`.
    """
    _demand(company, by)
    with _kind_refusals(), transaction.atomic():
        return _post_one(company, posting, by)


def post_batch(company: Company, postings: Sequence[Posting], *, by: Any) -> list[Numbered]:
    """Post many entries in one transaction, a statement for each journal and period; numbers in the order given.

    The audit has one act for the whole batch. Raises as `post` does, and then posts none of them.
    """
    _demand(company, by)
    with _kind_refusals(), transaction.atomic():
        return _post_all(company, postings, by)


def write_now(company: Company, posting: Posting, *, by: Any) -> JournalEntry:
    """Post inside a verb that asked its own right already; the counter row stays locked until that verb commits."""
    with transaction.atomic():
        return _post_one(company, posting, by)


def write_held(company: Company, posting: Posting, held: periods.Locked, *, by: Any) -> JournalEntry:
    """Post into a period that is held already, under the entry id that was taken with it (`periods.lock`).

    For what writes rows that point to the entry and its lines before the entry itself; the transaction goes on.
    """
    check(company, posting)
    return _write(company, posting, held, by, is_last=False)


def lock_period(document: Any, *, by: Any, **details: Any) -> None:
    """The `prepare` of a move that posts: hold the period, and take the id that the entry will have."""
    document.locked_period = periods.lock(document.company, document.accounting_on, journal=document.journal_code)


def entry_id(document: Any) -> int:
    """The id that the entry of this document will have, for rows that point to it (their keys are deferred)."""
    return int(document.locked_period.entry_ids[0])


def day(document: Any, on: date) -> date:
    """The day on which a document of `on` is booked, inside its `post` verb: later where that period is closed."""
    booked: date = document.locked_period.day(on)
    return booked


def write(document: Any, *, by: Any) -> None:
    """The `finish` of a move that posts: everything in one statement, number and entry on the document with it."""
    posting: Posting = document.posting
    posting.origin = document
    check(document.company, posting)
    held = document.locked_period
    (written,) = writing.write(writing.Batch(document.company, held, [posting], by), document=document)
    document.number, document.entry = written.number, _as_entry(document.company, held, posting, written, by)
    document.posting = None
    document._remember()


def write_or_number(document: Any, *, by: Any) -> None:
    """As `write`; a document of which nothing is worth anything gets a number of its own, outside the series."""
    if document.posting.lines:
        write(document, by=by)
        return
    document.posting = None
    document.number = f"{document.journal_code}-0-{document.pk:05d}"
    type(document)._base_manager.filter(pk=document.pk).update(number=document.number)
    document._remember()


def _demand(company: Company, by: Any) -> None:
    if denied := authority.only.refusal(by, "ledger.post_journalentry", JournalEntry(company=company)):
        raise denied


@contextmanager
def _kind_refusals() -> Iterator[None]:
    """What only the database noticed (at commit) is said in its words, which are written for people."""
    try:
        yield
    except IntegrityError as error:
        raise kindly(error) from error


def _post_one(company: Company, posting: Posting, by: Any) -> JournalEntry:
    check(company, posting)
    return _write(company, posting, periods.lock(company, posting.on, journal=posting.journal), by, is_last=True)


def _write(company: Company, posting: Posting, held: periods.Locked, by: Any, *, is_last: bool) -> JournalEntry:
    act = _act(held.entry_ids[0], "post", by)
    (written,) = writing.write(writing.Batch(company, held, [posting], by), act=act, is_last=is_last)
    return _as_entry(company, held, posting, written, by)


def _act(entry: int, verb: str, by: Any, details: str = "{}") -> dict[str, Any]:
    kind = ContentType.objects.get_for_model(JournalEntry).pk
    return {"kind": kind, "act_on": entry, "verb": verb, "details": details}


def _post_all(company: Company, postings: Sequence[Posting], by: Any) -> list[Numbered]:
    first_days = periods.first_days(company, [posting.on for posting in postings])
    groups: dict[tuple[date, str], list[int]] = defaultdict(list)
    for index, posting in enumerate(postings):
        check(company, posting)
        groups[first_days[posting.on], posting.journal].append(index)
    # all periods first, in the order of their days: what stands above is locked before what stands below
    held = {
        key: periods.lock(company, postings[indexes[0]].on, journal=key[1], entries=len(indexes))
        for key, indexes in sorted(groups.items())
    }
    written: dict[int, Numbered] = {}
    for place, (key, indexes) in enumerate(sorted(groups.items())):
        batch = writing.Batch(company, held[key], [postings[index] for index in indexes], by)
        act = (
            _act(held[key].entry_ids[0], "post_batch", by, json.dumps({"entries": len(postings)}))
            if place == 0
            else None
        )
        is_last = place == len(groups) - 1
        written.update(zip(indexes, writing.write(batch, act=act, is_last=is_last), strict=True))
    return [written[index] for index in range(len(postings))]


def _as_entry(company: Company, held: periods.Locked, posting: Posting, written: Numbered, by: Any) -> JournalEntry:
    return JournalEntry(
        pk=written.id,
        number=written.number,
        company=company,
        journal_id=held.journal_id,
        period_id=held.id,
        on=held.day(posting.on),
        document_on=posting.document_on,
        text=posting.text,
        state=JournalEntry.State.POSTED,
        posted_by=by,
        entered_by=by,
        changed_by=by,
        reversal_of=posting.reversal_of,
        event=posting.event,
    )


def check(company: Company, posting: Posting) -> None:
    """Refuse what the database would refuse: fewer than two lines, no balance, accounts that take no posting."""
    if len(posting.lines) < 2:
        raise Refused(_("An entry needs at least two lines."), code="balance")
    rest = currency_rest = ZERO
    currencies = set()
    for place, line in enumerate(posting.lines, start=1):
        account = line.account
        if account.company_id != company.pk:
            raise Refused(_("Account %(account)s belongs to another company.") % {"account": account}, code="account")
        if not account.is_active:
            raise Refused(
                _("Line %(line)d: account %(account)s is closed.") % {"line": place, "account": account}, code="account"
            )
        if account.needs_cost_centre and line.cost_centre is None:
            raise Refused(
                _("Line %(line)d: account %(account)s needs a cost centre.") % {"line": place, "account": account},
                code="cost_centre",
                details={"line": place},
            )
        if account.kept_by and posting.origin is None:
            raise Refused(
                _("Line %(line)d: %(account)s: %(why)s.")
                % {"line": place, "account": account, "why": account.why_not_by_hand},
                code="kept",
                details={"line": place},
            )
        rest += line.debit - line.credit
        currency_rest += line.currency_debit - line.currency_credit
        currencies.add(line.currency or company.currency)
    if rest or (len(currencies) == 1 and company.currency not in currencies and currency_rest):
        raise Refused(
            _("Debits and credits differ by %(rest)s.") % {"rest": f"{abs(rest or currency_rest).normalize():f}"},
            code="balance",
        )
