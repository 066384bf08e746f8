"""A journey: people come in by a file, pay is calculated by workers, approved by another, posted, told and paid out."""

import csv
import io
import os
import re
import signal
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone
from lxml import etree

from backoffice.access.models import Role, RoleAssignment, User
from backoffice.jobs import sweeping
from backoffice.jobs.models import Job
from finance.banking.models import BankAccount, PaymentFile, PaymentRun
from finance.ledger.models import Account, JournalLine
from hr.payroll import gathering, preparing
from hr.payroll.models import PayrollRun, Payslip, RunChunk, YearToDate
from hr.people.importing import COLUMNS
from hr.people.models import Employment, Person, PersonBankAccount
from tests.browsing import DARK, PHONE
from tests.factories_payroll import a_clerk, a_director, a_run, posted, staff
from tests.factories_people import a_place
from tests.fixtures_world import a_company

pytestmark = [pytest.mark.browser, pytest.mark.slow(seconds=100)]
SERIOUS = ("serious", "critical")
IBANS = ["GB29NWBK60161331926819", "GB94BARC10201530093459", "GB33BUKB20201555555555"]
ROWS = [
    {"number": "E-0901", "first_names": "Nora", "last_name": "Field", "pay": "36000", "iban": IBANS[0]},
    {"number": "E-0902", "first_names": "Idris", "last_name": "Bell", "pay": "30000", "iban": IBANS[1]},
    {"number": "E-0903", "first_names": "Maeve", "last_name": "Quinn", "pay": "28000", "iban": ""},
]


@pytest.fixture
def company(transactional_db):
    """A house with thirty people who were paid in October; takes the place of the sample for worker and mail."""
    company = a_company()
    clerk, director = a_clerk(company, "Petra Past"), a_director(company, "Dora Past")
    staff(company, 24, by=clerk, centre=a_place(company, "WH", "Warehouse"), amount="26000")
    staff(company, 6, by=clerk, centre=a_place(company, "IT", "IT"), amount="42000", first=25)
    posted(a_run(company, clerk, month=10, pay_on=date(2026, 10, 30)), clerk, director)
    PayrollRun.objects.update(state="paid")
    Job.objects.all().delete()
    BankAccount.objects.create(
        company=company, name="Current", account=Account.objects.get(company=company, code="1210"), holder="Calder",
        iban=IBANS[2], bic="BUKBGB22", currency="GBP",
    )  # fmt: skip
    return company


def somebody(company, name, *keys):
    user = User.objects.create(email=f"{name.split()[0].lower()}@calderwren.example", name=name)
    for key in keys:
        RoleAssignment.objects.create(user=user, role=Role.objects.get(key=key), company=company)
    return user


def a_file(*rows):
    """A CSV of employees; they started on the first day of the month that is paid."""
    usual = {
        "born_on": "1990-05-01", "starts_on": "2026-11-01", "job_title": "Picker", "department": "WH", "cost_centre": "WH",
        "weekly_hours": "37.5", "pay_basis": "annual",
    }  # fmt: skip
    written = io.StringIO()
    out = csv.DictWriter(written, COLUMNS)
    out.writeheader()
    for row in rows:
        holder = f"{row['first_names']} {row['last_name']}" if row["iban"] else ""
        out.writerow({**usual, "account_holder": holder, **row})
    return {"name": "employees.csv", "mimeType": "text/csv", "buffer": written.getvalue().encode()}


def accessible(window):
    assert [f for f in window.findings() if f[1] in SERIOUS] == []


def pressed(window, verb):
    with window.page.expect_navigation():
        window.page.locator(f".head form[action$='/{verb}/'] button").first.click()
    window.settle()


def confirmed(window, verb):
    """Choose a verb that asks whether one is sure, and say yes."""
    page = window.page
    page.locator(f".head a[href$='/{verb}/']").first.click()
    page.locator("#ask footer .btn:not([data-act])").wait_for()
    with page.expect_navigation():
        page.click("#ask footer .btn:not([data-act])")
    window.settle()


def all_of(window, path, label):
    """Select every row of a list and perform a verb on them."""
    window.go(path)
    page = window.page
    page.locator("thead input[type=checkbox]").first.check()
    with page.expect_navigation():
        page.locator("#bulk button", has_text=label).click()
    window.settle()


