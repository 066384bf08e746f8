"""From nothing to the first bill in one's own company, and the grid under the hands of somebody who types."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone

from backoffice.access.models import User
from backoffice.messaging import sending
from backoffice.organisation.models import Company
from finance.payables.models import Bill

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASS = "a long pass phrase"


def filled(window, button, **fields):
    """Fill a form of the set-up and go on."""
    for name, value in fields.items():
        field = window.page.locator(f"[name={name}]")
        if field.evaluate("x => x.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    with window.page.expect_navigation():
        window.page.click(f"button:has-text('{button}')")
    window.settle()


def at(page):
    return page.evaluate("document.activeElement.name || ''")


def tab_to(page, name):
    """Tab until the field of this name has the focus."""
    for _press in range(25):
        if at(page) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by Tab, only {at(page)}")


def taken(page, words):
    """Type into a look-up and take what it offers first."""
    page.keyboard.type(words)
    page.locator(".pop:not([hidden]) [role=option]").first.wait_for()
    page.keyboard.press("Enter")


def test_a_founder_enters_a_bill_of_ten_lines_and_a_colleague_approves_it(visit, transactional_db, mail_server):
    # Nobody is here yet: the sign-in leads to the set-up.
    fay = visit()
    fay.go("/accounts/login/")
    filled(fay, "Make the account", name="Fay Founder", email="fay@first.example", password=PASS, again=PASS)
    filled(fay, "Found the company", name="First Trading Ltd", vat_number="980 7806 84")
    filled(fay, "Save and go on")  # the chart and year that were proposed
    filled(fay, "Save and go on", from_amount="10k")
    filled(fay, "Save and go on", email_1="gus@first.example", name_1="Gus Second", role_1="Finance director")
    fay.picture("setup-done")
    company = Company.objects.get()
    assert "First Trading is ready" in fay.text()

    # The first bill, by the keyboard alone. Its supplier is not known yet: the look-up leads to the form beside.
    fay.go("/payables/bills/new/")
    page = fay.page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to the content
    tab_to(page, "party-text")
    with fay.context.expect_page() as opened:
        taken(page, "Pennine Paper Ltd")
    beside = opened.value
    beside.wait_for_load_state("networkidle")
    assert beside.locator("[name=name]").input_value() == "Pennine Paper Ltd"
    beside.keyboard.press("Control+s")
    beside.wait_for_url(re.compile(r"/parties/\d+/$"))
    beside.close()
    page.locator("[name='party-text']").fill("")
    taken(page, "penn")
    tab_to(page, "reference")
    page.keyboard.type("PP-1")
    tab_to(page, "bill_date")
    page.keyboard.type("t")
    tab_to(page, "lines-0-text")
    for n in range(10):
        assert at(page) == f"lines-{n}-text"
        page.keyboard.type(f"Paper, sort {n + 1}")
        page.keyboard.press("Tab")
        if n:
            page.keyboard.press("Control+d")
        else:
            taken(page, "7310")
        page.keyboard.press("Tab")
        page.keyboard.press("Control+d") if n else page.keyboard.type("Gen")
        page.keyboard.press("Tab")
        page.keyboard.press("Control+d") if n else page.keyboard.type("Stan")
        page.keyboard.press("Tab")
        page.keyboard.type(str(n + 1))
        page.keyboard.press("Tab")
        page.keyboard.type("12.5")
        page.keyboard.press("Tab")
    assert page.locator("[data-sum=net]").first.inner_text() == "687.50"
    fay.picture("ten-lines")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/payables/bills/\d+/$"))
    fay.settle()
    bill = Bill.objects.get()
    assert bill.state == Bill.State.SUBMITTED
    assert (bill.net, bill.tax, bill.lines.count()) == (Decimal("687.50"), Decimal("137.50"), 10)

    # Gus follows his invitation, makes a password, and approves what Fay may not.
    assert not page.locator(".head form[action$='/approve/'] button").count()
    sending.send_waiting(timezone.now())
    gus = visit()
    invitation, request = mail_server.to(User.objects.get(email="gus@first.example"))
    assert "PP-1" in request["Subject"]
    gus.go(re.search(r"http\S+", invitation.get_body(("plain",)).get_content())[0])
    for field in gus.page.locator("input[type=password]").all():
        field.fill(PASS)
    with gus.page.expect_navigation():
        gus.page.keyboard.press("Enter")
    gus.settle()
    gus.picture("invited")
    gus.sign_in(User.objects.get(email="gus@first.example"), PASS)
    gus.go("/")
    gus.page.locator("tr.row", has_text="PP-1").locator("form[action$='/approve/'] button").click()
    gus.page.wait_for_selector(".toast")
    bill.refresh_from_db()
    assert bill.state == Bill.State.POSTED
    assert bill.company == company
    assert bill.number.endswith("-00001")


def test_rows_of_a_spreadsheet_are_pasted_into_a_bill(visit, company, people):
    tom = visit(people["tom"])
    tom.go("/payables/bills/new/")
    page = tom.page
    page.locator("[name='party-text']").fill("Northmoor")
    page.locator(".pop:not([hidden]) [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    page.locator("[name=reference]").fill("PASTED-1")
    page.locator("[name=bill_date]").fill("20 nov 26")
    rows = "\n".join(f"Box {n}\t5130\tLeeds warehouse\tStandard\t{n}\t£1,250.00" for n in range(1, 7))
    page.evaluate("text => navigator.clipboard.writeText(text)", rows)
    page.locator("[name='lines-0-text']").focus()
    page.keyboard.press("Control+v")

    page.wait_for_selector(".toast:has-text('6 rows came in')")
    assert page.locator("[data-sum=net]").first.inner_text() == "26,250.00"
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/payables/bills/\d+/$"))
    bill = Bill.objects.get(reference="PASTED-1")
    assert bill.net == Decimal("26250.00")
    assert {(line.account.code, line.cost_centre.name) for line in bill.lines.all()} == {("5130", "Leeds warehouse")}
