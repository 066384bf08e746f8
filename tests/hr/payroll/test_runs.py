from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from backoffice.core.errors import DutyConflict, Refused
from backoffice.jobs import running
from backoffice.jobs.models import Job
from finance.ledger.models import JournalLine, Role
from hr.payroll import approving, booking, calculating, detailing, entries, gathering, items, preparing
from hr.payroll.models import Element, PayrollRun, Payslip, PayslipLine, RunChunk, TaxDetails, YearToDate
from hr.people.models import Assignment, PersonBankAccount
from tests.factories_payroll import a_run, calculated, posted, staff, work_off
from tests.factories_people import a_place

pytestmark = pytest.mark.django_db
D = Decimal


def lines_of(run, employment):
    slip = Payslip.objects.get(run=run, employment=employment)
    return {line.code: line.amount for line in slip.lines.all()}


def year_of(employment):
    return gathering.year_to_date([employment.pk], "2026-27").get(employment.pk, {})


def test_a_month_is_calculated_in_parts_each_person_once(company, clerk):
    people = staff(company, 23, by=clerk)

    run = a_run(company, clerk)

    assert RunChunk.objects.filter(run=run, done_at__isnull=False).count() == 3
    assert sorted(run.payslips.values_list("employment", flat=True)) == sorted(p.pk for p in people)
    # month 8 of a year in which nothing was paid before: the code frees eight months
    assert lines_of(run, people[0]) == {
        "salary": D("3000.00"), "tax": 0, "ni": D("156.16"), "ni_employer": D("387.45"),
    }  # fmt: skip
    assert (run.people, run.gross, run.net) == (23, 69000, 23 * D("2843.84"))


def test_the_year_to_date_grows_by_posted_runs_only(company, clerk, director):
    (person,) = staff(company, 1, by=clerk, amount="60000")
    april = a_run(company, clerk, month=4)
    assert year_of(person) == {}

    posted(april, clerk, director)
    may = a_run(company, clerk, month=5)

    assert year_of(person)["taxable"] == 5000
    first, second = (lines_of(run, person)["tax"] for run in (april, may))
    # month 1: 3,951 taxable, 628.3333 and 40 % of what exceeds 3,141.6666; month 2: 7,903 to date
    assert first == D("952.06")
    assert first + second == D("1904.53")


def test_one_balanced_entry_by_cost_centre(company, clerk, director):
    staff(
        company,
        3,
        by=clerk,
        centre=a_place(company, "WH", "Warehouse"),
        pension="net_pay",
        pension_employee=5,
        pension_employer=3,
    )
    staff(company, 2, by=clerk, centre=a_place(company, "IT", "IT"), first=10, loan_plans=["1"])
    run = posted(a_run(company, clerk, month=4), clerk, director)

    lines = list(JournalLine.objects.filter(entry=run.entry_id).select_related("account", "dimension_set__cost_centre"))

    assert run.number == "WAGE-2026-00001"
    assert sum(line.debit for line in lines) == sum(line.credit for line in lines)
    wages = {line.dimension_set.cost_centre.code: line.debit for line in lines if line.account.role == Role.WAGES}
    assert wages == {"WH": 9000, "IT": 6000}
    owed = {line.account.role: line.credit for line in lines if line.credit}
    assert owed[Role.WAGES_PAYABLE] == run.net == sum(slip.net for slip in run.payslips.all())
    assert owed[Role.PENSION_PAYABLE] == 3 * (D("124.00") + D("74.40"))


def test_a_month_in_two_cost_centres_is_shared_by_days_and_loses_nothing(company, clerk):
    (person,) = staff(company, 1, by=clerk, amount="36001.37")
    Assignment.objects.filter(employment=person).update(valid_to=date(2026, 11, 12))
    other = a_place(company, "IT", "IT")
    Assignment.objects.create(
        employment=person,
        valid_from=date(2026, 11, 12),
        job_title="Tester",
        department=other.department,
        cost_centre=other,
    )

    run = a_run(company, clerk)

    made = entries.entry_for(run)
    wages = {line.cost_centre.code: line.debit for line in made if line.account.role == Role.WAGES}
    assert sum(wages.values()) == run.gross == D("3000.11")
    assert wages == {"WH": D("1100.04"), "IT": D("1900.07")}
    assert sum(line.debit - line.credit for line in made) == 0


