"""From nothing to goods bought, kept, billed and paid in one's own company: every setting is made on the screens."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from backoffice.access.models import User
from backoffice.messaging.models import OutgoingMail
from backoffice.organisation.models import Company
from backoffice.parties.models import PartyBankAccount
from finance.banking.models import PaymentRun
from finance.ledger.models import JournalLine
from finance.payables import blocking
from finance.payables.models import Bill, BillLine
from inventory.stock.models import GoodsReceipt, OnHand
from procurement.purchasing.models import PurchaseOrder, Requisition
from procurement.suppliers.models import Supplier
from tests.browsing import PHONE
from tests.factories_matching import stock_is_in_the_books
from tests.factories_purchasing import papers_drawn
from tests.journeys import papers
from tests.journeys.test_own_company import PASS, filled
from tests.journeys.test_stock import fits, scanned
from tests.journeys.test_supplier_bill import brought_in, chosen, pressed

pytestmark = [pytest.mark.browser, pytest.mark.slow(seconds=60)]
CODE = "5012345678900"


def done(window, act):
    """Do something that leads to another page, and wait for it."""
    with window.page.expect_navigation():
        act()
    window.settle()


def saved(window, path="", **fields):
    """Fill the form at an address and save it by the keyboard; a name of no field is a look-up."""
    if path:
        window.go(path)
    for name, value in fields.items():
        field = window.page.locator(f"main [name={name}]")
        if not field.count() or field.get_attribute("type") == "hidden":
            looked_up(window.page, name, value)
        elif field.evaluate("x => x.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    done(window, lambda: window.page.keyboard.press("Control+s"))
    assert "/new/" not in window.page.url, window.text()


def looked_up(page, name, words):
    """Come near a look-up, which wakes it, and choose what it offers first."""
    page.locator(f"[name='{name}-text']").focus()
    page.wait_for_function("() => customElements.get('look-up') !== undefined")
    chosen(page, name, words)


def beside(window, act):
    """What opens in a tab of its own: filled in there, it is closed again."""
    with window.context.expect_page() as opened:
        act()
    opened.value.wait_for_load_state("networkidle")
    return opened.value


def approved(window, document):
    """Press Approve on a document's page."""
    window.go(document.get_absolute_url())
    pressed(window, "approve")
    document.refresh_from_db()


def set_up(visit):
    """Fay founds the company and invites Gus, who approves, and Sam, who keeps the stock."""
    fay = visit()
    fay.go("/accounts/login/")
    filled(fay, "Make the account", name="Fay Founder", email="fay@first.example", password=PASS, again=PASS)
    filled(fay, "Found the company", name="First Trading Ltd", vat_number="980 7806 84")
    filled(fay, "Save and go on")
    filled(fay, "Save and go on", from_amount="10k")
    gus = {"email_1": "gus@first.example", "name_1": "Gus Second", "role_1": "Finance director"}
    sam = {"email_2": "sam@first.example", "name_2": "Sam Store", "role_2": "Storekeeper"}
    filled(fay, "Save and go on", **gus, **sam)
    fay.picture("own-purchasing-ready")
    return fay, *(User.objects.get(email=f"{name}@first.example") for name in ("gus", "sam"))


def equipped(fay):
    """Category, item, warehouse, bin and supplier; what is missing is offered where it is missed."""
    page = fay.page
    fay.go("/catalogue/items/new/")
    form = beside(fay, lambda: page.get_by_role("link", name="Enter the first one").click())
    form.fill("[name=code]", "PACK")
    form.fill("[name=name]", "Packaging")
    form.keyboard.press("Control+s")
    form.wait_for_url(lambda url: url.split("/")[-2].isdigit())
    form.close()
    box = {"category": "PACK Packaging", "tax_code": "S20 Standard 20%", "lines-0-code": CODE}
    saved(fay, "/catalogue/items/new/", code="BOX", name="Mailing box", **box)
    assert "piece" in fay.text()
    saved(fay, "/stock/warehouses/new/", code="LN", name="Leeds North")
    done(fay, page.get_by_role("link", name="New bin").first.click)
    saved(fay, code="A-01")
    assert "A-01" in fay.text()

    fay.go("/suppliers/new/")
    form = beside(fay, lambda: looked_up(page, "party", "Northmoor Packaging Ltd"))
    form.keyboard.press("Control+s")
    form.wait_for_url(lambda url: url.split("/")[-2].isdigit())
    form.close()
    page.locator("[name='party-text']").fill("")
    saved(fay, party="north", order_email="orders@northmoor.example")
    return Supplier.objects.get()


