"""The screens of manual journals: what the form keeps, refuses and proposes, and who may do what next."""

from datetime import date

import pytest
from django.urls import reverse

from backoffice.audit.models import Act
from finance.ledger import accounts, periods
from finance.ledger.hooks import review_rows
from finance.ledger.models import JournalEntry, OpenItem
from tests.finance.ledger.builders import posted
from tests.fixtures_world import TODAY, a_user, all_rights


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args, **kwargs: TODAY)


@pytest.fixture
def clerk(company):
    return a_user("Tom Ashworth", *all_rights("ledger", "organisation", "documents"), company=company)


@pytest.fixture
def reviewer(company):
    return a_user("Priya Nair", *all_rights("ledger", "organisation", "documents"), company=company)


@pytest.fixture
def tom(client, clerk):
    client.force_login(clerk, backend="backoffice.access.backends.RoleBackend")
    return client


def typed(company, *lines, on="23 Nov 2026", text="Reclassify carriage", then="keep", **more):
    """What a browser posts: lines are (account code, cost centre, debit, credit)."""
    journal = company.journals.get(code="GEN")
    data = {"on": on, "journal": journal.pk, "document_on": "", "text": text, "then": then, "version": "", **more}
    data |= {
        "lines-TOTAL_FORMS": len(lines),
        "lines-INITIAL_FORMS": 0,
        "lines-MIN_NUM_FORMS": 0,
        "lines-MAX_NUM_FORMS": 1000,
    }
    for n, (code, centre, debit, credit) in enumerate(lines):
        data |= {
            f"lines-{n}-account": accounts.by_code(company, code).pk if code else "",
            f"lines-{n}-text": "",
            f"lines-{n}-cost_centre": centre.pk if centre else "",
            f"lines-{n}-debit": debit,
            f"lines-{n}-credit": credit,
            f"lines-{n}-ORDER": n + 1,
        }
    return data


def enter(client, company, *lines, **more):
    return client.post(reverse("ledger:journalentry_new"), typed(company, *lines, **more))


def test_a_kept_journal_holds_its_lines_in_both_currencies_and_its_period(tom, company, warehouse):
    answer = enter(tom, company, ("5120", warehouse, "8,420.00", ""), ("1320", None, "", "8420"), ("", None, "", ""))

    entry = JournalEntry.objects.get()
    assert answer.status_code == 302 and answer["Location"] == entry.get_absolute_url()
    assert entry.state == "draft" and entry.period == periods.of_day(company, TODAY)
    lines = [(n.place, n.account.code, n.debit, n.credit, n.currency, n.currency_debit) for n in entry.lines.all()]
    assert lines == [(1, "5120", 8420, 0, "GBP", 8420), (2, "1320", 0, 8420, "GBP", 0)]
    assert entry.lines.first().dimension_set.cost_centre == warehouse
    assert Act.objects.get().verb == "enter"


def test_a_draft_that_does_not_balance_is_kept_but_not_sent(tom, company, warehouse):
    lines = [("5120", warehouse, "250", ""), ("1320", None, "", "100")]

    assert enter(tom, company, *lines).status_code == 302
    answer = enter(tom, company, *lines, then="go")

    assert answer.status_code == 422
    assert "Credits are 150.00 short." in answer.content.decode()
    assert JournalEntry.objects.count() == 1


def test_a_missing_cost_centre_is_named_with_the_one_used_last_as_remedy(tom, company, warehouse):
    enter(tom, company, ("5120", warehouse, "10", ""), ("1320", None, "", "10"))

    page = enter(tom, company, ("5120", None, "10", ""), ("1320", None, "", "10"), then="go").content.decode()

    assert "Account 5120 needs a cost centre. Last time you used Leeds warehouse." in page
    assert f'data-use="{warehouse.pk}" data-for="id_lines-0-cost_centre"' in page