def awaited(condition, seconds=60):
    end = time.monotonic() + seconds
    while not (outcome := condition()) and time.monotonic() < end:
        time.sleep(0.1)
    assert outcome
    return outcome


def test_pay_from_a_file_of_people_to_the_bank(visit, company, mail_server, worker):
    hannah = somebody(company, "Hannah Reid", "member", "hr-officer", "payroll-clerk")
    grace = somebody(company, "Grace Okafor", "member", "finance-director")
    nora_user = somebody(company, "Nora Field", "member")
    clerk, director = visit(hannah), visit(grace)
    page = clerk.page

    # A file with a faulty row changes nothing and says which row; the mended one comes in.
    clerk.go("/people/import/")
    page.set_input_files("input[type=file]", a_file(*ROWS[:2], {**ROWS[2], "department": "MOON"}))
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_text("Nothing was brought in.").wait_for()
    faulty = page.locator("tr", has_text="E-0903").inner_text()
    assert "MOON" in faulty, faulty
    assert not Employment.objects.filter(number__gte="E-09").exists()
    page.get_by_role("link", name="Choose another file").click()
    page.set_input_files("input[type=file]", a_file(*ROWS))
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_role("button", name="Bring in 3 employees").click()
    page.wait_for_url("**/people/?view=all")
    nora, idris, maeve = (Employment.objects.get(number=row["number"]) for row in ROWS)
    Person.objects.filter(pk=nora.person_id).update(user=nora_user)

    # Another person approves pay and confirms bank details, many at once.
    all_of(director, "/people/pay/?view=waiting", "Approve")
    all_of(director, "/people/bank/?view=waiting", "Confirm")
    assert nora.pay_rates.get().state == "approved"
    assert PersonBankAccount.objects.filter(person=idris.person_id, state="confirmed").exists()

    # Today a rise that lies ahead; how two are taxed; a bonus of this month.
    clerk.go(f"/people/{nora.pk}/pay/new/")
    page.fill("[name=valid_from]", "1 Jan 2127")
    page.fill("[name=amount]", "38,400")
    page.fill("[name=reason]", "Promotion")
    page.keyboard.press("Control+s")
    page.wait_for_url(lambda url: "/people/pay/" in url)
    for employment, code in ((nora, "1257L M1"), (maeve, "1257L M1")):
        clerk.go(f"/payroll/tax/of/{employment.pk}/")
        page.fill("[name=effective_from]", "1 Nov 2026")
        page.fill("[name=tax_code]", code)
        page.select_option("[name=pension]", "opted_out")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(f"**/people/{employment.pk}/")
    clerk.go("/payroll/elements/new/")
    page.fill("[name=code]", "bonus")
    page.fill("[name=name]", "Bonus")
    for base in ("taxable", "niable"):
        page.check(f"[name=feeds][value={base}]")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/payroll/elements/")
    veteran = Employment.objects.get(number="E-0001")
    clerk.go(f"/payroll/items/of/{veteran.pk}/")
    page.select_option("[name=element]", label="bonus Bonus") if page.locator("select[name=element]").count() else None
    page.fill("[name=amount]", "1,500")
    page.fill("[name=valid_from]", "1 Nov 2026")
    clerk.picture("pay-item-new")
    accessible(clerk)
    page.keyboard.press("Control+s")
    page.wait_for_url(f"**/people/{veteran.pk}/")
    clerk.picture("pay-employee")
    accessible(clerk)

    # The run of November: a worker calculates, the page shows how far it is and renews itself.
    clerk.go("/payroll/runs/")
    page.get_by_role("link", name="New run").click()
    assert page.input_value("[name=year]") == "2026"
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/payroll/runs/\d+/$"))
    run = PayrollRun.objects.get(month=11)
    pressed(clerk, "calculate")
    page.locator("#progress").wait_for()
    clerk.picture("pay-progress")
    for _second in range(60):  # the steps in the head name each state, so the page's words don't tell when it is done
        run.refresh_from_db()
        if run.state == "calculated":
            break
        time.sleep(1)
    clerk.go(run.get_absolute_url())
    assert (run.state, run.people) == ("calculated", 33)

    # Who cannot be paid, and who needs a look against October; each is put right where it stands.
    exceptions = clerk.text("section:has(h2:has-text('Exceptions'))")
    for words in ("No tax code from HMRC", "No bank details", "Net pay up", "Started on"):
        assert words in exceptions, exceptions
    clerk.picture("pay-run")
    accessible(clerk)
    row = page.locator("tr", has_text="Idris Bell")
    row.get_by_role("button", name="Use 0T emergency code").click()
    page.get_by_text("The emergency code holds").wait_for()
    page.locator("tr", has_text="Maeve Quinn").get_by_role("link", name="Leave out").click()
    page.fill("[name=reason]", "Bank details come by post")
    page.get_by_role("button", name="Leave out").click()
    page.wait_for_url(f"**/payroll/runs/{run.pk}/")
    page.locator("tr", has_text="Anna Number 1 ").get_by_role("button", name="Note as seen").click()
    page.get_by_text("Seen by").wait_for()
    pressed(clerk, "calculate")
    awaited(lambda: PayrollRun.objects.get(pk=run.pk).state == "calculated")
    clerk.go(f"/payroll/runs/{run.pk}/")
    assert "Bank details come by post" in clerk.text()
    pressed(clerk, "submit")

    # Whoever prepared it cannot approve it, whatever their roles, and is told why; Grace can.
    both = RoleAssignment.objects.create(user=hannah, role=Role.objects.get(key="finance-director"), company=company)
    clerk.go(f"/payroll/runs/{run.pk}/")
    approve = page.locator(".head button", has_text="Approve").first
    assert approve.get_attribute("aria-disabled") == "true"
    why = page.locator(f"#{approve.get_attribute('aria-describedby')}").inner_text()
    assert "Entered by you, so somebody else must approve" in why
    both.delete()
    director.go("/")
    assert "Payroll, November 2026" in director.text()
    director.go(f"/payroll/runs/{run.pk}/")
    director.picture("pay-run-approve")
    pressed(director, "approve")
    clerk.go(f"/payroll/runs/{run.pk}/")
    confirmed(clerk, "post")
    run.refresh_from_db()
    assert run.state == "posted"
    lines = list(JournalLine.objects.filter(entry=run.entry_id).select_related("account", "dimension_set__cost_centre"))
    assert sum(line.debit - line.credit for line in lines) == 0
    centres = {line.dimension_set.cost_centre.code for line in lines if line.account.role == "wages"}
    assert centres == {"WH", "IT"}
    assert [line.credit for line in lines if line.account.role == "wages_payable"] == [run.net]

    # Nora gets a link, no amount; behind it each line says what it comes from.
    letter = awaited(lambda: mail_server.to(nora_user))[-1]
    words = letter.get_body(("plain",)).get_content()
    assert "3,000" not in words and "390" not in words
    nora_window = visit(nora_user)
    nora_window.go(re.search(r"http\S+", words)[0])
    tax = nora_window.page.locator("details", has_text="Income tax").first
    assert "390.20" in tax.inner_text()
    tax.locator("summary").click()
    for step in ("1257LM1", "Taxable, whole pounds", "paye.bands.rest"):
        assert step in tax.inner_text(), tax.inner_text()
    nora_window.picture("pay-own-payslip")
    accessible(nora_window)
    with nora_window.page.expect_download() as paper:
        nora_window.page.get_by_role("link", name="PDF").first.click()
    assert paper.value.path().read_bytes().startswith(b"%PDF-")

    with time_machine.travel(datetime(2026, 11, 24, 9, 0, tzinfo=UTC)):  # before pay day: no bank pays yesterday
        payment = paid_out(clerk, director, run)
    pictures(visit, hannah, nora_user, run, payment)


