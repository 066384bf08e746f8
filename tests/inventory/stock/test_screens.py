"""Receiving and counting as people do it, with a scanner at the door or a finger on a phone."""

from datetime import date

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from backoffice.core.errors import Refused
from backoffice.organisation.models import CostCentre
from inventory.catalogue.models import Barcode, ItemUnit
from inventory.stock import expecting, receiving
from inventory.stock.expecting import Expectation
from inventory.stock.models import Bin, Expected, GoodsIssue, GoodsReceipt, OnHand, StockCount, SupplierReturn
from tests.factories_stock import a_bin, a_receipt, an_issue, an_item
from tests.fixtures_world import a_party, a_user, all_rights

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(company):
    rights = [*all_rights("stock"), "catalogue.view_item", "organisation.view_company", "parties.view_party"]
    rights.append("organisation.view_costcentre")
    return a_user("Imran Sadiq", *rights, company=company)


@pytest.fixture
def at_the_door(client, keeper):
    client.force_login(keeper)
    return client


@pytest.fixture
def ordered(company, keeper):
    """600 mailing boxes and 40 bags of filling, on one order; a party stands for the order, which is not stock's."""
    supplier, place = a_party(company), a_bin(company, "IN", kind="receiving")
    box, fill = an_item(company, "MBX-60"), an_item(company, "VDF-10")
    Barcode.objects.create(company=company, item=box, code="5012345678900")
    pack = ItemUnit.objects.create(item=box, name="pack of 25", unit=box.unit, numerator=25)
    Barcode.objects.create(company=company, item=box, item_unit=pack, code="15012345678907")
    lines = [
        Expectation(1, 1, supplier, place.warehouse, "Mailing box", 600, "14.20", item=box, due_on=date(2026, 11, 17)),
        Expectation(2, 2, supplier, place.warehouse, "Void fill", 40, "12.04", item=fill),
    ]
    return expecting.expect(company, lines, origin=supplier, number="PO-2026-03311", by=keeper)


def begun(client, row):
    answer = client.post(reverse("stock:expected_receive", args=[row.pk]))
    return answer.url


def test_a_scanner_counts_pieces_and_packs_and_the_rest_is_typed(at_the_door, ordered):
    door = begun(at_the_door, ordered[0])
    at_the_door.post(door, {"code": "5012345678900"})
    at_the_door.post(door, {"code": "15012345678907"})
    assert GoodsReceipt.objects.get().lines.get().quantity == 26

    line = {"act": "line", "expected": ordered[0].pk, "accepted": "588", "rejected": "12", "reason": "damaged"}
    at_the_door.post(door, line)
    answer = at_the_door.post(door, {"act": "post", "delivery_note": "DN-77"}, follow=True)

    receipt = GoodsReceipt.objects.get()
    assert (receipt.state, receipt.delivery_note) == ("posted", "DN-77")
    assert "The system" not in at_the_door.get(receipt.get_absolute_url()).text, "its history says who counted"
    assert "588" in answer.text
    row = Expected.objects.get(pk=ordered[0].pk)
    assert (row.received, row.rejected) == (588, 12)
    assert OnHand.objects.get().quantity == 588


def test_a_button_pressed_twice_counts_once(at_the_door, ordered):
    door = begun(at_the_door, ordered[0])
    key = "0191b8a4-0000-7000-8000-000000000001"
    for _again in range(2):
        at_the_door.post(door, {"code": "5012345678900", "idempotency_key": key})

    assert GoodsReceipt.objects.get().lines.get().quantity == 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"code": "999"}, "Nothing has the code 999"),
        ({"act": "line", "accepted": "601"}, "Only 600 of"),
        ({"act": "line", "accepted": "1", "rejected": "3"}, "Say why it is refused"),
        ({"act": "line", "accepted": "many"}, "value"),
        ({"act": "post"}, "Nothing is counted yet"),
    ],
)
def test_wrong_input_is_told_and_loses_nothing(at_the_door, ordered, sent, words):
    door = begun(at_the_door, ordered[0])
    at_the_door.post(
        door, {"act": "line", "expected": ordered[1].pk, "accepted": "40"} if "post" not in sent.get("act", "") else {}
    )

    answer = at_the_door.post(door, {"expected": ordered[0].pk, **sent})

    assert answer.status_code == 422
    assert words in answer.text