def test_pay_that_changes_within_the_month_is_paid_by_days(company, clerk):
    from hr.people.models import PayRate

    (person,) = staff(company, 1, by=clerk, amount="30000")
    PayRate.objects.filter(employment=person).update(valid_to=date(2026, 11, 16))
    PayRate.objects.create(
        company=company, employment=person, valid_from=date(2026, 11, 16), amount=36000, reason="Rise",
        state="approved", entered_by=clerk, changed_by=clerk,
    )  # fmt: skip

    run = a_run(company, clerk)

    assert lines_of(run, person)["salary"] == D("2750.00")


def test_whoever_prepared_a_run_does_not_approve_it(company, clerk, director):
    from tests.fixtures_world import give

    staff(company, 1, by=clerk)
    run = a_run(company, clerk)
    approving.submit(run, by=clerk)
    with pytest.raises(PermissionDenied):
        approving.approve(run, by=clerk)
    give(clerk, "payroll.approve_payrollrun", company=company)

    with pytest.raises(DutyConflict):
        approving.approve(run, by=clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayrollRun.objects.filter(pk=run.pk).update(approved_by=clerk)

    approving.approve(run, by=director)
    assert run.state == PayrollRun.State.APPROVED


def test_above_a_limit_two_approve(company, clerk, director):
    from backoffice.workflow.models import ApprovalRule
    from tests.factories_payroll import a_director

    ApprovalRule.objects.create(company=company, kind="payroll.payrollrun", from_amount=5000, approvers=2)
    staff(company, 2, by=clerk)
    run = a_run(company, clerk)
    approving.submit(run, by=clerk)

    approving.approve(run, by=director)
    assert run.state == PayrollRun.State.SUBMITTED
    with pytest.raises(Refused):
        approving.approve(run, by=director)
    approving.approve(run, by=a_director(company, "Eleanor Calder"))

    assert run.state == PayrollRun.State.APPROVED


def test_failures_are_put_right_or_left_out_before_a_run_is_submitted(company, clerk):
    good, uncoded, unbanked = staff(company, 3, by=clerk, tax_code="1257L M1")
    TaxDetails.objects.filter(employment=uncoded).delete()
    PersonBankAccount.objects.filter(person=unbanked.person).update(state="entered")
    run = a_run(company, clerk)
    states = dict(run.payslips.values_list("employment", "state"))
    assert states == {good.pk: "ok", uncoded.pk: "error", unbanked.pk: "error"}
    with pytest.raises(Refused, match="2 failures"):
        approving.submit(run, by=clerk)

    detailing.use_emergency_code(uncoded, effective_from=date(2026, 11, 1), by=clerk)
    preparing.leave_out(run.payslips.get(employment=unbanked), reason="Waits for the bank", by=clerk)
    calculated(run, clerk)

    assert run.people == 2
    assert lines_of(run, uncoded)["tax"] == D("600.00")
    approving.submit(run, by=clerk)
    approving.withdraw(run, by=clerk)
    preparing.take_in(run, unbanked, by=clerk)
    assert gathering.stale(run) == [unbanked.pk]


def test_only_what_changed_is_calculated_again(company, clerk):
    people = staff(company, 12, by=clerk)
    run = a_run(company, clerk)
    before = dict(run.payslips.values_list("employment", "pk"))
    detailing.change(people[3], effective_from=date(2026, 11, 1), by=clerk, tax_code="BR")
    with pytest.raises(Refused, match="changed since"):
        approving.submit(run, by=clerk)

    calculated(run, clerk)

    after = dict(run.payslips.values_list("employment", "pk"))
    assert {e for e in after if after[e] != before[e]} == {people[3].pk}
    assert lines_of(run, people[3])["tax"] == 600
    assert gathering.stale(run) == []


def test_a_run_that_was_paused_goes_on_from_there(company, clerk):
    staff(company, 30, by=clerk)
    run = preparing.open(company, year=2026, month=11, pay_on=date(2026, 11, 27), by=clerk)
    preparing.calculate(run, by=clerk)
    running.run(Job.objects.get(kind="payroll.plan").pk)
    running.run(Job.objects.filter(kind="payroll.chunk").first().pk)
    preparing.pause(run, by=clerk)
    kept = set(run.payslips.values_list("pk", flat=True))
    work_off()
    assert set(run.payslips.values_list("pk", flat=True)) == kept
    assert len(kept) == 10

    calculated(run, clerk)

    assert run.people == 30
    assert kept < set(run.payslips.values_list("pk", flat=True))


def test_a_run_is_concluded_only_while_it_is_calculated(company, clerk):
    staff(company, 1, by=clerk)
    run = a_run(company, clerk)

    with pytest.raises(Refused):
        preparing.conclude(run, by=clerk)


def test_net_wages_are_due_once_and_settle_the_run(company, clerk, director):
    from finance.banking import proposing, releasing
    from finance.banking.models import BankAccount
    from finance.ledger.models import Account
    from hr.payroll import paying
    from tests.fixtures_world import all_rights, give

    staff(company, 3, by=clerk)
    run = posted(a_run(company, clerk), clerk, director)
    account = BankAccount.objects.create(
        company=company, name="Current", account=Account.objects.get(company=company, code="1210"), holder="Calder",
        iban="GB94BARC10201530093459", bic="BARCGB22", currency="GBP",
    )  # fmt: skip
    for user in (clerk, director):
        give(user, *all_rights("banking"), company=company)
    due = paying.Wages().due(company, run.pay_on, "GBP")
    assert sum(each.amount for each in due) == run.net

    made = proposing.propose(account, source="wages", pay_on=run.pay_on, due_until=run.pay_on, by=clerk, on=run.pay_on)
    releasing.release(made, by=director)

    run.refresh_from_db()
    assert run.state == PayrollRun.State.PAID
    assert paying.Wages().due(company, run.pay_on, "GBP") == []
    owed = JournalLine.objects.filter(account__role=Role.WAGES_PAYABLE)
    assert sum(line.debit - line.credit for line in owed) == 0


def test_a_part_that_is_given_out_twice_is_calculated_once(company, clerk):
    staff(company, 5, by=clerk)
    run = a_run(company, clerk)
    before = list(run.payslips.order_by("pk").values_list("pk", flat=True))
    job = Job.objects.filter(kind="payroll.chunk").first()

    calculating.calculate(job, **job.arguments)

    assert list(run.payslips.order_by("pk").values_list("pk", flat=True)) == before


def test_order_and_parts_never_change_a_result(company, clerk):
    people = staff(company, 9, by=clerk)
    run = a_run(company, clerk)
    on = gathering.ground(run)
    ids = [p.pk for p in people]
    whole = {g.employment_id: calculating.reckon(on, g) for g in gathering.gather(on, ids)}

    for parts in ([ids[::-1]], [[pk] for pk in ids], [ids[:4], ids[4:]]):
        for part in parts:
            for each in gathering.gather(on, part):
                again = calculating.reckon(on, each)
                assert again.gathered.input_hash == whole[each.employment_id].gathered.input_hash
                assert again.slip.result_hash == whole[each.employment_id].slip.result_hash


def test_posted_pay_is_final_in_the_database(company, clerk, director):
    staff(company, 1, by=clerk)
    run = posted(a_run(company, clerk), clerk, director)
    slip = run.payslips.get()
    attempts = [
        "UPDATE payroll_payslip SET gross = gross + 1, net = net + 1",
        "DELETE FROM payroll_payslipline",
        "UPDATE payroll_payslipline SET amount = 1",
        "DELETE FROM payroll_payslip",
        "UPDATE payroll_yeartodate SET amount = 0",
        "DELETE FROM payroll_yeartodate",
        "UPDATE payroll_payrollrun SET net = 0",
        "UPDATE payroll_payrollrun SET state = 'draft'",
        "DELETE FROM payroll_payrollrun",
        f"INSERT INTO payroll_payslipline (payslip_id, place, code, name, kind, amount, trace) VALUES ({slip.pk}, 99, 'x', 'x', 'earning', 1, '{{}}')",
        "UPDATE payroll_parameter SET source = 'elsewhere'",
        "DELETE FROM payroll_parameter",
    ]

    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attempt)