def paid_out(clerk, director, run):
    """Net wages: proposed by Hannah, released by Grace, written for the bank once."""
    page = clerk.page
    clerk.go("/banking/runs/new/")
    page.select_option("[name=source]", "wages")
    if page.locator("select[name=bank_account]").count():
        page.select_option("[name=bank_account]", index=1)
    page.fill("[name=pay_on]", f"{run.pay_on:%-d %b %Y}")
    page.fill("[name=due_until]", f"{run.pay_on:%-d %b %Y}")
    page.get_by_role("button", name="Propose").click()
    page.wait_for_url(re.compile(r"/banking/runs/\d+/$"))
    payment = PaymentRun.objects.get()
    assert payment.total == run.net
    clerk.settle()
    clerk.picture("pay-payment-run")
    accessible(clerk)
    director.go("/")
    assert "Payment run of" in director.text()
    director.go(f"/banking/runs/{payment.pk}/")
    confirmed(director, "release")
    pressed(director, "export")
    with director.page.expect_download() as file:
        director.page.locator(f"a[href='/banking/runs/{payment.pk}/file/']").click()
    tree = etree.parse(file.value.path())
    space = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
    assert tree.xpath("string(//p:GrpHdr/p:NbOfTxs)", namespaces=space) == "32"
    assert Decimal(tree.xpath("string(//p:GrpHdr/p:CtrlSum)", namespaces=space)) == run.net
    assert PaymentFile.objects.filter(run=payment).count() == 1
    assert not director.page.locator(".head form[action$='/export/'] button").count(), "a file is written once"
    run.refresh_from_db()
    assert run.state == "paid"
    owed = JournalLine.objects.filter(account__role="wages_payable", entry__in=[run.entry_id, _entry(payment)])
    assert sum(line.debit - line.credit for line in owed) == 0
    return payment


