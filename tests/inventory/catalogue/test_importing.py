"""A file of items comes in whole or not at all."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from backoffice.core.errors import Refused
from inventory.catalogue import importing, scanning
from inventory.catalogue.models import Barcode, Category, Item, ItemUnit, Unit
from tests.fixtures_world import a_user, all_rights

pytestmark = pytest.mark.django_db
HEAD = "code,name,category,unit,kind,is_asset,standard_cost,barcode,pack_of,pack_barcode\n"
GOOD = HEAD + "MBX-40,Mailing box,PACK,C62,stock,no,14.34,5012345678900,25,15012345678907\n"


@pytest.fixture
def keeper(company):
    Unit.objects.get_or_create(code="C62", defaults={"name": "piece"})
    Category.objects.create(company=company, code="PACK", name="Packaging")
    return a_user("Rosa Buyer", *all_rights("catalogue"), company=company)


def brought(company, text, by):
    return importing.bring(company, "items.csv", text.encode(), by=by)


def test_a_row_becomes_an_item_with_its_pack_and_its_codes(company, keeper):
    assert brought(company, GOOD, keeper) == (1, [])

    assert scanning.find(company, "5012345678900").quantity == 1
    assert scanning.find(company, "15012345678907").quantity == 25
    assert Item.objects.get().standard_cost == scanning.Decimal("14.34")


def test_what_is_on_record_is_left_as_it_is(company, keeper):
    brought(company, GOOD, keeper)
    Item.objects.update(name="Renamed")

    assert brought(company, GOOD + "MBX-60,Large box,PACK,C62,,,,,,\n", keeper) == (1, [])

    assert list(Item.objects.values_list("name", flat=True)) == ["Renamed", "Large box"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("A,,PACK,C62,,,,,,", "empty"),
        ("A,A,NONE,C62,,,,,,", "no category “NONE”"),
        ("A,A,PACK,XXX,,,,,,", "no unit “XXX”"),
        ("A,A,PACK,C62,thing,,,,,", "kind is"),
        ("A,A,PACK,C62,stock,yes,,,,", "not kept in stock"),
        ("A,A,PACK,C62,,,-1,,,", "not negative"),
        ("A,A,PACK,C62,,,,5012345678901,,", "check digit"),
        ("A,A,PACK,C62,,,,5012345678900,,", "more than once"),
        ("A,A,PACK,C62,,,,,one,", "whole number"),
        ("A,A,PACK,C62,,,,,,96385074", "pack_of"),
        ("MBX-40,A,PACK,C62,,,,,,", "code stands in the file more than once"),
    ],
)
def test_one_wrong_row_stops_the_file_and_is_named_by_its_line(company, keeper, row, words):
    number, problems = brought(company, GOOD + row, keeper)

    assert number == 0
    assert any("Line 3" in problem and words in problem for problem in problems), problems
    assert not Item.objects.exists()


def test_a_code_that_another_item_has_is_told_with_that_item(company, keeper):
    brought(company, GOOD, keeper)

    _number, problems = brought(company, HEAD + "B,B,PACK,C62,,,,5012345678900,,", keeper)

    assert "belongs to MBX-40" in problems[0]


def test_no_file_of_items_is_refused_as_a_whole(company, keeper):
    for text in ("", "code,name\nA,B", HEAD.replace("kind", "colour")):
        with pytest.raises(Refused):
            brought(company, text, keeper)


def test_who_may_not_add_items_brings_in_none(company, keeper):
    reader = a_user("Rita Reader", "catalogue.view_item", company=company)
    with pytest.raises(PermissionDenied):
        brought(company, GOOD, reader)


def test_the_screen_takes_the_file_and_shows_what_is_wrong(client, company, keeper):
    client.force_login(keeper)
    there = reverse("catalogue:item_import")
    assert "standard_cost" in client.get(reverse("catalogue:item_template")).text

    wrong = client.post(there, {"file": SimpleUploadedFile("items.csv", (GOOD + "A,A,NO,C62,,,,,,").encode())})
    assert (wrong.status_code, "no category" in wrong.text) == (422, True)
    client.post(there, {"file": SimpleUploadedFile("items.csv", GOOD.encode())})

    assert ItemUnit.objects.get().numerator == 25
    assert Barcode.objects.count() == 2
