"""The first journey's second half: statements that lead to the paper, the pack in the mailbox, the auditor."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfReader

from finance.payables.models import Bill
from reporting.reports.models import ReportRun, Schedule
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


def test_the_pack_reaches_each_mailbox_with_what_its_reader_may_see(visit, company, people, mail_server, worker):
    Schedule.objects.update(next_at=timezone.now() - timedelta(minutes=1))

    worker("reporting.reports.tasks.tick")
    worker("backoffice.jobs.tasks.sweep")
    readers = [people[key] for key in ("grace", "priya", "marcus")]
    awaited(lambda: all(mail_server.to(reader) for reader in readers), seconds=90)

    def paper(reader):
        letter = mail_server.to(reader)[0]
        (file,) = [part for part in letter.iter_attachments() if part.get_content_type() == "application/pdf"]
        return "".join(page.extract_text() for page in PdfReader(BytesIO(file.get_content())).pages)

    assert "Trade sales" in paper(people["grace"])
    narrow = paper(people["marcus"])
    for words in ("Trade sales", "Bank current account", "Share capital", "Professional fees"):
        assert words not in narrow, words
    run = ReportRun.objects.filter(for_user=people["grace"]).latest("made_at")
    assert len(run.file_digest) == 64
    assert run.data_digest
    priya = visit(people["priya"])
    priya.go("/reports/runs/")
    assert "Month-end pack" in priya.text()


def test_the_auditor_sees_who_did_what_and_verify_proves_the_books(visit, company, people, capsys):
    bilal = visit(people["bilal"])
    bill = Bill.objects.get(reference="NP-88213")

    bilal.go(f"/payables/bills/{bill.pk}/")
    assert "Tom Ashworth" in bilal.text()
    assert not bilal.page.locator(".head form[method=post]").count(), "an auditor changes nothing"
    bilal.go("/documents/history/")
    assert "Tom Ashworth" in bilal.text()
    call_command("verify")
    assert "found" not in capsys.readouterr().out
