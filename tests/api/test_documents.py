"""Documents over the API: entered, changed, moved, refused, as on the screens."""

import pytest
from rest_framework.test import APIClient

from finance.ledger.models import JournalEntry
from tests.api.conftest import client_of
from tests.fixtures_world import a_company, a_user, all_rights

ENTRIES = "/api/v1/ledger/entries/"


@pytest.fixture
def entered(program, entry_body):
    answer = program.post(ENTRIES, entry_body)
    assert answer.status_code == 201, answer.content
    return answer


def at(answer, verb=""):
    return f"{ENTRIES}{answer.json()['ref']}/{verb}"


def test_a_document_is_entered_with_its_lines_and_read_back(program, entered, accounts):
    got = program.get(at(entered))

    assert got.status_code == 200 and got["ETag"] == '"1"'
    assert got.json() == entered.json()
    assert [(line["account"], line["debit"], line["credit"]) for line in got.json()["lines"]] == [
        (accounts["1210"], "120.0000", "0.0000"),
        (accounts["1230"], "0.0000", "120.0000"),
    ]


def test_a_list_has_pages_and_filters_and_no_count(program, entry_body):
    for number in range(3):
        program.post(ENTRIES, entry_body | {"text": f"Journal {number}"})

    first = program.get(ENTRIES, {"page_size": 2}).json()
    second = program.get(first["next"]).json()

    assert set(first) == {"next", "previous", "results"}
    assert [row["text"] for row in first["results"] + second["results"]] == ["Journal 2", "Journal 1", "Journal 0"]
    assert [row["text"] for row in program.get(ENTRIES, {"q": "Journal 1"}).json()["results"]] == ["Journal 1"]


