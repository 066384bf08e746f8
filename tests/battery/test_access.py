"""Who may open what: every route, each kind of person; and nothing of others leaks."""

import pytest
from django.test import Client

from backoffice.core.flow import Flow
from tests.battery.conftest import CANARY, signed_in
from tests.battery.routes import BRANCHES, PERSONAL, PUBLIC, guarded, ours, owned, routes

pytestmark = pytest.mark.django_db

REFUSED = {403, 404, 405}
# Rows that all companies share and whoever holds the right in any company reads: units, figures of the law.
COMMON = {"catalogue.Unit", "payroll.Parameter"}


def addresses(route, full):
    """The address of a route with rows and verbs that exist."""
    row = full.get(route.model._meta.label) if route.model is not None else None
    flow = getattr(route.model, "flow", None)
    verb = next(iter(flow.moves)) if isinstance(flow, Flow) else "x"
    pk = row.pk if row is not None else 1
    return route.address(
        pk=pk, verb=verb, kind="csv", ref=getattr(row, "ref", pk), key="trial-balance", party=pk, label="parties.party"
    )


def test_every_named_route_exists():
    """Exemptions fail when they are stale."""
    names = {route.name for route in routes()}
    assert sorted((PUBLIC.keys() | PERSONAL.keys()) - names) == []
    assert [branch for branch in BRANCHES if not any(route.pattern.startswith(branch) for route in routes())] == []


@pytest.mark.parametrize("route", [r for r in ours() if r.name not in PUBLIC], ids=lambda r: r.pattern)
def test_strangers_must_sign_in(route):
    client = Client(raise_request_exception=False)

    for answer in (client.get(route.address()), client.post(route.address())):
        to_sign_in = answer.status_code == 302 and "/accounts/login/" in answer["Location"]
        assert to_sign_in or answer.status_code in {401, *REFUSED}, (route.name, answer.status_code)


def test_public_pages_answer_everybody():
    for route in (r for r in ours() if r.name in PUBLIC):
        assert Client().get(route.address()).status_code == 200


def test_the_set_up_is_open_only_while_nobody_is_there(company, nothing):
    assert Client().get("/setup/").status_code == 302
    assert signed_in(nothing).get("/setup/").status_code == 403


def test_without_rights_nothing_opens(full, nothing):
    client = signed_in(nothing)
    wrong = []
    for route in guarded():
        address = addresses(route, full)
        answers = [client.get(address), client.post(address)]
        bad = [a.status_code for a in answers if a.status_code not in REFUSED or CANARY in content(a)]
        wrong += [(route.name, route.pattern, code) for code in bad]
    assert wrong == []


def test_personal_pages_show_nothing_of_others(full, nothing):
    client = signed_in(nothing)
    wrong = []
    for route in (r for r in ours() if r.name in PERSONAL or owned(r)):
        answer = client.get(addresses(route, full), {"q": "Kestrel"})
        if answer.status_code >= 500 or CANARY in content(answer):
            wrong.append((route.name, answer.status_code))
    assert wrong == []


def test_another_company_does_not_exist(full, stranger):
    client = signed_in(stranger)
    wrong = []
    for route in guarded():
        answer = client.get(addresses(route, full))
        is_common = route.model is not None and route.model._meta.label in COMMON
        leaks = CANARY in content(answer) and not is_common
        opens_a_row = "<" in route.pattern and route.model is not None and answer.status_code == 200 and not is_common
        if leaks or answer.status_code >= 500 or opens_a_row:
            wrong.append((route.name, route.pattern, answer.status_code, "leaks" if leaks else ""))
    assert wrong == []


def test_who_may_only_see_changes_nothing(full, reader):
    client = signed_in(reader)
    before = counted()
    wrong = []
    for route in guarded():
        answer = client.post(addresses(route, full), {"idempotency_key": "00000000-0000-4000-8000-000000000001"})
        if answer.status_code >= 500:
            wrong.append((route.name, answer.status_code))
    assert wrong == []
    assert counted() == before


def test_who_holds_every_right_opens_every_page(full, everything):
    client = signed_in(everything)
    wrong = []
    for route in ours():
        answer = client.get(addresses(route, full))
        if answer.status_code >= 500 or answer.status_code == 403:
            wrong.append((route.name, route.pattern, answer.status_code))
    assert wrong == []


def counted():
    """How many rows every table of business facts holds."""
    from django.apps import apps

    from backoffice.core.apps import ROOTS

    kept_for_the_person = {"ui.Sending", "ui.Draft", "ui.SavedView", "api.AnswerKept", "audit.Change", "audit.Act"}
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model.__module__.split(".")[0] in ROOTS and model._meta.label not in kept_for_the_person
    }


def content(answer):
    if answer.streaming:
        return b"".join(answer.streaming_content).decode("utf-8", "replace")
    return answer.content.decode("utf-8", "replace")