def _entry(payment):
    return PaymentRun.objects.get(pk=payment.pk).entry_id


def pictures(visit, hannah, nora, run, payment):
    """All of it in the dark and on a phone: readable, accessible, no wider than the screen."""
    slip = Payslip.objects.get(run=run, employment__number="E-0901")
    pages = [
        (hannah, "run", f"/payroll/runs/{run.pk}/"), (hannah, "runs", "/payroll/runs/"),
        (hannah, "slips", f"/payroll/slips/?run={run.pk}"), (hannah, "slip", f"/payroll/slips/{slip.pk}/"),
        (hannah, "items", "/payroll/items/"), (hannah, "elements", "/payroll/elements/"),
        (hannah, "payment-run", f"/banking/runs/{payment.pk}/"), (nora, "own", "/payroll/mine/"),
        (nora, "own-slip", f"/payroll/mine/{slip.pk}/"),
    ]  # fmt: skip
    for dress, name in ((DARK, "dark"), (PHONE, "phone")):
        for who in (hannah, nora):
            window = visit(who, dress)
            for each, what, path in pages:
                if each == who:
                    window.go(path)
                    window.settle()
                    window.picture(f"pay-{what}-{name}")
                    accessible(window)
                    assert not window.page.evaluate("document.documentElement.scrollWidth > innerWidth"), path


def test_a_worker_that_is_killed_leaves_nothing_half_done_and_each_is_calculated_once(company, worker):
    clerk = a_clerk(company, "Hannah Reid")
    staff(company, 370, by=clerk, first=100)
    run = preparing.open(company, year=2026, month=11, pay_on=date(2026, 11, 27), by=clerk)
    preparing.calculate(run, by=clerk)
    awaited(lambda: RunChunk.objects.filter(run=run, done_at__isnull=False).count() >= 3)

    os.kill(worker.process.pid, signal.SIGKILL)
    worker.process.wait()

    kept = dict(Payslip.objects.filter(run=run).values_list("employment", "pk"))
    assert 0 < len(kept) < 400, "killed in the middle"
    done = RunChunk.objects.filter(run=run, done_at__isnull=False)
    assert len(kept) == sum(len(part.employments) for part in done), "a part is written wholly or not at all"
    worker.begin()
    sweeping.sweep(timezone.now() + timedelta(minutes=5))  # what beat does when a heart has been silent
    awaited(lambda: PayrollRun.objects.get(pk=run.pk).state == "calculated", 120)

    run.refresh_from_db()
    now = dict(Payslip.objects.filter(run=run).values_list("employment", "pk"))
    assert run.people == len(now) == 400
    assert kept.items() <= now.items(), "nobody was calculated twice"
    assert gathering.stale(run) == []
    years = YearToDate.objects.filter(run=run, code="gross")
    assert years.count() == years.values("employment").distinct().count() == 400
