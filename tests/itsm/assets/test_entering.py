"""Assets by hand, their tags and their stickers."""

from urllib.parse import urlsplit

import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.urls import reverse

from backoffice.core.errors import Refused
from itsm.assets import labels, tagging
from itsm.assets.models import Asset
from tests.factories_assets import a_laptop, an_asset
from tests.fixtures_world import a_user, all_rights


@pytest.fixture
def ben(company):
    return a_user("Ben Carlisle", *all_rights("assets", "catalogue", "parties"), company=company)


def test_an_old_sticker_keeps_its_tag_and_a_new_asset_gets_the_next(client, company, ben):
    client.force_login(ben)
    printer = a_laptop(company, "PRN-ZD", name="Label printer")
    form = {"item": printer.pk, "cost": "410.00", "acquired_on": "2024-03-01"}

    for tag in ("lpr-014", "", "LPR-014", "A-00900"):
        client.post(reverse("assets:asset_new"), {**form, "old_tag": tag})

    assert list(Asset.objects.values_list("number", "name")) == [
        ("A-00001", "Label printer"),
        ("LPR-014", "Label printer"),
    ]
    client.post(reverse("assets:asset_edit", args=[Asset.objects.get(number="LPR-014").pk]), {"name": "Zebra", "serial": "Z1"})  # fmt: skip
    assert Asset.objects.get(number="LPR-014").serial == "Z1"


def test_tags_are_read_from_codes_and_short_numbers():
    assert [tagging.read(t) for t in ("42", "a-00042", "https://x.example/assets/t/A-00042/")] == ["A-00042"] * 3
    with pytest.raises(Refused):
        tagging.read("  ")


def test_stickers_are_paper_with_a_code_that_leads_to_the_asset(client, company, ben):
    assets = [an_asset(company, by=ben, serial=f"S{n}") for n in range(3)]
    client.force_login(ben)

    one = client.get(reverse("assets:asset_label", args=[assets[0].pk]))
    sheet = client.post(reverse("assets:labels"), {"first": "1", "last": "3"})

    assert (one["Content-Type"], one.content[:5], sheet.content[:5]) == ("application/pdf", b"%PDF-", b"%PDF-")
    assert client.post(reverse("assets:labels"), {"first": "77"}).status_code == 422
    assert labels.address(assets[0]).endswith("/assets/t/A-00001/")
    with pytest.raises(Refused):
        labels.pdf([])


def codes_on(pdf):
    """What a phone reads from the printed pages, at 300 dots an inch, by page."""
    paper = pypdfium2.PdfDocument(pdf)
    return [[code.text for code in zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())] for page in paper]


def test_the_printed_code_opens_the_asset(client, company, ben):
    assets = [an_asset(company, by=ben, serial=f"S{n}") for n in range(3)]
    client.force_login(ben)

    one = client.get(reverse("assets:asset_label", args=[assets[1].pk]))
    sheet = client.post(reverse("assets:labels"), {"first": "1", "last": "3"})

    ((read,),) = codes_on(one.content)
    assert read.startswith(settings.SITE_URL)
    page = client.get(urlsplit(read).path, follow=True)
    assert page.redirect_chain[-1][0] == assets[1].get_absolute_url()
    assert assets[1].number in page.text
    assert [sorted(codes) for codes in codes_on(sheet.content)] == [[labels.address(asset) for asset in assets]]


def test_a_house_without_equipment_among_its_items_is_told_where_to_begin(client, company, ben):
    client.force_login(ben)
    assert "marks an item as equipment" in client.get(reverse("assets:asset_new")).content.decode()
    a_laptop(company)
    assert "marks an item as equipment" not in client.get(reverse("assets:asset_new")).content.decode()
