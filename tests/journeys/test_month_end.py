"""The first journey's second half: statements that lead to the paper, the pack in the mailbox, the auditor."""

import re
from datetime import datetime
from hashlib import sha256
from io import BytesIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfReader

from backoffice.celery import app
from backoffice.jobs.models import Job
from finance.payables.models import Bill
from reporting.reports.models import ReportRun, Schedule
from tests.conftest import owner_of_test_database
from tests.journeys.test_supplier_bill import awaited

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PROFIT = "/reports/ledger.profit_and_loss/?period=2026-10"


def downloaded(window, label):
    """The file behind a link of the report's head."""
    with window.page.expect_download() as waiting:
        window.page.click(f".acts .seg a:has-text('{label}')")
    return waiting.value.path().read_bytes()


def test_a_figure_leads_to_its_entries_its_bill_and_its_paper(visit, company, people):
    grace = visit(people["grace"])
    grace.go(PROFIT)
    assert "Carriage in" in grace.text()

    grace.page.locator("tr", has_text="Carriage in").locator("td a").first.click()
    grace.settle()
    grace.page.locator("main a:has-text('BILL-2026-')").first.click()
    grace.settle()
    if "/ledger/" in grace.page.url:
        grace.page.locator("main a[href^='/payables/bills/']:not([href$='/bills/'])").first.click()
        grace.settle()
    bill = Bill.objects.get(pk=int(grace.page.url.rstrip("/").split("/")[-1]))
    assert bill.reference in grace.text()
    with grace.page.expect_download() as waiting:
        grace.page.locator(f"main a:has-text('{bill.reference}.xml')").first.click()
    assert bill.reference.encode() in waiting.value.path().read_bytes()


def test_one_definition_gives_screen_pdf_workbook_and_text(visit, company, people):
    grace = visit(people["grace"])
    grace.go(PROFIT)
    sales = grace.page.locator("tr", has_text="Trade sales").locator("td").first.inner_text().strip()

    paper = PdfReader(BytesIO(downloaded(grace, "PDF")))
    assert sales in "".join(page.extract_text() for page in paper.pages)
    assert downloaded(grace, "XLSX").startswith(b"PK")
    assert b"Trade sales" in downloaded(grace, "CSV")
    for path in ("ledger.trial_balance", "ledger.balance_sheet", "ledger.general_ledger", "payables.aged_payables"):
        assert grace.go(f"/reports/{path}/").ok


def test_a_pack_that_is_scheduled_reaches_each_mailbox_with_what_its_reader_may_see(
    visit, company, people, mail_server, worker
):
    # Priya schedules it; then its hour comes, and beat does what stands in its table.
    priya = visit(people["priya"])
    priya.go("/reports/schedules/new/")
    page = priya.page
    page.locator("[name=pack]").select_option(label="Month-end pack")
    page.locator("[name=at]").fill("07:30")
    page.locator("[name=subject]").fill("Board papers, {month}")
    for name in ("Grace Okafor", "Marcus Bell"):
        page.get_by_label(name).check()
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/reports/schedules/\d+/$"))
    schedule = Schedule.objects.latest("pk")
    assert schedule.next_at > timezone.now()
    Schedule.objects.filter(pk=schedule.pk).update(next_at=datetime(2026, 11, 6, 7, 30, tzinfo=company.zone))
    worker(app.conf.beat_schedule["reports-tick"]["task"])
    readers = [people[key] for key in ("grace", "marcus")]
    awaited(lambda: all(mail_server.to(reader) for reader in readers), seconds=120)

    def paper(reader):
        (letter,) = mail_server.to(reader)
        assert letter["Subject"] == "Board papers, October 2026"
        (file,) = [part for part in letter.iter_attachments() if part.get_content_type() == "application/pdf"]
        run = ReportRun.objects.filter(for_user=reader).latest("made_at")
        assert sha256(file.get_content()).hexdigest() == run.file_digest
        assert (run.made_by, run.schedule) == (people["priya"], schedule)
        return "".join(page.extract_text() for page in PdfReader(BytesIO(file.get_content())).pages)

    # Each paper holds what its reader may see: Marcus nothing but the costs of the warehouses.
    wide, narrow = paper(people["grace"]), paper(people["marcus"])
    for words in ("Trade sales", "Share capital"):
        assert words in wide, words
        assert words not in narrow, words
    assert "Packaging" in narrow
    others = Bill.objects.exclude(lines__cost_centre__department__code="WH").values_list("reference", flat=True)
    assert [reference for reference in others if reference in narrow] == []

    # The jobs tell how far they came, and the schedule whom it reached.
    for job in Job.objects.filter(kind="reports.deliver", arguments__schedule=schedule.pk):
        assert (job.state, job.done) == (Job.State.DONE, job.total)
    priya.go(f"/reports/schedules/{schedule.pk}/")
    assert priya.text().count("Sent") >= 3
    priya.go("/reports/runs/")
    assert "Month-end pack" in priya.text()


def test_the_auditor_sees_who_changed_what_from_what_to_what(visit, company, people):
    bill = Bill.objects.get(reference="10442")
    tom = visit(people["tom" if bill.entered_by == people["tom"] else "hannah"])
    tom.go(f"/payables/bills/{bill.pk}/edit/")
    tom.page.locator("[name=reference]").fill("10442/M-77")
    tom.page.keyboard.press("Control+s")
    tom.page.wait_for_url(re.compile(rf"/payables/bills/{bill.pk}/$"))

    bilal = visit(people["bilal"])
    bilal.go(f"/payables/bills/{bill.pk}/")
    assert not bilal.page.locator(".head form[method=post]").count(), "an auditor changes nothing"
    history = bilal.text("main")
    for words in (bill.changed_by.name, "10442", "10442/M-77", "Please add the matter number"):
        assert words in history
    bilal.go("/documents/history/changes/")
    assert "10442/M-77" in bilal.text()


def test_verify_proves_the_books_and_names_what_was_changed_behind_them(company, capsys):
    call_command("verify")
    assert "found" not in capsys.readouterr().out
    entry = Bill.objects.filter(state="posted").latest("pk").entry
    line = entry.lines.filter(debit__gt=0).first()

    with owner_of_test_database() as owner:
        for table in ("ledger_journalentry", "ledger_journalline"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute("UPDATE ledger_journalline SET debit = debit + 1000 WHERE id = %s", [line.pk])
    with pytest.raises(SystemExit):
        call_command("verify")

    told = capsys.readouterr().out
    assert entry.number in told