def test_a_second_delivery_continues_the_order(at_the_door, ordered):
    door = begun(at_the_door, ordered[0])
    at_the_door.post(door, {"act": "line", "expected": ordered[0].pk, "accepted": "100"})
    assert begun(at_the_door, ordered[1]) == door, "one draft for one order"
    at_the_door.post(door, {"act": "post"})

    second = begun(at_the_door, ordered[0])

    assert second != door
    assert "500" in at_the_door.get(second).text


def test_goods_go_back_from_the_page_of_their_receipt(at_the_door, company, keeper):
    item, place = an_item(company), a_bin(company)
    receipt = a_receipt(company, [(item, 10, 3, place)], by=keeper)
    back = reverse("stock:goodsreceipt_return", args=[receipt.pk])
    line = receipt.lines.get()

    wrong = at_the_door.post(back, {"on": "23.11.2026", "reason": "Faulty", f"quantity-{line.pk}": "11"})
    assert (wrong.status_code, OnHand.objects.get().quantity) == (422, 10)
    at_the_door.post(back, {"on": "23.11.2026", "reason": "Faulty", f"quantity-{line.pk}": "4"})

    assert SupplierReturn.objects.get().state == "posted"
    assert OnHand.objects.get().quantity == 6


def test_whoever_counts_is_not_told_what_should_be_there(client, company, keeper):
    item, place = an_item(company), a_bin(company)
    a_receipt(company, [(item, 4321, 3, place)], by=keeper)
    rights = [r for r in all_rights("stock") if "stockcount" in r or "countline" in r]
    counter = a_user("Cora Counter", *rights, "catalogue.view_item", "stock.view_warehouse", company=company)
    client.force_login(counter)

    client.post(reverse("stock:stockcount_new"), {"warehouse": place.warehouse_id, "counted_on": "23.11.2026"})
    count = StockCount.objects.get()
    page = client.get(reverse("stock:stockcount_count", args=[count.pk])).text
    client.post(
        reverse("stock:stockcount_count", args=[count.pk]),
        {"act": "line", "line": count.lines.get().pk, "counted": "4300"},
    )

    assert "4321" not in page
    assert "4,321" not in page
    assert count.lines.get().booked == 4321
    rights = [r for r in rights if "approve" not in r]
    blind = a_user("Bob Blind", *rights, company=company)
    client.force_login(blind)
    assert "4,321" not in client.get(count.get_absolute_url()).text


def test_the_value_of_stock_is_proved_on_a_screen(at_the_door, company, keeper):
    a_receipt(company, [(an_item(company), 10, "3.33", a_bin(company))], by=keeper)

    page = at_the_door.get(reverse("stock:value")).text

    assert "Equals the ledger" in page
    assert "33.30" in page


def test_the_item_page_shows_where_it_lies_and_how_it_moved(at_the_door, company, keeper):
    item = an_item(company, method="fifo")
    a_receipt(company, [(item, 412, "14.34", a_bin(company))], by=keeper)

    page = at_the_door.get(item.get_absolute_url()).text

    for words in ("412", "5,908.08", "Movements by week", "Where it is", "Latest movements", "Cost layers"):
        assert words in page


def test_orders_of_other_kinds_are_found_by_their_page(ordered, company):
    assert ordered[0].origin_type == ContentType.objects.get_for_model(a_party(company, "Another Ltd"))


