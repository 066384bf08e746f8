"""A bill is posted while its receipt is put right: whoever comes second finds what the first one did."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from backoffice.core.errors import Refused
from backoffice.core.verifying import verifications
from finance.payables import approving
from finance.payables.models import Bill
from inventory.stock import returning
from inventory.stock.models import ReceiptLine
from tests.factories_matching import billed, received
from tests.factories_purchasing import a_supplier, an_order, somebody
from tests.factories_stock import a_return, an_item
from tests.fixtures_world import a_company

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


@pytest.fixture
def company(transactional_db):
    return a_company()


def at_once(*acts):
    """Each act in a thread of its own; whether it was done."""

    def attempt(act):
        try:
            act()
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        return list(pool.map(attempt, acts))


def test_what_is_billed_and_what_never_came_are_never_the_same_goods(company):
    rosa, imran, tom, priya = (
        somebody(company, name) for name in ("Rosa Lind", "Imran Sadiq", "Tom Ashworth", "Priya Nair")
    )
    supplier, box = a_supplier(company, by=rosa), an_item(company, "MBX-60", method="fifo")
    for number in range(ROUNDS):
        order = an_order(supplier, [(box, 10, "10.00")], by=rosa, approver=priya)
        line = received(order, 10, by=imran).lines.get()
        bill = billed(order, ("MBX-60", 10, "10.00"), by=tom, reference=f"NP-{number}")
        wrong = a_return(line, 10, by=imran, kind="correction", reason="Never came", post=False)

        is_billed, is_corrected = at_once(
            lambda bill=bill: approving.submit(bill, by=tom), lambda wrong=wrong: returning.post(wrong, by=imran)
        )

        now, kept = Bill.objects.get(pk=bill.pk), ReceiptLine.objects.get(pk=line.pk)
        assert is_billed
        # either it was billed first and the correction is refused, or the bill found nothing and needs somebody
        assert (now.state, is_corrected, kept.returned) in [("posted", False, 0), ("submitted", True, 10)]
    assert [finding for check in verifications for finding in check.findings()] == []
