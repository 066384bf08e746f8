"""The first journey: a supplier bill, from its arrival to the books, by the hands of those who do it."""

import re
from decimal import Decimal

import pytest

from backoffice.access.models import Override, User
from backoffice.exchange.models import Upload
from backoffice.parties.models import Party
from finance.ledger.models import Period
from finance.payables.models import Bill
from tests.journeys import papers

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BILLS = "/payables/bills/"
UPLOAD = "/exchange/new/bill/"


def brought_in(window, *files):
    """Upload these files on the screen; the text of the list of what became of them."""
    window.go(UPLOAD)
    window.page.set_input_files("input[type=file]", list(files))
    window.page.click("text=Bring in")
    window.settle()
    return window.text()


def chosen(page, name, words):
    """Type into a look-up and take its first row."""
    page.locator(f"[name='{name}-text']").fill(words)
    page.locator(".pop:not([hidden]) [role=option]").first.wait_for()
    page.keyboard.press("Enter")


def pressed(window, verb):
    """Press the button of a verb in the head of a document."""
    with window.page.expect_navigation():
        window.page.click(f".head form[action$='/{verb}/'] button")
    window.settle()


def asked(window, verb, reason):
    """Choose a verb that asks for a reason first, and give one."""
    page = window.page
    button = page.locator(f".head a[href$='/{verb}/']")
    if not button.is_visible():
        page.click(".head .menu summary")
    button.click()
    page.locator("#ask [name=reason]").fill(reason)
    with page.expect_navigation():
        page.click("#ask footer .btn:not([data-act])")
    window.settle()


