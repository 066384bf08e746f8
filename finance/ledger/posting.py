"""Posting: one balanced entry, one statement, one number.

A document's verb says what to post (`Posting`), its move locks the period before and writes the entry last:
number, entry, lines, balances and open items in one statement, so that the counter row, which all
posters of a journal share, is held only while that statement commits.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from backoffice.core.authority import authority, recorder
from backoffice.core.errors import Refused
from backoffice.core.flow import kindly
from backoffice.core.rounding import ZERO
from backoffice.organisation.models import Company, CostCentre
from backoffice.parties.models import Party
from finance.ledger import accounts, periods, sealing
from finance.ledger.models import Account, Journal, JournalEntry


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


def debit(account: Account, amount: Decimal, *, currency: str = "", company_amount: Decimal | None = None, **more: Any) -> Line:
    """A debit of `amount` in `currency`; a negative amount is a credit. Without a currency: company currency."""
    return _side(account, amount, currency, company_amount, more)


def credit(account: Account, amount: Decimal, *, currency: str = "", company_amount: Decimal | None = None, **more: Any) -> Line:
    """A credit of `amount` in `currency`; a negative amount is a debit. Without a currency: company currency."""
    return _side(account, -amount, currency, None if company_amount is None else -company_amount, more)


def _side(account: Account, amount: Decimal, currency: str, company_amount: Decimal | None, more: dict[str, Any]) -> Line:
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
    columns: dict[str, list[Any]] = field(default_factory=dict)


def post(company: Company, posting: Posting, *, by: Any) -> JournalEntry:
    """Post an entry at once, in one transaction, with right, number and audit.

    Raises `Refused` (closed period, not balanced, account not to be used), `PermissionDenied`.
    """
    (entry,) = post_batch(company, [posting], by=by)
    return entry


def post_batch(company: Company, postings: Sequence[Posting], *, by: Any) -> list[JournalEntry]:
    """Post many entries in one transaction, a statement for each journal and period; numbers in the order given.

    The audit has one act for each entry posted alone and one for the whole batch otherwise.
    """
    if denied := authority.only.refusal(by, "ledger.post_journalentry", JournalEntry(company=company)):
        raise denied
    try:
        with transaction.atomic():
            return _post_all(company, postings, by)
    except IntegrityError as error:
        raise kindly(error) from error


def _post_all(company: Company, postings: Sequence[Posting], by: Any) -> list[JournalEntry]:
    if len(postings) == 1:
        held_one = periods.lock(company, postings[0].on)
        _record(company, {0: held_one.entry_ids[0]}, by)
        return _write(company, held_one, postings, by)
    first_days = periods.first_days(company, [posting.on for posting in postings])
    groups: dict[tuple[str, date], list[int]] = defaultdict(list)
    for index, posting in enumerate(postings):
        groups[posting.journal, first_days[posting.on]].append(index)
    # all periods first, in the order of their days: what stands above is locked before what stands below
    held: dict[tuple[str, date], periods.Locked] = {}
    for key in sorted(groups, key=lambda k: (k[1], k[0])):
        held[key] = periods.lock(company, postings[groups[key][0]].on, entries=len(groups[key]))
    ids = {index: held[key].entry_ids[place] for key, indexes in groups.items() for place, index in enumerate(indexes)}
    _record(company, ids, by)
    entries: dict[int, JournalEntry] = {}
    for key in sorted(groups, key=lambda k: (k[1], k[0])):
        chosen = [postings[index] for index in groups[key]]
        for index, entry in zip(groups[key], _write(company, held[key], chosen, by), strict=True):
            entries[index] = entry
    return [entries[index] for index in range(len(postings))]


def _record(company: Company, ids: dict[int, int], by: Any) -> None:
    first = JournalEntry(pk=ids[0], company=company)
    if len(ids) == 1:
        recorder.only(first, "post", by, {})
    else:
        recorder.only(first, "post_batch", by, {"entries": len(ids), "from": min(ids.values()), "to": max(ids.values())})


def lock_period(document: Any, *, by: Any, **details: Any) -> None:
    """The `prepare` of a move that posts: hold the period, and take the id that the entry will have."""
    held = periods.lock(document.company, document.accounting_on)
    document.locked_period = held


def entry_id(document: Any) -> int:
    """The id that the entry of this document will have, for rows that point to it (their keys are deferred)."""
    return int(document.locked_period.entry_ids[0])


def write(document: Any, *, by: Any) -> None:
    """The `finish` of a move that posts: everything in one statement, number and entry on the document with it."""
    posting: Posting = document.posting
    posting.origin = posting.origin or document
    held = document.locked_period
    (entry,) = _write(document.company, held, [posting], by, number_also=document)
    document.number, document.entry = entry.number, entry
    document.posting = None
    document._remember()


STATEMENT = """
WITH n AS (
    INSERT INTO ledger_counter AS c (journal_id, fiscal_year_id, last) VALUES (%(journal)s, %(year)s, %(count)s)
    ON CONFLICT (journal_id, fiscal_year_id) DO UPDATE SET last = c.last + excluded.last RETURNING last
), given AS MATERIALIZED (
    SELECT g.*, %(prefix)s || lpad(v.value, greatest(5, length(v.value)), '0') AS number
      FROM n, unnest(%(ids)s::bigint[], %(documents)s::date[], %(texts)s::text[], %(origin_types)s::int[],
                     %(origins)s::bigint[], %(events)s::text[], %(mirrored)s::bigint[], %(dates)s::date[],
                     %(outers)s::bytea[], %(inners)s::bytea[], %(digests)s::text[])
           WITH ORDINALITY AS g(id, document_on, text, origin_type, origin_id, event, mirrored, entry_date,
                                outer_key, inner_key, digest, place),
           LATERAL (SELECT (n.last - %(count)s + g.place)::text AS value) v
), e AS (
    INSERT INTO ledger_journalentry (id, company_id, number, version, entered_by_id, changed_by_id, state, journal_id,
        period_id, entry_date, document_on, text, reversal_of_id, origin_type_id, origin_id, event, posted_by_id,
        posted_at, seal, seal_key)
    SELECT id, %(company)s, number, 1, %(by)s, %(by)s, 'posted', %(journal)s, %(period)s, entry_date, document_on, text,
           mirrored, origin_type, origin_id, event, %(by)s, now(), {seal}, %(key)s
      FROM given
), l AS (
    INSERT INTO ledger_journalline (entry_id, place, account_id, party_id, dimension_set_id, text, debit, credit,
        currency, currency_debit, currency_credit, due_on, entry_date)
    SELECT x.entry_id, x.place, x.account_id, x.party_id, x.dimension_set_id, x.text, x.debit, x.credit,
           x.currency, x.currency_debit, x.currency_credit, x.due_on, given.entry_date
      FROM unnest(%(l_entry)s::bigint[], %(l_place)s::int[], %(l_account)s::bigint[], %(l_party)s::bigint[],
                  %(l_dimension)s::bigint[], %(l_text)s::text[], %(l_debit)s::numeric[], %(l_credit)s::numeric[],
                  %(l_currency)s::text[], %(l_cdebit)s::numeric[], %(l_ccredit)s::numeric[], %(l_due)s::date[])
           AS x(entry_id, place, account_id, party_id, dimension_set_id, text, debit, credit,
                currency, currency_debit, currency_credit, due_on)
      JOIN given ON given.id = x.entry_id
){also}
SELECT id, number FROM given ORDER BY place
"""
SEALED = sealing.SEAL_SQL.format(outer="outer_key", inner="inner_key", digest="digest", number="number")
ALSO = ", d AS (UPDATE {table} SET number = given.number, entry_id = given.id FROM given WHERE {table}.id = %(document)s)"


def _write(
    company: Company, held: periods.Locked, postings: Sequence[Posting], by: Any, number_also: models.Model | None = None
) -> list[JournalEntry]:
    journal = _journal(company, postings[0].journal)
    columns = _lines(company, held, postings)
    sealings = _sealings(company, journal, held, postings, columns)
    parameters = {
        "journal": journal.pk,
        "year": held.fiscal_year_id,
        "count": len(postings),
        "prefix": f"{journal.code}-{held.year_name}-",
        "company": company.pk,
        "by": by.pk,
        "period": held.id,
        "key": sealings[0].key_id,
        "ids": _numbers(held.entry_ids[: len(postings)]),
        "documents": [p.document_on for p in postings],
        "texts": [p.text for p in postings],
        "origin_types": [_origin_type(p) for p in postings],
        "origins": [p.origin.pk if p.origin else None for p in postings],
        "events": [p.event for p in postings],
        "mirrored": [p.reversal_of.pk if p.reversal_of else None for p in postings],
        "dates": [held.day(p.on) for p in postings],
        "outers": [s.outer for s in sealings],
        "inners": [s.inner for s in sealings],
        "digests": [s.digest for s in sealings],
        **{f"l_{name}": values for name, values in columns.items()},
    }
    also = ""
    if number_also is not None:
        also = ALSO.format(table=number_also._meta.db_table)
        parameters["document"] = number_also.pk
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT.format(seal=SEALED, also=also), parameters)
        rows = cursor.fetchall()
    return [
        JournalEntry(
            pk=entry_id,
            number=number,
            company=company,
            journal=journal,
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
        for (entry_id, number), posting in zip(rows, postings, strict=True)
    ]


def _journal(company: Company, code: str) -> Journal:
    found = Journal.objects.filter(company=company, code=code).first()
    if found is None:
        raise Refused(_("%(company)s has no journal %(code)s.") % {"company": company, "code": code}, code="journal")
    return found


def _origin_type(posting: Posting) -> int | None:
    return ContentType.objects.get_for_model(posting.origin).pk if posting.origin else None


def _numbers(values: Sequence[Any]) -> str:
    """A PostgreSQL array of numbers as text: many times faster to hand over than a list of Decimals."""
    return "{" + ",".join(["NULL" if v is None else str(v) for v in values]) + "}"


def _lines(company: Company, held: periods.Locked, postings: Sequence[Posting]) -> dict[str, Any]:
    """The lines of all entries as columns, checked: refusals come here, before the database would say the same."""
    centres = {n.cost_centre.pk for p in postings for n in p.lines if n.cost_centre}
    sets = accounts.dimension_sets(company, centres) if centres else {}
    rows: list[tuple[Any, ...]] = []
    own = company.currency
    for entry_id, posting in zip(held.entry_ids, postings, strict=False):
        check(company, posting)
        for place, n in enumerate(posting.lines, start=1):
            plain = not n.currency or n.currency == own
            rows.append(
                (
                    entry_id,
                    place,
                    n.account.pk,
                    n.party.pk if n.party else None,
                    sets[n.cost_centre.pk] if n.cost_centre else None,
                    n.text,
                    n.debit,
                    n.credit,
                    own if plain else n.currency,
                    n.debit if plain else n.currency_debit,
                    n.credit if plain else n.currency_credit,
                    n.due_on,
                )
            )
    names = "entry place account party dimension text debit credit currency cdebit ccredit due".split()
    as_text = {"text", "currency", "due"}
    return {
        name: list(values) if name in as_text else _numbers(values)
        for name, values in zip(names, zip(*rows, strict=True), strict=True)
    } | {"_rows": rows}


def _sealings(
    company: Company, journal: Journal, held: periods.Locked, postings: Sequence[Posting], columns: dict[str, Any]
) -> list[sealing.Sealing]:
    rows = columns.pop("_rows")
    result, start = [], 0
    for entry_id, posting in zip(held.entry_ids, postings, strict=False):
        header = sealing.Sealed(
            company.pk,
            journal.pk,
            held.day(posting.on),
            posting.document_on,
            posting.text,
            posting.event,
            _origin_type(posting),
            posting.origin.pk if posting.origin else None,
            posting.reversal_of.pk if posting.reversal_of else None,
        )
        mine = rows[start : start + len(posting.lines)]
        start += len(posting.lines)
        content = sealing.digest(header, (sealing.SealedLine(*row[1:]) for row in mine))
        result.append(sealing.sealing(entry_id, content))
    return result


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
        rest += line.debit - line.credit
        currency_rest += line.currency_debit - line.currency_credit
        currencies.add(line.currency or company.currency)
    if rest or (len(currencies) == 1 and company.currency not in currencies and currency_rest):
        raise Refused(
            _("Debits and credits differ by %(rest)s.") % {"rest": f"{abs(rest or currency_rest).normalize():f}"},
            code="balance",
        )


def write_now(company: Company, posting: Posting, *, by: Any) -> JournalEntry:
    """Post inside a verb that asked its own right already; the counter row stays locked until that verb commits."""
    with transaction.atomic():
        held = periods.lock(company, posting.on)
        recorder.only(JournalEntry(pk=held.entry_ids[0], company=company), "post", by, {})
        return _write(company, held, [posting], by)[0]
