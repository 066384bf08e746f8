"""The screens, endpoints and reports of suppliers and purchasing, and who is let in."""

from datetime import timedelta
from decimal import Decimal

import pytest

from procurement.purchasing import requesting
from procurement.purchasing.models import PurchaseOrder, Requisition
from procurement.suppliers.models import BilledOn, Supplier
from reporting.reports import making
from reporting.reports.defining import reports
from tests.factories_purchasing import TODAY, a_centre, a_price, a_requisition, an_order
from tests.factories_stock import a_bin, an_item
from tests.fixtures_world import a_party, a_user

pytestmark = pytest.mark.django_db
MEMBER = [f"purchasing.{verb}_requisition" for verb in ("view_own", "add", "change", "submit", "withdraw", "cancel")]


@pytest.fixture
def member(company):
    """A colleague with what every colleague may."""
    rights = ("organisation.view_department", "organisation.view_costcentre", "catalogue.view_item")
    return a_user("Mia Member", *MEMBER, *rights, company=company)


def lines_of(*rows):
    data = {"lines-TOTAL_FORMS": len(rows), "lines-INITIAL_FORMS": 0, "lines-MIN_NUM_FORMS": 0}
    for at, row in enumerate(rows):
        data |= {f"lines-{at}-{name}": value for name, value in row.items()}
        data[f"lines-{at}-ORDER"] = at + 1
    return data


def test_a_colleague_asks_and_sees_only_their_own(company, member, owen, client):
    item, centre = an_item(company, standard_cost=Decimal("14.20")), a_centre(company)
    other = a_requisition(company, [(item, 1)], by=owen)
    client.force_login(member)

    answer = client.post(
        "/purchasing/requisitions/new/",
        {
            "purpose": "Boxes",
            "needed_on": "+10",
            "department": centre.department_id,
            "cost_centre": centre.pk,
            "then": "go",
            **lines_of({"item": item.pk, "quantity": "3"}),
        },
    )

    assert answer.status_code == 302, answer.content.decode()
    own = Requisition.objects.get(requester=member)
    assert (own.state, own.total) == ("submitted", Decimal("42.60"))
    assert client.get(f"/purchasing/requisitions/{own.pk}/").status_code == 200
    assert client.get(f"/purchasing/requisitions/{other.pk}/").status_code == 404
    listed = client.get("/purchasing/requisitions/").content.decode()
    assert own.number[-5:] in listed and f"/requisitions/{other.pk}/" not in listed
    assert client.get("/purchasing/orders/").status_code == 403
    assert [row["number"] for row in client.get("/api/v1/purchasing/requisitions/").json()["results"]] == [own.number]


def test_the_buyer_drafts_one_order_a_supplier_from_the_work_list(company, owen, priya, rosa, northmoor, client):
    item = an_item(company)
    a_bin(company)
    a_price(northmoor, item, "14.20")
    asked = a_requisition(company, [(item, 5)], by=owen)
    requesting.approve(asked, by=priya)
    line = asked.lines.get()
    client.force_login(rosa)
    page = client.get("/purchasing/to-order/").content.decode()
    assert "Northmoor" in page and "GBP 14.20" in page

    empty = client.post("/purchasing/to-order/", {})
    nobody = client.post("/purchasing/to-order/", {"line": line.pk, f"supplier-{line.pk}": ""})
    answer = client.post(
        "/purchasing/to-order/", {"line": line.pk, f"supplier-{line.pk}": northmoor.pk, f"quantity-{line.pk}": "2"}
    )

    assert (empty.status_code, nobody.status_code) == (422, 422)
    order = PurchaseOrder.objects.get()
    assert answer["Location"] == f"/purchasing/orders/{order.pk}/"
    assert order.lines.get().quantity == 2


def test_an_order_is_typed_in_with_what_follows_from_the_supplier(company, rosa, northmoor, client):
    item, house = an_item(company), a_bin(company).warehouse
    a_price(northmoor, item, "0.013500")
    client.force_login(rosa)

    answer = client.post(
        "/purchasing/orders/new/",
        {
            "supplier": northmoor.pk,
            "ordered_on": "23 Nov 2026",
            "warehouse": house.pk,
            "then": "go",
            **lines_of({"item": item.pk, "quantity": "1000"}),
        },
    )

    assert answer.status_code == 302, answer.content.decode()
    order = PurchaseOrder.objects.get()
    assert (order.state, order.net, order.currency, order.payment_days) == ("submitted", Decimal("13.50"), "GBP", 30)
    assert order.needed_on == TODAY + timedelta(days=7)


