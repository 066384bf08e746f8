"""Tax codes as data for a new company, with the law each rate comes from."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from backoffice.organisation.models import Company
from finance.tax.models import TaxCode, TaxRate

DATA = Path(__file__).parent / "data"
SINCE = date(2011, 1, 4)  # the day of the youngest rate among them


@transaction.atomic
def install(company: Company, chart: str) -> None:
    """Give a company the tax codes of its country."""
    with (DATA / f"{chart}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    codes = TaxCode.objects.bulk_create(
        TaxCode(
            company=company,
            code=row["code"],
            name=row["name"],
            role=row["role"],
            is_reverse_charge=bool(row["reverse"]),
            category=row["category"],
            base_box=row["base_box"],
            tax_box=row["tax_box"],
            place=place,
        )
        for place, row in enumerate(rows)
    )
    TaxRate.objects.bulk_create(
        TaxRate(tax_code=code, on=SINCE, rate=Decimal(row["rate"]), source=row["source"])
        for code, row in zip(codes, rows, strict=True)
    )
