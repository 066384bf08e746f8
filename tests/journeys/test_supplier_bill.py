"""The first journey: a supplier bill, from its arrival to the books, by the hands of those who do it."""

import re
from decimal import Decimal

import pytest

from backoffice.parties.models import Party
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
    grace.page.click(".head .menu summary") if grace.page.locator(".head .menu summary").count() else None
    grace.page.click("a[href$='/reverse/']:visible")
    grace.page.locator("#ask [name=reason]").fill("Delivered to the wrong warehouse")
    grace.page.click("#ask footer .btn.danger")
    grace.page.wait_for_selector(".toast")
    entry.refresh_from_db()
    assert entry.is_reversed
    assert "Reversed" in grace.text()


def awaited(condition, seconds=30):
    import time

    end = time.monotonic() + seconds
    while not (outcome := condition()) and time.monotonic() < end:
        time.sleep(0.1)
    assert outcome
    return outcome
