"""What purchasing does when a bill is kept: it is matched with what was ordered."""

from backoffice.core import events
from finance.payables.events import BillKept
from finance.payables.models import Bill, BillLine
from finance.payables.slots import bill_checks, line_postings
from procurement.purchasing import clearing, judging, matching
from procurement.purchasing.models import OrderLine

bill_checks.fill("purchasing.match", judging.MatchCheck())
line_postings.fill(clearing.KEY, clearing.explain)


@events.subscribe(BillKept)
def match(event: BillKept) -> None:
    """Match a draft; what its lines do not say about account, cost centre and VAT is taken from the order."""
    bill = Bill.objects.select_related("party", "company").get(pk=event.bill_id)
    rows = matching.propose(bill)
    first: dict[int, OrderLine] = {}
    for row in rows:
        first.setdefault(row.bill_line_id, row.order_line)
    changed = []
    lines = {row.bill_line_id: row.bill_line for row in rows}
    for line in lines.values():
        ordered = first[line.pk]
        before = (line.account_id, line.cost_centre_id, line.tax_code_id)
        line.account_id = line.account_id or ordered.account_id
        line.cost_centre_id = line.cost_centre_id or ordered.cost_centre_id
        line.tax_code_id = line.tax_code_id or ordered.tax_code_id
        if before != (line.account_id, line.cost_centre_id, line.tax_code_id):
            changed.append(line)
    BillLine.objects.bulk_update(changed, ["account", "cost_centre", "tax_code"])
