"""What a verb reads under the lock of its document is read once, and outlives neither the verb nor what is undone."""

import pytest

from backoffice.core.errors import Refused
from backoffice.core.flow import held, is_held, reread
from finance.payables import approving
from finance.payables.models import Bill
from tests.factories_payables import a_bill
from tests.fixtures_world import a_party, a_user, all_rights

pytestmark = pytest.mark.django_db


@pytest.fixture
def tom(company):
    return a_user("Tom Ashworth", *all_rights("payables"), company=company)


@pytest.fixture
def bill(company, tom):
    return a_bill(a_party(company), by=tom)


def test_outside_of_verbs_everything_is_read_anew(bill):
    answers = iter("ab")
    assert [held(bill, "x", lambda: next(answers)) for _time in range(2)] == ["a", "b"]
    assert not is_held(bill) and Bill.flow.at_hand(bill.pk) is None


def test_a_verb_reads_once_until_it_says_otherwise_and_is_at_hand_for_listeners(bill, tom, monkeypatch):
    answers, seen = iter("abc"), []

    def body(document, *, by):
        seen.extend(held(document, "x", lambda: next(answers)) for _time in range(2))
        reread(document, "x")
        seen.append(held(document, "x", lambda: next(answers)))
        seen.append(Bill.flow.at_hand(document.pk) is document)

    monkeypatch.setitem(Bill.flow.functions, "submit", body)
    approving.submit(bill, by=tom)

    assert seen == ["a", "a", "b", True]
    assert not is_held(bill) and Bill.flow.at_hand(bill.pk) is None


def test_a_verb_within_a_verb_does_not_lock_again_and_forgets_what_it_undoes(bill, tom, monkeypatch):
    locks, answers, seen = [], iter("ab"), []
    monkeypatch.setattr("backoffice.core.flow._lock_and_refresh", lambda *_anything: locks.append(1))

    def inner(document, *, by):
        held(document, "x", lambda: next(answers))
        raise Refused("No.")

    def outer(document, *, by):
        with pytest.raises(Refused):
            Bill.flow.perform(document, "void", by=by)
        seen.append(held(document, "x", lambda: next(answers)))

    monkeypatch.setitem(Bill.flow.functions, "void", inner)
    monkeypatch.setitem(Bill.flow.functions, "submit", outer)
    approving.submit(bill, by=tom)

    assert (len(locks), seen) == (1, ["b"])


def test_unsaved_changes_are_refused_before_anything_is_locked(bill, tom):
    bill.reference = "typed over"
    with pytest.raises(ValueError, match="reference"):
        approving.submit(bill, by=tom)
    assert not is_held(bill)
