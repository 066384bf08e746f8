"""The screens of bills as people use them: list, form with lines, page, verbs, uploads."""

import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backoffice.documents.models import Attachment
from backoffice.exchange.models import Upload
from finance.payables.models import Bill
from tests.factories_payables import a_bill, a_cost_centre, a_posted_bill, a_submitted_bill, account, tax_code
from tests.finance.payables.papers import an_invoice
from tests.fixtures_world import a_company, a_party, a_user


@pytest.fixture
def as_tom(client, tom):
    client.force_login(tom)
    return client


@pytest.fixture
def as_priya(client, priya):
    client.force_login(priya)
    return client


def typed(northmoor, company, **changes):
    """A filled-in form with one line."""
    line = {
        "text": "Boxes", "account": account(company).pk, "cost_centre": a_cost_centre(company).pk,
        "tax_code": tax_code(company).pk, "quantity": "600", "unit_price": "14.80",
    }  # fmt: skip
    return {
        "party": northmoor.pk, "reference": "NP-88213", "kind": "bill", "bill_date": "18 Nov 2026", "due_on": "",
        "tax_point": "", "booked_on": "", "currency": "", "rate": "", "bank_account": "", "stated_tax": "",
        "tax_rounding": "document", "note": "", "idempotency_key": str(uuid.uuid4()), "then": "keep",
        "lines-TOTAL_FORMS": "2", "lines-INITIAL_FORMS": "0", "lines-MIN_NUM_FORMS": "0", "lines-MAX_NUM_FORMS": "1000",
        **{f"lines-0-{name}": value for name, value in line.items()}, **changes,
    }  # fmt: skip


def test_a_bill_is_typed_in_and_what_is_left_empty_follows(as_tom, northmoor, company, tom):
    answer = as_tom.post(reverse("payables:bill_new"), typed(northmoor, company))

    bill = Bill.objects.get()
    assert answer.status_code == 302
    assert answer.url == bill.get_absolute_url()
    assert (bill.total, bill.currency, str(bill.due_on), bill.entered_by) == (
        Decimal("10656.00"),
        "GBP",
        "2026-12-18",
        tom,
    )
    assert (bill.tax_point, bill.booked_on) == (bill.bill_date, bill.bill_date)


def test_save_and_submit_sends_it_for_approval_at_once(as_tom, northmoor, company):
    as_tom.post(reverse("payables:bill_new"), typed(northmoor, company, then="go"))

    assert Bill.objects.get().state == Bill.State.SUBMITTED


def test_the_same_form_sent_twice_makes_one_bill(as_tom, northmoor, company):
    data = typed(northmoor, company)

    first, second = (as_tom.post(reverse("payables:bill_new"), data) for _ in range(2))

    assert Bill.objects.count() == 1
    assert first.url == second.url


def test_a_duplicate_is_said_beside_the_reference_and_nothing_typed_is_lost(as_tom, northmoor, company, tom):
    a_bill(northmoor, by=tom)

    answer = as_tom.post(reverse("payables:bill_new"), typed(northmoor, company))

    assert answer.status_code == 422
    assert "sent NP-88213 already" in answer.text
    assert 'value="Boxes"' in answer.text


def test_a_line_without_coding_is_kept_in_a_draft_and_asked_for_on_submitting(as_tom, northmoor, company):
    data = typed(northmoor, company, **{"lines-0-account": "", "lines-0-tax_code": ""})
    as_tom.post(reverse("payables:bill_new"), data)
    bill = Bill.objects.get()

    page = as_tom.get(bill.get_absolute_url())

    assert "Line 1 has no account." in page.text