def asked_and_ordered(fay, gus):
    """A wish is approved, ordered, approved as an order and mailed."""
    page = fay.page
    fay.go("/purchasing/requisitions/new/")
    page.fill("[name=purpose]", "Boxes for the peak")
    for name, words in (("department", "MAIN Main department"), ("cost_centre", "General costs")):
        page.locator(f"[name={name}]").select_option(label=words)
    page.locator("[name=lines-0-item]").select_option(label="BOX Mailing box")
    page.fill("[name=lines-0-quantity]", "100")
    page.fill("[name=lines-0-price]", "2.50")
    done(fay, lambda: page.keyboard.press("Control+Enter"))
    approved(gus, Requisition.objects.get())
    fay.go("/purchasing/to-order/")
    page.get_by_label("Order Mailing box").check()
    page.get_by_label("Supplier of Mailing box").select_option(label="Northmoor Packaging Ltd")
    done(fay, page.get_by_role("button", name="Draft orders").click)
    saved(fay, f"{page.url}edit/", **{"lines-0-price": "2.50"})
    pressed(fay, "submit")
    order = PurchaseOrder.objects.get()
    approved(gus, order)
    fay.go(order.get_absolute_url())
    pressed(fay, "send")
    papers_drawn()
    mail = OutgoingMail.objects.get(address="orders@northmoor.example")
    assert mail.attachments.get().name == "PO-{}.pdf".format(order.number.removeprefix("PO-"))
    return order


def received(sam, accepted, refused=""):
    """On a phone: so many are accepted, and so many refused as damaged."""
    page = sam.page
    sam.go("/stock/expected/")
    assert "to come" in sam.text("table")
    page.get_by_role("link", name="PO-").first.click()
    page.get_by_role("button", name="Count in").click()
    page.wait_for_url("**/scan/")
    page.locator("#code").focus()
    scanned(sam, CODE)
    page.get_by_label("Accepted").fill(accepted)
    if refused:
        page.get_by_label("Refused", exact=True).fill(refused)
        page.get_by_label("Why refused").select_option("damaged")
        fits(sam)
    done(sam, page.get_by_role("button", name="Keep this line").click)
    done(sam, page.get_by_role("button", name="Receive").click)


def counted(sam, gus):
    """Thirty go to a cost centre; of the seventy that are left 68 are found, and a second person believes it."""
    page = sam.page
    sam.go("/stock/issues/new/")
    for name, words in (("warehouse", "LN Leeds North"), ("cost_centre", "General costs")):
        page.locator(f"[name={name}]").select_option(label=words)
    page.locator("[name=lines-0-item]").select_option(label="BOX Mailing box")
    page.locator("[name=lines-0-bin]").select_option(label="LN A-01")
    page.fill("[name=lines-0-quantity]", "500")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=LN A-01 holds only 100")
    page.fill("[name=lines-0-quantity]", "30")
    done(sam, lambda: page.keyboard.press("Control+Enter"))
    sam.go("/stock/counts/new/")
    page.locator("[name=warehouse]").select_option(label="LN Leeds North")
    done(sam, lambda: page.keyboard.press("Control+s"))
    assert "70" not in sam.text(), "the count is blind"
    page.fill("[name=counted]", "68")
    done(sam, page.get_by_role("button", name="Keep").click)
    done(sam, page.get_by_role("button", name="Submit the count").click)
    gus.go("/")
    done(gus, gus.page.locator("a", has_text="Stock count").first.click)
    pressed(gus, "approve")
    gus.go("/stock/value/")
    assert "Equals the ledger" in gus.text()