def test_who_bills_in_advance_is_asked_of_the_supplier_unless_somebody_says(company, rosa, northmoor, client):
    northmoor.billed_on = BilledOn.ORDER
    northmoor.save()
    item, house = an_item(company), a_bin(company).warehouse
    client.force_login(rosa)
    typed = {"supplier": northmoor.pk, "ordered_on": "23 Nov 2026", "warehouse": house.pk}
    typed |= lines_of({"item": item.pk, "quantity": "1", "price": "5"})
    assert '<option value="" selected>—</option>' in client.get("/purchasing/orders/new/").content.decode()

    for said in ("", "receipt"):
        client.post("/purchasing/orders/new/", {**typed, "billed_on": said})

    assert list(PurchaseOrder.objects.order_by("pk").values_list("billed_on", flat=True)) == ["order", "receipt"]


def test_every_screen_of_an_order_opens_in_every_state(company, rosa, northmoor, client):
    client.force_login(rosa)
    for code, state in enumerate(("draft", "submitted", "approved", "sent")):
        order = an_order(northmoor, [(an_item(company, f"I-{code}"), 5, "2.50")], by=rosa, state=state)
        assert client.get(f"/purchasing/orders/{order.pk}/").status_code == 200
        paper = client.get(f"/purchasing/orders/{order.pk}/paper.pdf")
        assert paper["Content-Type"] == "application/pdf"
    for view in ("open", "waiting", "send", "receive", "bill", "all"):
        assert client.get(f"/purchasing/orders/?view={view}").status_code == 200
    page = client.post(f"/purchasing/orders/{order.pk}/amend/", {"version": order.version})
    assert page.status_code == 302
    assert client.get(f"/purchasing/orders/{order.pk}/edit/").status_code == 200
    assert client.get(f"/purchasing/orders/{order.pk}/").status_code == 200
    for kind in ("open_orders", "spend"):
        asked = making.ask(f"purchasing.{kind}", {}, company=company, user=rosa, on=TODAY)
        sheet = reports[f"purchasing.{kind}"].build(asked)
        assert sheet.rows[-1].cells[0] == "Total"


def test_programs_enter_and_send_orders(company, rosa, priya, northmoor, client):
    item, house = an_item(company), a_bin(company).warehouse
    client.force_login(rosa)
    body = {
        "company": company.pk,
        "supplier": str(northmoor.ref),
        "ordered_on": "2026-11-23",
        "warehouse": house.pk,
        "lines": [{"item": item.pk, "quantity": "3", "price": "14.20"}],
    }

    made = client.post("/api/v1/purchasing/orders/", body, content_type="application/json")

    assert made.status_code == 201, made.content
    address = f"/api/v1/purchasing/orders/{made.json()['ref']}/"
    assert made.json()["net"] == "42.6000"
    assert client.post(f"{address}submit/", {}, content_type="application/json").status_code == 200
    assert client.post(f"{address}approve/", {}, content_type="application/json").status_code in (403, 409)
    client.force_login(priya)
    assert client.post(f"{address}approve/", {}, content_type="application/json").status_code == 200
    client.force_login(rosa)
    assert client.post(f"{address}send/", {}, content_type="application/json").json()["state"] == "sent"
    line = made.json()["lines"][0]["id"]
    tag = client.post(f"{address}amend/", {}, content_type="application/json")["ETag"]
    fewer = {"lines": [{"item": item.pk, "quantity": "2", "price": "14.20"}]}
    changed = client.patch(address, fewer, content_type="application/json", headers={"If-Match": tag})
    assert changed.status_code == 200, changed.content
    assert [(row["id"], row["quantity"]) for row in changed.json()["lines"]] == [(line, "2.000000")]


def test_a_supplier_is_proposed_in_the_browser_and_found(company, rosa, client):
    party = a_party(company, "Pennine Glass Ltd")
    client.force_login(rosa)

    answer = client.post(
        "/suppliers/new/", {"party": party.pk, "payment_days": 14, "billed_on": "order", "lead_days": 5}
    )

    assert answer.status_code == 302, answer.content.decode()
    supplier = Supplier.objects.get()
    for address in (
        "/suppliers/",
        f"/suppliers/{supplier.pk}/",
        f"/suppliers/{supplier.pk}/edit/",
        "/suppliers/prices/",
    ):
        assert client.get(address).status_code == 200
    assert client.get("/api/v1/suppliers/suppliers/").json()["results"][0]["payment_days"] == 14
