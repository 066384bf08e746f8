"""What starters need: looked at as soon as somebody is hired, asked for from purchasing in the usual way."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.access.rights import holders
from backoffice.core import events
from backoffice.core.errors import Refused
from backoffice.messaging import noticing
from hr.people import queries
from hr.people.events import EmployeeHired, EmployeeLeft, EmployeeStarted
from hr.people.models import Employment
from inventory.catalogue.models import Item
from itsm.assets.models import Asset, Outfit
from procurement.purchasing import requesting
from procurement.purchasing.requesting import Need


@events.subscribe(EmployeeHired)
def note_starter(event: EmployeeHired) -> None:
    """Somebody will start: the desk looks at what they need. Who began long ago has it already."""
    if event.on >= timezone.localdate():
        _note(event.employment_id, event.company_id, event.on)


@events.subscribe(EmployeeStarted)
def note_started(event: EmployeeStarted) -> None:
    """The first day has come; whoever was not noted before is noted now."""
    if event.on >= timezone.localdate():
        _note(event.employment_id, event.company_id, event.on)


def _note(employment: int, company: int, on: Any) -> None:
    Outfit.objects.get_or_create(employment_id=employment, defaults={"company_id": company, "starts_on": on})


@Outfit.flow.guard("request")
def will_start(outfit: Outfit, user: Any) -> Refused | None:
    """Nobody buys for somebody who does not come."""
    if outfit.employment.state in (Employment.State.LEFT, Employment.State.WITHDRAWN):
        return Refused(_("%s does not start.") % outfit.employment.person, code="state")
    return None


@Outfit.flow.verb
def request(outfit: Outfit, *, by: Any, items: Sequence[Item] = ()) -> None:
    """Ask purchasing for one of each item, needed on the first day, for the starter's department.

    `by` needs the right to raise requisitions. Raises `Refused` without an item or an assignment.
    """
    if not items:
        raise Refused(_("Choose what is needed."), code="items")
    held = queries.held(outfit.employment, outfit.starts_on)
    if held is None:
        raise Refused(_("%s has no assignment yet.") % outfit.employment.person, code="assignment")
    outfit.requisition = requesting.request(
        outfit.company,
        [Need(Decimal(1), item=item) for item in items],
        requester=by,
        by=by,
        department=held.department,
        cost_centre=held.cost_centre,
        purpose=str(outfit),
        needed_on=max(outfit.starts_on, timezone.localdate()),
    )


@Outfit.flow.verb
def finish(outfit: Outfit, *, by: Any) -> None:
    """Everything is there, or nothing is needed."""


@events.subscribe(EmployeeLeft)
def ask_back(event: EmployeeLeft) -> None:
    """Whoever keeps equipment is told what the leaver still holds."""
    held = list(Asset.objects.filter(holder=event.employment_id).order_by("number"))
    if not held:
        return
    person = Employment.objects.select_related("person").get(pk=event.employment_id).person
    words = ", ".join(f"{asset.name} {asset.number}" for asset in held)
    for user in holders("assets.take_back_asset", event.company_id):
        noticing.notify(
            user,
            _("%s left: equipment to get back") % person,
            words,
            RETURNS,
            key=f"assets.left:{event.employment_id}",
        )


RETURNS = "/assets/?view=back"