def test_changing_the_lines_keeps_those_that_stay_and_sums_anew(as_tom, northmoor, company, tom):
    bill = a_bill(northmoor, by=tom)
    line = bill.lines.get()
    data = typed(northmoor, company, version=bill.version, **{"lines-INITIAL_FORMS": "1", "lines-0-id": line.pk})

    answer = as_tom.post(reverse("payables:bill_edit", args=[bill.pk]), data)

    assert answer.status_code == 302, answer.text
    bill.refresh_from_db()
    assert bill.lines.get().pk == line.pk
    assert bill.total == Decimal("10656.00")


def test_a_clash_with_somebody_elses_change_is_shown_with_both_values(as_tom, northmoor, company, tom):
    bill = a_bill(northmoor, by=tom)
    old = bill.version
    bill.note = "Changed by Hannah"
    from finance.payables import entering

    entering.change(bill, by=tom, version=old)

    answer = as_tom.post(
        reverse("payables:bill_edit", args=[bill.pk]), typed(northmoor, company, version=old, note="Changed by Tom")
    )

    assert answer.status_code == 409
    assert "Changed by Hannah" in answer.text
    assert "Changed by Tom" in answer.text


def test_a_submitted_bill_has_no_edit_form(as_tom, northmoor, tom):
    bill = a_submitted_bill(northmoor, by=tom)

    assert as_tom.get(reverse("payables:bill_edit", args=[bill.pk])).status_code == 409


def test_the_page_shows_steps_lines_sums_and_who_may_approve(as_priya, northmoor, tom, grace):
    bill = a_submitted_bill(northmoor, by=tom, price="9920.00")

    page = as_priya.get(bill.get_absolute_url()).text

    for words in (
        "Northmoor Packaging Ltd",
        "Captured",
        "0 of 2",
        "11,904.00",
        "1,984.00",
        "Priya Nair",
        "Grace Okafor",
    ):
        assert words in page
    assert "Approve" in page


def test_the_clerk_sees_why_a_bill_cannot_be_approved_by_them(as_tom, northmoor, tom, company):
    from tests.fixtures_world import give

    give(tom, "payables.approve_bill", company=company)
    bill = a_submitted_bill(northmoor, by=tom)

    page = as_tom.get(bill.get_absolute_url()).text

    assert "Entered by you, so somebody else must approve." in page


def test_approving_by_the_button_posts_the_bill(as_priya, northmoor, tom):
    bill = a_submitted_bill(northmoor, by=tom)

    answer = as_priya.post(reverse("payables:bill_verb", args=[bill.pk, "approve"]), {"version": bill.version})

    bill.refresh_from_db()
    assert answer.status_code == 302
    assert bill.state == Bill.State.POSTED


def test_approving_a_version_that_is_gone_is_refused(as_priya, northmoor, tom):
    bill = a_submitted_bill(northmoor, by=tom)

    answer = as_priya.post(reverse("payables:bill_verb", args=[bill.pk, "approve"]), {"version": bill.version - 1})

    assert answer.status_code == 409


def test_returning_asks_for_a_reason(as_priya, northmoor, tom):
    bill = a_submitted_bill(northmoor, by=tom)
    address = reverse("payables:bill_verb", args=[bill.pk, "send_back"])

    assert as_priya.get(address).status_code == 200
    assert as_priya.post(address, {"reason": ""}).status_code == 422
    assert as_priya.post(address, {"reason": "Wrong cost centre"}).status_code == 302
    bill.refresh_from_db()
    assert bill.state == Bill.State.DRAFT


def test_the_list_tells_what_waits_for_me_with_its_sums(as_priya, northmoor, tom):
    a_submitted_bill(northmoor, by=tom)
    a_bill(northmoor, by=tom, reference="NP-2")

    page = as_priya.get(reverse("payables:bill_list"), {"view": "mine"}).text
    assert "Waiting for you" in page
    assert "NP-88213" in page
    assert "NP-2" not in page

    counts = as_priya.get(reverse("payables:bill_list"), {"part": "counts"}).text
    assert "Waiting for me" in counts
    sums = as_priya.get(reverse("payables:bill_list"), {"part": "sums"}).text
    assert "240.00" in sums


