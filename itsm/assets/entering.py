"""Assets that are entered by hand: what the house had before, or what came another way than through the warehouse."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from backoffice.audit.recording import acting
from backoffice.core.authority import authority, recorder
from backoffice.core.errors import Refused
from backoffice.core.flow import unsaved
from backoffice.documents import keeping
from finance.ledger.models import Role
from inventory.stock import accounting
from itsm.assets import tagging
from itsm.assets.models import Asset

GONE = (Asset.State.RETIRED, Asset.State.SENT_BACK)


def stored(asset: Asset, lines: Sequence[Any], removed: Sequence[Any], *, by: Any) -> Asset:
    """Write what the form holds; a new asset gets the tag of its old sticker, else the next one.

    What it is said to cost must be in the books already: no entry is made. Raises `Refused` for a tag that is taken
    and for an asset that is gone, `PermissionDenied` without the right.
    """
    is_new = not asset.pk
    action = "add" if is_new else "change"
    if denied := authority.only.refusal(by, f"assets.{action}_asset", asset):
        raise denied
    if reason := not_gone(asset, by):
        raise reason
    if is_new:
        asset.account = accounting.role(accounting.accounts_of(asset.company), Role.EQUIPMENT)
        asset.number = _tag(asset)
    asset.name = asset.name or asset.item.name
    asset.save()
    return asset


def _tag(asset: Asset) -> str:
    """The tag of the sticker that is on it already, else the next one."""
    old = getattr(asset, "old_tag", "").strip().upper()
    if not old:
        return tagging.take(asset.company, 1)[0]
    if tagging.is_counted(old):
        raise Refused(_("Tags like A-00042 are given by the counter: leave it empty."), code="tag")
    if Asset.objects.filter(company=asset.company, number=old).exists():
        raise Refused(_("There is an asset %s already.") % old, code="tag")
    return old


def not_gone(asset: Asset, user: Any) -> Refused | None:
    """What left the house is not changed any more."""
    if asset.state in GONE:
        return Refused(_("%(asset)s is %(state)s.") % {"asset": asset, "state": asset.get_state_display().lower()})
    return None


def enter(asset: Asset, *, by: Any, lines: Sequence[Any] = ()) -> Asset:
    """Save a new asset, as the form does."""
    with acting(by):
        asset.entered_by = asset.changed_by = by
        stored(asset, (), (), by=by)
        recorder.only(asset, "enter", by, {})
    return asset


def change(asset: Asset, *, by: Any, version: int, lines: Sequence[Any] | None = None) -> Asset:
    """Change name, serial number or note. Raises `Refused` for what is told once: item, cost, day, supplier."""
    if told := unsaved(asset) - {"name", "serial", "note"}:
        raise Refused(_("This is told once and stays: %s.") % ", ".join(sorted(told)), code="kept")
    if reason := not_gone(asset, by):
        raise reason
    return keeping.change(asset, by=by, version=version)
