"""The coding of lines: what was used last for a supplier is proposed next time."""

from collections.abc import Sequence

from finance.payables.models import Bill, BillLine, SupplierTerms


def terms_of(party_id: int) -> SupplierTerms | None:
    """What we know of a supplier's usual coding."""
    return SupplierTerms.objects.select_related("account", "cost_centre", "tax_code").filter(party=party_id).first()


def propose(party_id: int, lines: Sequence[BillLine]) -> None:
    """Fill what is empty in the lines with the supplier's usual coding; nothing that stands is overwritten."""
    terms = terms_of(party_id)
    if terms is None:
        return
    for line in lines:
        line.account = line.account or terms.account
        line.tax_code = line.tax_code or terms.tax_code
        if line.account == terms.account:
            line.cost_centre = line.cost_centre or terms.cost_centre


def remember(bill: Bill, lines: Sequence[BillLine]) -> None:
    """Keep the coding of the largest line as the supplier's usual one."""
    largest = max(lines, key=lambda line: abs(line.net), default=None)
    if largest is None or largest.account is None:
        return
    used = {"account": largest.account, "cost_centre": largest.cost_centre, "tax_code": largest.tax_code}
    SupplierTerms.objects.update_or_create(party_id=bill.party_id, defaults=used)