def test_wrong_input_is_answered_by_field_and_line(program, entry_body, accounts):
    entry_body["text"] = ""
    entry_body["lines"][1]["account"] = 999_999

    answer = program.post(ENTRIES, entry_body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert set(answer.json()["fields"]) == {"text", "lines"}
    assert not JournalEntry.objects.exists()


def test_a_change_asks_for_the_version_that_was_seen(program, entered):
    assert program.patch(at(entered), {"text": "Other"}).status_code == 428
    assert program.patch(at(entered), {"text": "Other"}, headers={"If-Match": "nonsense"}).status_code == 400

    changed = program.patch(at(entered), {"text": "Other"}, headers={"If-Match": entered["ETag"]})
    late = program.patch(at(entered), {"text": "Third"}, headers={"If-Match": entered["ETag"]})

    assert (changed.status_code, changed["ETag"], changed.json()["text"]) == (200, '"2"', "Other")
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    assert len(changed.json()["lines"]) == 2


def test_lines_that_are_sent_replace_the_old_ones(program, entered, accounts):
    lines = [{"account": accounts["1210"], "debit": "5"}, {"account": accounts["1230"], "credit": "5"}]

    changed = program.patch(at(entered), {"lines": lines}, headers={"If-Match": entered["ETag"]})

    assert [line["debit"] for line in changed.json()["lines"]] == ["5.0000", "0.0000"]


def test_verbs_move_a_document_and_say_why_not(program, entered, company):
    sent = program.post(at(entered, "submit/"))
    again = program.post(at(entered, "submit/"))
    own = program.post(at(entered, "post/"))

    assert (sent.status_code, sent.json()["state"]) == (200, "submitted")
    assert (again.status_code, again.json()["code"]) == (409, "state")
    assert (own.status_code, own.json()["code"]) == (409, "duty")

    reviewer = client_of(a_user("Grace Okafor", *all_rights("ledger"), company=company))
    posted = reviewer.post(at(entered, "post/"))
    assert (posted.status_code, posted.json()["state"], posted.json()["number"]) == (200, "posted", "GEN-2026-00001")


def test_the_open_verbs_are_told_with_the_reasons_of_the_others(program, entered):
    told = {row["verb"]: row for row in program.get(at(entered, "verbs/")).json()}

    assert told["submit"]["open"] is True and told["submit"]["reason"] == ""
    assert told["post"]["open"] is False and told["post"]["code"] == "state"
    assert told["send_back"]["asks"] == ["reason"]


def test_a_verb_is_asked_for_its_details(program, entered):
    program.post(at(entered, "submit/"))

    missing = program.post(at(entered, "send_back/"))
    given = program.post(at(entered, "send_back/"), {"reason": "The date is wrong"})

    assert (missing.status_code, set(missing.json()["fields"])) == (400, {"reason"})
    assert (given.status_code, given.json()["state"]) == (200, "draft")


def test_a_draft_that_left_is_not_changed(program, entered):
    sent = program.post(at(entered, "submit/"))

    answer = program.patch(at(entered), {"text": "Late"}, headers={"If-Match": sent["ETag"]})

    assert (answer.status_code, answer.json()["code"]) == (409, "state")


def test_a_discarded_draft_stays_as_it_is(program, entered):
    gone = program.post(at(entered, "discard/"))

    assert (gone.status_code, gone.json()["state"], gone.json()["number"]) == (200, "void", "")
    assert program.post(at(entered, "submit/")).json()["code"] == "state"


def test_many_are_moved_at_once_each_on_its_own(program, entered, entry_body):
    second = program.post(ENTRIES, entry_body).json()["ref"]
    program.post(f"{ENTRIES}{second}/submit/")
    nobody = "00000000-0000-7000-8000-000000000000"

    answer = program.post(f"{ENTRIES}bulk/", {"verb": "submit", "refs": [entered.json()["ref"], second, nobody]})

    assert [(row["done"], row["code"]) for row in answer.json()] == [(True, ""), (False, "state"), (False, "not_found")]


def test_a_repeated_request_gets_the_first_answer(program, entry_body):
    key = {"Idempotency-Key": "0197-a"}

    first = program.post(ENTRIES, entry_body, headers=key)
    again = program.post(ENTRIES, entry_body, headers=key)
    other = program.post(ENTRIES, entry_body | {"text": "Else"}, headers=key)

    assert first.json() == again.json() and again.status_code == 201
    assert again["Idempotent-Replayed"] == "true" and again["ETag"] == first["ETag"]
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert JournalEntry.objects.count() == 1


def test_a_repeated_verb_acts_once(program, entered):
    key = {"Idempotency-Key": "verb-1"}

    first = program.post(at(entered, "submit/"), headers=key)
    again = program.post(at(entered, "submit/"), headers=key)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()


def test_a_refused_request_keeps_its_key_free(program, entered, entry_body):
    key = {"Idempotency-Key": "verb-2"}
    program.post(at(entered, "post/"), headers=key)

    program.post(at(entered, "submit/"))
    again = program.post(at(entered, "post/"), headers=key)

    assert again.json()["code"] == "duty"


def test_strangers_are_asked_who_they_are(entered):
    for client in (APIClient(), APIClient(HTTP_AUTHORIZATION="Bearer bo_wrong")):
        answer = client.get(at(entered))
        assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Bearer"


def test_what_lies_out_of_scope_does_not_exist(entered, entry_body):
    other = a_company("Other Ltd")
    stranger = client_of(a_user("Somebody Else", *all_rights("ledger"), company=other))

    assert stranger.get(ENTRIES).json()["results"] == []
    for answer in (
        stranger.get(at(entered)),
        stranger.post(at(entered, "submit/")),
        stranger.get(at(entered, "verbs/")),
    ):
        assert answer.status_code == 404 and "Cash" not in answer.content.decode()
    assert stranger.post(ENTRIES, entry_body).status_code == 400


def test_without_the_right_nothing_is_listed_or_entered(entered, entry_body, company):
    visitor = client_of(a_user("Visitor", "tax.view_taxcode", company=company))
    reader = client_of(a_user("Reader", "ledger.view_journalentry", "ledger.view_account", company=company))

    assert visitor.get(ENTRIES).status_code == 403
    assert reader.get(at(entered)).status_code == 200
    assert reader.post(ENTRIES, entry_body).status_code == 403
    assert reader.post(at(entered, "submit/")).status_code == 403


def test_a_list_costs_the_same_however_long(program, entry_body, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _round in range(2):
        for _each in range(3):
            program.post(ENTRIES, entry_body)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            program.get(ENTRIES)
        counts.append(len(queries))
    assert counts[0] == counts[1]
