"""Files are kept whatever becomes of them, and only by those who may bring them in."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from backoffice.core.errors import Refused
from backoffice.exchange import receiving
from backoffice.exchange.models import Upload
from tests.finance.payables.papers import an_invoice
from tests.fixtures_world import a_company, a_party, a_user

RIGHTS = ["exchange.add_upload", "exchange.view_upload", "payables.add_bill", "parties.add_party"]


@pytest.fixture
def tom(company):
    return a_user("Tom Ashworth", *RIGHTS, company=company)


def test_a_file_without_sense_is_refused_in_words_and_kept(company, tom):
    (upload,) = receiving.receive(company, "bill", [("../../evil.xml", "text/xml", b"\x00\x01")], by=tom)

    assert (upload.state, upload.name, bytes(upload.content)) == (Upload.State.REFUSED, "evil.xml", b"\x00\x01")
    assert upload.message


def test_without_the_right_of_the_company_nothing_is_taken(tom):
    other = a_company("Other Ltd")

    with pytest.raises(PermissionDenied):
        receiving.receive(other, "bill", [("a.xml", "text/xml", an_invoice())], by=tom)
    assert not Upload.objects.exists()


def test_a_file_too_large_stops_before_anything_is_kept(company, tom, monkeypatch):
    monkeypatch.setattr(receiving, "LARGEST", 10)

    with pytest.raises(ValidationError, match="larger than"):
        receiving.receive(company, "bill", [("a.xml", "text/xml", b"1"), ("b.xml", "text/xml", b"x" * 11)], by=tom)
    assert not Upload.objects.exists()


def test_a_refused_file_is_read_again_when_what_stood_in_the_way_is_put_right(company, tom):
    a_party(company, vat_number="GB980780684")
    (upload,) = receiving.receive(company, "bill", [("a.xml", "text/xml", an_invoice(currency="EUR"))], by=tom)
    assert "no exchange rate" in upload.message

    from backoffice.currencies.models import Currency, Rate

    euro, pound = Currency.objects.get(code="EUR"), Currency.objects.get(code="GBP")
    Rate.objects.create(base=euro, quote=pound, on="2026-11-01", rate="0.84")
    upload = receiving.again(upload, by=tom)

    assert upload.state == Upload.State.CAPTURED
    with pytest.raises(Refused, match="captured already"):
        receiving.again(upload, by=tom)


def test_a_refused_capture_leaves_nothing_behind_but_the_file(company, tom):
    nobody = a_user("No Party", "exchange.add_upload", "payables.add_bill", company=company)
    (upload,) = receiving.receive(company, "bill", [("a.xml", "text/xml", an_invoice())], by=nobody)

    upload = receiving.again(upload, by=nobody, confirmed=True)

    assert upload.state == Upload.State.REFUSED
    assert "parties.add_party" in upload.message


def test_a_person_sees_their_own_uploads_and_not_those_of_others_without_the_right(company, tom):
    receiving.receive(company, "bill", [("a.xml", "text/xml", an_invoice())], by=tom)
    other = a_user("Other Clerk", "exchange.add_upload", company=company)

    assert Upload.objects.visible_to(tom).count() == 1
    assert Upload.objects.visible_to(other).count() == 0