def test_the_list_finds_by_reference_supplier_and_amount(as_tom, northmoor, company, tom):
    a_bill(northmoor, by=tom)
    a_bill(a_party(company, "Aldgate Print Co"), by=tom, reference="7731", price="702.00")

    for words in ("7731", "aldgate", "842.40", ">800"):
        page = as_tom.get(reverse("payables:bill_list"), {"q": words}).text
        assert "Aldgate Print Co" in page, words
        assert "NP-88213" not in page, words


def test_a_page_of_bills_takes_the_same_number_of_queries_for_few_and_many(as_priya, northmoor, tom):
    a_submitted_bill(northmoor, by=tom, reference="R-first")
    as_priya.get(reverse("payables:bill_list"))
    with CaptureQueriesContext(connection) as few:
        as_priya.get(reverse("payables:bill_list"))
    for n in range(20):
        a_submitted_bill(northmoor, by=tom, reference=f"R{n}")

    with CaptureQueriesContext(connection) as many:
        as_priya.get(reverse("payables:bill_list"))

    assert len(many) == len(few)
    assert len(many) <= 20  # seven of them are the session's


def test_my_work_takes_the_same_number_of_queries_for_few_and_many(as_priya, northmoor, tom):
    a_submitted_bill(northmoor, by=tom, reference="R-first")
    as_priya.get(reverse("ui:work"))
    with CaptureQueriesContext(connection) as few:
        as_priya.get(reverse("ui:work"))
    for n in range(20):
        a_submitted_bill(northmoor, by=tom, reference=f"R{n}")

    with CaptureQueriesContext(connection) as many:
        as_priya.get(reverse("ui:work"))

    assert len(many) <= len(few) + 2


def test_the_page_of_a_bill_stays_within_its_queries(as_priya, northmoor, tom, django_assert_max_num_queries):
    bill = a_posted_bill(northmoor, by=tom, approvers=[approving_user(northmoor)])

    with django_assert_max_num_queries(45):
        as_priya.get(bill.get_absolute_url())


def approving_user(party):
    return a_user("Pat Approver", "payables.approve_bill", "payables.post_bill", company=party.company)


def test_a_bill_of_another_company_is_not_there(as_tom, tom):
    other = a_company("Other Ltd")
    stranger = a_user("Sam Other", "payables.add_bill", company=other)
    bill = a_bill(a_party(other), by=stranger)

    assert as_tom.get(bill.get_absolute_url()).status_code == 404


def test_without_the_right_the_list_is_refused(client, company):
    client.force_login(a_user("Nora None", "parties.view_party", company=company))

    assert client.get(reverse("payables:bill_list")).status_code == 403


def test_uploading_several_files_tells_what_became_of_each(as_tom, company):
    a_party(company, vat_number="GB980780684")
    files = [
        SimpleUploadedFile("good.xml", an_invoice(), content_type="text/xml"),
        SimpleUploadedFile("bad.xml", b"<bad", content_type="text/xml"),
    ]

    answer = as_tom.post(
        reverse("exchange:upload_new", args=["bill"]),
        {"files": files, "idempotency_key": str(uuid.uuid4())},
        follow=True,
    )

    assert "Captured as a draft." in answer.text
    assert "This is not a readable XML file" in answer.text
    assert Attachment.objects.count() == 1


def test_one_press_creates_the_proposed_supplier_and_captures_the_bill(as_tom, company):
    as_tom.post(
        reverse("exchange:upload_new", args=["bill"]),
        {"files": [SimpleUploadedFile("new.xml", an_invoice())], "idempotency_key": str(uuid.uuid4())},
    )
    upload = Upload.objects.get()
    page = as_tom.get(upload.get_absolute_url()).text
    assert "Create this supplier and capture the bill" in page
    assert "GB980780684" in page

    answer = as_tom.post(reverse("exchange:upload_again", args=[upload.pk]), {"confirm": "yes"}, follow=True)

    assert "Northmoor Packaging Ltd" in answer.text
    assert Bill.objects.get().party.name == "Northmoor Packaging Ltd"