def test_a_reversed_run_gives_everything_back_and_can_be_replaced(company, clerk, director):
    (person,) = staff(company, 1, by=clerk)
    run = posted(a_run(company, clerk), clerk, director)
    assert year_of(person)["gross"] == 3000

    booking.reverse(run, by=clerk, reason="Wrong month")

    assert run.state == PayrollRun.State.REVERSED
    assert set(year_of(person).values()) == {0}
    owed = JournalLine.objects.filter(account__role=Role.WAGES_PAYABLE)
    assert sum(line.debit - line.credit for line in owed) == 0
    again = posted(a_run(company, clerk), clerk, director)
    assert again.replaces == run
    assert year_of(person)["gross"] == 3000


def test_a_month_has_one_run(company, clerk):
    preparing.open(company, year=2026, month=11, pay_on=date(2026, 11, 27), by=clerk)

    with pytest.raises(Refused, match="already"):
        preparing.open(company, year=2026, month=11, pay_on=date(2026, 11, 28), by=clerk)


def test_a_discarded_run_leaves_nothing(company, clerk):
    staff(company, 2, by=clerk)
    run = a_run(company, clerk)

    preparing.discard(run, by=clerk)

    assert not Payslip.objects.exists()
    assert not PayslipLine.objects.exists()
    assert not YearToDate.objects.exists()
    assert run.net == 0


