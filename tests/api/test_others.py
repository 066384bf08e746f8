"""Masters, previews, the schema and its page."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from backoffice.currencies.models import Rate
from finance.ledger import posting
from finance.ledger.models import Account, OpenItem
from finance.tax.models import TaxCode
from tests.fixtures_world import a_party


def test_a_master_is_entered_and_changed(program, company):
    made = program.post("/api/v1/organisation/cost-centres/", {"company": company.pk, "code": "YORK", "name": "York"})
    twice = program.post("/api/v1/organisation/cost-centres/", {"company": company.pk, "code": "YORK", "name": "Again"})
    changed = program.patch(f"/api/v1/organisation/cost-centres/{made.json()['id']}/", {"name": "York shop"})

    assert (made.status_code, twice.status_code) == (201, 400)
    assert (changed.status_code, changed.json()["name"]) == (200, "York shop")


def test_taxes_are_previewed_and_nothing_is_stored(program, company):
    code = TaxCode.objects.get(company=company, code="S20")

    answer = program.post(
        "/api/v1/tax/codes/preview/",
        {"on": "2026-11-23", "lines": [{"quantity": "3", "unit_price": "10.55", "tax_codes": [code.pk]}]},
    )

    assert answer.status_code == 200, answer.content
    assert (
        answer.json()["net"] == "31.6500" and answer.json()["tax"] == "6.3300" and answer.json()["gross"] == "37.9800"
    )


def test_amounts_are_converted_or_refused(program):
    Rate.objects.create(base_id="USD", quote_id="GBP", on=date(2026, 1, 1), rate=Decimal("0.8"))
    asked = {"base": "USD", "quote": "GBP", "amount": "10", "on": "2026-02-01"}

    assert program.post("/api/v1/currencies/rates/convert/", asked).json()["amount"] == "8.00"
    refused = program.post("/api/v1/currencies/rates/convert/", asked | {"on": "2025-02-01"})
    assert (refused.status_code, refused.json()["code"]) == (409, "rate")


def test_open_items_are_settled(program, clerk, company):
    control = Account.objects.get(company=company, role="ap")
    bank = Account.objects.get(company=company, role="bank")
    party = a_party(company)
    for line in (posting.credit(control, Decimal(50), party=party), posting.debit(control, Decimal(50), party=party)):
        other = posting.debit(bank, line.credit - line.debit)
        posting.post(company, posting.Posting(on=date(2026, 11, 2), lines=[line, other], text="Item"), by=clerk)
    owed, paid = OpenItem.objects.order_by("pk")

    answer = program.post(
        "/api/v1/ledger/allocations/",
        {"debit_item": paid.pk, "credit_item": owed.pk, "amount": "50", "on": "2026-11-03"},
    )
    again = program.post("/api/v1/ledger/allocations/", {"debit_item": paid.pk, "credit_item": owed.pk, "amount": "1"})

    assert (answer.status_code, again.status_code) == (201, 409), answer.content
    assert program.get("/api/v1/ledger/open-items/", {"rest": "0"}).json()["results"][0]["rest"] == "0.0000"


def test_a_filter_that_is_not_known_is_refused_by_its_name(program):
    answer = program.get("/api/v1/ledger/open-items/", {"rest": "0", "partie": "x"})

    assert answer.status_code == 400
    assert answer.json()["fields"] == {"partie": ["There is no such filter."]}


def test_a_company_narrows_a_list(program, company):
    assert len(program.get("/api/v1/ledger/journals/", {"company": company.pk}).json()["results"]) > 0
    assert program.get("/api/v1/ledger/journals/", {"company": company.pk + 99}).json()["results"] == []
    assert program.get("/api/v1/ledger/journals/", {"company": "x"}).status_code == 400


@pytest.mark.django_db
def test_the_schema_names_every_verb(clerk):
    person = Client()
    person.force_login(clerk)

    schema = person.get("/api/schema/", headers={"Accept": "application/json"}).json()

    paths = schema["paths"]
    assert "/api/v1/ledger/entries/{ref}/send_back/" in paths
    send_back = paths["/api/v1/ledger/entries/{ref}/send_back/"]["post"]
    assert {"200", "400", "401", "403", "404", "409", "412", "422"} <= set(send_back["responses"])
    accepted = [path for path in paths if path.endswith("/accept/")]
    # where it is the system's verb it has no endpoint
    assert accepted == ["/api/v1/assets/assets/{ref}/accept/", "/api/v1/assets/mine/{ref}/accept/"]


def test_the_documentation_page_carries_no_inline_code(clerk):
    person = Client()
    person.force_login(clerk)

    page = person.get("/api/docs/")

    text = page.content.decode()
    assert page.status_code == 200 and "<style" not in text and "<script>" not in text
    assert person.get("/api/docs/?script=").headers["Content-Type"].startswith("application/javascript")
    assert Client().get("/api/docs/").status_code == 302
