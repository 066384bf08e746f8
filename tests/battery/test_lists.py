"""Every list and endpoint answers empty and full, with a constant number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.ui.lists import ListScreen
from tests.battery.conftest import BUILDERS, signed_in
from tests.battery.routes import ours, routes

pytestmark = pytest.mark.django_db

# Models whose rows come with the company or from verbs only; their lists are rendered with what a company brings.
NO_BUILDER = {
    "ledger.Period": "a company brings its periods",
    "tax.TaxRow": "captured when a bill is posted, by no other way",
    "audit.Act": "every verb of the test leaves its acts",
    "audit.Change": "every row of the test leaves its changes",
}


def lists():
    return [r for r in ours() if isinstance(r.kind, type) and issubclass(r.kind, ListScreen)]


def endpoints():
    return [r for r in ours() if r.is_api and getattr(r.view, "actions", {}).get("get") == "list"]


def test_every_listed_model_has_a_builder():
    listed = {route.model._meta.label for route in lists()}
    assert sorted(listed - BUILDERS.keys() - NO_BUILDER.keys()) == []
    assert sorted(set(NO_BUILDER) & BUILDERS.keys()) == []


@pytest.mark.parametrize("route", lists(), ids=lambda r: r.name)
def test_a_list_is_drawn_empty_and_full_at_the_same_cost(route, company, everything):
    client = signed_in(everything)
    address, build = route.address(), BUILDERS.get(route.model._meta.label)
    first = client.get(address)
    assert first.status_code == 200, first.content[:300]
    costs = []
    for start in (0, 3):
        for number in range(start, start + 3):
            if build:
                build(company, everything, number)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1], [q["sql"][:160] for q in queries]
    assert costs[1] <= 25


@pytest.mark.parametrize("route", endpoints(), ids=lambda r: r.pattern)
def test_an_endpoint_lists_empty_and_full_at_the_same_cost(route, company, everything):
    client = signed_in(everything)
    meta = route.model._meta
    build = BUILDERS.get(f"{meta.app_label}.{route.kind.called}" if route.kind.called else meta.label)
    assert client.get(route.address()).status_code == 200
    costs = []
    for start in (0, 3):
        for number in range(start, start + 3):
            if build:
                build(company, everything, number)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(route.address())
        costs.append(len(queries))
        assert answer.status_code == 200
        if build:
            assert len(answer.json()["results"]) >= start + 3
    assert costs[0] == costs[1], [q["sql"][:160] for q in queries]


def test_every_page_has_a_title_and_one_heading(full, everything):
    client = signed_in(everything)
    wrong = []
    for route in (r for r in routes() if r in ours() and not r.is_api):
        row = full.get(route.model._meta.label) if route.model is not None else None
        answer = client.get(route.address(pk=row.pk if row else 1))
        if answer.status_code != 200 or answer.streaming or "text/html" not in answer["Content-Type"]:
            continue
        page = answer.content.decode()
        if "<html" not in page or route.name in ("api:docs", "messaging:outgoingmail_body"):
            continue
        title = page.partition("<title>")[2].partition("</title>")[0].removesuffix(" · Back Office").strip()
        if not title or page.count("<h1") != 1:
            wrong.append((route.name, title, page.count("<h1")))
    assert wrong == []
