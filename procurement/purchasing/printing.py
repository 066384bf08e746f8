"""An order on paper, as the supplier gets it."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from backoffice.currencies import conversion
from procurement.purchasing import totalling
from procurement.purchasing.models import OrderLine, PurchaseOrder
from reporting.reports.files import printing


def pdf(order: PurchaseOrder, lines: Sequence[OrderLine] | None = None) -> bytes:
    """The order as a tagged PDF (PDF/UA-1), with what still stands of its lines; those of a revision are handed in."""
    if lines is None:
        lines = list(order.lines.select_related("item__unit", "unit", "tax_code").order_by("place"))
    lines = [line for line in lines if line.live]
    digits = conversion.digits(order.currency)
    sums = totalling.totals(lines, on=order.ordered_on, digits=digits)
    taxes = [
        (_("VAT: %s") % sums.codes[tax.key].name, tax.amount)
        for tax in sums.computed.taxes
        if not sums.codes[tax.key].is_reverse_charge
    ]
    title = _("Purchase order %s") % order.number
    if order.revision > 1:
        title = _("%(title)s, revision %(revision)s") % {"title": title, "revision": order.revision}
    return printing.write(
        render_to_string(
            "print/order.html",
            {
                "order": order,
                "company": order.company,
                "organisation": order.company.name,
                "provenance": _foot(order),
                "title": title,
                "party": order.supplier.party,
                "lines": lines,
                "sums": sums,
                "taxes": taxes,
                "digits": digits,
            },
        )
    )


def _foot(order: PurchaseOrder) -> str:
    company = order.company
    parts = [
        company.name,
        _("registered %s") % company.registration_number if company.registration_number else "",
        _("VAT %s") % company.vat_number if company.vat_number else "",
        ", ".join(filter(None, (company.street, f"{company.city} {company.postcode}".strip()))),
    ]
    return " · ".join(part for part in parts if part)
