"""What equipment puts into menu, palette, My work and look-ups."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.ui.columns import day
from backoffice.ui.lookups import Lookup, every_word
from backoffice.ui.slots import Decision, Hit, MenuEntry, Search, WorkList, WorkRow, lookups, menu, palette, work
from hr.people.models import Employment
from itsm.assets.models import Asset, HandOver, Outfit

SHOWN = 20  # rows of a part of My work
LEFT = (Employment.State.LEFT, Employment.State.WITHDRAWN)


def to_accept(user: Any) -> list[WorkRow]:
    """What was handed to this person and is not accepted yet."""
    rows = HandOver.objects.filter(
        employment__person__user=user.pk, employment__isnull=False, returned_at=None, accepted_at=None
    )
    return [
        WorkRow(
            icon="package",
            label=each.asset.name,
            href=reverse("assets:mine"),
            sub=_("%(tag)s, handed over by %(who)s") % {"tag": each.asset, "who": each.given_by.name},
            since=each.given_at,
            tone="wait",
            flag=_("To accept"),
            flag_icon="user-check",
            decisions=(Decision(_("Accept"), reverse("assets:mine_accept", args=[each.asset_id]), "check"),),
        )
        for each in rows.select_related("asset", "given_by").order_by("given_at")[:SHOWN]
    ]


def to_give_back(user: Any) -> list[WorkRow]:
    """What this person, who leaves, gives back."""
    rows = Asset.objects.filter(holder__person__user=user.pk, holder__isnull=False, holder__ends_on__isnull=False)
    return [
        WorkRow(
            icon="undo-2",
            label=asset.name,
            href=reverse("assets:mine"),
            sub=_("%(tag)s, by %(day)s") % {"tag": asset, "day": day(asset.holder.ends_on)},
            tone="wait",
            flag=_("To give back"),
            flag_icon="undo-2",
        )
        for asset in rows.select_related("holder").order_by("number")[:SHOWN]
        if asset.holder is not None
    ]


def to_get_back(user: Any) -> list[WorkRow]:
    """For whoever takes equipment back: what those hold who left or leave today."""
    rows = Asset.objects.visible_to(user, "take_back").filter(holder__ends_on__lte=timezone.localdate())
    return [
        WorkRow(
            icon="undo-2",
            label=f"{asset.name} {asset}",
            href=asset.get_absolute_url(),
            sub=_("%(who)s, last day %(day)s") % {"who": asset.holder.person, "day": day(asset.holder.ends_on)},
            tone="bad",
            flag=_("To get back"),
            flag_icon="undo-2",
        )
        for asset in rows.select_related("holder__person").order_by("holder__ends_on", "number")[:SHOWN]
        if asset.holder is not None
    ]


def starters(user: Any) -> list[WorkRow]:
    """For the desk: who starts and was not looked at yet."""
    rows = Outfit.objects.visible_to(user, "request").filter(state=Outfit.State.OPEN)
    rows = rows.exclude(employment__state__in=LEFT)
    return [
        WorkRow(
            icon="user-plus",
            label=str(outfit),
            href=outfit.get_absolute_url(),
            sub=_("starts %s") % day(outfit.starts_on),
            tone="wait",
            flag=_("Starter"),
            flag_icon="clock",
        )
        for outfit in rows.select_related("employment__person").order_by("starts_on", "pk")[:SHOWN]
    ]


def find_assets(user: Any, words: str) -> list[Hit]:
    """Assets by tag, name or serial number for the palette."""
    rows = Asset.objects.visible_to(user).filter(every_word(("number", "name", "serial"), words))
    return [
        Hit(f"{asset} {asset.name}", asset.get_absolute_url(), "tag", f"{asset.get_state_display()} {asset.where}".strip(), of=f"assets.asset:{asset.pk}")
        for asset in rows.select_related("holder__person").order_by("number")[:8]
    ]  # fmt: skip


work.fill("assets.accept", WorkList(gettext_lazy("Equipment for you"), "tasks", to_accept, order=30))
work.fill("assets.give_back", WorkList(gettext_lazy("Equipment to give back"), "tasks", to_give_back, order=31))
work.fill("assets.get_back", WorkList(gettext_lazy("Equipment to get back"), "tasks", to_get_back, order=32))
work.fill("assets.starters", WorkList(gettext_lazy("Starters' equipment"), "tasks", starters, order=33))
lookups.fill("assets.asset", Lookup(Asset, ("number", "name", "serial")))
palette.fill("assets.asset", Search(gettext_lazy("Assets"), find_assets, prefix="asset:", order=40))
menu.fill(
    "assets.asset",
    MenuEntry("itsm", gettext_lazy("Assets"), "assets:asset_list", "tag", "assets.view_asset", order=40),
)
menu.fill(
    "assets.outfit",
    MenuEntry("itsm", gettext_lazy("Starters"), "assets:outfit_list", "user-plus", "assets.view_outfit", order=45),
)
menu.fill(
    "assets.mine",
    MenuEntry("itsm", gettext_lazy("My equipment"), "assets:mine", "package", "assets.view_own_asset", order=50),
)
