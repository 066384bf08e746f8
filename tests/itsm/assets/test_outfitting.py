"""Who starts is looked at; who leaves gives back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from backoffice.core.errors import Refused
from backoffice.messaging.models import Notice
from hr.people import leaving
from itsm.assets import handing, outfitting
from itsm.assets.models import Outfit
from procurement.purchasing.models import Requisition
from tests.factories_assets import a_laptop, an_asset, an_outfit
from tests.factories_people import an_employment, an_officer
from tests.fixtures_world import a_user, all_rights


@pytest.fixture
def ben(company):
    rights = all_rights("assets", "people", "purchasing", "catalogue")
    return a_user("Ben Carlisle", *rights, company=company)


@pytest.fixture
def officer(company):
    return an_officer(company)


def test_somebody_hired_for_later_is_on_the_desks_list_and_purchasing_is_asked(client, company, ben, officer):
    laptop = a_laptop(company)
    outfit = an_outfit(company, by=officer)
    client.force_login(ben)
    assert "Equipment for Daniel Osei" in client.get("/").text
    assert client.get(reverse("assets:outfit_verb", args=[outfit.pk, "request"])).status_code == 200

    client.post(reverse("assets:outfit_verb", args=[outfit.pk, "request"]), {"items": [laptop.pk]})

    outfit.refresh_from_db()
    requisition = Requisition.objects.get()
    assert (outfit.state, outfit.requisition) == ("requested", requisition)
    assert (requisition.requester, requisition.needed_on) == (ben, date(2126, 12, 1))
    assert [line.item for line in requisition.lines.all()] == [laptop]
    outfitting.finish(outfit, by=ben)
    assert outfit.state == "done"


def test_nothing_chosen_is_refused_and_old_hands_need_nothing(company, ben, officer):
    an_employment(company, by=officer, first_names="Old", last_name="Hand", starts_on=date(2020, 1, 6))
    assert not Outfit.objects.exists()
    outfit = an_outfit(company, by=officer)
    with pytest.raises(Refused, match="Choose what is needed"):
        outfitting.request(outfit, by=ben)


def test_a_leaver_and_the_desk_are_told_what_comes_back(client, company, ben, officer):
    daniel = a_user("Daniel Osei", "assets.view_own_asset", "assets.accept_asset", company=company)
    employment = an_employment(company, by=officer, user=daniel)
    asset = an_asset(company, by=ben)
    handing.hand_over(asset, by=ben, employment=employment)

    leaving.give_notice(employment, by=officer, last_day=timezone.localdate() + timedelta(days=9))
    client.force_login(daniel)
    assert "Equipment to give back" in client.get("/").text
    assert "Give back by" in client.get(reverse("assets:mine")).text
    client.force_login(ben)
    assert asset.number in client.get(reverse("assets:asset_list"), {"view": "back"}).text
    assert "Equipment to get back" not in client.get("/").text

    leaving.give_notice(employment, by=officer, last_day=timezone.localdate() - timedelta(days=1))
    leaving.leave(employment, by=officer)
    assert asset.number in Notice.objects.get(to=ben, title__contains="left").text
    assert "Equipment to get back" in client.get("/").text