def test_more_than_there_is_cannot_be_issued_and_the_typing_stays(at_the_door, company, keeper):
    item, place = an_item(company), a_bin(company)
    a_receipt(company, [(item, 5, 3, place)], by=keeper)
    centre = CostCentre.objects.create(company=company, code="HO", name="Office")
    sent = {
        "warehouse": place.warehouse_id, "cost_centre": centre.pk, "issued_on": "23.11.2026", "text": "For the fair",
        "then": "go", "lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0, "lines-MIN_NUM_FORMS": 0,
        "lines-MAX_NUM_FORMS": 1000, "lines-0-item": item.pk, "lines-0-bin": place.pk, "lines-0-quantity": "6",
    }  # fmt: skip

    refused = at_the_door.post(reverse("stock:goodsissue_new"), sent)
    assert (refused.status_code, "For the fair" in refused.text) == (409, True)
    assert not GoodsIssue.objects.exists()
    at_the_door.post(reverse("stock:goodsissue_new"), sent | {"lines-0-quantity": "5"})

    assert GoodsIssue.objects.get().state == "posted"
    assert OnHand.objects.get().quantity == 0


def test_a_list_is_counted_from_place_to_place_or_from_scan_to_scan(at_the_door, company, keeper):
    first, second, place = an_item(company, "A"), an_item(company, "B"), a_bin(company)
    a_receipt(company, [(first, 5, 3, place), (second, 6, 3, place)], by=keeper)
    at_the_door.post(reverse("stock:stockcount_new"), {"warehouse": place.warehouse_id, "counted_on": "23.11.2026"})
    count = StockCount.objects.get()
    one, two = count.lines.order_by("place")
    there = reverse("stock:stockcount_count", args=[count.pk])

    assert at_the_door.post(there, {"code": "b"}).url == f"{there}?line={two.pk}&scanned=1"
    typed = {"act": "line", "line": one.pk, "counted": "5"}
    assert at_the_door.post(there, typed).url == f"{there}?line={two.pk}"
    assert at_the_door.post(there, typed | {"scanned": "1"}).url == there


def test_an_issue_is_taken_back_from_its_page_with_a_reason(at_the_door, company, keeper):
    place, item = a_bin(company), an_item(company, "MBX-60", method="fifo")
    a_receipt(company, [(item, 10, "2.00", place)], by=keeper)
    issue = an_issue(company, [(item, 4, place)], by=keeper)
    page, verb = (
        reverse("stock:goodsissue", args=[issue.pk]),
        reverse("stock:goodsissue_verb", args=[issue.pk, "take_back"]),
    )
    assert verb in at_the_door.get(page).text

    assert "reason" in at_the_door.post(verb, {"reason": ""}).text
    assert OnHand.objects.get(item=item).quantity == 6
    assert at_the_door.post(verb, {"reason": "Meant for the other site"}).status_code == 302

    told = at_the_door.get(page).text
    assert "Taken back" in told
    assert "Meant for the other site" in told
    assert OnHand.objects.get(item=item).quantity == 10
    assert at_the_door.post(verb, {"reason": "Again"}).status_code == 409


def test_after_a_new_bin_comes_its_own_page(at_the_door, company):
    house = a_bin(company).warehouse

    answer = at_the_door.post(reverse("stock:bin_new"), {"warehouse": house.pk, "code": "B-02", "kind": "storage"})

    assert answer.url == reverse("stock:bin", args=[house.bins.get(code="B-02").pk])


def test_the_list_at_the_door_says_how_many_are_still_to_come(at_the_door, ordered):
    Expected.objects.filter(quantity=600).update(received=80)

    page = at_the_door.get(reverse("stock:expected_list")).text

    assert '520<span class="narrow-only"> to come</span>' in page


def test_an_issue_offers_no_row_of_dashes(at_the_door, company):
    an_item(company)

    assert "---------" not in at_the_door.get(reverse("stock:goodsissue_new")).text


def test_a_receipt_into_a_warehouse_without_bins_says_where_to_add_one(company, keeper):
    box, place = an_item(company), a_bin(company)
    receipt = a_receipt(company, [(box, 5, "1.00", place)], by=keeper, post=False)
    receipt.lines.update(bin=None)
    with pytest.raises(Refused, match="Line 1 needs a bin"):
        receiving.post(receipt, by=keeper)

    Bin.objects.filter(pk=place.pk).update(is_active=False)

    with pytest.raises(Refused, match="Leeds North has no bin yet: add one on the warehouse's page"):
        receiving.post(receipt, by=keeper)
