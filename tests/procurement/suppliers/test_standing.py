"""Suppliers: proposed by one, approved by another, blocked by anybody with the right."""

import pytest
from django.urls import reverse

from backoffice.core.errors import DutyConflict, Refused
from procurement.suppliers import standing
from procurement.suppliers.models import Supplier, SupplierItem
from procurement.suppliers.panels import WHY_NOT, SupplierLookup
from tests.factories_purchasing import somebody
from tests.factories_stock import an_item
from tests.fixtures_world import a_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed(company):
    return standing.enter(Supplier(party=a_party(company), company=company), by=somebody(company))


def test_a_supplier_needs_a_second_person(company, proposed):
    with pytest.raises(DutyConflict):
        standing.approve(proposed, by=somebody(company))
    standing.approve(proposed, by=somebody(company, "Priya Nair"))
    assert proposed.state == "approved"


def test_changed_terms_are_approved_anew(company, proposed):
    rosa, priya = somebody(company), somebody(company, "Priya Nair")
    standing.approve(proposed, by=priya)
    with pytest.raises(Refused):
        standing.change(proposed, by=rosa, version=proposed.version)
    standing.reopen(proposed, by=rosa)
    proposed.payment_days = 60
    standing.change(proposed, by=rosa, version=proposed.version)
    with pytest.raises(Refused):
        standing.demand_approved(proposed)
    standing.approve(proposed, by=priya)
    standing.demand_approved(proposed)


def test_refused_terms_wait_until_they_are_saved_again(company, proposed):
    priya = somebody(company, "Priya Nair")
    standing.send_back(proposed, by=priya, reason="No VAT number")
    with pytest.raises(Refused):
        standing.approve(proposed, by=priya)


def test_a_blocked_supplier_says_why_and_is_proposed_again(company, proposed):
    priya = somebody(company, "Priya Nair")
    with pytest.raises(Refused):
        standing.block(proposed, by=priya, reason=" ")
    standing.block(proposed, by=priya, reason="Bank details changed by an unknown caller")
    with pytest.raises(Refused, match="unknown caller"):
        standing.demand_approved(proposed)
    standing.unblock(proposed, by=priya)
    assert proposed.state == "proposed"


def test_an_order_to_a_supplier_that_waits_says_for_what_it_waits(proposed):
    assert SupplierLookup().why_not(proposed) == "waits for approval as a supplier"


def test_every_state_but_approved_says_why_nothing_is_ordered():
    assert set(WHY_NOT) == set(Supplier.State) - {Supplier.State.APPROVED}


def test_a_price_without_a_currency_is_in_the_suppliers_own(client, company, proposed):
    standing.approve(proposed, by=somebody(company, "Priya Nair"))
    client.force_login(somebody(company))
    row = {"supplier": proposed.pk, "item": an_item(company).pk, "price": "2.50", "minimum": 0, "multiple": 0}

    answer = client.post(reverse("suppliers:supplieritem_new"), row | {"valid_from": "1 Jan 2026"})

    assert answer.status_code == 302, answer.text
    assert SupplierItem.objects.get().currency == proposed.party.currency


def test_a_price_is_offered_once_the_supplier_is_approved(client, company, proposed):
    client.force_login(somebody(company))
    assert "New price" not in client.get(proposed.get_absolute_url()).text

    standing.approve(proposed, by=somebody(company, "Priya Nair"))

    assert "New price" in client.get(proposed.get_absolute_url()).text
