"""Papers and comments follow the document: whoever sees it sees them, nobody else."""

import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from backoffice.core.errors import Refused
from backoffice.documents import attaching
from backoffice.documents.models import Attachment, Comment
from backoffice.documents.sniffing import media_type
from tests.finance.ledger.builders import posted
from tests.fixtures_world import a_company, a_user, all_rights

PDF = b"%PDF-1.7\n..."


@pytest.fixture
def entry(company, bookkeeper):
    return posted(company, bookkeeper)


@pytest.fixture
def clerk(company):
    return a_user("Tom Ashworth", *all_rights("ledger", "documents"), company=company)


@pytest.fixture
def tom(client, clerk):
    client.force_login(clerk, backend="backoffice.access.backends.RoleBackend")
    return client


def a_workbook(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml", *names):
            archive.writestr(name, "")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("bill.pdf", PDF, "application/pdf"),
        ("bill.txt", PDF, "application/pdf"),
        ("bill.pdf", b"MZ\x90\x00", None),
        ("photo.png", b"\x89PNG\r\n\x1a\n...", "image/png"),
        ("photo.jpg", b"\xff\xd8\xff\xe0...", "image/jpeg"),
        ("bill.xml", b'<?xml version="1.0"?><Invoice/>', "application/xml"),
        ("bill.xml", b"<html><script>alert(1)</script></html>", None),
        ("bill.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', None),
        ("rows.csv", "Kosten;10,00 €\n".encode("cp1252"), "text/csv"),
        ("rows.exe", b"a,b\n", None),
        ("rows.xlsx", a_workbook(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("rows.xlsx", a_workbook("xl/vbaProject.bin"), None),
        ("rows.xlsx", b"PK\x03\x04broken", None),
    ],
)
def test_a_file_is_what_its_content_says(name, content, kind):
    assert media_type(name, content) == kind


def test_a_paper_is_attached_listed_and_downloaded_unaltered(tom, entry):
    file = SimpleUploadedFile("../../Bill März.pdf", PDF, "text/html")

    tom.post(reverse("documents:attach", args=["ledger.journalentry", entry.pk]), {"files": file})
    kept = Attachment.objects.get()
    answer = tom.get(reverse("documents:attachment", args=[kept.pk]))

    assert (kept.name, kept.media_type, kept.size) == ("Bill März.pdf", "application/pdf", len(PDF))
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Bill%20M%C3%A4rz.pdf")
    page = tom.get(entry.get_absolute_url()).content.decode()
    assert "Bill März.pdf" in page


def test_whoever_does_not_see_the_document_does_not_get_its_papers(client, entry, clerk):
    kept = attaching.attach(entry, name="bill.pdf", content=PDF, by=clerk)
    elsewhere = a_user("Otto Other", *all_rights("ledger", "documents"), company=a_company("Elsewhere Ltd"))
    client.force_login(elsewhere, backend="backoffice.access.backends.RoleBackend")

    assert client.get(reverse("documents:attachment", args=[kept.pk])).status_code == 404
    address = reverse("documents:comment", args=["ledger.journalentry", entry.pk])
    assert client.post(address, {"text": "Hello"}).status_code == 404
    with pytest.raises(PermissionDenied):
        attaching.attach(entry, name="more.pdf", content=PDF + b"2", by=elsewhere)


def test_whoever_only_reads_adds_nothing(client, entry, company):
    reader = a_user("Bilal Chaudhry", "ledger.view_journalentry", "ledger.view_journalline", company=company)
    client.force_login(reader, backend="backoffice.access.backends.RoleBackend")

    with pytest.raises(PermissionDenied):
        attaching.comment(entry, text="Why?", by=reader)
    assert "Add the comment" not in client.get(entry.get_absolute_url()).content.decode()


def test_empty_large_unknown_and_repeated_files_are_refused(entry, clerk, monkeypatch):
    attaching.attach(entry, name="bill.pdf", content=PDF, by=clerk)

    for name, content, code in [
        ("empty.pdf", b"", "empty"),
        ("virus.exe", b"MZ\x90\x00", "kind"),
        ("again.pdf", PDF, "repeated"),
        ("large.pdf", b"%PDF-" + b"0" * attaching.LARGEST, "large"),
    ]:
        with pytest.raises(Refused) as reason:
            attaching.attach(entry, name=name, content=content, by=clerk)
        assert reason.value.code == code


def test_a_refused_file_does_not_stop_the_others(tom, entry):
    files = [SimpleUploadedFile("a.exe", b"MZ\x00"), SimpleUploadedFile("b.pdf", PDF)]

    page = tom.post(reverse("documents:attach", args=["ledger.journalentry", entry.pk]), {"files": files}, follow=True)

    assert [row.name for row in Attachment.objects.all()] == ["b.pdf"]
    assert "a.exe is no PDF, XML, PNG, JPEG, CSV, XLSX file." in page.content.decode()


def test_a_comment_stands_in_the_history_as_plain_text(tom, entry):
    address = reverse("documents:comment", args=["ledger.journalentry", entry.pk])

    page = tom.post(address, {"text": "<b>Agreed</b>\nby phone"}, follow=True).content.decode()
    tom.post(address, {"text": "  "})

    assert "&lt;b&gt;Agreed&lt;/b&gt;<br>by phone" in page
    assert Comment.objects.count() == 1


def test_only_documents_take_papers(tom, company):
    assert tom.post(reverse("documents:attach", args=["access.user", 1])).status_code == 404
    assert tom.post(reverse("documents:attach", args=["no.model", 1])).status_code == 404


def test_the_history_tells_which_values_of_a_line_changed(tom, company, clerk):
    from backoffice.documents import keeping
    from finance.ledger import periods
    from finance.ledger.models import JournalEntry, JournalLine
    from tests.finance.ledger.builders import account
    from tests.fixtures_world import TODAY

    entry = JournalEntry(
        company=company, journal=company.journals.get(code="GEN"), period=periods.of_day(company, TODAY)
    )
    entry.on, entry.text = TODAY, "Carriage"
    line = JournalLine(account=account(company, "5120"), debit=10, currency="GBP", currency_debit=10)
    other = JournalLine(account=account(company, "1320"), credit=10, currency="GBP", currency_credit=10)
    keeping.enter(entry, by=clerk, lines=[line, other])
    line.debit = line.currency_debit = 12
    keeping.change(entry, by=clerk, version=entry.version, lines=[line])

    page = tom.get(entry.get_absolute_url()).content.decode()

    assert "changed a line" in page and "Debit: <del>10.00</del> to <ins>12.00</ins>" in page
    assert "removed a line" in page