def test_a_line_has_one_side_and_no_minus(tom, company):
    page = enter(tom, company, ("1320", None, "10", "10"), ("3110", None, "-5", "")).content.decode()

    assert "A line has one side: debit or credit." in page
    assert "Use the other side instead of a minus." in page
    assert JournalEntry.objects.count() == 0


def test_a_day_in_a_closed_period_is_refused_at_once_with_the_next_open_day(tom, company, bookkeeper):
    periods.close(periods.of_day(company, date(2026, 10, 1)), by=bookkeeper)

    answer = enter(tom, company, ("1320", None, "10", ""), on="31 oct")

    assert answer.status_code == 422
    assert "October 2026 is closed. The first open day after it is 1 Nov 2026." in answer.content.decode()


def test_a_control_account_says_why_it_cannot_be_chosen(tom, company):
    page = enter(tom, company, ("2110", None, "10", "")).content.decode()

    control = company.accounts.get(role="ap")
    page = enter(tom, company, (control.code, None, "10", "")).content.decode()
    assert "only documents post to it" in page


def sent(client, company, amount="120"):
    enter(client, company, ("1320", None, amount, ""), ("3110", None, "", amount), then="go")
    return JournalEntry.objects.latest("pk")


def test_a_sent_journal_waits_for_somebody_else(tom, company, clerk, reviewer):
    entry = sent(tom, company)

    assert entry.state == "submitted"
    assert [row.label for row in review_rows(reviewer)] == ["Reclassify carriage"]
    assert review_rows(clerk) == []
    page = tom.get(entry.get_absolute_url()).content.decode()
    assert "so somebody else must post" in page


def act(client, entry, verb, **data):
    entry.refresh_from_db()
    return client.post(reverse("ledger:journalentry_verb", args=[entry.pk, verb]), {"version": entry.version, **data})


def test_the_reviewer_posts_and_reverses_and_both_entries_show_the_way(tom, company, reviewer):
    entry = sent(tom, company)
    tom.force_login(reviewer, backend="backoffice.access.backends.RoleBackend")

    assert act(tom, entry, "post").status_code == 302
    asked = tom.get(reverse("ledger:journalentry_verb", args=[entry.pk, "reverse"])).content.decode()
    assert 'value="23 Nov 2026"' in asked
    assert act(tom, entry, "reverse", on="24 nov", reason="Booked twice").status_code == 302

    entry.refresh_from_db()
    mirror = entry.mirror
    assert (entry.number, mirror.number) == ("GEN-2026-00001", "GEN-2026-00002")
    assert (mirror.on, mirror.text) == (date(2026, 11, 24), "Booked twice")
    assert mirror.get_absolute_url() in tom.get(entry.get_absolute_url()).content.decode()
    assert entry.get_absolute_url() in tom.get(mirror.get_absolute_url()).content.decode()


def test_returning_needs_a_reason_and_puts_it_into_the_history(tom, company, reviewer):
    entry = sent(tom, company)
    tom.force_login(reviewer, backend="backoffice.access.backends.RoleBackend")

    assert act(tom, entry, "send_back", reason="").status_code == 422
    assert act(tom, entry, "send_back", reason="Wrong month").status_code == 302

    entry.refresh_from_db()
    assert entry.state == "draft"
    assert "Wrong month" in tom.get(entry.get_absolute_url()).content.decode()


def test_a_draft_is_changed_and_its_lines_follow(tom, company):
    enter(tom, company, ("1320", None, "120", ""), ("3110", None, "", "120"))
    entry = JournalEntry.objects.get()
    first, second = entry.lines.all()
    data = typed(
        company, ("1320", None, "99", ""), ("3110", None, "", "99"), ("1210", None, "1", ""), version=entry.version
    )
    data |= {"lines-INITIAL_FORMS": 2, "lines-0-id": first.pk, "lines-1-id": second.pk, "lines-1-DELETE": "on"}

    answer = tom.post(reverse("ledger:journalentry_edit", args=[entry.pk]), data)

    assert answer.status_code == 302
    assert [(n.place, n.account.code, n.debit) for n in entry.lines.all()] == [(1, "1320", 99), (2, "1210", 1)]