def test_figures_brought_forward_count(company, clerk):
    (person,) = staff(company, 1, by=clerk)
    for code, amount in (("taxable", 21000), ("tax", D("2732.40"))):
        YearToDate.objects.create(employment=person, tax_year="2026-27", code=code, amount=amount, source="P45")

    run = a_run(company, clerk)

    assert lines_of(run, person)["tax"] == D("390.20")


def test_a_companys_own_elements_count_towards_their_bases(company, clerk):
    (person,) = staff(company, 1, by=clerk)
    overtime = Element.objects.create(
        company=company,
        code="overtime",
        name="Overtime",
        feeds=["taxable", "niable", "wage"],
        formula="amount * salary / 162.5 * 1.5",
    )
    uniform = Element.objects.create(company=company, code="uniform", name="Uniform", kind="deduction", feeds=["wage"])
    items.add(person, overtime, D(10), valid_from=date(2026, 11, 1), by=clerk)
    items.add(person, uniform, D(20), valid_from=date(2026, 11, 1), only_once=False, by=clerk)

    run = a_run(company, clerk)

    lines = lines_of(run, person)
    assert lines["own.overtime"] == D("276.92")
    assert lines["own.uniform"] == 20
    assert lines["ni"] == D("178.31")
    owed = {line.account.role: line.credit for line in entries.entry_for(run)}
    assert owed[Role.DEDUCTIONS_PAYABLE] == 20


def test_what_deserves_a_look_is_pointed_out(company, clerk, director):
    risen, poor, leaver, starter, joiner = staff(company, 5, by=clerk)
    posted(a_run(company, clerk, month=10, pay_on=date(2026, 10, 30)), clerk, director)
    from hr.people.models import Employment, PayRate

    def pay(employment, amount):
        PayRate.objects.filter(employment=employment).update(valid_to=date(2026, 11, 1))
        PayRate.objects.create(
            company=company, employment=employment, valid_from=date(2026, 11, 1), amount=amount, reason="New",
            state="approved", entered_by=clerk, changed_by=clerk,
        )  # fmt: skip

    TaxDetails.objects.filter(employment=starter).update(pension="none")
    pay(risen, 60000)
    pay(poor, 24000)
    Employment.objects.filter(pk=leaver.pk).update(ends_on=date(2026, 11, 13), state="left")
    detailing.change(
        joiner, effective_from=date(2026, 11, 1), by=clerk, pension="net_pay", pension_employee=5, pension_employer=3
    )

    run = a_run(company, clerk)

    flags = {slip.employment_id: [flag["code"] for flag in slip.flags] for slip in run.payslips.all()}
    assert "net_change" in flags[risen.pk]
    assert "minimum_wage" in flags[poor.pk]
    assert flags[leaver.pk][0] == "left"
    assert "pension_joiner" in flags[joiner.pk]
    assert "must_enrol" in flags[starter.pk]
    slip = run.payslips.get(employment=joiner)
    preparing.note_as_seen(slip, by=clerk)
    assert run.payslips.get(employment=joiner).seen_by == clerk


@pytest.mark.parametrize(
    ("year", "pay_on", "words"),
    [
        (2026, date(2025, 11, 27), "between 1 Oct 2026 and 31 Dec 2026"),
        (2026, date(2027, 1, 1), "between 1 Oct 2026"),
        (206, date(2026, 11, 27), "206 is no year"),
        (0, date(2026, 11, 27), "0 is no year"),
        (30000, date(2026, 11, 27), "30000 is no year"),
    ],
)
def test_a_month_is_paid_about_when_it_is_over(company, clerk, client, year, pay_on, words):
    with pytest.raises(Refused, match=words):
        preparing.open(company, year=year, month=11, pay_on=pay_on, by=clerk)
    client.force_login(clerk)
    sent = {"year": year, "month": 11, "pay_on": f"{pay_on:%-d %b %Y}"}
    assert client.post("/payroll/runs/new/", sent).status_code in (409, 422)
    assert not PayrollRun.objects.exists()


def test_a_run_that_pays_nobody_is_not_submitted(company, clerk):
    run = a_run(company, clerk)
    with pytest.raises(Refused, match="Nobody is paid by this run"):
        approving.submit(run, by=clerk)


def test_figures_of_the_law_are_written_for_people(company, clerk, client):
    client.force_login(clerk)
    page = client.get("/payroll/parameters/").content.decode()
    assert "rate 0.5, allowance 15000" in page
    assert "{" + "&#x27;" not in page and "[[" not in page