def paid(fay, gus, party):
    """Our account and theirs, a proposal, its release by the other person, and the file for the bank."""
    page = fay.page
    fay.go("/banking/runs/new/")
    assert "There is no bank account yet." in fay.text()
    done(fay, lambda: fay.go("/banking/accounts/new/"))
    ours = {"holder": "First Trading Ltd", "iban": "GB29 NWBK 6016 1331 9268 19", "currency": "GBP"}
    saved(fay, name="Main account", account="1210", **ours)

    def proposed():
        fay.go("/banking/runs/new/")
        page.locator("[name=bank_account]").select_option(index=1)
        page.fill("[name=pay_on]", "t")
        page.fill("[name=due_until]", "+60")
        page.get_by_role("button", name="Propose").click()

    proposed()
    page.wait_for_selector("text=add them on the supplier's page")
    saved(fay, f"{party.get_absolute_url()}accounts/new/", number="GB82 WEST 1234 5698 7654 32")
    PartyBankAccount.objects.update(entered_at=timezone.now() - timedelta(days=4))  # new details rest for three days
    proposed()
    page.wait_for_url(lambda url: url.split("/")[-2].isdigit())
    run = PaymentRun.objects.get()
    gus.go(run.get_absolute_url())
    gus.page.locator(".head a[href$='/release/']").click()
    done(gus, gus.page.get_by_role("button", name="Release").last.click)
    fay.go(run.get_absolute_url())
    pressed(fay, "export")
    with page.expect_download() as file:
        page.get_by_role("link", name=".xml").click()
    return file.value.path().read_text()


def test_an_empty_company_buys_keeps_and_pays_for_its_first_goods(visit, transactional_db):
    fay, second, keeper = set_up(visit)
    supplier = equipped(fay)
    gus, sam = visit(second), visit(keeper, PHONE)
    approved(gus, supplier)
    order = asked_and_ordered(fay, gus)
    received(sam, "80", refused="10")
    assert GoodsReceipt.objects.get().lines.get().rejected == 10

    # What came, at the price of the order: nobody is asked.
    saved_bill = f"{order.get_absolute_url()}bill/"
    fay.go(saved_bill)
    fay.page.fill("[name=reference]", "NP-1")
    done(fay, fay.page.get_by_role("button", name="Type in the bill").click)
    pressed(fay, "submit")
    assert Bill.objects.get(reference="NP-1").state == "posted"

    # The rest is billed dearer, by a file: posted once Gus approves, and not paid before he accepts the difference.
    received(sam, "20")
    line = BillLine(text="Mailing box", article="BOX", quantity=Decimal(20), unit_price=Decimal("2.90"))
    today = timezone.localdate()
    file = papers.an_invoice_of(order.company, supplier.party, "NP-2", [line], on=today, order=order.number)
    brought_in(fay, papers.as_upload("NP-2.xml", file))
    dear = Bill.objects.get(reference="NP-2")
    fay.go(dear.get_absolute_url())
    pressed(fay, "submit")
    approved(gus, dear)
    assert [block.reason for block in blocking.open_blocks(dear)] == ["price"]
    gus.go(dear.get_absolute_url())
    gus.page.get_by_role("link", name="Accept differences").click()
    gus.page.fill("[name=reason]", "Agreed by telephone")
    done(gus, gus.page.get_by_role("button", name="Accept differences").click)
    assert not blocking.open_blocks(dear).exists()

    counted(visit(keeper), gus)
    assert OnHand.objects.get().quantity == 68
    file = paid(fay, gus, supplier.party)
    assert "<CtrlSum>309.60</CtrlSum>" in file and "GB82WEST12345698765432" in file

    fay.go("/reports/ledger.trial_balance/?period=this_month")
    fay.picture("own-purchasing-trial-balance")
    assert "(309.60)" in fay.text()
    company = Company.objects.get()
    assert stock_is_in_the_books(company)
    assert sum(line.debit - line.credit for line in JournalLine.objects.filter(entry__company=company)) == 0