def test_a_bill_comes_as_a_file_and_ends_in_the_books(visit, company, people, mail_server, worker):
    northmoor = Party.objects.get(name="Northmoor Packaging Ltd")
    rows = [("Mailing box 600×400×300", "700", "14.80"), ("Delivery", "1", "40.00")]
    paper = papers.an_invoice(company, northmoor, "NP-90001", *rows)
    before = Bill.objects.count()

    # Tom brings in four files at once: a good one, its twin, a torn one and one of an unknown supplier.
    tom = visit(people["tom"], by_form=True)
    told = brought_in(
        tom,
        papers.as_upload("np-90001.xml", paper),
        papers.as_upload("np-90001-again.xml", paper.replace(b"<cbc:ID>NP-90001<", b"<cbc:ID>np 90001<")),
        papers.as_upload("torn.xml", paper[: len(paper) // 2]),
        papers.as_upload("looms.xml", papers.an_invoice(company, papers.a_newcomer(), "WL-1", ("Cloth", "3", "200"))),
    )
    tom.picture("uploaded")
    assert "already" in told, told
    assert Bill.objects.count() == before + 1
    bill = Bill.objects.get(reference="NP-90001")
    assert (bill.net, bill.tax, bill.total) == (Decimal("10400.00"), Decimal("2080.00"), Decimal("12480.00"))
    assert bill.party == northmoor
    assert bill.lines.filter(account=None).count() == 0, "coded as the supplier's bills usually are"

    # Nothing of the refused ones is lost, and the unknown supplier is proposed.
    tom.go("/exchange/")
    for name in ("np-90001-again.xml", "torn.xml", "looms.xml"):
        assert name in tom.text()
    tom.page.click("text=looms.xml")
    tom.settle()
    tom.page.click("text=Create this supplier and capture the bill")
    tom.settle()
    assert Bill.objects.get(reference="WL-1").party.name == "Wetherby Looms Ltd"

    # He codes the delivery to carriage of Leeds, and sees what would be posted.
    tom.go(f"{BILLS}{bill.pk}/edit/")
    chosen(tom.page, "lines-1-account", "5120")
    tom.page.locator("[name='lines-1-cost_centre']").select_option(label="Leeds warehouse")
    tom.page.keyboard.press("Control+s")
    tom.page.wait_for_url(re.compile(rf"{BILLS}{bill.pk}/$"))
    tom.settle()
    assert "Postings, as they would be now" in tom.text()
    for words in ("5120", "40.00", "2,080.00", "12,480.00"):
        assert words in tom.text("section:has(#postings-h)")
    pressed(tom, "submit")
    tom.picture("submitted")
    assert not tom.page.locator(".head form[action$='/approve/'] button").count(), "who entered it cannot approve it"

    # Over 10,000 two must agree. Both hear of it by mail; Priya finds it under My work.
    awaited(lambda: mail_server.to(people["priya"]) and mail_server.to(people["grace"]))
    assert not mail_server.to(people["tom"])
    letter = mail_server.to(people["priya"])[0]
    assert "12,480.00" in letter["Subject"]
    address = re.search(r"http\S+", letter.get_body(("plain",)).get_content())[0]
    priya = visit(people["priya"])
    priya.go("/")
    row = priya.page.locator("tr.row", has_text="NP-90001")
    assert "One of 2 approvals" in row.inner_text()
    priya.go(address)
    pressed(priya, "approve")
    bill.refresh_from_db()
    assert bill.state == Bill.State.SUBMITTED
    assert "Postings, as they would be now" in priya.text()
    grace = visit(people["grace"])
    grace.go("/")
    grace.page.locator("tr.row", has_text="NP-90001").locator("form[action$='/approve/'] button").click()
    grace.page.wait_for_selector(".toast")
    bill.refresh_from_db()
    assert bill.state == Bill.State.POSTED

    # It has the next number and an entry that balances, with its VAT, and each leads to the other.
    numbers = [int(n[-5:]) for n in Bill.objects.exclude(number="").values_list("number", flat=True) if "2026" in n]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert int(bill.number[-5:]) == len(numbers)
    entry = bill.entry
    assert sum(line.debit - line.credit for line in entry.lines.all()) == 0
    assert [(row.base, row.tax) for row in entry.tax_rows.all()] == [(Decimal("10400.00"), Decimal("2080.00"))]
    grace.go(f"{BILLS}{bill.pk}/")
    grace.picture("posted")
    grace.page.click(f"section:has(#related-h) a:has-text('{entry.number}')")
    grace.settle()
    assert not grace.page.locator("a[href$='/edit/']:visible").count(), "an entry is not changed"
    grace.page.click(f"main a[href='{BILLS}{bill.pk}/']")
    grace.settle()

    # It is reversed with a reason, by a mirror entry that stays linked.
    asked(grace, "reverse", "Delivered to the wrong warehouse")
    entry.refresh_from_db()
    assert entry.is_reversed
    assert "Reversed" in grace.text()


def typed(window, reference, day, account="7320", centre="Head office", price="500"):
    """Type a bill of one line on the screen and submit it; the window shows the outcome."""
    page = window.page
    window.go(f"{BILLS}new/")
    chosen(page, "party", "Larch")
    page.locator("[name=reference]").fill(reference)
    page.locator("[name=bill_date]").fill(day)
    page.locator("[name='lines-0-text']").fill("Advice")
    chosen(page, "lines-0-account", account)
    page.locator("[name='lines-0-cost_centre']").select_option(label=centre)
    page.locator("[name='lines-0-tax_code']").select_option(label="S20 Standard 20%")
    page.locator("[name='lines-0-unit_price']").fill(price)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("h1:has-text('Larch'), .note.bad")
    window.settle()


def test_not_even_a_superuser_approves_an_own_bill_without_an_override_that_is_logged(visit, company, people):
    una = visit(User.objects.create_superuser("una@calderwren.example", "x" * 12, name="Una Superuser"))
    typed(una, "OWN-1", "20 nov 26")
    bill = Bill.objects.get(reference="OWN-1")
    assert bill.state == Bill.State.SUBMITTED
    own = una.page.locator(".head button", has_text="Approve").first
    assert own.get_attribute("aria-disabled") == "true"
    assert "Entered by you" in una.page.locator(f"#{own.get_attribute('aria-describedby')}").inner_text()

    # Ada, who can open no bill, grants one override, with a reason.
    ada = visit(people["ada"])
    assert ada.go(f"{BILLS}{bill.pk}/").status in (403, 404)
    ada.go("/documents/overrides/new/")
    ada.page.locator("[name=document]").fill(f"{una.url}{BILLS}{bill.pk}/")
    ada.page.locator("[name=verb]").select_option(label="Approve")
    chosen(ada.page, "to", "Una") if ada.page.locator("[name='to-text']").count() else ada.page.locator(
        "[name=to]"
    ).select_option(label="Una Superuser")
    ada.page.click("text=Grant the override")
    ada.page.wait_for_selector(".note.bad")
    assert Override.objects.count() == 0, "without a reason there is none"
    ada.page.locator("[name=reason]").fill("Both approvers are away until Monday")
    with ada.page.expect_navigation():
        ada.page.click("text=Grant the override")

    una.go(f"{BILLS}{bill.pk}/")
    pressed(una, "approve")
    bill.refresh_from_db()
    assert bill.state == Bill.State.POSTED
    bilal = visit(people["bilal"])
    bilal.go(f"{BILLS}{bill.pk}/")
    assert "Both approvers are away until Monday" in bilal.text()
    bilal.go("/documents/overrides/")
    assert "Una Superuser" in bilal.text()


def test_a_closed_period_refuses_a_bill_until_it_is_opened_again(visit, company, people):
    tom = visit(people["tom"])
    typed(tom, "LATE-1", "30 oct 26")
    bill = Bill.objects.get(reference="LATE-1")
    october = Period.objects.get(company=company, starts_on="2026-10-01")
    grace = visit(people["grace"])
    grace.go(f"/ledger/periods/{october.pk}/")
    pressed(grace, "close")

    priya = visit(people["priya"])
    priya.go(f"{BILLS}{bill.pk}/")
    pressed(priya, "approve")
    bill.refresh_from_db()
    assert (bill.state, bill.entry) == (Bill.State.APPROVED, None)
    priya.picture("refused")
    assert "The period of 30 Oct 2026 is closed" in priya.text()

    grace.go(f"/ledger/periods/{october.pk}/")
    asked(grace, "reopen", "One bill came late")
    grace.go(f"{BILLS}{bill.pk}/")
    pressed(grace, "post")
    bill.refresh_from_db()
    assert bill.state == Bill.State.POSTED
    assert str(bill.entry.on) == "2026-10-30"


@pytest.mark.parametrize("sample", papers.samples())
def test_the_public_samples_are_captured_or_refused_with_a_reason(visit, company, people, sample):
    """They are addressed to other companies, so a person is asked or told; nothing is lost and nothing breaks."""
    tom = visit(people["tom"])
    told = brought_in(tom, sample)
    upload = Upload.objects.latest("pk")
    assert upload.name == sample.name
    assert bytes(upload.content) == sample.read_bytes()
    if upload.state == Upload.State.ASKING:
        tom.go(f"/exchange/{upload.pk}/")
        tom.page.click("text=Create this supplier and capture the bill")
        tom.settle()
        upload.refresh_from_db()
    print(sample.name, upload.state, upload.message, told[:300])
    assert upload.message


def awaited(condition, seconds=30):
    import time

    end = time.monotonic() + seconds
    while not (outcome := condition()) and time.monotonic() < end:
        time.sleep(0.1)
    assert outcome
    return outcome
