"""Orders through their verbs: approved by another, sent, changed, received, ended."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from backoffice.core.errors import DutyConflict, Refused
from backoffice.jobs import sweeping
from backoffice.jobs.models import Job
from backoffice.messaging.models import Notice, OutgoingMail
from inventory.catalogue.models import ItemUnit
from inventory.stock import receiving
from inventory.stock.models import Expected, GoodsReceipt, ReceiptLine
from procurement.purchasing import amending, approving, closing, ordering, printing, sending, standing
from procurement.purchasing.models import OrderLine, PurchaseOrder
from tests.factories_purchasing import TODAY, a_price, an_order, papers_drawn, verbs_of
from tests.factories_stock import a_bin, an_item

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def order(company, northmoor, rosa):
    """The order of screen 04: 12,000.00 net."""
    boxes, tape, fill = (an_item(company, code) for code in ("MBX-60", "PTP-48", "VDF-10"))
    return an_order(northmoor, [(boxes, 600, "14.20"), (tape, 144, "3.60"), (fill, 40, "12.04")], by=rosa)


def receive(order, quantity, *, by, place=1):
    expected = Expected.objects.get(origin_id=order.pk, place=place)
    receipt = GoodsReceipt.objects.create(
        company=order.company,
        warehouse=order.warehouse,
        party=order.supplier.party,
        received_on=TODAY,
        entered_by=by,
        changed_by=by,
    )
    ReceiptLine.objects.create(
        receipt=receipt,
        place=1,
        expected=expected,
        item=expected.item,
        quantity=quantity,
        unit_cost=expected.unit_cost,
        bin=a_bin(order.company),
    )
    return receiving.post(receipt, by=by)


def reread(order):
    return PurchaseOrder.objects.get(pk=order.pk)


def test_an_order_is_numbered_sent_with_its_paper_and_expected(order):
    assert (order.state, order.number, order.revision, order.net) == ("sent", "PO-2026-00001", 1, D("9520.00"))
    assert not OutgoingMail.objects.exists(), "nobody waits for the paper"
    papers_drawn()
    mail = OutgoingMail.objects.get()
    paper = mail.attachments.get()
    assert (mail.address, paper.name) == ("orders@northmoor.example", "PO-2026-00001.pdf")
    assert bytes(paper.content).startswith(b"%PDF")
    assert list(Expected.objects.order_by("place").values_list("quantity", "unit_cost")) == [
        (600, D("14.20")),
        (144, D("3.60")),
        (40, D("12.04")),
    ]


def test_the_buyer_approves_nothing_and_receives_nothing(company, northmoor, rosa, order):
    other = an_order(northmoor, [(an_item(company, "X"), 1, 1)], by=rosa, state="submitted")
    with pytest.raises(DutyConflict):
        approving.approve(other, by=rosa)
    with pytest.raises(DutyConflict):
        receive(order, 1, by=rosa)


def test_a_returned_or_withdrawn_order_is_a_draft_again(company, northmoor, rosa, priya):
    order = an_order(northmoor, [(an_item(company), 1, 1)], by=rosa, state="submitted")
    approving.send_back(order, by=priya, reason="Too dear")
    assert reread(order).state == "draft"
    order = reread(order)
    approving.submit(order, by=rosa)
    approving.withdraw(order, by=rosa)
    assert reread(order).state == "draft"
    assert verbs_of(order)[-2:] == ["redraft", "withdraw"]


def test_a_returned_amendment_is_an_amendment_again(order, rosa, priya):
    amending.amend(order, by=rosa)
    lines = list(order.lines.order_by("place"))
    lines[0].quantity = D(700)
    ordering.change(order, by=rosa, version=order.version, lines=lines)
    order = reread(order)
    approving.submit(order, by=rosa)
    approving.send_back(order, by=priya, reason="Too many")
    assert reread(order).state == "amending"
    assert verbs_of(order)[-2:] == ["reamend", "send_back"]


def test_packs_are_expected_in_base_units_at_an_exact_price(company, northmoor, rosa):
    item = an_item(company)
    pack = ItemUnit.objects.create(item=item, unit=item.unit, name="pack of 3", numerator=3)
    a_price(northmoor, item, "10", unit=pack)
    order = an_order(northmoor, [(item, 0 + 1, 1)], by=rosa, state="draft")
    line = OrderLine(item=item, unit=pack, quantity=D(2), price=None)
    ordering.change(order, by=rosa, version=order.version, lines=[line])
    approving.submit(order, by=rosa)
    assert (line.price, order.net, line.numerator) == (D(10), D(20), 3)


def test_the_suppliers_answer_is_kept(order, rosa):
    sending.acknowledge(order, by=rosa, on=TODAY, reference="NP-771")
    assert (order.acknowledged_on, order.their_reference, order.state) == (TODAY, "NP-771", "sent")


def test_an_amendment_that_costs_more_is_approved_again_and_sent_as_a_revision(order, rosa, priya):
    amending.amend(order, by=rosa)
    lines = list(order.lines.order_by("place"))
    lines[0].quantity = D(700)
    ordering.change(order, by=rosa, version=order.version, lines=lines)
    assert ("1", "quantity", "600", "700") in amending.differences(order)

    approving.submit(order, by=rosa)
    assert reread(order).state == "submitted"
    order = reread(order)
    approving.approve(order, by=priya)
    sending.send(order, by=rosa)

    assert (order.revision, order.state) == (2, "sent")
    assert Expected.objects.get(place=1).quantity == 700
    papers_drawn()
    assert OutgoingMail.objects.count() == 2


def test_the_paper_is_what_was_sent_though_the_order_changes_before_it_is_drawn(order, rosa, monkeypatch):
    amending.amend(order, by=rosa)
    lines = list(order.lines.order_by("place"))[:2]
    lines[0].quantity, order.note, order.needed_on = D(900), "Ring first", order.needed_on + timedelta(days=9)
    ordering.change(order, by=rosa, version=order.version, lines=lines)
    drawn = []
    monkeypatch.setattr(printing, "pdf", lambda sent, rows: drawn.append((sent, rows)) or b"%PDF")

    papers_drawn()

    (sent, rows), *_none = drawn
    assert [(row.place, row.live) for row in rows] == [(1, 600), (2, 144), (3, 40)]
    assert (sent.note, sent.net, sent.revision) == ("", D("9520.00"), 1)
    assert (reread(order).note, reread(order).state) == ("Ring first", "amending"), (
        "the order itself is as it was typed"
    )


def test_a_paper_that_cannot_be_drawn_is_told_to_the_buyer(order, rosa, monkeypatch):
    def broken(*_anything):
        raise Refused("No ink.")

    monkeypatch.setattr(printing, "pdf", broken)

    (job,) = papers_drawn()

    assert (job.state, job.message) == ("failed", "No ink.")
    assert Notice.objects.get(to=rosa).title == "PO-2026-00001 did not go to the supplier"
    assert not OutgoingMail.objects.exists()


def test_a_lost_paper_is_drawn_again_and_goes_out_once(order, rosa):
    (job,) = papers_drawn()
    Job.objects.filter(pk=job.pk).update(state="running", heartbeat_at=timezone.now() - timedelta(minutes=5))

    sweeping.sweep(timezone.now())
    papers_drawn()

    assert Job.objects.get(pk=job.pk).state == "done"
    assert OutgoingMail.objects.count() == 1


def test_an_amendment_for_the_better_needs_nobody(order, rosa):
    amending.amend(order, by=rosa)
    lines = list(order.lines.order_by("place"))
    lines[0].price = D("14.00")
    ordering.change(order, by=rosa, version=order.version, lines=lines)

    approving.submit(order, by=rosa)

    assert reread(order).state == "approved"


def test_dropped_changes_leave_the_order_as_it_was_sent(order, rosa):
    before = amending.content(order)
    amending.amend(order, by=rosa)
    lines = list(order.lines.order_by("place"))[:2]
    lines[0].price, order.needed_on = D(15), order.needed_on + timedelta(days=3)
    ordering.change(order, by=rosa, version=order.version, lines=lines)

    amending.drop_amendment(order, by=rosa)

    assert order.state == "sent"
    assert amending.content(reread(order)) == before


def test_an_amendment_never_goes_below_what_came(order, rosa, priya):
    receive(order, 200, by=priya)
    amending.amend(order, by=rosa)
    lines = list(order.lines.order_by("place"))
    lines[0].quantity = D(100)

    with pytest.raises(Refused, match="200"):
        ordering.change(order, by=rosa, version=order.version, lines=lines)


def test_closing_short_leaves_what_came_and_expects_no_more(order, rosa, priya):
    receive(order, 200, by=priya)

    closing.cancel_rest(order, by=rosa)

    assert order.net == D("2840.00")
    assert not Expected.objects.filter(is_cancelled=False).exclude(place=1).exists()
    assert [done.line.live for done in standing.of(order.lines.values_list("pk", flat=True)).values()] == [200, 0, 0]
    with pytest.raises(Refused, match="billed"):
        closing.close(order, by=rosa)


def test_an_order_whose_rest_is_cancelled_and_of_which_nothing_came_is_closed(order, rosa):
    closing.cancel_rest(order, by=rosa)
    closing.close(order, by=rosa)
    assert order.state == "closed"


def test_an_order_is_cancelled_only_while_nothing_came(order, rosa, priya):
    receive(order, 1, by=priya)
    with pytest.raises(Refused):
        closing.cancel(order, by=rosa)
