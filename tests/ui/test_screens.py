"""The kit of screens, tried on supplier bills."""

from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from backoffice.ui import history
from backoffice.ui.models import Draft
from backoffice.ui.slots import Row
from finance.payables.models import Bill
from tests.factories_payables import a_bill, a_cost_centre, a_submitted_bill, account, tax_code
from tests.fixtures_world import a_company, a_party, a_user, all_rights

BILLS = "/payables/bills/"


@pytest.fixture
def clerk(company):
    rights = [r for r in all_rights("payables", "parties", "ledger", "tax", "organisation") if ".approve_" not in r]
    return a_user("Tom Ashworth", *rights, company=company)


@pytest.fixture
def reader(company):
    return a_user("Bilal Chaudhry", "payables.view_bill", company=company)


@pytest.fixture
def party(company):
    return a_party(company)


@pytest.fixture
def signed_in(client, clerk):
    client.force_login(clerk)
    return client


def shown_form(client, address):
    """The values of a form as a browser would send them back."""
    context = client.get(address).context
    form, lines = context["form"], context["lines"]
    values = {"version": context["version"] or "", "was": context["was"], "idempotency_key": str(uuid4())}
    for each in [form, lines.management_form, *lines.forms]:
        for field in each:
            widget, value = field.field.widget, field.value()
            shown = widget.format_value(value) if hasattr(widget, "format_value") else value
            if shown not in (None, "", False) and field.name != "DELETE":
                values[field.html_name] = shown[0] if isinstance(shown, list) else shown
    return values


def new_bill(client, company, party, **values):
    """The form of a new bill with one line filled in."""
    line = {
        "text": "Mailing boxes",
        "quantity": "1",
        "unit_price": "100.00",
        "account": account(company).pk,
        "tax_code": tax_code(company).pk,
        "cost_centre": a_cost_centre(company).pk,
    }
    head = {"party": party.pk, "reference": "NP-1", "bill_date": "18 nov 2026", "currency": "GBP"}
    return {**shown_form(client, f"{BILLS}new/"), **head, **{f"lines-0-{k}": v for k, v in line.items()}, **values}


def test_a_stranger_is_sent_to_sign_in_and_a_part_is_answered_401(client, company):
    assert client.get(BILLS)["Location"].startswith("/accounts/login/")
    assert client.get(BILLS, headers={"HX-Request": "true"}).status_code == 401


def test_who_lacks_the_right_gets_403_with_the_reason(client, company):
    client.force_login(a_user("Nobody Here", company=company))

    answer = client.get(BILLS)

    assert answer.status_code == 403
    assert 'class="why"' in answer.content.decode()


def test_a_document_of_another_company_is_not_found(signed_in, clerk):
    other = a_company("Other Ltd")
    bill = a_bill(a_party(other), by=a_user("Other Person", *all_rights("payables"), company=other))

    assert signed_in.get(f"{BILLS}{bill.pk}/").status_code == 404
    assert signed_in.post(f"{BILLS}{bill.pk}/submit/").status_code == 404


def test_a_list_is_drawn_empty_and_full_with_the_same_number_of_queries(
    signed_in, clerk, party, django_assert_max_num_queries
):
    signed_in.get(f"{BILLS}?view=all")
    with django_assert_max_num_queries(16):
        assert "Nothing here" in signed_in.get(f"{BILLS}?view=all").content.decode()
    for n in range(3):
        a_bill(party, by=clerk, reference=f"R{n}")
    with django_assert_max_num_queries(16):
        page = signed_in.get(f"{BILLS}?view=all").content.decode()
    assert page.count('<tr class="row">') == 3


def test_a_list_counts_and_adds_up_only_when_asked_for_the_part(signed_in, clerk, party):
    a_bill(party, by=clerk)

    page = signed_in.get(f"{BILLS}?view=all").content.decode()
    sums = signed_in.get(f"{BILLS}?view=all&part=sums", headers={"HX-Request": "true"}).content.decode()

    assert "Adding up" in page
    assert "120.00" in sums


def test_an_empty_view_of_a_full_list_says_that_the_view_is_empty_and_leads_to_all(signed_in, clerk, party):
    a_bill(party, by=clerk)
    page = signed_in.get(f"{BILLS}?view=blocked").content.decode()
    assert "Nothing here under “Blocked”" in page
    assert f'href="{BILLS}?view=all">Show all' in page
    assert "nothing here yet" not in page


