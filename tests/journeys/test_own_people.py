"""From nothing to the first payslip, and to the first report that is answered: a new house without any sample."""

import re
from decimal import Decimal

import pytest

from backoffice.access.models import User
from backoffice.organisation.models import Company
from finance.ledger.models import JournalLine
from hr.payroll.models import PayrollRun, Payslip
from hr.people.models import Employment
from itsm.assets.models import Asset
from itsm.servicedesk.models import Incident
from tests.factories_assets import a_laptop
from tests.factories_payroll import work_off
from tests.journeys.test_equipment import asked
from tests.journeys.test_equipment import confirmed as said_yes
from tests.journeys.test_own_company import PASS, filled, tab_to
from tests.journeys.test_pay import all_of, confirmed, pressed

pytestmark = [pytest.mark.browser, pytest.mark.slow(seconds=60)]
COLLEAGUES = [
    ("hannah", "Hannah Pay", "Payroll clerk"),
    ("fiona", "Fiona People", "HR officer"),
    ("grace", "Grace Director", "Finance director"),
    ("ben", "Ben Desk", "IT agent"),
    ("owen", "Owen Plain", "Colleague"),
]
HEADINGS = "number,first_names,last_name,born_on,starts_on,job_title,department,cost_centre,weekly_hours"
IDRIS = "E-0002,Idris,Bell,1988-02-29,2025-04-01,Fitter,PROD,PROD,37.5"


@pytest.fixture
def house(visit, transactional_db):
    """First Trading, set up by its founder in the browser, with five colleagues; answers windows by first name."""
    fay = visit()
    fay.go("/accounts/login/")
    filled(fay, "Make the account", name="Fay Founder", email="fay@first.example", password=PASS, again=PASS)
    filled(fay, "Found the company", name="First Trading Ltd")
    filled(fay, "Save and go on")
    filled(fay, "Save and go on", from_amount="10k")
    rows = {}
    for n, (key, name, role) in enumerate(COLLEAGUES, 1):
        rows |= {f"email_{n}": f"{key}@first.example", f"name_{n}": name, f"role_{n}": role}
    filled(fay, "Save and go on", **rows)
    windows = {"fay": fay}

    def window(key):
        if key not in windows:
            windows[key] = visit(User.objects.get(email=f"{key}@first.example"))
        return windows[key]

    return window


def saved(window, where):
    window.page.keyboard.press("Control+s")
    window.page.wait_for_url(re.compile(where))
    window.settle()


def typed(page, **fields):
    """Fill a form by Tab and keys alone, in the order of its fields."""
    for name, value in fields.items():
        tab_to(page, name)
        page.keyboard.type(value)


def brought_in(window, *rows):
    text = "\n".join((HEADINGS, *rows)).encode()
    window.go("/people/import/")
    window.page.set_input_files("input[type=file]", {"name": "e.csv", "mimeType": "text/csv", "buffer": text})
    window.page.get_by_role("button", name="Look at the file").click()
    window.page.locator("#rows-h").wait_for()


