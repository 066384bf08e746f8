"""Charts of accounts as data: the UK chart and a neutral IFRS one, both our own."""

import csv
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backoffice.core.slots import Slot
from backoffice.organisation.models import Company
from finance.ledger import kept
from finance.ledger.models import Account, Heading, Journal

DATA = Path(__file__).parent / "data"
# The journals of the apps above, by code: each company gets them with its chart.
journals: Slot[Any] = Slot("ledger.journals")
CHARTS = {"uk": _("United Kingdom"), "ifrs": _("International (IFRS)")}


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def install(company: Company, chart: str) -> None:
    """Give a company its headings, accounts and journals; raises `KeyError` for an unknown chart."""
    CHARTS[chart]
    headings = _headings(company)
    Account.objects.bulk_create(
        Account(
            company=company,
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            heading=headings[row["heading"]],
            role=row["role"],
            kept_by=kept.keeper_of(row["role"]),
            is_control=bool(row["control"]),
            needs_cost_centre=bool(row["cost_centre"]),
        )
        for row in _rows(chart)
    )
    Journal.objects.bulk_create(
        Journal(company=company, code=code, name=str(name)) for code, name in [*Journal.Code.choices, *journals.items()]
    )


def _headings(company: Company) -> dict[str, Heading]:
    """The headings by their keys, a statement for each level: what stands above is written first."""
    made: dict[str, Heading] = {}
    rows = _rows("headings")
    while rows:
        level = [row for row in rows if not row["parent"] or row["parent"] in made]
        written = Heading.objects.bulk_create(
            Heading(
                company=company,
                statement=row["statement"],
                key=row["key"],
                name=row["name"],
                place=int(row["place"]),
                parent=made.get(row["parent"]),
            )
            for row in level
        )
        made |= {heading.key: heading for heading in written}
        rows = [row for row in rows if row["key"] not in made]
    return made
