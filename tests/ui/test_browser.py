"""Keys, grid, palette and dialogs in a real browser, under the policy that allows no inline code."""

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from finance.payables.models import Bill
from tests.browsing import AXE
from tests.factories_payables import a_bill, a_cost_centre
from tests.fixtures_world import a_party, a_user, all_rights

BILLS = "/payables/bills/"
SCRIPT_BUDGET = 8 * 1024  # bytes of our own script that a page loads, compressed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def clerk(company):
    rights = all_rights("payables", "parties", "ledger", "tax", "organisation", "workflow", "reports")
    return a_user("Tom Ashworth", *rights, company=company)


@pytest.fixture
def page(browser, live_server, client, clerk):
    client.force_login(clerk)
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.complaints = []
    page.on(
        "console",
        lambda m: page.complaints.append(m.text) if m.type == "error" and "status of 4" not in m.text else None,
    )
    page.on("pageerror", lambda e: page.complaints.append(str(e)))
    yield page
    assert page.complaints == []
    context.close()


def opened(page, live_server, path):
    page.goto(live_server.url + path)
    page.wait_for_load_state("networkidle")
    return page


def test_lists_are_walked_searched_and_selected_by_key(page, live_server, company, clerk):
    for n in range(3):
        a_bill(a_party(company, f"Supplier {n}"), by=clerk, reference=f"R{n}")
    opened(page, live_server, f"{BILLS}?view=all")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("tbody .check:checked").count() == 1
    assert page.locator(".bulk.on").is_visible()
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('tbody .check:checked')")
    page.keyboard.press("/")
    page.keyboard.type("Supplier 2")
    page.wait_for_url("**q=Supplier*")
    page.wait_for_load_state("networkidle")
    assert page.locator("tbody tr.row").count() == 1
    assert page.evaluate("document.activeElement.name") == "q"


def test_the_line_grid_keeps_its_promises(page, live_server, company):
    a_party(company)
    a_cost_centre(company)
    opened(page, live_server, f"{BILLS}new/")
    cell = page.locator

    cell("[name='lines-0-text']").fill("Boxes")
    cell("[name='lines-0-quantity']").fill("1200*1.2")
    cell("[name='lines-0-unit_price']").fill("12.5k")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "lines-1-unit_price"
    assert cell("[name='lines-0-unit_price']").input_value().startswith("12,500")
    assert cell("[data-sum='net']").first.inner_text() == "18,000,000.00"
    cell("[name='lines-1-text']").focus()
    page.keyboard.press("Control+d")
    assert cell("[name='lines-1-text']").input_value() == "Boxes"
    page.keyboard.press("Alt+ArrowUp")
    order = "[...document.querySelectorAll('tbody tr.row [data-k=text]')].map(x => x.name)"
    assert page.evaluate(order)[:2] == ["lines-1-text", "lines-0-text"]
    before = cell("tbody tr.row:visible").count()
    page.keyboard.press("Control+Backspace")
    assert cell("tbody tr.row:visible").count() == before - 1
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+z")
    assert cell("tbody tr.row:visible").count() == before


def test_a_block_from_a_spreadsheet_fills_cells_and_adds_rows(page, live_server, company):
    opened(page, live_server, f"{BILLS}new/")
    page.evaluate("navigator.clipboard.writeText(['Box', 'Tape', 'Fill', 'Film', 'Bag'].join('\\n') + '\\n')")

    page.locator("[name='lines-1-text']").focus()
    page.keyboard.press("Control+v")

    page.wait_for_selector(".toast")
    values = page.evaluate("[...document.querySelectorAll('tbody tr.row [data-k=text]')].map(x => x.value)")
    assert values == ["", "Box", "Tape", "Fill", "Film", "Bag"]
    assert "5 rows came in" in page.locator(".toast").inner_text()


def test_dates_and_drafts_help_while_typing(page, live_server, company):
    opened(page, live_server, f"{BILLS}new/")

    page.locator("[name=bill_date]").fill("23 nov 26")
    page.keyboard.press("Tab")
    # how dates are read comes with the first date that somebody comes near, perhaps after it was typed
    page.wait_for_function("document.querySelector('[name=bill_date]').value === '23 Nov 2026'")
    page.wait_for_selector("[data-kept]:not([hidden])")
    opened(page, live_server, f"{BILLS}new/")
    page.click("text=Take it up")
    page.wait_for_load_state("networkidle")
    assert page.locator("[name=bill_date]").input_value() == "23 Nov 2026"


def test_errors_take_the_focus_and_lose_nothing(page, live_server, company):
    opened(page, live_server, f"{BILLS}new/")
    page.locator("[name=reference]").fill("KEEP ME")

    page.keyboard.press("Control+s")

    page.wait_for_selector(".note.bad")
    assert "note bad" in page.evaluate("document.activeElement.className")
    assert page.locator("[name=reference]").input_value() == "KEEP ME"


def test_a_document_is_sent_by_its_key_and_the_palette_finds_it(page, live_server, company, clerk):
    bill = a_bill(a_party(company), by=clerk)
    opened(page, live_server, f"{BILLS}{bill.pk}/")
    key = Bill.flow.moves["submit"].key

    if key:
        page.keyboard.press(key)
    else:
        page.click("form[action$='/submit/'] button >> visible=true")
    page.wait_for_selector(".toast")
    bill.refresh_from_db()
    assert bill.state != Bill.State.DRAFT
    page.keyboard.press("Control+k")
    page.keyboard.type("northmoor")
    page.wait_for_selector("#cmds .cmd:has-text('Northmoor')")


def test_no_kind_of_page_loads_more_script_of_ours_than_its_budget(page, live_server, company, clerk):
    bill = a_bill(a_party(company), by=clerk)
    asked = set()
    page.on("request", lambda request: asked.add(request.url.split("?")[0].rpartition("/static/")[2]))
    kinds = {
        "list": f"{BILLS}?view=all",
        "document": f"{BILLS}{bill.pk}/",
        "form with lines": f"{BILLS}{bill.pk}/edit/",
        "form": "/parties/new/",
        "report": "/reports/trial_balance/",
    }

    weights = {}
    for kind, path in kinds.items():
        asked.clear()
        opened(page, live_server, path)
        own = [Path(finders.find(name)) for name in asked if name.startswith("js/")]
        weights[kind] = sum(len(gzip.compress(file.read_bytes(), 9)) for file in own)

    assert all(0 < weight <= SCRIPT_BUDGET for weight in weights.values()), weights


def test_theme_is_applied_at_once_and_kept(page, live_server, clerk):
    opened(page, live_server, "/")

    with page.expect_response("**/me/preferences/"):
        page.click("text=Light or dark")

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    clerk.refresh_from_db()
    assert clerk.theme == "dark"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_screens_break_no_rule_of_accessibility(page, live_server, company, clerk, scheme, width):
    bill = a_bill(a_party(company), by=clerk)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    source, broken = AXE.read_text(encoding="utf-8"), {}
    for path in (
        "/",
        BILLS,
        f"{BILLS}?view=all",
        f"{BILLS}new/",
        f"{BILLS}{bill.pk}/",
        f"{BILLS}{bill.pk}/edit/",
        "/me/",
        "/find/?q=a",
    ):
        opened(page, live_server, path)
        complaints = list(page.complaints)
        page.evaluate(source)
        found = page.evaluate("axe.run(document, {preload: false})")["violations"]
        page.complaints[:] = complaints  # the checker itself writes styles that the policy refuses
        if found:
            broken[path] = [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found]
    assert broken == {}
