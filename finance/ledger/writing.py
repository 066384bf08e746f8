"""The one statement that writes entries: numbers, headers, lines; triggers fold balances and open items.

The counter row, which all posters of a journal share, is taken in this statement and freed by the commit
that follows at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import models

from backoffice.core import hot
from backoffice.organisation.models import Company
from finance.ledger import accounts, periods, sealing

STATEMENT = """
WITH n AS (
    INSERT INTO ledger_counter AS c (journal_id, fiscal_year_id, last)
    VALUES (%(journal)s::bigint, %(year)s::bigint, %(count)s::int)
    ON CONFLICT (journal_id, fiscal_year_id) DO UPDATE SET last = c.last + excluded.last RETURNING last
), given AS MATERIALIZED (
    SELECT g.*, %(prefix)s::text || lpad(v.value, greatest(5, length(v.value)), '0') AS number
      FROM n, unnest(%(ids)s::bigint[], %(dates)s::date[], %(documents)s::date[], %(texts)s::text[],
                     %(origin_types)s::int[], %(origins)s::bigint[], %(events)s::text[], %(mirrored)s::bigint[],
                     %(outers)s::bytea[], %(inners)s::bytea[], %(digests)s::text[])
           WITH ORDINALITY AS g(id, entry_date, document_on, text, origin_type, origin_id, event, mirrored,
                                outer_key, inner_key, digest, place),
           LATERAL (SELECT (n.last - %(count)s::int + g.place)::text AS value) v
), e AS (
    INSERT INTO ledger_journalentry (id, company_id, number, version, entered_by_id, changed_by_id, state, journal_id,
        period_id, entry_date, document_on, text, reversal_of_id, origin_type_id, origin_id, event, posted_by_id,
        posted_at, seal, seal_key)
    SELECT id, %(company)s::bigint, number, 1, %(by)s::bigint, %(by)s::bigint, 'posted', %(journal)s::bigint,
           %(period)s::bigint, entry_date, document_on, text, mirrored, origin_type, origin_id, event, %(by)s::bigint,
           now(), {seal}, %(key)s::text
      FROM given
), l AS (
    INSERT INTO ledger_journalline (entry_id, place, account_id, party_id, dimension_set_id, text, debit, credit,
        currency, currency_debit, currency_credit, due_on, entry_date)
    SELECT x.entry_id, x.place, x.account_id, x.party_id, x.dimension_set_id, x.text, x.debit, x.credit,
           x.currency, x.currency_debit, x.currency_credit, x.due_on, x.entry_date
      FROM unnest(%(l_entry)s::bigint[], %(l_place)s::int[], %(l_account)s::bigint[], %(l_party)s::bigint[],
                  %(l_dimension)s::bigint[], %(l_text)s::text[], %(l_debit)s::numeric[], %(l_credit)s::numeric[],
                  %(l_currency)s::text[], %(l_cdebit)s::numeric[], %(l_ccredit)s::numeric[], %(l_due)s::date[],
                  %(l_day)s::date[])
           AS x(entry_id, place, account_id, party_id, dimension_set_id, text, debit, credit,
                currency, currency_debit, currency_credit, due_on, entry_date)
){also}
SELECT id, number FROM given ORDER BY place
"""
SEALED = sealing.SEAL_SQL.format(outer="outer_key", inner="inner_key", digest="digest", number="number")
PLAIN = STATEMENT.format(seal=SEALED, also="")
# a document gets number and entry in the same statement, so no second one holds the counter row
NUMBERED = ", d AS (UPDATE {table} SET number = given.number, entry_id = given.id FROM given WHERE {table}.id = %(document)s::bigint)"
# an entry posted by itself has its act in the same statement
ACTED = """, a AS (INSERT INTO audit_act (content_type_id, object_id, verb, by_id, details)
    VALUES (%(kind)s::int, %(act_on)s::bigint, %(verb)s::text, %(by)s::bigint, %(details)s::jsonb))"""


class Numbered(NamedTuple):
    """What a written entry is called."""

    id: int
    number: str


@dataclass(slots=True)
class Batch:
    """Entries of one company, journal and period, ready to be written."""

    company: Company
    held: periods.Locked
    postings: Sequence[Any]
    by: Any


def write(
    batch: Batch, *, document: models.Model | None = None, act: dict[str, Any] | None = None, is_last: bool = True
) -> list[Numbered]:
    """Write the entries; numbers in their order. `document` is numbered too, `act` is written down too.

    Where it `is_last` in its transaction, the commit follows at once.
    """
    statement, more = PLAIN, {}
    if document is not None:
        statement = STATEMENT.format(seal=SEALED, also=NUMBERED.format(table=document._meta.db_table))
        more = {"document": document.pk}
    elif act is not None:
        statement, more = STATEMENT.format(seal=SEALED, also=ACTED), act
    run = hot.fetch_last if is_last else hot.fetch
    return [Numbered(*row) for row in run(statement, {**_parameters(batch), **more})]


def _parameters(batch: Batch) -> dict[str, Any]:
    held, postings = batch.held, batch.postings
    ids = held.entry_ids[: len(postings)]
    rows = _rows(batch, ids)
    kinds = [ContentType.objects.get_for_model(p.origin).pk if p.origin else None for p in postings]
    sealings = _sealings(batch, ids, kinds, rows)
    return {
        "journal": held.journal_id,
        "year": held.fiscal_year_id,
        "count": len(postings),
        "prefix": f"{held.journal_code}-{held.year_name}-",
        "company": batch.company.pk,
        "by": batch.by.pk,
        "period": held.id,
        "key": sealings[0].key_id,
        "ids": _array(ids),
        "dates": _array([held.day(p.on) for p in postings]),
        "documents": _array([p.document_on for p in postings]),
        "texts": [p.text for p in postings],
        "origin_types": _array(kinds),
        "origins": _array([p.origin.pk if p.origin else None for p in postings]),
        "events": [p.event for p in postings],
        "mirrored": _array([p.reversal_of.pk if p.reversal_of else None for p in postings]),
        "outers": [s.outer for s in sealings],
        "inners": [s.inner for s in sealings],
        "digests": [s.digest for s in sealings],
        **_columns(rows),
    }


def _rows(batch: Batch, ids: list[int]) -> list[tuple[Any, ...]]:
    """A tuple a line: entry, the values of `sealing.SealedLine`, day."""
    centres = {n.cost_centre.pk for p in batch.postings for n in p.lines if n.cost_centre}
    sets = accounts.dimension_sets(batch.company, centres) if centres else {}
    own, held = batch.company.currency, batch.held
    rows = []
    for entry_id, posting in zip(ids, batch.postings, strict=True):
        day = held.day(posting.on)
        for place, n in enumerate(posting.lines, start=1):
            foreign = n.currency and n.currency != own
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
                    n.currency if foreign else own,
                    n.currency_debit if foreign else n.debit,
                    n.currency_credit if foreign else n.credit,
                    n.due_on,
                    day,
                )
            )
    return rows


COLUMNS = [
    "entry",
    "place",
    "account",
    "party",
    "dimension",
    "text",
    "debit",
    "credit",
    "currency",
    "cdebit",
    "ccredit",
    "due",
    "day",
]


def _columns(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    values = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    return {f"l_{name}": list(column) if name == "text" else _array(column) for name, column in values.items()}


def _array(values: Sequence[Any]) -> str:
    """A PostgreSQL array of numbers, dates or codes as text: many times faster to hand over than a list."""
    return "{" + ",".join(["NULL" if v is None else str(v) for v in values]) + "}"


def _sealings(
    batch: Batch, ids: list[int], kinds: list[int | None], rows: list[tuple[Any, ...]]
) -> list[sealing.Sealing]:
    result, start = [], 0
    for entry_id, kind, posting in zip(ids, kinds, batch.postings, strict=True):
        header = sealing.Sealed(
            batch.company.pk,
            batch.held.journal_id,
            batch.held.day(posting.on),
            posting.document_on,
            posting.text,
            posting.event,
            kind,
            posting.origin.pk if posting.origin else None,
            posting.reversal_of.pk if posting.reversal_of else None,
        )
        end = start + len(posting.lines)
        result.append(sealing.sealing(entry_id, sealing.digest(header, [row[1:12] for row in rows[start:end]])))
        start = end
    return result