def test_an_unknown_order_is_ignored(signed_in, clerk, party):
    a_bill(party, by=clerk)

    assert signed_in.get(f"{BILLS}?view=all&sort=company__name").status_code == 200


def test_files_hold_the_rows_of_the_view(signed_in, clerk, party):
    a_bill(party, by=clerk, reference="=cmd()")

    text = b"".join(signed_in.get(f"{BILLS}?view=all&export=csv").streaming_content).decode()

    assert "'=cmd()" in text
    assert signed_in.get(f"{BILLS}?view=all&export=xlsx").content[:2] == b"PK"


def test_a_bill_is_entered_with_its_empty_rows_left_out(signed_in, company, party):
    answer = signed_in.post(f"{BILLS}new/", new_bill(signed_in, company, party))

    bill = Bill.objects.get()
    assert answer["Location"] == f"{BILLS}{bill.pk}/"
    assert bill.lines.count() == 1


def test_the_same_form_sent_twice_makes_one_bill(signed_in, company, party):
    form = new_bill(signed_in, company, party)

    first, second = signed_in.post(f"{BILLS}new/", form), signed_in.post(f"{BILLS}new/", form)

    assert Bill.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_a_wrong_form_is_answered_422_with_the_same_values_and_the_way_to_each_error(signed_in, company, party):
    answer = signed_in.post(f"{BILLS}new/", new_bill(signed_in, company, party, bill_date="31 feb 2026"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "31 feb 2026" in page
    assert "February 2026 has 28 days" in page
    assert 'href="#id_bill_date"' in page
    assert not Bill.objects.exists()


def test_a_supplier_is_found_by_its_name_alone(signed_in, company, party):
    for n in range(13):  # up to twelve the field is a plain list
        a_party(company, f"Supplier {n}")
    form = {**new_bill(signed_in, company, party), "party": "", "party-text": "northmoor"}

    signed_in.post(f"{BILLS}new/", form)

    assert Bill.objects.get().party == party


def test_what_is_typed_is_kept_offered_and_dropped_after_saving(signed_in, clerk, company, party):
    signed_in.post(f"{BILLS}new/draft/", {"reference": "half typed", "idempotency_key": "x"})
    draft = Draft.objects.get()

    assert (draft.user, draft.address) == (clerk, f"{BILLS}new/")
    assert "You have a draft" in signed_in.get(f"{BILLS}new/").content.decode()
    assert "half typed" in signed_in.get(f"{BILLS}new/?draft=take").content.decode()
    signed_in.post(f"{BILLS}new/", new_bill(signed_in, company, party))
    assert not Draft.objects.exists()


def test_what_arrives_after_the_form_was_saved_is_no_draft(signed_in, company, party):
    form = new_bill(signed_in, company, party)
    signed_in.post(f"{BILLS}new/", form)

    signed_in.post(f"{BILLS}new/draft/", form)

    assert not Draft.objects.exists()
    assert "You have a draft" not in signed_in.get(f"{BILLS}new/").text


def test_a_draft_is_unreadable_in_the_database(signed_in):
    signed_in.post("/parties/1/accounts/new/draft/", {"number": "GB82WEST12345698765432"})

    with connection.cursor() as cursor:
        cursor.execute('SELECT "values" FROM ui_draft')
        kept = cursor.fetchone()[0]
    assert "WEST" not in kept
    assert "WEST" in Draft.objects.get().values


def test_one_press_that_does_several_things_tells_its_changes_once_and_in_full_pence(clerk, party):
    bill, at = a_bill(party, by=clerk), timezone.now()
    acts = [Row("act", n, at, clerk.name, verb, {}, None, 7) for n, verb in ((3, "submit"), (2, "change"))]
    written = [Row("change", 1, at, clerk.name, "update", {"total": 200.0}, {"total": 240.0}, 7)]

    submitted, changed = history._own(bill, acts, written)

    assert submitted["diff"] == []
    assert changed["diff"] == [("Total", "200.00", "240.00")]


def test_changes_of_two_people_that_do_not_clash_are_merged(signed_in, clerk, party):
    bill = a_bill(party, by=clerk)
    mine, theirs = shown_form(signed_in, f"{BILLS}{bill.pk}/edit/"), shown_form(signed_in, f"{BILLS}{bill.pk}/edit/")
    signed_in.post(f"{BILLS}{bill.pk}/edit/", {**theirs, "due_on": "1 jan 2027"})

    answer = signed_in.post(f"{BILLS}{bill.pk}/edit/", {**mine, "reference": "MINE"})

    bill.refresh_from_db()
    assert answer.status_code == 302
    assert (bill.reference, str(bill.due_on)) == ("MINE", "2027-01-01")


def test_a_clash_is_answered_409_and_the_choice_saves(signed_in, clerk, party):
    bill = a_bill(party, by=clerk)
    mine, theirs = shown_form(signed_in, f"{BILLS}{bill.pk}/edit/"), shown_form(signed_in, f"{BILLS}{bill.pk}/edit/")
    signed_in.post(f"{BILLS}{bill.pk}/edit/", {**theirs, "reference": "THEIRS"})

    answer = signed_in.post(f"{BILLS}{bill.pk}/edit/", {**mine, "reference": "MINE"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert all(word in page for word in ("NP-88213", "THEIRS", "MINE"))
    again = {**mine, "reference": "MINE", "version": answer.context["version"], "was": answer.context["was"]}
    signed_in.post(
        f"{BILLS}{bill.pk}/edit/",
        {**again, "idempotency_key": str(uuid4()), "clash": "chosen", "choose-reference": "yours"},
    )
    bill.refresh_from_db()
    assert bill.reference == "MINE"


def test_a_verb_acts_by_post_and_refuses_an_old_version(signed_in, clerk, party):
    bill = a_bill(party, by=clerk)
    address = f"{BILLS}{bill.pk}/submit/"

    assert signed_in.post(address, {"version": bill.version + 5, "idempotency_key": str(uuid4())}).status_code == 409
    assert signed_in.post(address, {"version": bill.version, "idempotency_key": str(uuid4())}).status_code == 302
    bill.refresh_from_db()
    assert bill.state != Bill.State.DRAFT


def test_a_verb_without_the_right_is_403_and_not_drawn(client, reader, clerk, party):
    bill = a_submitted_bill(party, by=clerk)
    client.force_login(reader)

    page = client.get(f"{BILLS}{bill.pk}/").content.decode()

    assert client.post(f"{BILLS}{bill.pk}/approve/").status_code == 403
    assert f"{BILLS}{bill.pk}/approve/" not in page


def test_the_page_of_a_submitted_bill_cannot_be_edited_and_says_so(signed_in, clerk, party):
    bill = a_submitted_bill(party, by=clerk)

    answer = signed_in.get(f"{BILLS}{bill.pk}/edit/")

    assert answer.status_code == 409
    assert "edited" in answer.content.decode()


def test_preferences_are_kept_with_the_person(signed_in, clerk):
    signed_in.post("/me/preferences/", {"theme": "dark"})
    signed_in.post("/me/preferences/", {"density": "compact", "theme": "nonsense"})

    clerk.refresh_from_db()
    assert (clerk.theme, clerk.density) == ("dark", "compact")
    assert 'data-theme="dark"' in signed_in.get("/").content.decode()


def test_a_saved_view_opens_the_list(signed_in, clerk):
    signed_in.post(
        "/me/views/", {"address": BILLS, "name": "Mine", "query": "view=all&sort=-number", "is_default": "on"}
    )

    assert signed_in.get(BILLS)["Location"] == f"{BILLS}?view=all&sort=-number"
    assert "Mine" in signed_in.get(f"{BILLS}?view=all&sort=-number").content.decode()


def test_the_palette_finds_only_what_may_be_seen(client, clerk, reader, party):
    a_bill(party, by=clerk)
    client.force_login(clerk)
    assert "Northmoor" in client.get("/find/?q=northmoor").content.decode()
    client.force_login(a_user("Nobody Else", company=party.company))
    assert "Northmoor Packaging" not in client.get("/find/?q=northmoor").content.decode()


def test_no_page_carries_inline_script_or_style(signed_in, clerk, party):
    bill = a_bill(party, by=clerk)
    for address in ("/", BILLS, f"{BILLS}new/", f"{BILLS}{bill.pk}/", f"{BILLS}{bill.pk}/edit/", "/me/", "/find/"):
        answer = signed_in.get(address)
        page = answer.content.decode()
        assert " style=" not in page
        assert " onclick=" not in page
        assert "<style" not in page
        assert "unsafe" not in answer["Content-Security-Policy"]
