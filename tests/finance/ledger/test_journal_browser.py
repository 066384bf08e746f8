"""The journal's form in a real browser: keys, balance, the remedy beside an error; and every screen by the axe rules."""

import os
import re
from pathlib import Path

import pytest
from django.urls import reverse

from finance.ledger import periods, reversing
from finance.ledger.models import JournalEntry
from tests.browsing import AXE
from tests.finance.ledger.builders import posted
from tests.fixtures_world import a_user, all_rights

PICTURES = os.environ.get("PICTURES", "")  # a folder for pictures of the screens

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def clerk(company):
    rights = all_rights("ledger", "tax", "organisation", "documents", "audit", "access")
    return a_user("Priya Nair", *rights, company=company)


@pytest.fixture
def page(browser, live_server, client, clerk):
    client.force_login(clerk, backend="backoffice.access.backends.RoleBackend")
    context = browser.new_context(viewport={"width": 1440, "height": 900})
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


def fill(page, n, account, cost_centre, debit, credit):
    page.locator(f'[name="lines-{n}-account-text"]').fill(account)
    page.locator(".pop:not([hidden]) [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    if cost_centre:
        page.locator(f'[name="lines-{n}-cost_centre"]').select_option(label=cost_centre)
    for side, amount in (("debit", debit), ("credit", credit)):
        if amount:
            page.locator(f'[name="lines-{n}-{side}"]').fill(amount)
            page.keyboard.press("Tab")


def picture(page, name):
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def judged(page):
    """No rule of axe is broken, in the light, in the dark and on a phone."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "axe.run(document, {preload: false}).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))"
    )
    assert found == []


def test_a_journal_is_entered_by_keys_and_the_remedy_puts_the_cost_centre_right(
    page, live_server, company, warehouse, clerk
):
    opened(page, live_server, reverse("ledger:journalentry_new"))
    page.locator('[name="on"]').fill("23 nov")
    page.locator('[name="text"]').fill("Carriage booked to stock instead of cost of sales")
    fill(page, 0, "5120", "Leeds warehouse", "8.42k", "")
    fill(page, 1, "1320", "", "", "")
    page.locator('[name="lines-1-credit"]').focus()
    page.keyboard.press("=")
    page.keyboard.press("Tab")

    assert page.locator('[name="lines-1-credit"]').input_value() == "8,420.00"
    assert page.locator('[data-sum="diff"]').inner_text() in ("0.00", "")
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/journals/\d+/"))
    picture(page, "journal-document")
    judged(page)

    opened(page, live_server, reverse("ledger:journalentry_new"))
    page.locator('[name="on"]').fill("23 nov")
    page.locator('[name="text"]').fill("Fuel cards, October")
    fill(page, 0, "5120", "Leeds warehouse", "8,420", "")
    fill(page, 1, "7210", "", "2,650", "")
    fill(page, 2, "1320", "", "", "10,820")
    fill(page, 3, "5120", "", "100", "")
    page.keyboard.press("Control+Enter")
    page.locator(".note.bad").wait_for()
    picture(page, "journal-errors")
    judged(page)
    assert "Account 5120 needs a cost centre. Last time you used Leeds warehouse." in page.content()
    page.locator('[data-for="id_lines-3-cost_centre"]').click()
    assert page.locator('[name="lines-3-cost_centre"]').input_value() == str(warehouse.pk)


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 1440), ("light", 390)])
def test_every_screen_of_the_books_keeps_the_rules(page, live_server, company, clerk, bookkeeper, theme, width):
    from backoffice.documents import attaching

    entry = posted(company, bookkeeper, "8420.00")
    reversing.reverse(posted(company, bookkeeper, "12.00"), by=bookkeeper, on=entry.on, reason="Booked twice")
    attaching.attach(entry, name="Bill.pdf", content=b"%PDF-1.7", by=clerk)
    attaching.comment(entry, text="They agree to a credit.", by=clerk)
    page.set_viewport_size({"width": width, "height": 900})
    clerk.theme = theme
    clerk.save()
    for name, path in [
        ("journals", reverse("ledger:journalentry_list")),
        ("journal", entry.get_absolute_url()),
        ("journal-new", reverse("ledger:journalentry_new")),
        ("reverse", reverse("ledger:journalentry_verb", args=[entry.pk, "reverse"])),
        ("accounts", reverse("ledger:account_list")),
        ("account", reverse("ledger:account", args=[entry.lines.first().account_id])),
        ("account-edit", reverse("ledger:account_edit", args=[entry.lines.first().account_id])),
        ("periods", reverse("ledger:period_list")),
        ("period", periods.of_day(company, entry.on).get_absolute_url()),
        ("history", reverse("documents:act_list")),
        ("changes", reverse("documents:change_list")),
        ("overrides", reverse("documents:override_list")),
        ("override-new", reverse("documents:override_new")),
        ("setup", reverse("organisation:setup")),
        ("setup-done", reverse("organisation:setup_done", args=[company.pk])),
    ]:
        opened(page, live_server, path)
        picture(page, f"{name}-{theme}-{width}")
        judged(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
    assert JournalEntry.objects.count() == 3


def test_the_next_year_is_opened_with_two_presses(page, live_server, company):
    opened(page, live_server, reverse("ledger:period_list"))
    page.get_by_role("link", name="Open the next fiscal year").click()
    picture(page, "open-year")
    judged(page)
    page.get_by_role("button", name="Open the next fiscal year").click()
    page.wait_for_url("**/ledger/periods/")

    assert page.get_by_text("January 2028").is_visible() or "2028" in page.content()


def test_the_first_account_and_company_are_made_in_a_browser(browser, live_server, db):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = opened(context.new_page(), live_server, "/")
    assert page.url.endswith("/setup/")
    picture(page, "founder")
    judged(page)
    for name, value in [("name", "Fay Founder"), ("email", "fay@first.example"), ("password", "a long pass phrase")]:
        page.locator(f'[name="{name}"]').fill(value)
    page.locator('[name="again"]').fill("a long pass phrase")
    page.get_by_role("button", name="Make the account").click()
    page.locator('[name="vat_number"]').fill("GB980780684")
    page.locator('[name="name"]').fill("First Trading Ltd")
    page.get_by_role("button", name="Found the company").click()
    for step in ("books", "approvals"):
        page.wait_for_url(f"**/{step}/")
        judged(page)
        page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/people/")
    picture(page, "people")
    judged(page)
    page.get_by_role("button", name="Later").click()
    page.wait_for_url("**/done/")
    picture(page, "founded")
    judged(page)
    page.get_by_role("link", name="Enter the first bill").click()
    page.wait_for_url("**/payables/bills/new/")
    context.close()