def test_a_new_house_pays_its_first_month(house):
    fay, fiona, hannah, grace, owen = (house(key) for key in ("fay", "fiona", "hannah", "grace", "owen"))
    company = Company.objects.get()
    for kind, name in (("department", "Production"), ("costcentre", "Production floor")):
        fay.go(f"/admin/organisation/{kind}/add/")
        fay.page.select_option("[name=company]", label="First Trading Ltd")
        fay.page.fill("[name=code]", "PROD")
        fay.page.fill("[name=name]", name)
        with fay.page.expect_navigation():
            fay.page.click("[name=_save]")

    # Lists that are empty say how they fill.
    hannah.go("/payroll/runs/")
    assert "brought forward on the employee's page" in hannah.text()
    hannah.go("/people/pay/")
    assert "proposed on an employee's page" in hannah.text()

    # One is typed by the keyboard alone, first with a day that there is not; another comes by a file, first a faulty one.
    fiona.go("/people/new/")
    page = fiona.page
    page.locator("[name=first_names]").focus()
    typed(page, first_names="Owen", last_name="Plain", starts_on="31 feb 2025", job_title="Picker")
    typed(page, department="PROD", cost_centre="Prod", born_on="1 May 1990")
    page.keyboard.press("Control+s")
    page.get_by_text("February 2025 has 28 days").first.wait_for()
    assert page.locator("[name=job_title]").input_value() == "Picker"
    page.locator("[name=starts_on]").fill("1 Apr 2025")
    saved(fiona, r"/people/\d+/$")
    brought_in(fiona, IDRIS.replace("1988-02-29", "1987-02-29"))
    assert "1987-02-29" in fiona.text()
    brought_in(fiona, IDRIS)
    page.get_by_role("button", name="Bring in 1 employee").click()
    page.wait_for_url("**/people/?view=all")
    first, second = Employment.objects.order_by("number")
    fiona.go(f"/people/persons/{first.person_id}/edit/")
    page.select_option("[name=user]", label="Owen Plain")
    saved(fiona, rf"/people/{first.pk}/$")

    # What somebody is paid and by which code: entered by one, approved by another. A rise lies ahead.
    page = hannah.page
    for employment, amount, iban in (
        (first, "36k", "GB29NWBK60161331926819"),
        (second, "30,000", "GB94BARC10201530093459"),
    ):
        hannah.go(f"/people/{employment.pk}/pay/new/")
        page.locator("[name=valid_from]").focus()
        typed(page, valid_from="1 apr 2025", amount=amount, reason="Starting pay")
        saved(hannah, r"/people/pay/\d+/$")
        hannah.go(f"/people/{employment.pk}/bank/new/")
        page.locator("[name=holder]").focus()
        typed(page, holder=str(employment.person), iban=iban)
        saved(hannah, r"/people/bank/\d+/$")
        hannah.go(f"/payroll/tax/of/{employment.pk}/")
        page.locator("[name=effective_from]").focus()
        typed(page, effective_from="1 apr 2025", tax_code="1257l")
        page.select_option("[name=pension]", "opted_out")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(f"**/people/{employment.pk}/")
    hannah.go(f"/people/{first.pk}/pay/new/")
    page.locator("[name=valid_from]").focus()
    typed(page, valid_from="1 jan 2127", amount="38,400", reason="Promotion")
    saved(hannah, r"/people/pay/\d+/$")
    all_of(grace, "/people/pay/?view=waiting", "Approve")
    all_of(grace, "/people/bank/?view=waiting", "Confirm")

    # The run: a year that is none is refused at its field; what was paid before us is asked for and typed.
    hannah.go("/payroll/runs/new/")
    page.fill("[name=year]", "206")
    page.keyboard.press("Control+s")
    page.get_by_text("206 is no year of pay").first.wait_for()
    page.fill("[name=year]", "2026")
    page.select_option("[name=month]", "11")
    page.fill("[name=pay_on]", "27 Nov 2026")
    saved(hannah, r"/payroll/runs/\d+/$")
    calculated(hannah)
    run = PayrollRun.objects.get()
    row = page.locator("tr", has_text="Owen Plain").first
    assert "Nothing known of the tax year before" in row.inner_text()
    hannah.picture("own-run")
    row.get_by_role("link", name="Bring forward").click()
    page.wait_for_url("**/payroll/brought-forward/of/*/")
    page.select_option("[name=tax_year]", "2026-27")
    page.locator("[name=source]").focus()
    typed(page, source="Former system", taxable="21,000", tax="2732")
    hannah.picture("own-forward")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/people/{first.pk}/")
    assert "Former system" in hannah.text()
    hannah.go(run.get_absolute_url())
    calculated(hannah)
    assert "Owen Plain" not in hannah.text("section:has(h2:has-text('Exceptions'))")
    page.locator("tr", has_text="Idris Bell").get_by_role("button", name="Note as seen").click()
    page.get_by_text("Seen by").wait_for()
    pressed(hannah, "submit")
    grace.go("/")
    assert "Payroll, November 2026" in grace.text()
    grace.go(run.get_absolute_url())
    pressed(grace, "approve")
    hannah.go(run.get_absolute_url())
    confirmed(hannah, "post")
    run.refresh_from_db()
    lines = list(JournalLine.objects.filter(entry=run.entry_id).select_related("account", "dimension_set__cost_centre"))
    wages = [line for line in lines if line.account.role == "wages"]
    assert {line.dimension_set.cost_centre.code: line.debit for line in wages} == {"PROD": Decimal("5500.00")}

    # Owen reads how it came about; the HR officer and the founder are told no amount anywhere.
    owen.go("/payroll/mine/")
    owen.page.locator("main tbody a").first.click()
    tax = owen.page.locator("details", has_text="Income tax").first
    tax.locator("summary").click()
    for step in ("390.60", "8 of 12", "24,000.00"):
        assert step in tax.inner_text(), tax.inner_text()
    owen.picture("own-payslip")
    for window in (fiona, fay):
        for address in (f"/people/{first.pk}/", f"/find/?q={first.number}", "/notices/", "/"):
            window.go(address)
            assert not re.search(r"36,000|3,000\.00|38,400|390\.60", window.page.content()), address

    confirmed_with_reason(hannah, run)
    assert Payslip.objects.filter(run=run).count() == 2
    owen.go("/payroll/mine/")
    assert "No payslips yet" in owen.text()
    assert sum(line.debit - line.credit for line in JournalLine.objects.filter(entry__company=company)) == 0


def calculated(window):
    """Have the run calculated; its page renews itself once that is over."""
    pressed(window, "calculate")
    window.page.locator("#progress").wait_for()
    work_off()
    window.page.locator("#progress").wait_for(state="detached")
    window.settle()


def confirmed_with_reason(window, run):
    window.go(f"/payroll/runs/{run.pk}/reverse/")
    window.page.locator("[name=reason]").fill("Pay of October was missing")
    window.page.locator("main form button.btn:has-text('Reverse')").click()
    window.page.wait_for_url(f"**/payroll/runs/{run.pk}/")
    window.settle()
    assert "Reversed" in window.text()


