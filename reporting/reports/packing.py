"""Putting reports together into packs."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied

from backoffice.audit.recording import acting
from backoffice.core.authority import authority, recorder
from reporting.reports.models import Pack, PackPart


def add(pack: Pack, report: str, parameters: Mapping[str, str], *, by: Any) -> PackPart:
    """Put a report at the end of a pack; relative parameters stay relative."""
    _demand(pack, by)
    with acting(by):
        last = pack.parts.order_by("-place").values_list("place", flat=True).first() or 0
        part = PackPart.objects.create(pack=pack, place=last + 1, report=report, parameters=dict(parameters))
        recorder.only(pack, "add_report", by, {"report": report})
    return part


def remove(part: PackPart, *, by: Any) -> None:
    """Take a report out of its pack."""
    _demand(part.pack, by)
    with acting(by):
        recorder.only(part.pack, "remove_report", by, {"report": part.report})
        part.delete()


def move_up(part: PackPart, *, by: Any) -> None:
    """Put a report before the one above it."""
    _demand(part.pack, by)
    above = part.pack.parts.filter(place__lt=part.place).order_by("-place").first()
    if above is None:
        return
    with acting(by):
        above.place, part.place = part.place, above.place
        above.save(update_fields=["place"])
        part.save(update_fields=["place"])


def of_one(company: Any, report: str, parameters: Mapping[str, str], title: str, *, by: Any) -> Pack:
    """A pack for a schedule of a single report."""
    with acting(by):
        pack = Pack.objects.create(company=company, name=title[:80], is_single=True)
        PackPart.objects.create(pack=pack, place=1, report=report, parameters=dict(parameters))
    return pack


def _demand(pack: Pack, by: Any) -> None:
    if denied := authority.only.refusal(by, "reports.change_pack", pack):
        raise denied
    if pack.is_single:
        raise PermissionDenied
