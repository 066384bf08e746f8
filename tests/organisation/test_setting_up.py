"""From an empty system to the first bill: the founder, the company, its books, rules and colleagues."""

import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from backoffice.access import inviting
from backoffice.access.models import Role, RoleAssignment, User
from backoffice.core.errors import Refused
from backoffice.messaging.models import OutgoingMail
from backoffice.organisation import founding, places
from backoffice.organisation.models import Company, CostCentre
from backoffice.workflow.models import ApprovalRule
from finance.ledger.models import Account, FiscalYear, Journal
from finance.tax.models import TaxCode
from tests.fixtures_world import a_user

ME = {
    "name": "Fay Founder",
    "email": "Fay@first.example",
    "password": "a long pass phrase",
    "again": "a long pass phrase",
}
FIRST = {"name": "First Trading Ltd", "country": "GB", "vat_number": "980 7806 84"}


@pytest.fixture
def fay(client, db):
    client.post(reverse("organisation:setup"), ME)
    return User.objects.get()


def test_on_an_empty_system_the_sign_in_page_leads_to_the_set_up(client, db):
    assert client.get(reverse("account_login"))["Location"] == reverse("organisation:setup")
    assert "Your account will be the first" in client.get(reverse("organisation:setup")).content.decode()


def test_the_first_account_is_made_once(client, fay):
    assert (fay.email, fay.is_staff, fay.is_superuser) == ("fay@first.example", True, False)
    assert fay.has_perm("organisation.add_company") and not fay.has_perm("payables.add_bill")

    with pytest.raises(Refused):
        inviting.Founder().found(ME | {"email": "eve@first.example"})
    client.logout()
    assert client.get(reverse("organisation:setup")).status_code == 302
    assert client.get(reverse("account_login")).status_code == 200
    assert User.objects.count() == 1


def test_a_weak_password_founds_nothing(client, db):
    answer = client.post(reverse("organisation:setup"), ME | {"password": "password12", "again": "other"})

    assert answer.status_code == 422
    assert "The two passwords differ." in answer.content.decode()
    assert User.objects.count() == 0


def test_a_company_is_set_up_in_a_few_pages_and_the_first_bill_can_be_entered(client, fay):
    to_books = client.post(reverse("organisation:setup"), FIRST)
    company = Company.objects.get()
    assert (company.short_name, company.currency, company.time_zone) == ("First Trading", "GBP", "Europe/London")
    assert company.vat_number == "GB980780684"
    assert CostCentre.objects.get().department.company == company

    assert 'value="uk" selected' in client.get(to_books["Location"]).content.decode()
    to_rule = client.post(to_books["Location"], {"chart": "uk", "first_month": "4"})
    assert Account.objects.filter(company=company, role="ap").exists()
    assert {"GEN", "OPEN"} <= set(Journal.objects.filter(company=company).values_list("code", flat=True))
    assert TaxCode.objects.filter(company=company).exists()
    assert {year.starts_on.month for year in FiscalYear.objects.all()} == {4}

    to_people = client.post(to_rule["Location"], {"from_amount": "10k"})
    assert set(ApprovalRule.objects.values_list("from_amount", "approvers")) == {(10000, 2)}
    manager = Role.objects.get(key="finance-manager")
    one = {"email_1": "pat@first.example", "name_1": "Pat Partner", "role_1": manager.pk}
    to_end = client.post(to_people["Location"], one)

    page = client.get(to_end["Location"]).content.decode()
    assert "Somebody else must approve." in page and "Enter the first bill" in page and "Upload bills" in page
    fay = User.objects.get(pk=fay.pk)
    assert fay.has_perm("payables.add_bill")
    held = User.objects.get(name="Pat Partner").role_assignments.all()
    assert {(one.role.key, one.company) for one in held} == {("finance-manager", company), ("member", company)}


def test_the_last_page_says_where_buying_stock_and_paying_begin(client, fay):
    client.post(reverse("organisation:setup"), FIRST)

    page = client.get(reverse("organisation:setup_done", args=[Company.objects.get().pk])).text

    for name in ("suppliers:supplier_new", "catalogue:item_list", "stock:warehouse_new", "banking:bankaccount_new"):
        assert f'href="{reverse(name)}"' in page, name
        assert client.get(reverse(name)).status_code == 200, name


def test_whoever_is_invited_to_work_is_a_colleague_too_and_whoever_only_reads_is_not(client, fay):
    client.post(reverse("organisation:setup"), FIRST)
    company = Company.objects.get()

    sam, ann = (
        inviting.invite(f"{key}@first.example", key, Role.objects.filter(key=key), company=company, by=fay)
        for key in ("storekeeper", "auditor")
    )

    assert sam.has_perm("purchasing.add_requisition")
    assert not ann.has_perm("purchasing.add_requisition")


