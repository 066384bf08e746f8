"""Wages that were released and not yet sent: one is taken out, all are taken back, details change meanwhile."""

from decimal import Decimal

import pytest

from backoffice.audit.models import Act
from backoffice.core.errors import Refused
from backoffice.documents import keeping
from finance.banking import exporting, proposing, releasing, withdrawing
from finance.banking.models import BankAccount, Payment, PaymentRun
from finance.ledger.models import Account, JournalLine, Role
from hr.payroll import paying
from hr.payroll.models import PayrollRun
from hr.people import bank_details
from hr.people.models import PersonBankAccount
from tests.factories_payroll import a_run, posted, staff
from tests.fixtures_world import a_user, all_rights, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(company, clerk, director):
    """The pay of three, posted."""
    for user in (clerk, director):
        give(user, *all_rights("banking", "people"), company=company)
    staff(company, 3, by=clerk)
    return posted(a_run(company, clerk), clerk, director)


@pytest.fixture
def paid(company, run, clerk, director):
    """What the bank is about to get."""
    account = BankAccount.objects.create(
        company=company, name="Current", account=Account.objects.get(company=company, code="1210"), holder="Calder",
        iban="GB94BARC10201530093459", bic="BARCGB22", currency="GBP",
    )  # fmt: skip
    made = proposing.propose(account, source="wages", pay_on=run.pay_on, due_until=run.pay_on, by=clerk, on=run.pay_on)
    return releasing.release(made, by=director)


def owed(company):
    rows = JournalLine.objects.filter(entry__company=company, account__role=Role.WAGES_PAYABLE)
    return sum(line.credit - line.debit for line in rows)


def test_somebody_taken_out_is_due_again_and_no_history_says_why(company, run, paid, clerk, director):
    run.refresh_from_db()
    assert (run.state, owed(company)) == (PayrollRun.State.PAID, 0)
    payment = paid.payments.first()

    withdrawing.take_out(payment, by=director, version=paid.version, reason="Secretly away")

    run.refresh_from_db()
    assert (run.state, owed(company)) == (PayrollRun.State.POSTED, payment.amount)
    assert [each.amount for each in paying.Wages().due(company, run.pay_on, "GBP")] == [payment.amount]
    assert Act.objects.get(verb="unsettle", object_id=run.pk).by == director
    told = Act.objects.filter(content_type__model="paymentrun", object_id=paid.pk).latest("pk")
    assert (told.verb, told.details) == ("change", {})
    again = proposing.propose(
        paid.bank_account, source="wages", pay_on=run.pay_on, due_until=run.pay_on, by=clerk, on=run.pay_on
    )
    releasing.release(again, by=director)
    run.refresh_from_db()
    assert (run.state, owed(company)) == (PayrollRun.State.PAID, 0)


def test_a_release_of_wages_is_taken_back_by_who_may_see_them(company, run, paid, director):
    blind = a_user("Blind", *all_rights("banking", "ledger"), company=company)
    with pytest.raises(Refused, match="right to see them"):
        withdrawing.take_out(paid.payments.first(), by=blind, version=paid.version, reason="Because")
    with pytest.raises(Refused, match="right to see them"):
        withdrawing.recall(paid, by=blind)

    withdrawing.recall(paid, by=director)

    run.refresh_from_db()
    assert (run.state, owed(company), paid.state) == (PayrollRun.State.POSTED, run.net, PaymentRun.State.PROPOSED)


def test_an_account_that_was_replaced_after_the_release_gets_nothing(company, run, paid, clerk, director):
    payment = paid.payments.first()
    person = int(payment.payee.removeprefix("person:"))
    other = PersonBankAccount(
        company=company, person_id=person, holder="Other", iban="GB29NWBK60161331926819", entered_by=clerk
    )
    keeping.enter(other, by=clerk)
    PersonBankAccount.objects.filter(person=person, state="confirmed").update(state="replaced")
    bank_details.confirm(other, by=director)

    exporting.export(paid, by=director)

    gone = Payment.objects.get(pk=payment.pk)
    assert gone.taken_out_because == "The bank details changed after the release."
    assert paid.total == run.net - payment.amount
    assert (other.iban in paid.file.content, paid.file.content.count("<CdtTrfTxInf>")) == (False, 2)
    due = paying.Wages().due(company, run.pay_on, "GBP")
    assert [(each.creditor.iban, each.amount) for each in due] == [(other.iban, Decimal(payment.amount))]
