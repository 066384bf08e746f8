"""Suppliers: proposed by one, approved by another, blocked by anybody with the right."""

import pytest

from backoffice.core.errors import DutyConflict, Refused
from procurement.suppliers import standing
from procurement.suppliers.models import Supplier
from tests.factories_purchasing import somebody
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
