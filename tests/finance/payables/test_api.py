"""Bills, parties and uploads for programs: the same rules as on the screens."""

import base64

import pytest
from rest_framework.test import APIClient

from backoffice.parties.models import Party
from finance.payables.models import Bill
from tests.factories_payables import a_bill, a_cost_centre, a_submitted_bill, account, tax_code
from tests.finance.payables.papers import an_invoice
from tests.fixtures_world import a_company, a_party, a_user


def calling(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def as_tom(tom):
    return calling(tom)


def a_body(party, **changes):
    company = party.company
    line = {
        "text": "Boxes", "quantity": "600", "unit_price": "14.80", "account": account(company).pk,
        "cost_centre": a_cost_centre(company).pk, "tax_code": tax_code(company).pk,
    }  # fmt: skip
    return {
        "company": company.pk, "party": str(party.ref), "reference": "NP-88213", "bill_date": "2026-11-18", "lines": [line], **changes,
    }  # fmt: skip


def test_a_bill_goes_from_entry_to_the_books_by_calls_alone(as_tom, northmoor, priya, grace):
    made = as_tom.post("/api/v1/payables/bills/", a_body(northmoor))
    assert made.status_code == 201, made.data
    assert (made.data["total"], made.data["due_on"], made.data["currency"]) == ("10656.0000", "2026-12-18", "GBP")
    address = f"/api/v1/payables/bills/{made.data['ref']}/"

    assert as_tom.post(f"{address}submit/").data["state"] == "submitted"
    assert calling(priya).post(f"{address}approve/").data["state"] == "submitted"
    done = calling(grace).post(f"{address}approve/").data

    assert (done["state"], done["number"], done["rest"]) == ("posted", "BILL-2026-00001", "10656.0000")


def test_the_enterer_is_refused_with_the_reason(as_tom, tom, northmoor, company):
    from tests.fixtures_world import give

    give(tom, "payables.approve_bill", company=company)
    bill = a_submitted_bill(northmoor, by=tom)

    answer = as_tom.post(f"/api/v1/payables/bills/{bill.ref}/approve/")

    assert (answer.status_code, answer.data["code"]) == (409, "duty")


def test_a_duplicate_is_refused_with_its_code(as_tom, northmoor, tom):
    a_bill(northmoor, by=tom)

    answer = as_tom.post("/api/v1/payables/bills/", a_body(northmoor))

    assert (answer.status_code, answer.data["code"]) == (409, "duplicate")


def test_changing_needs_the_version_and_sums_up_anew(as_tom, northmoor, tom):
    bill = a_bill(northmoor, by=tom)
    address = f"/api/v1/payables/bills/{bill.ref}/"
    assert as_tom.patch(address, {"note": "x"}).status_code == 428

    answer = as_tom.patch(address, {"lines": a_body(northmoor)["lines"]}, headers={"If-Match": f'"{bill.version}"'})

    assert answer.status_code == 200, answer.data
    assert answer.data["total"] == "10656.0000"


def test_a_bill_of_another_company_is_not_there(as_tom):
    other = a_company("Other Ltd")
    bill = a_bill(a_party(other), by=a_user("Sam Other", "payables.add_bill", company=other))

    assert as_tom.get(f"/api/v1/payables/bills/{bill.ref}/").status_code == 404


def test_a_file_is_handed_in_and_its_outcome_told(as_tom, company):
    body = {
        "company": company.pk,
        "kind": "bill",
        "name": "a.xml",
        "content": base64.b64encode(an_invoice()).decode(),
    }
    answer = as_tom.post("/api/v1/exchange/uploads/", body)
    assert answer.status_code == 201, answer.data
    assert (answer.data["state"], answer.data["proposal"]["name"]) == ("asking", "Northmoor Packaging Ltd")

    answer = as_tom.post(f"/api/v1/exchange/uploads/{answer.data['id']}/again/", {"confirmed": True})

    assert answer.data["state"] == "captured"
    assert answer.data["result"] == str(Bill.objects.get().ref)


def test_account_numbers_go_in_and_never_come_out(as_tom, northmoor):
    answer = as_tom.post(
        "/api/v1/parties/bank-accounts/", {"party": str(northmoor.ref), "number": "GB29NWBK60161331926819"}
    )

    assert answer.status_code == 201, answer.data
    assert answer.data["ending"] == "6819"
    assert "60161331926819" not in answer.content.decode()
    assert northmoor.bank_accounts.get().is_iban


def test_a_party_with_a_wrong_vat_number_is_refused_by_field(as_tom, company):
    body = {"company": company.pk, "name": "X", "country": "GB", "currency": "GBP", "vat_number": "GB123456789"}

    answer = as_tom.post("/api/v1/parties/", body)

    assert answer.status_code == 400
    assert "vat_number" in answer.data["fields"]
    assert not Party.objects.filter(name="X").exists()