def test_a_posted_journal_opens_no_form(tom, company, bookkeeper):
    entry = posted(company, bookkeeper)

    answer = tom.get(reverse("ledger:journalentry_edit", args=[entry.pk]))

    assert answer.status_code == 409


def test_the_list_shows_its_views_and_filters(tom, company, bookkeeper):
    posted(company, bookkeeper, "77.00")
    enter(tom, company, ("1320", None, "1", ""))

    page = tom.get(reverse("ledger:journalentry_list")).content.decode()
    drafts = tom.get(reverse("ledger:journalentry_list") + "?view=draft").content.decode()

    assert "GEN-2026-00001" in page and "77.00" in page and "Waiting for review" in page
    assert "GEN-2026-00001" not in drafts and "Reclassify carriage" in drafts


def test_an_account_shows_its_lines_with_the_balance_after_each(tom, company, bookkeeper):
    posted(company, bookkeeper, "100.00", on=date(2025, 5, 1))
    posted(company, bookkeeper, "20.00")
    page = tom.get(reverse("ledger:account", args=[accounts.by_code(company, "1210").pk])).content.decode()

    assert page.index("100.00") < page.index("GEN-2026-00001") < page.index("120.00")


def test_a_long_account_goes_on_where_it_stopped(tom, company, bookkeeper, monkeypatch):
    monkeypatch.setattr("finance.ledger.views.PAGE", 2)
    for amount in ("1.00", "2.00", "4.00"):
        posted(company, bookkeeper, amount)
    address = reverse("ledger:account", args=[accounts.by_code(company, "1210").pk])

    first = tom.get(address)
    second = tom.get(address + first.context["next_href"])

    assert [line.balance for line in first.context["page"].lines] == [1, 3]
    assert [line.balance for line in second.context["page"].lines] == [7]


def test_whoever_is_limited_to_a_department_sees_only_its_lines(client, company, warehouse, bookkeeper):
    from finance.ledger import posting
    from tests.finance.ledger.builders import a_posting

    entry = a_posting(company, "50.00", debit="5120", credit="1320")
    entry.lines[0].cost_centre = warehouse
    made = posting.post(company, entry, by=bookkeeper)
    other = posted(company, bookkeeper, "70.00")
    head = a_user("Marcus Bell", *all_rights("ledger"), company=company, department=warehouse.department)
    client.force_login(head, backend="backoffice.access.backends.RoleBackend")

    page = client.get(made.get_absolute_url()).content.decode()

    assert client.get(other.get_absolute_url()).status_code == 404
    assert "5120" in page and "1320" not in page
    stock = client.get(reverse("ledger:account", args=[accounts.by_code(company, "1320").pk]))
    assert stock.status_code == 200 and stock.context["page"].lines == []


def test_a_period_closes_and_opens_again_with_a_reason(tom, company):
    october = periods.of_day(company, date(2026, 10, 1))
    close = reverse("ledger:period_verb", args=[october.pk, "close"])
    reopen = reverse("ledger:period_verb", args=[october.pk, "reopen"])

    assert tom.post(close, {"version": 1}).status_code == 302
    assert tom.post(reopen, {"version": 2, "reason": ""}).status_code == 422
    assert tom.post(reopen, {"version": 2, "reason": "A late bill"}).status_code == 302

    october.refresh_from_db()
    assert october.state == "open"
    assert "A late bill" in tom.get(reverse("ledger:period", args=[october.pk])).content.decode()


def test_strangers_see_nothing_of_the_books(client, company, bookkeeper):
    entry = posted(company, bookkeeper)
    client.force_login(a_user("Nobody Known"), backend="backoffice.access.backends.RoleBackend")

    assert client.get(entry.get_absolute_url()).status_code == 403
    assert client.get(reverse("ledger:journalentry_list")).status_code == 403
    assert OpenItem.objects.visible_to(a_user("No One")).count() == 0
