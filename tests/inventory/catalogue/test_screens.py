"""Items on their screens: who may, codes with check digits, further units, finding by scanner."""

from decimal import Decimal

import pytest
from django.urls import reverse

from backoffice.core.errors import Refused
from inventory.catalogue import scanning
from inventory.catalogue.models import Barcode, Item, ItemUnit, Unit
from inventory.catalogue.panels import find_items
from tests.factories_stock import an_item
from tests.fixtures_world import a_user, all_rights

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client, company):
    user = a_user("Imran Sadiq", *all_rights("catalogue"), "organisation.view_company", company=company)
    client.force_login(user)
    return user


def sent(item, **codes):
    rows = {f"lines-{n}-code": code for n, code in enumerate(codes.values())}
    return {
        "code": "NEW-1", "name": "A new thing", "category": item.category_id, "unit": item.unit_id, "kind": "stock",
        "standard_cost": "1.5", "is_active": "on",
        "lines-TOTAL_FORMS": len(rows), "lines-INITIAL_FORMS": 0, "lines-MIN_NUM_FORMS": 0, "lines-MAX_NUM_FORMS": 1000, **rows,
    }  # fmt: skip


def test_a_new_item_comes_with_its_codes(client, company, keeper):
    item = an_item(company)

    client.post(reverse("catalogue:item_new"), sent(item, one="5012345678900", two="SHELF-7"))

    made = Item.objects.get(code="NEW-1")
    assert list(made.barcodes.values_list("code", flat=True)) == ["5012345678900", "SHELF-7"]


def test_the_first_item_of_a_new_house_finds_its_unit_and_is_led_to_the_category_that_is_missing(
    client, company, keeper
):
    page = client.get(reverse("catalogue:item_new")).text

    assert Unit.objects.filter(code__in=["C62", "KGM", "MTR", "LTR", "HUR"]).count() == 5
    assert 'value="C62 piece"' in page
    assert "There is no item category yet." in page
    assert f'href="{reverse("catalogue:category_new")}"' in page


def test_whoever_may_not_enter_what_is_missing_is_told_that_a_colleague_does(client, company):
    rights = [right for right in all_rights("catalogue") if not right.endswith("add_category")]
    client.force_login(a_user("Imran Sadiq", *rights, "organisation.view_company", company=company))

    page = client.get(reverse("catalogue:item_new")).text

    assert "There is no item category yet: a colleague with the right to enter one must do so first." in page
    assert f'href="{reverse("catalogue:category_new")}"' not in page


def test_a_wrong_check_digit_is_told_and_nothing_is_saved(client, company, keeper):
    answer = client.post(reverse("catalogue:item_new"), sent(an_item(company), one="5012345678901"))

    assert (answer.status_code, "check digit" in answer.text) == (422, True)
    assert not Item.objects.filter(code="NEW-1").exists()


def test_a_code_belongs_to_one_item(client, company, keeper):
    first = an_item(company)
    Barcode.objects.create(company=company, item=first, code="5012345678900")

    answer = client.post(reverse("catalogue:item_new"), sent(first, one="5012345678900"))

    assert answer.status_code == 409
    assert not Item.objects.filter(code="NEW-1").exists()


def test_an_item_gets_a_further_unit_from_its_page(client, company, keeper):
    item = an_item(company)
    there = reverse("catalogue:itemunit_new") + f"?item={item.pk}"
    assert there in client.get(item.get_absolute_url()).text
    assert client.get(there).status_code == 200

    values = {"item": item.pk, "name": "pack of 25", "unit": item.unit_id, "numerator": 25, "denominator": 1}
    answer = client.post(there, values)

    assert answer.url == item.get_absolute_url()
    assert ItemUnit.objects.get().in_base(Decimal(3)) == 75


def test_a_ratio_is_exact(company):
    item = an_item(company)
    third = ItemUnit(item=item, name="slice", unit=item.unit, numerator=1, denominator=3)

    assert third.in_base(Decimal(6)) == 2


@pytest.mark.parametrize("code", ["5012345678900", " 5012345678900 ", "05012345678900", "mbx-60"])
def test_a_scanner_finds_the_item_however_it_reads_the_code(company, code):
    item = an_item(company)
    Barcode.objects.create(company=company, item=item, code="5012345678900")

    assert scanning.find(company, code).item == item


def test_a_code_of_nobody_is_refused(company):
    with pytest.raises(Refused, match="Nothing has the code"):
        scanning.find(company, "404")


@pytest.mark.parametrize("wrong", ["96385075", "5012345678901", "15012345678900", "036000291453"])
def test_eight_twelve_thirteen_or_fourteen_digits_are_checked(wrong):
    with pytest.raises(Refused):
        scanning.checked(wrong)
    assert scanning.checked("9638 5074") == "96385074"
    assert scanning.checked("INTERNAL-1") == "INTERNAL-1"


def test_the_palette_finds_items_by_words_and_by_code(company, keeper):
    item = an_item(company, name="Mailing box")
    Barcode.objects.create(company=company, item=item, code="5012345678900")

    assert [hit.href for hit in find_items(keeper, "mail box")] == [item.get_absolute_url()]
    assert [hit.href for hit in find_items(keeper, "5012345678900")] == [item.get_absolute_url()]


def test_who_reads_may_not_write(client, company, keeper):
    item = an_item(company)
    client.force_login(a_user("Rita Reader", "catalogue.view_item", company=company))

    assert client.get(item.get_absolute_url()).status_code == 200
    for name in ("item_new", "item_import", "item_template", "itemunit_new", "category_list"):
        assert client.get(reverse(f"catalogue:{name}")).status_code == 403, name
    assert reverse("catalogue:item_import") not in client.get(reverse("catalogue:item_list")).text
