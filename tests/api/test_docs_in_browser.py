"""The documentation page works under our own policy: no script, style or font from elsewhere, no inline code."""

import pytest
from django.conf import settings

from tests.fixtures_world import a_company, a_user, all_rights

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_documentation_page_shows_operations_with_a_clean_console(live_server, client, browser):
    client.force_login(a_user("Tom Ashworth", *all_rights("ledger"), company=a_company()))
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": live_server.url,
    }
    with browser.new_context() as context:
        context.add_cookies([cookie])
        page, said = context.new_page(), []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{live_server.url}/api/docs/")
        page.locator("[data-tag=ledger]").first.click()
        page.get_by_text("/api/v1/ledger/entries/{ref}/submit/").first.click()
        page.get_by_text("Hand the journal to a reviewer").first.wait_for()
    assert said == []
