"""Requisitions through their verbs, up to the order that covers them."""

from decimal import Decimal

import pytest

from backoffice.core.errors import DutyConflict, Refused
from backoffice.workflow.models import ApprovalRule
from procurement.purchasing import closing, covering, ordering, requesting
from procurement.purchasing.models import Requisition
from procurement.purchasing.ordering import Portion
from procurement.purchasing.requesting import Need
from tests.factories_purchasing import a_price, a_requisition, a_supplier, verbs_of
from tests.factories_stock import a_bin, an_item

pytestmark = pytest.mark.django_db
D = Decimal


def portions(*requisitions):
    return [Portion(line.pk) for requisition in requisitions for line in requisition.lines.all()]


def test_a_wish_is_estimated_numbered_and_waits_for_somebody_else(company, owen, northmoor):
    item = an_item(company)
    a_price(northmoor, item, "14.20")

    asked = a_requisition(company, [(item, 10)], by=owen)

    assert (asked.state, asked.number, asked.total) == ("submitted", "REQ-2026-00001", D("142.00"))
    with pytest.raises(DutyConflict):
        requesting.approve(asked, by=owen)


def test_a_line_that_names_nothing_or_asks_for_nothing_is_refused(company, owen):
    for need in (Need(D(1)), Need(D(0), text="Chair")):
        with pytest.raises(Refused):
            a_requisition(company, [need], by=owen)


def test_words_need_a_category_before_they_are_asked_for(company, owen):
    asked = a_requisition(company, [Need(D(1), text="Chair", price=D(90))], by=owen, submit=False)

    with pytest.raises(Refused, match="category"):
        requesting.submit(Requisition.objects.get(pk=asked.pk), by=owen)


def test_only_the_requester_sends_and_withdraws(company, owen, priya):
    asked = a_requisition(company, [(an_item(company), 1)], by=owen)

    with pytest.raises(Refused):
        requesting.withdraw(asked, by=priya)
    requesting.withdraw(asked, by=owen)
    assert asked.state == "draft"


def test_a_returned_wish_can_be_changed_and_sent_again_under_its_number(company, owen, priya):
    asked = a_requisition(company, [(an_item(company), 1)], by=owen)
    requesting.send_back(asked, by=priya, reason="Which size?")
    requesting.submit(asked, by=owen)

    assert (asked.state, asked.number) == ("submitted", "REQ-2026-00001")


def test_two_wishes_for_one_item_become_one_order_line_and_are_ordered(company, owen, priya, rosa, northmoor):
    item = an_item(company)
    a_bin(company)
    a_price(northmoor, item, "14.20", code="NM-60")
    first, second = (a_requisition(company, [(item, n)], by=owen) for n in (1, 2))
    for each in (first, second):
        requesting.approve(each, by=priya)

    order = ordering.order_from(portions(first, second), supplier=northmoor, by=rosa)

    line = order.lines.get()
    assert (line.quantity, line.price, line.supplier_code) == (D(3), D("14.20"), "NM-60")
    assert set(Requisition.objects.values_list("state", flat=True)) == {"ordered"}
    assert not covering.to_order(rosa).exists()


def test_what_is_ordered_cannot_be_ordered_again_until_the_order_is_cancelled(company, owen, priya, rosa, northmoor):
    asked = a_requisition(company, [(an_item(company), 5)], by=owen)
    requesting.approve(asked, by=priya)
    order = ordering.order_from(portions(asked), supplier=northmoor, by=rosa)
    with pytest.raises(Refused):
        ordering.order_from(portions(asked), supplier=northmoor, by=rosa)

    closing.cancel(order, by=rosa)

    assert Requisition.objects.get(pk=asked.pk).state == "approved"
    assert covering.to_order(rosa).get().open == 5
    assert verbs_of(asked)[-2:] == ["cover", "uncover"]


def test_a_wish_is_cancelled_while_nothing_is_ordered_and_closed_afterwards(company, owen, priya, rosa, northmoor):
    asked = a_requisition(company, [(an_item(company), 5)], by=owen)
    requesting.approve(asked, by=priya)
    line = asked.lines.get()
    ordering.order_from([Portion(line.pk, D(2))], supplier=northmoor, by=rosa)
    asked.refresh_from_db()

    with pytest.raises(Refused):
        requesting.cancel(asked, by=owen)
    requesting.close(asked, by=rosa)
    assert asked.state == "closed"

    other = a_requisition(company, [(an_item(company, "B"), 5)], by=owen)
    requesting.cancel(other, by=owen)
    assert other.state == "cancelled"


def test_wishes_that_stay_below_a_limit_only_one_by_one_are_pointed_out(company, owen):
    ApprovalRule.objects.create(company=company, kind="purchasing.requisition", from_amount=500, approvers=2)
    item = an_item(company, standard_cost=100)
    first, second = (a_requisition(company, [(item, 3)], by=owen) for _n in range(2))

    assert requesting.describe(second).flag == "Perhaps split"
    Requisition.objects.filter(pk=first.pk).update(state="cancelled")
    assert requesting.describe(second).flag == ""


def test_nothing_is_ordered_from_a_supplier_who_is_only_proposed(company, owen, priya, rosa):
    asked = a_requisition(company, [(an_item(company), 5)], by=owen)
    requesting.approve(asked, by=priya)
    proposed = a_supplier(company, "Aire Print Ltd", by=rosa, state="proposed")

    with pytest.raises(Refused, match="second person"):
        ordering.order_from(portions(asked), supplier=proposed, by=rosa)
