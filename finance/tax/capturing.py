"""Capturing tax rows while a document is posted: what a return will read."""

from datetime import date
from decimal import Decimal

from backoffice.core.rounding import ZERO
from backoffice.currencies import conversion
from backoffice.organisation.models import Company
from finance.tax.computing import TaxTotal
from finance.tax.models import TaxCode, TaxRow


def capture(
    entry_id: int,
    company: Company,
    taxes: list[TaxTotal],
    codes: dict[int, TaxCode],
    *,
    tax_point: date,
    currency: str,
    rate: Decimal,
) -> list[TaxRow]:
    """Write the rows of an entry that is about to be posted; company amounts at the document's rate."""
    made = rows(entry_id, company, taxes, codes, tax_point=tax_point, currency=currency, rate=rate)
    return TaxRow.objects.bulk_create(made)


def rows(
    entry_id: int,
    company: Company,
    taxes: list[TaxTotal],
    codes: dict[int, TaxCode],
    *,
    tax_point: date,
    currency: str,
    rate: Decimal,
) -> list[TaxRow]:
    """The rows, not yet written. Taxes without amount are kept too: a zero-rated base belongs on the return."""
    return [
        TaxRow(
            entry_id=entry_id,
            tax_code=codes[total.key],
            tax_point=tax_point,
            currency=currency,
            base=total.base,
            tax=total.amount,
            company_base=conversion.converted(total.base, rate, company.currency),
            company_tax=conversion.converted(total.amount, rate, company.currency) if total.amount else ZERO,
            base_box=codes[total.key].base_box,
            tax_box=codes[total.key].tax_box,
        )
        for total in taxes
    ]
