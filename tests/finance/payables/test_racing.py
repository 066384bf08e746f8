"""Several hands at once: what must happen once happens once."""

import threading

import pytest
from django.db import close_old_connections, connection

from backoffice.core.errors import Refused
from backoffice.workflow.models import Decision
from finance.ledger.models import JournalEntry
from finance.payables import approving
from finance.payables.models import Bill
from tests.factories_payables import a_bill, a_submitted_bill
from tests.fixtures_world import a_user

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run the acts in threads that start together; returns what each returned or raised."""
    barrier, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        close_old_connections()
        barrier.wait()
        try:
            outcomes[place] = act()
        except Exception as error:  # noqa: BLE001  (whatever it was, the test looks at it)
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


def approving_as(user, bill):
    return lambda: approving.approve(Bill.objects.get(pk=bill.pk), by=user)


def test_two_approvers_at_the_same_moment_post_once(northmoor, tom, priya, grace):
    bill = a_submitted_bill(northmoor, by=tom, price="9000.00")

    outcomes = at_once(approving_as(priya, bill), approving_as(grace, bill))

    bill.refresh_from_db()
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert (bill.state, bill.number) == ("posted", "BILL-2026-00001")
    assert JournalEntry.objects.filter(origin_id=bill.pk).count() == 1


def test_one_approver_pressing_twice_counts_once(northmoor, tom, priya):
    bill = a_submitted_bill(northmoor, by=tom, price="9000.00")

    outcomes = at_once(approving_as(priya, bill), approving_as(priya, bill))

    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    assert Decision.objects.count() == 1
    bill.refresh_from_db()
    assert bill.state == "submitted"


def test_a_single_approval_given_by_two_at_once_posts_once(northmoor, tom, priya, grace):
    bill = a_submitted_bill(northmoor, by=tom)

    outcomes = at_once(approving_as(priya, bill), approving_as(grace, bill))

    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    assert JournalEntry.objects.count() == 1


def test_the_same_bill_entered_by_two_clerks_at_once_is_kept_once(northmoor, tom, company):
    hannah = a_user("Hannah Reid", "payables.add_bill", company=company)

    outcomes = at_once(lambda: a_bill(northmoor, by=tom), lambda: a_bill(northmoor, by=hannah))

    assert sum(isinstance(outcome, Refused) and outcome.code == "duplicate" for outcome in outcomes) == 1
    assert Bill.objects.count() == 1


def test_approving_while_the_enterer_withdraws_ends_in_one_of_both(northmoor, tom, priya):
    bill = a_submitted_bill(northmoor, by=tom)

    at_once(approving_as(priya, bill), lambda: approving.withdraw(Bill.objects.get(pk=bill.pk), by=tom))

    bill.refresh_from_db()
    assert (bill.state, bill.number != "") in {("posted", True), ("draft", False)}
