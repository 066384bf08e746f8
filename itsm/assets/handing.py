"""Handing equipment over, accepting it, taking it back; and what else becomes of it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.messaging import noticing
from hr.people.models import Employment
from itsm.assets.models import Asset, HandOver


@Asset.flow.verb
def hand_over(asset: Asset, *, by: Any, employment: Employment | None = None, place: str = "") -> None:
    """Give it to an employee, who is asked to accept it, or set it up at a place.

    Raises `Refused` without one of the two, with both, or for somebody who is not employed any more.
    """
    place = place.strip()
    if (employment is None) == (not place):
        raise Refused(_("Say who gets it, or where it stands: one of the two."), code="whom")
    if employment is not None:
        _demand_employed(asset, employment)
    asset.holder, asset.place = employment, place
    HandOver.objects.create(asset=asset, employment=employment, place=place, given_by=by)
    if employment is not None and (user := employment.person.user) is not None:
        noticing.notify(
            user, _("%(name)s, %(tag)s, is handed to you") % {"name": asset.name, "tag": asset.number}, url=OWN
        )


OWN = "/assets/mine/"


def _demand_employed(asset: Asset, employment: Employment) -> None:
    if employment.company_id != asset.company_id:
        raise Refused(_("%s is employed by another company.") % employment.person, code="whom")
    if employment.state in (Employment.State.LEFT, Employment.State.WITHDRAWN):
        raise Refused(_("%s is not employed here any more.") % employment.person, code="whom")


def own(user: Any) -> Any:
    """What a user holds, in any of the companies that employ them."""
    return Asset.objects.filter(holder__person__user=user.pk, holder__isnull=False).select_related("holder__person")


@Asset.flow.guard("accept")
def is_own(asset: Asset, user: Any) -> Refused | None:
    """Only whoever holds it accepts it, once."""
    if asset.holder is None or asset.holder.person.user_id != user.pk:
        return Refused(_("Only whoever holds it can accept it."), code="state")
    if not HandOver.objects.filter(asset=asset, returned_at=None, accepted_at=None).exists():
        return Refused(_("It is accepted already."), code="state")
    return None


@Asset.flow.verb
def accept(asset: Asset, *, by: Any) -> None:
    """The employee says: I have it."""
    HandOver.objects.filter(asset=asset, returned_at=None).update(accepted_at=timezone.now())


@Asset.flow.verb
def take_back(asset: Asset, *, by: Any, condition: str = "") -> None:
    """It came back; it is wiped before anybody else gets it."""
    _end(asset, by, condition)


@Asset.flow.verb
def restock(asset: Asset, *, by: Any) -> None:
    """Wiped, whole and ready for the next person."""


@Asset.flow.verb
def repair(asset: Asset, *, by: Any, reason: str) -> None:
    """Away to be repaired."""


@Asset.flow.verb
def lose(asset: Asset, *, by: Any, reason: str) -> None:
    """Nobody knows where it is; whoever held it holds it no more."""
    _end(asset, by, reason)


@Asset.flow.verb
def find(asset: Asset, *, by: Any) -> None:
    """It turned up again."""


@Asset.flow.verb
def retire(asset: Asset, *, by: Any, reason: str) -> None:
    """It is used no more. Its cost stays in the books until finance disposes of it."""


def _end(asset: Asset, by: Any, condition: str) -> None:
    asset.holder, asset.place = None, ""
    HandOver.objects.filter(asset=asset, returned_at=None).update(
        returned_at=timezone.now(), returned_to=by, condition=condition.strip()[:200]
    )