def test_the_invitation_lets_its_reader_set_a_password_once(client, fay):
    client.post(reverse("organisation:setup"), FIRST)
    company = Company.objects.get()
    pat = inviting.invite("pat@first.example", "Pat", Role.objects.filter(key="auditor"), company=company, by=fay)
    client.logout()
    mail = OutgoingMail.objects.get()
    path = re.search(r"http://[^/]+(/\S+)", mail.text)[1]

    form = client.get(path, follow=True)
    address = form.redirect_chain[-1][0]
    client.post(address, {"password1": "another long phrase", "password2": "another long phrase"})
    client.logout()

    pat.refresh_from_db()
    assert mail.address == "pat@first.example" and pat.check_password("another long phrase")
    assert "another" not in mail.text
    client.get(path, follow=True)
    assert client.post(path, {"password1": "a third long phrase", "password2": "a third long phrase"}).status_code in (
        200,
        302,
    )
    pat.refresh_from_db()
    assert pat.check_password("another long phrase")


def test_whoever_works_here_sees_the_own_record_and_reports_what_does_not_work(client, fay):
    client.post(reverse("organisation:setup"), FIRST)
    company = Company.objects.get()
    held = {}
    for key in ("payroll-clerk", "member", "auditor", "administrator"):
        role = Role.objects.filter(key=key)
        made = inviting.invite(f"{key}@first.example", key, role, company=company, by=fay)
        held[key] = set(made.role_assignments.values_list("role__key", flat=True))

    assert held == {
        "payroll-clerk": {"payroll-clerk", "member"}, "member": {"member"}, "auditor": {"auditor"},
        "administrator": {"administrator"},
    }  # fmt: skip
    clerk = User.objects.get(name="payroll-clerk")
    assert clerk.has_perm("payroll.view_own_payslip") and clerk.has_perm("servicedesk.report_incident")


def test_a_password_that_is_set_leads_to_the_sign_in(client):
    page = client.get(reverse("account_reset_password_from_key_done")).content.decode()
    assert f'href="{reverse("account_login")}"' in page


def test_nobody_invites_themselves_and_a_known_address_gets_no_second_account(client, fay):
    client.post(reverse("organisation:setup"), FIRST)
    company, role = Company.objects.get(), Role.objects.filter(key="auditor")

    with pytest.raises(Refused):
        inviting.invite("FAY@first.example", "Fay", role, company=company, by=fay)
    for _twice in range(2):
        inviting.invite("pat@first.example", "Pat", role, company=company, by=fay)

    assert User.objects.filter(email="pat@first.example").count() == 1
    assert OutgoingMail.objects.count() == 1
    with pytest.raises(PermissionDenied):
        inviting.invite("x@first.example", "X", role, company=company, by=a_user("No Body"))


def test_an_administrator_of_one_company_invites_nobody_into_another(company):
    from tests.fixtures_world import a_company

    admin = User.objects.create(email="ada@calderwren.example", name="Ada Quinn")
    RoleAssignment.objects.create(user=admin, role=Role.objects.get(key="administrator"), company=company)
    role = Role.objects.filter(key="auditor")

    with pytest.raises(PermissionDenied):
        inviting.invite("x@first.example", "X", role, company=a_company("Elsewhere Ltd"), by=admin)
    assert inviting.invite("x@first.example", "X", role, company=company, by=admin).role_assignments.count() == 1


def test_founding_a_second_company_widens_nobodys_rights(client, company):
    admin = a_user("Ada Quinn")
    RoleAssignment.objects.create(user=admin, role=Role.objects.get(key="administrator"))
    client.force_login(admin, backend="backoffice.access.backends.RoleBackend")

    answer = client.post(reverse("organisation:setup"), FIRST)

    assert answer.status_code == 302
    assert not User.objects.get(pk=admin.pk).has_perm("payables.add_bill")


def test_without_the_right_nobody_founds_a_company(client, company, bookkeeper):
    client.force_login(bookkeeper, backend="backoffice.access.backends.RoleBackend")

    assert client.get(reverse("organisation:setup")).status_code == 403
    assert client.get(reverse("organisation:setup_step", args=[company.pk, "books"])).status_code == 404
    with pytest.raises(PermissionDenied):
        founding.found(Company(name="Mine Ltd"), by=bookkeeper)


def test_wrong_facts_are_refused_in_words(client, fay):
    for field, value, words in [
        ("vat_number", "GB123456789", "The check digits of this VAT number do not agree."),
        ("currency", "POUND", "at most 3 characters"),
        ("time_zone", "Europe/Nowhere", "There is no such time zone."),
        ("country", "US", "This country has several time zones"),
    ]:
        answer = client.post(reverse("organisation:setup"), FIRST | {field: value})
        assert answer.status_code == 422 and words in answer.content.decode()
    assert Company.objects.count() == 0


def test_books_are_opened_once(client, fay):
    from finance.ledger import opening

    client.post(reverse("organisation:setup"), FIRST)
    company = Company.objects.get()
    opening.open_books(company, chart="uk", first_month=1, on=date(2026, 3, 1), by=fay)

    with pytest.raises(Refused):
        opening.open_books(company, chart="ifrs", first_month=1, on=date(2026, 3, 1), by=fay)
    assert sorted(year.name for year in FiscalYear.objects.all()) == ["2025", "2026", "2027"]
    assert client.get(reverse("organisation:setup_step", args=[company.pk, "books"])).status_code == 302


def test_a_country_says_its_currency_and_time_zone():
    assert (places.currency("DE"), places.time_zones("DE")[0]) == ("EUR", "Europe/Berlin")
    assert ("GB", "United Kingdom") in places.countries()