def test_the_captured_bill_shows_the_suppliers_own_paper(as_tom, company, tom):
    a_party(company, vat_number="GB980780684")
    as_tom.post(reverse("exchange:upload_new", args=["bill"]), {"files": [SimpleUploadedFile("a.xml", an_invoice())]})

    page = as_tom.get(Bill.objects.get().get_absolute_url()).text

    assert '<svg class="doc"' in page
    assert "11,904.00" in page


def test_an_uploaded_file_comes_back_as_it_was_and_is_not_interpreted(as_tom, company):
    as_tom.post(reverse("exchange:upload_new", args=["bill"]), {"files": [SimpleUploadedFile("x.xml", b"<script/>")]})

    answer = as_tom.get(reverse("exchange:upload_file", args=[Upload.objects.get().pk]))

    assert answer.content == b"<script/>"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_look_alike_is_pointed_out_on_the_page(as_tom, northmoor, tom):
    a_bill(northmoor, by=tom)
    twin = a_bill(northmoor, by=tom, reference="NP-88213-A")

    page = as_tom.get(twin.get_absolute_url()).text

    assert "Perhaps entered twice." in page
    assert "same supplier and amount, dates near" in page


def test_reversing_by_the_screen_shows_the_mirror(as_priya, northmoor, tom, priya):
    bill = a_posted_bill(northmoor, by=tom, approvers=[priya])

    answer = as_priya.post(
        reverse("payables:bill_verb", args=[bill.pk, "reverse"]), {"reason": "Wrong supplier", "on": ""}, follow=True
    )

    assert "Reversed" in answer.text
    assert "BILL-2026-00002" in answer.text


def test_my_work_offers_the_decision(as_priya, northmoor, tom):
    bill = a_submitted_bill(northmoor, by=tom)

    page = as_priya.get(reverse("ui:work")).text

    assert "NP-88213" in page
    assert reverse("payables:bill_verb", args=[bill.pk, "approve"]) in page


def test_my_own_submission_is_not_in_my_work(as_tom, northmoor, tom):
    bill = a_submitted_bill(northmoor, by=tom)

    assert reverse("payables:bill_verb", args=[bill.pk, "approve"]) not in as_tom.get(reverse("ui:work")).text


def test_the_suppliers_page_shows_their_bills_and_usual_coding(as_tom, northmoor, tom, company):
    from tests.fixtures_world import give

    give(tom, "payables.view_supplierterms", company=company)
    a_submitted_bill(northmoor, by=tom)

    page = as_tom.get(northmoor.get_absolute_url()).text

    assert "NP-88213" in page
    assert "7210 Vehicle fuel" in page
    assert f"{reverse('payables:bill_new')}?party={northmoor.pk}" in page


def test_a_new_bill_from_the_suppliers_page_knows_the_supplier(as_tom, northmoor):
    page = as_tom.get(reverse("payables:bill_new"), {"party": northmoor.pk}).text

    assert f'<input type="hidden" name="party" value="{northmoor.pk}">' in page


def test_a_bill_leads_to_its_neighbours_in_the_list_it_was_opened_from(as_tom, tom, northmoor):
    first, second, third = (a_bill(northmoor, by=tom, reference=f"N-{n}") for n in (1, 2, 3))
    for bill in (first, second, third):
        assert 'data-key="]"' not in as_tom.get(bill.get_absolute_url()).text

    as_tom.get(reverse("payables:bill_list"), {"q": "N-"})
    page = as_tom.get(second.get_absolute_url()).text

    assert "2 of 3, open" in page
    assert f'href="{first.get_absolute_url()}" data-key=' in page
    assert f'href="{third.get_absolute_url()}" data-key=' in page
