"""Assets by hand, their tags and their stickers."""

import pytest
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
