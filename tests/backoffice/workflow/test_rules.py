"""How many must approve follows from the rules, and limits from the assignments."""

from decimal import Decimal

import pytest
from django.urls import reverse

from backoffice.workflow import approvals
from backoffice.workflow.models import ApprovalRule
from tests.fixtures_world import a_user, give


@pytest.mark.parametrize(
    ("amount", "number"),
    [("0", 1), ("9999.99", 1), ("10000.00", 1), ("10000.01", 2), ("50000.01", 3), ("-10000.01", 2)],
)
def test_the_highest_rule_below_the_amount_counts_and_the_amount_itself_is_not_above(company, amount, number):
    for above, approvers in (("10000", 2), ("50000", 3)):
        ApprovalRule.objects.create(company=company, kind="payables.bill", from_amount=above, approvers=approvers)

    assert approvals.required(company.pk, "payables.bill", Decimal(amount)) == number


def test_without_a_rule_one_person_approves(company):
    assert approvals.required(company.pk, "payables.bill", Decimal(10**9)) == 1


def test_the_widest_limit_of_several_assignments_counts(company):
    user = a_user("Priya Nair", "payables.approve_bill", company=company, approval_limit=Decimal(100))
    give(user, "payables.approve_bill", company=company, approval_limit=Decimal(25000))
    assert approvals.limit_of(user, "payables.approve_bill", company.pk) == Decimal(25000)

    give(user, "payables.approve_bill", company=company)
    assert approvals.limit_of(user, "payables.approve_bill", company.pk) is None


def test_a_limit_in_one_company_says_nothing_in_another(company):
    from tests.fixtures_world import a_company

    other = a_company("Other Ltd")
    user = a_user("Priya Nair", "payables.approve_bill", company=company)

    assert approvals.limit_of(user, "payables.approve_bill", other.pk) == Decimal(0)


def test_rules_are_kept_on_their_screen(client, company):
    rights = ["view_approvalrule", "add_approvalrule", "change_approvalrule"]
    client.force_login(a_user("Grace Okafor", *[f"workflow.{right}" for right in rights], company=company))

    answer = client.post(
        reverse("workflow:approvalrule_new"), {"kind": "payables.bill", "from_amount": "10k", "approvers": "2"}
    )

    rule = ApprovalRule.objects.get()
    assert answer.url == reverse("workflow:approvalrule", args=[rule.pk])
    assert rule.from_amount == Decimal(10000)
    assert "Bills" in client.get(reverse("workflow:approvalrule_list")).text


def test_a_rule_says_its_kind_in_words(client, company):
    rule = ApprovalRule.objects.create(company=company, kind="payables.bill", from_amount=10000, approvers=2)
    client.force_login(a_user("Ada Quinn", "workflow.view_approvalrule", company=company))

    for address in (reverse("workflow:approvalrule_list"), rule.get_absolute_url()):
        page = client.get(address).text
        assert "Bills" in page and "payables.bill" not in page
