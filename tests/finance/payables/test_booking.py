"""What a bill posts, to the penny: VAT, non-recoverable VAT, reverse charge, currency, stated VAT, credit notes, reversal."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from backoffice.core.errors import Refused
from finance.ledger import posting
from finance.ledger.models import Account, JournalLine, OpenItem, Period
from finance.payables import approving, booking, entering, entries
from finance.payables.models import Bill, BillLine
from finance.tax.models import TaxCode, TaxRate, TaxRow
from tests.factories_payables import a_bill, a_line, a_posted_bill, a_submitted_bill
from tests.fixtures_world import a_party


def booked(bill):
    """The entry as (account, debit, credit) in company currency."""
    rows = JournalLine.objects.filter(entry=bill.entry).order_by("place")
    return [(line.account.code, line.debit, line.credit) for line in rows.select_related("account")]


def preview(bill):
    return [(line.account.code, line.debit, line.credit) for line in entries.entry_for(bill)]


D = Decimal


def test_a_bill_posts_cost_vat_and_payable_with_its_open_item(northmoor, tom, priya):
    bill = a_posted_bill(northmoor, by=tom, approvers=[priya])

    assert booked(bill) == [("7210", D(100), D(0)), ("2211", D(20), D(0)), ("2110", D(0), D(120))]
    item = OpenItem.objects.get(line__entry=bill.entry)
    assert (item.party, item.due_on, item.rest, item.currency) == (northmoor, bill.due_on, D(-120), "GBP")


def test_the_preview_of_a_draft_is_what_will_be_posted(northmoor, tom, priya):
    bill = a_bill(northmoor, by=tom)
    before = preview(bill)

    approving.submit(bill, by=tom)
    approving.approve(bill, by=priya)

    assert booked(bill) == before


def test_the_tax_row_of_the_return_is_captured_with_the_posting(northmoor, tom, priya):
    bill = a_posted_bill(northmoor, by=tom, approvers=[priya], tax_point=date(2026, 11, 15))

    row = TaxRow.objects.get(entry=bill.entry)
    assert (row.tax_code.code, row.base, row.tax, row.tax_point, row.base_box, row.tax_box) == (
        "S20", D(100), D(20), date(2026, 11, 15), "7", "4",
    )  # fmt: skip


def test_vat_is_rounded_once_for_each_rate_as_on_the_paper(northmoor, tom, company):
    lines = [a_line(company, price="0.33") for _ in range(10)]

    bill = a_bill(northmoor, by=tom, lines=lines)

    assert (bill.net, bill.tax) == (D("3.30"), D("0.66"))


def test_vat_rounded_on_each_line_is_the_suppliers_choice(northmoor, tom, company):
    lines = [a_line(company, price="0.33") for _ in range(10)]

    assert a_bill(northmoor, by=tom, lines=lines, tax_rounding="line").tax == D("0.70")


def test_stated_vat_within_a_penny_a_line_is_paid_and_the_difference_is_rounding(northmoor, tom, priya, company):
    lines = [a_line(company, price="33.33"), a_line(company, price="33.33")]
    bill = a_bill(northmoor, by=tom, lines=lines, stated_tax=D("13.35"))  # computed 13.33
    assert bill.total == D("80.01")

    approving.submit(bill, by=tom)
    approving.approve(bill, by=priya)

    rounding = Account.objects.get(company=company, role="rounding").code
    assert booked(bill)[2:] == [("2211", D("13.33"), D(0)), (rounding, D("0.02"), D(0)), ("2110", D(0), D("80.01"))]


def test_stated_vat_beyond_the_tolerance_is_kept_in_the_draft_and_refused_on_submitting(northmoor, tom):
    bill = a_bill(northmoor, by=tom, stated_tax=D("20.02"))
    assert bill.tax == D("20.02")

    with pytest.raises(Refused, match=r"states 20\.02 VAT, the lines give 20\.00"):
        approving.submit(bill, by=tom)


def test_non_recoverable_vat_joins_the_cost_of_the_lines(northmoor, tom, priya, company):
    half = TaxCode.objects.create(company=company, code="S20H", name="Half", recoverable=50, base_box="7", tax_box="4")
    TaxRate.objects.create(tax_code=half, on="2011-01-04", rate=20)
    lines = [
        a_line(company, price="33.33", tax="S20H"),
        a_line(company, price="66.67", tax="S20H", account_code="7110"),
    ]

    bill = a_posted_bill(northmoor, by=tom, approvers=[priya], lines=lines)

    assert booked(bill) == [
        ("7210", D("36.67"), D(0)), ("7110", D("73.33"), D(0)), ("2211", D("10.00"), D(0)), ("2110", D(0), D("120.00")),
    ]  # fmt: skip
    assert TaxRow.objects.get(entry=bill.entry).tax == D("10.00")


def test_a_reverse_charge_is_owed_and_recovered_and_not_paid_to_the_supplier(tom, priya, company):
    cloud = a_party(company, "Sierra Cloud Inc", country="US")
    bill = a_posted_bill(cloud, by=tom, approvers=[priya], lines=[a_line(company, price="500.00", tax="RC20")])

    assert (bill.tax, bill.total) == (D(0), D(500))
    assert booked(bill) == [
        ("7210", D(500), D(0)), ("2213", D(100), D(0)), ("2212", D(0), D(100)), ("2110", D(0), D(500)),
    ]  # fmt: skip
    row = TaxRow.objects.get(entry=bill.entry)
    assert (row.base_box, row.tax_box, row.tax) == ("6+7", "1+4", D(100))


def test_a_foreign_bill_balances_to_the_penny_in_both_currencies(tom, priya, grace, company):
    kestrel = a_party(company, "Kestrel Components GmbH", country="DE", currency="EUR")
    lines = [a_line(company, price="33.33", tax="Z0") for _ in range(3)]
    bill = a_posted_bill(kestrel, by=tom, approvers=[priya], lines=lines, rate=D("0.8399"))

    sums = JournalLine.objects.filter(entry=bill.entry).aggregate(
        d=Sum("debit"), c=Sum("credit"), cd=Sum("currency_debit"), cc=Sum("currency_credit")
    )
    assert sums == {"d": D("83.98"), "c": D("83.98"), "cd": D("99.99"), "cc": D("99.99")}
    item = OpenItem.objects.get(line__entry=bill.entry)
    assert (item.currency, item.rest, item.rest_company) == ("EUR", D("-99.99"), D("-83.98"))


def test_without_a_rate_of_the_day_a_foreign_bill_is_refused_with_the_way_out(tom, company):
    swiss = a_party(company, "Alp AG", country="CH", currency="CHF")

    with pytest.raises(Refused, match="no exchange rate for CHF to GBP on 18 Nov 2026"):
        a_bill(swiss, by=tom)


def test_a_credit_note_posts_all_sides_swapped(northmoor, tom, priya):
    note = a_posted_bill(northmoor, by=tom, approvers=[priya], kind="credit_note", reference="CN-177")

    assert (note.total, note.amount) == (D(120), D(-120))
    assert booked(note) == [("7210", D(0), D(100)), ("2211", D(0), D(20)), ("2110", D(120), D(0))]
    assert TaxRow.objects.get(entry=note.entry).base == D(-100)


def test_a_line_may_be_negative_within_a_bill(northmoor, tom, priya, company):
    lines = [a_line(company, price="100.00"), a_line(company, quantity="-1", price="30.00")]

    bill = a_posted_bill(northmoor, by=tom, approvers=[priya], lines=lines)

    assert booked(bill)[1] == ("7210", D(0), D(30))
    assert bill.total == D(84)


def test_prices_have_six_decimals_and_quantities_too(northmoor, tom, company):
    bill = a_bill(northmoor, by=tom, lines=[a_line(company, quantity="1234.567", price="0.012345", tax="Z0")])

    assert bill.net == D("15.24")


def test_a_line_without_its_cost_centre_is_refused(northmoor, tom, company):
    bill = a_bill(northmoor, by=tom, lines=[a_line(company, cost_centre=None)])

    with pytest.raises(Refused, match="needs a cost centre"):
        approving.submit(bill, by=tom)


def test_a_control_account_takes_no_bill_line(northmoor, tom, company):
    bill = a_bill(northmoor, by=tom, lines=[a_line(company, account_code="2110", cost_centre=None)])

    with pytest.raises(Refused, match="control account"):
        approving.submit(bill, by=tom)


def test_a_posted_bill_cannot_be_changed_or_deleted_even_by_sql(northmoor, tom, priya):
    bill = a_posted_bill(northmoor, by=tom, approvers=[priya])
    attacks = [
        "UPDATE payables_bill SET total = 1, net = 1, tax = 0, amount = 1",
        "UPDATE payables_bill SET state = 'draft'",
        "UPDATE payables_bill SET due_on = '2030-01-01'",
        "UPDATE payables_bill SET number = 'X-1'",
        "UPDATE payables_bill SET entry_id = NULL",
        "DELETE FROM payables_bill",
        "UPDATE payables_billline SET net = 1",
        "DELETE FROM payables_billline",
        (
            "INSERT INTO payables_billline (bill_id, place, text, quantity, unit_price, price_per, discount, net)"
            f" VALUES ({bill.pk}, 9, '', 1, 1, 1, 0, 1)"
        ),
    ]
    for attack in attacks:
        with pytest.raises(IntegrityError, match="cannot be"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)


def test_a_bill_cannot_be_called_posted_without_an_entry(northmoor, tom):
    a_bill(northmoor, by=tom)

    with pytest.raises(IntegrityError, match="without its entry"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE payables_bill SET state = 'posted'")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_reversing_posts_the_mirror_settles_both_and_takes_the_vat_back(northmoor, tom, priya):
    bill = a_posted_bill(northmoor, by=tom, approvers=[priya])

    booking.reverse(bill, by=priya, reason="Wrong supplier", on=date(2026, 11, 23))

    bill.refresh_from_db()
    mirror = bill.entry.mirror
    assert (bill.state, mirror.number, mirror.on) == ("posted", "BILL-2026-00002", date(2026, 11, 23))
    assert not OpenItem.objects.exclude(rest=0).exists()
    assert TaxRow.objects.aggregate(base=Sum("base"), tax=Sum("tax")) == {"base": D(0), "tax": D(0)}
    with pytest.raises(Refused, match="reversed already"):
        booking.reverse(bill, by=priya, reason="Again")


def test_a_reversal_needs_a_reason(northmoor, tom, priya):
    bill = a_posted_bill(northmoor, by=tom, approvers=[priya])

    with pytest.raises(Refused, match="needs a reason"):
        booking.reverse(bill, by=priya, reason="")


def test_a_bill_whose_period_closed_is_reversed_on_the_first_open_day(northmoor, tom, priya, bookkeeper, company):
    bill = a_posted_bill(northmoor, by=tom, approvers=[priya], on=date(2026, 10, 5), reference="OCT-1")
    with connection.cursor() as cursor:  # as a commit would
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    Period.flow.perform(Period.objects.get(company=company, name="October 2026"), "close", by=bookkeeper)

    booking.reverse(bill, by=priya, reason="Wrong supplier")

    assert bill.entry.mirror.on == date(2026, 11, 1)


def test_a_reversed_bill_may_be_entered_again_under_its_reference(northmoor, tom, priya):
    bill = a_posted_bill(northmoor, by=tom, approvers=[priya])
    booking.reverse(bill, by=priya, reason="Wrong cost centre")

    again = a_bill(northmoor, by=tom)
    assert again.replaces == bill
    with pytest.raises(Refused, match="already"):
        a_bill(northmoor, by=tom)


def test_a_discarded_bill_frees_its_reference_and_had_no_number(northmoor, tom):
    bill = a_bill(northmoor, by=tom)

    booking.void(bill, by=tom)

    assert (bill.state, bill.number) == ("void", "")
    assert a_bill(northmoor, by=tom).pk != bill.pk


def test_numbers_have_no_gap_when_a_posting_fails(northmoor, tom, priya, company, bookkeeper):
    first = a_posted_bill(northmoor, by=tom, approvers=[priya], reference="A")
    october = a_submitted_bill(northmoor, by=tom, reference="B", on=date(2026, 10, 1))
    Period.flow.perform(Period.objects.get(company=company, name="October 2026"), "close", by=bookkeeper)
    approving.approve(october, by=priya)
    third = a_posted_bill(northmoor, by=tom, approvers=[priya], reference="C")

    assert (first.number, october.state, third.number) == ("BILL-2026-00001", "approved", "BILL-2026-00002")


def test_the_rates_of_a_later_day_do_not_change_a_bill_silently(northmoor, tom, company):
    bill = a_bill(northmoor, by=tom)
    TaxRate.objects.filter(tax_code__code="S20").update(rate=25)

    with pytest.raises(Refused, match="sums are out of date"):
        approving.submit(bill, by=tom)

    bill.note = "Summed up anew"
    entering.change(bill, by=tom, version=bill.version)
    assert bill.total == D(125)


amounts = st.decimals(min_value=D("-99999"), max_value=D("99999"), places=2)


@given(st.lists(amounts, min_size=1, max_size=12), st.decimals(min_value=D("0.0001"), max_value=D(200), places=6))
def test_shares_by_rate_always_sum_to_the_whole_and_stay_within_a_unit(parts, rate):
    exact = [part * rate for part in parts]
    whole = sum(exact).quantize(D("0.01"))

    shares = entries.spread(exact, whole, 2)

    assert sum(shares) == whole
    assert all(abs(share - value) <= D("0.01") for share, value in zip(shares, exact, strict=True))


def test_the_entry_is_a_pure_function_of_what_was_read(northmoor, tom, django_assert_num_queries):
    bill = entries.with_everything(Bill.objects.filter(pk=a_bill(northmoor, by=tom).pk)).get()
    lines, roles = entries.lines_of(bill), entries.roles_of(bill)
    from backoffice.currencies import conversion

    sums = entries.totalling.of(bill, lines, conversion.digits("GBP"))
    with django_assert_num_queries(0):
        made = entries.build(bill, lines, sums, roles).lines
    posting.check(bill.company, posting.Posting(on=bill.booked_on, lines=made, text="x"))
    assert BillLine.objects.count() == 1