def test_a_new_house_answers_its_first_report_and_hands_out_a_laptop(house):
    fay, owen, ben, fiona = (house(key) for key in ("fay", "owen", "ben", "fiona"))
    company = Company.objects.get()

    # Nobody is in the team and only one service has a name yet: a report is seen and resolved all the same.
    owen.go("/desk/my/new/")
    page = owen.page
    page.keyboard.press("Control+s")
    page.get_by_text("2 things to put right").wait_for()
    page.locator("[name=subject]").focus()
    typed(page, subject="No sound", text="Callers hear me, I do not hear them.")
    saved(owen, r"/desk/my/\d+/$")
    incident = Incident.objects.get()
    ben.go("/")
    assert "No sound" in ben.text()
    ben.go(f"/desk/{incident.pk}/")
    pressed(ben, "take")
    page = ben.page
    page.get_by_text("Team note").click()
    page.locator("#say-text").fill("Odd: the wrong device.")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("noted for the team only").wait_for()
    page.locator("#say-text").fill("Please look at the settings.")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Please look at the settings.").wait_for()
    asked(ben, "wait")
    said_yes(ben)
    owen.go(f"/desk/my/{incident.pk}/")
    assert "Odd" not in owen.page.content()
    owen.page.locator("main textarea[name=text]").fill("Still silent.")
    owen.page.get_by_role("button", name="Send").click()
    owen.page.get_by_text("Still silent.").wait_for()
    incident.refresh_from_db()
    assert incident.state == "in_progress"  # an answer lets it go on
    for solution in ("Chose the headset.", "Chose it for good."):
        ben.go(f"/desk/{incident.pk}/")
        asked(ben, "resolve")
        page.locator("#ask select[name=service]").select_option(label="Something else")
        page.locator("#ask [name=solution]").fill(solution)
        said_yes(ben)
        incident.refresh_from_db()
        assert (incident.state, incident.solution) == ("resolved", solution)
        if solution == "Chose the headset.":
            owen.go(f"/desk/my/{incident.pk}/")
            asked(owen, "reopen")
            owen.page.locator("#ask [name=reason]").fill("Silent again")
            said_yes(owen)

    # A mailbox is set up by the keyboard; what is missing is said at its field, and the password never comes back.
    fay.go("/desk/mailboxes/new/")
    page = fay.page
    page.locator("[name=address]").focus()
    typed(page, address="help@first.example", host="imap.first.example", login="help", secret="not told")
    page.keyboard.press("Control+s")
    page.get_by_text("1 thing to put right").wait_for()
    page.select_option("[name=acts_as]", label="Ben Desk")
    page.locator("[name=secret]").fill("not told")
    saved(fay, r"/desk/mailboxes/\d+/$")
    assert "not told" not in page.content()

    # An asset by hand: without equipment among the items the form says where to begin.
    ben.go("/assets/new/")
    assert "marks an item as equipment" in ben.text()
    laptop_item = a_laptop(company)
    fiona.go("/people/new/")
    page = fiona.page
    page.locator("[name=first_names]").focus()
    typed(page, first_names="Owen", last_name="Plain", starts_on="1 Apr 2025", job_title="Picker")
    typed(page, department="MAIN", cost_centre="Gen")
    saved(fiona, r"/people/\d+/$")
    employment = Employment.objects.get()
    fiona.go(f"/people/persons/{employment.person_id}/edit/")
    page.select_option("[name=user]", label="Owen Plain")
    saved(fiona, rf"/people/{employment.pk}/$")
    ben.go("/assets/new/")
    page = ben.page
    page.locator("[name=item]").focus()
    typed(page, item=laptop_item.name, serial="5CG1", cost="890", acquired_on="1 nov 26")
    saved(ben, r"/assets/\d+/$")
    asset = Asset.objects.get()
    sticker = page.request.get(f"{ben.url}/assets/{asset.pk}/label/")
    assert sticker.body().startswith(b"%PDF-")
    asked(ben, "hand_over")
    page.locator("#ask select[name=employment]").select_option(str(employment.pk))
    said_yes(ben)
    owen.go("/assets/mine/")
    with owen.page.expect_navigation():
        owen.page.get_by_role("button", name=f"Accept {asset.number}").click()
    fiona.go(f"/people/{employment.pk}/give_notice/")
    fiona.page.locator("[name=last_day]").fill("31 dec 2126")
    fiona.page.locator("main form button.btn:has-text('Give notice')").click()
    fiona.page.wait_for_url(f"**/people/{employment.pk}/")
    ben.go("/assets/?view=back")
    assert asset.number in ben.text()
    ben.go(f"/assets/{asset.pk}/")
    asked(ben, "take_back")
    page.locator("#ask [name=condition]").fill("Good as new")
    said_yes(ben)
    asset.refresh_from_db()
    assert (asset.state, asset.holder) == ("returned", None)
