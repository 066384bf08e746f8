"""The auditor's history and the overrides: who may search, what they see, who may grant."""

import pytest
from django.urls import reverse

from backoffice.access.models import Override, RoleAssignment
from backoffice.audit.models import Act, Change
from finance.ledger.models import JournalEntry
from tests.finance.ledger.builders import posted
from tests.fixtures_world import a_company, a_user


@pytest.fixture
def entry(company, bookkeeper):
    return posted(company, bookkeeper)


@pytest.fixture
def waiting(company, bookkeeper, entry):
    """A journal that its enterer sent for review."""
    from backoffice.documents import keeping
    from finance.ledger import journals
    from finance.ledger.models import JournalLine
    from tests.finance.ledger.builders import account
    from tests.fixtures_world import TODAY

    made = JournalEntry(
        company=company, journal_id=entry.journal_id, period_id=entry.period_id, on=TODAY, text="Accrual"
    )
    lines = [
        JournalLine(account=account(company, "1320"), debit=5, currency="GBP", currency_debit=5),
        JournalLine(account=account(company, "3110"), credit=5, currency="GBP", currency_credit=5),
    ]
    keeping.enter(made, by=bookkeeper, lines=lines)
    return journals.submit(made, by=bookkeeper)


def signed_in(client, user):
    client.force_login(user, backend="backoffice.access.backends.RoleBackend")
    return client


def test_the_auditor_finds_acts_by_person_and_day_with_values_before_and_after(client, company, entry, waiting):
    auditor = a_user("Bilal Chaudhry", "audit.view_act", "audit.view_change", company=company)
    signed_in(client, auditor)
    submitted = Act.objects.get(verb="submit")

    found = client.get(reverse("documents:act_list"), {"q": "submit", "by": waiting.entered_by_id}).content.decode()
    one = client.get(reverse("documents:act", args=[submitted.pk])).content.decode()
    none = client.get(reverse("documents:act_list"), {"before": "1 Jan 2020"}).content.decode()

    assert waiting.get_absolute_url() in found and "Grace Okafor" in found
    assert '<th scope="row">State</th><td class="l2">Draft</td><td class="r1">Waiting for review</td>' in one
    assert waiting.get_absolute_url() not in none


def test_changes_show_fields_in_words(client, company, waiting):
    signed_in(client, a_user("Bilal Chaudhry", "audit.view_change", company=company))

    page = client.get(reverse("documents:change_list"), {"table": "ledger_journalentry"}).content.decode()
    change = Change.objects.filter(table="ledger_journalentry", operation="update").latest("id")

    assert "State: <del>Draft</del> <ins>Waiting for review</ins>" in page
    assert client.get(reverse("documents:change", args=[change.pk])).status_code == 200
    assert client.get(reverse("documents:change_list") + "?export=csv").status_code == 200


def test_another_companys_auditor_and_a_department_see_no_history(client, company, warehouse, entry):
    other = a_user("Olga Other", "audit.view_act", "audit.view_change", company=a_company("Elsewhere Ltd"))
    part = a_user("Dora Part", "audit.view_act", company=company, department=warehouse.department)
    act = Act.objects.filter(verb="post").get()

    for user in (other, part):
        signed_in(client, user)
        assert entry.get_absolute_url() not in client.get(reverse("documents:act_list")).content.decode()
        assert client.get(reverse("documents:act", args=[act.pk])).status_code == 404


def test_without_the_right_there_is_no_history(client, company, bookkeeper):
    signed_in(client, bookkeeper)

    assert client.get(reverse("documents:act_list")).status_code == 403
    assert client.get(reverse("documents:change_list")).status_code == 403


@pytest.fixture
def ada(company):
    user = a_user("Ada Quinn")
    from backoffice.access.models import Role

    RoleAssignment.objects.create(user=user, role=Role.objects.get(key="administrator"))
    return user


def granting(client, document, to, **more):
    data = {
        "document": document,
        "verb": "post",
        "to": to.pk,
        "hours": "4",
        "reason": "Year end, nobody else here",
        **more,
    }
    return client.post(reverse("documents:override_new"), data)


def test_an_administrator_grants_an_override_by_address_without_seeing_the_document(client, ada, waiting, bookkeeper):
    signed_in(client, ada)

    assert client.get(waiting.get_absolute_url()).status_code == 403
    answer = granting(client, f"http://books.example{waiting.get_absolute_url()}?x=1", bookkeeper)

    assert answer.status_code == 302
    override = Override.objects.get()
    assert (override.document, override.user, override.granted_by) == (waiting, bookkeeper, ada)
    assert (override.expires_at - override.granted_at).total_seconds() == 4 * 3600
    page = client.get(reverse("documents:override_list")).content.decode()
    assert "Year end, nobody else here" in page and "Grace Okafor" in page
    from finance.ledger import journals

    journals.post(waiting, by=bookkeeper)
    assert waiting.state == "posted"
    signed_in(client, bookkeeper)
    assert "Year end, nobody else here" in client.get(waiting.get_absolute_url()).content.decode()


def test_nobody_grants_to_themselves_nor_without_a_reason_nor_on_nothing(client, ada, waiting, bookkeeper):
    signed_in(client, ada)

    assert granting(client, waiting.get_absolute_url(), ada).status_code == 422
    assert granting(client, waiting.get_absolute_url(), bookkeeper, reason=" ").status_code == 422
    assert granting(client, "BILL-1999-00001", bookkeeper).status_code == 422
    assert granting(client, "/no/such/page/", bookkeeper).status_code == 422
    assert Override.objects.count() == 0


def test_whoever_lacks_the_right_cannot_grant(client, company, bookkeeper, waiting):
    signed_in(client, bookkeeper)

    assert granting(client, waiting.get_absolute_url(), a_user("Some One")).status_code == 403
    assert "Grant an override" not in client.get(waiting.get_absolute_url()).content.decode()


def test_a_second_press_grants_once(client, ada, waiting, bookkeeper):
    signed_in(client, ada)
    key = "5c5f2bb8-3f0e-4a34-9a2e-0e6a6f1d8a11"

    granting(client, waiting.get_absolute_url(), bookkeeper, idempotency_key=key)
    granting(client, waiting.get_absolute_url(), bookkeeper, idempotency_key=key)

    assert Override.objects.count() == 1
