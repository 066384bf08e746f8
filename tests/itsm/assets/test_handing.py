"""Equipment is handed over, accepted by whoever holds it, and comes back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from backoffice.core.errors import Refused
from backoffice.messaging.models import Notice
from hr.people import leaving
from itsm.assets import handing
from itsm.assets.models import Asset, HandOver
from tests.factories_assets import an_asset
from tests.factories_people import an_employment, an_officer
from tests.fixtures_world import a_user, all_rights


@pytest.fixture
def ben(company):
    return a_user("Ben Carlisle", *all_rights("assets", "people"), company=company)


@pytest.fixture
def daniel(company):
    return a_user("Daniel Osei", "assets.view_own_asset", "assets.accept_asset", company=company)


@pytest.fixture
def employment(company, daniel):
    return an_employment(company, by=an_officer(company), user=daniel)


@pytest.fixture
def asset(company, ben):
    return an_asset(company, by=ben)


def test_whoever_gets_it_is_told_and_accepts_it_once(asset, employment, ben, daniel):
    handing.hand_over(asset, by=ben, employment=employment)

    assert (asset.state, asset.holder) == ("assigned", employment)
    assert asset.number in Notice.objects.get(to=daniel).title
    with pytest.raises(Refused, match="Only whoever holds it"):
        handing.accept(asset, by=ben)
    handing.accept(asset, by=daniel)
    assert HandOver.objects.get(asset=asset).accepted_at is not None
    with pytest.raises(Refused, match="accepted already"):
        handing.accept(asset, by=daniel)


def test_somebody_or_a_place_and_never_a_leaver(asset, employment, ben):
    with pytest.raises(Refused, match="one of the two"):
        handing.hand_over(asset, by=ben)
    with pytest.raises(Refused, match="one of the two"):
        handing.hand_over(asset, by=ben, employment=employment, place="Door")
    officer = a_user("Olga Officer", *all_rights("people"), company=asset.company)
    leaving.give_notice(employment, by=officer, last_day=timezone.localdate() - timedelta(days=1))
    leaving.leave(employment, by=officer)
    with pytest.raises(Refused, match="not employed here any more"):
        handing.hand_over(asset, by=ben, employment=employment)
    handing.hand_over(asset, by=ben, place="Leeds North, packing")
    assert (asset.holder, asset.place) == (None, "Leeds North, packing")


def test_it_comes_back_is_wiped_repaired_lost_found_and_retired(asset, employment, ben):
    handing.hand_over(asset, by=ben, employment=employment)
    handing.take_back(asset, by=ben, condition="Scratched")
    given = HandOver.objects.get(asset=asset)
    assert (asset.state, asset.holder, given.condition, given.returned_to) == ("returned", None, "Scratched", ben)
    handing.repair(asset, by=ben, reason="Hinge")
    handing.restock(asset, by=ben)
    handing.hand_over(asset, by=ben, employment=employment)
    handing.lose(asset, by=ben, reason="Left on a train")
    assert (asset.state, asset.holder) == ("lost", None)
    handing.find(asset, by=ben)
    handing.retire(asset, by=ben, reason="Too old")
    assert asset.state == "retired"
    with pytest.raises(Refused):
        handing.hand_over(asset, by=ben, employment=employment)


def test_the_database_keeps_tags_and_hand_overs(asset, employment, ben):
    handing.hand_over(asset, by=ben, employment=employment)
    for break_it in (
        lambda: Asset.objects.filter(pk=asset.pk).update(number="A-99999"),
        lambda: Asset.objects.filter(pk=asset.pk).update(state="in_stock"),
        lambda: Asset.objects.filter(pk=asset.pk).delete(),
        lambda: HandOver.objects.filter(asset=asset).update(place="Elsewhere", employment=None),
        lambda: HandOver.objects.create(asset=asset, employment=employment, given_by=ben),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            break_it()


def test_handing_over_asks_for_the_right(asset, employment, daniel):
    with pytest.raises(PermissionDenied):
        handing.hand_over(asset, by=daniel, employment=employment)


def test_colleagues_see_and_accept_their_own_and_nothing_else(client, company, asset, employment, ben, daniel):
    other = an_asset(company, by=ben, name="Monitor of others")
    handing.hand_over(asset, by=ben, employment=employment)
    client.force_login(daniel)

    page = client.get(reverse("assets:mine")).text
    assert (asset.number in page, other.number in page) == (True, False)
    assert "Equipment for you" in client.get("/").text
    assert client.get(reverse("assets:asset", args=[asset.pk])).status_code == 403
    assert client.get(reverse("assets:asset_list")).status_code == 403
    assert client.post(reverse("assets:mine_accept", args=[other.pk])).status_code == 404
    assert client.post(reverse("assets:mine_accept", args=[asset.pk])).status_code == 302
    assert HandOver.objects.get(asset=asset).accepted_at is not None


def test_the_desk_hands_over_and_finds_in_the_browser(client, asset, employment, ben):
    client.force_login(ben)
    assert client.get(reverse("assets:asset_verb", args=[asset.pk, "hand_over"])).status_code == 200
    client.post(reverse("assets:asset_verb", args=[asset.pk, "hand_over"]), {"employment": employment.pk})
    asset.refresh_from_db()
    assert asset.holder == employment

    for scanned in (asset.number, asset.number.lower(), f"https://house.example/assets/t/{asset.number}/"):
        assert client.get(reverse("assets:find"), {"tag": scanned}).url == asset.get_absolute_url()
    assert client.get(reverse("assets:tag", args=[asset.number])).url == asset.get_absolute_url()
    assert client.get(reverse("assets:find"), {"tag": "A-77777"}).status_code == 404
    assert "not accepted yet" in client.get(asset.get_absolute_url()).text
    assert asset.number in client.get(employment.get_absolute_url()).text
