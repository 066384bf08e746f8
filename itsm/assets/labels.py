"""Stickers: name, tag and a QR code that leads a phone to the asset; sheets of 24 on A4 (70 × 37 mm)."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.ui.html import joined
from itsm.assets.models import Asset
from reporting.reports.files import printing

MOST = 480  # stickers of one file: 20 sheets


def pdf(assets: Sequence[Asset]) -> bytes:
    """The stickers as a tagged PDF. Raises `Refused` for none and for more than a printer takes at once."""
    if not assets:
        raise Refused(_("There is no asset with such a tag."), code="empty")
    if len(assets) > MOST:
        raise Refused(_("%(n)d stickers are too many at once: %(most)d fit.") % {"n": len(assets), "most": MOST})
    company = assets[0].company
    return printing.write(
        render_to_string(
            "print/labels.html",
            {
                "title": _("Labels %(first)s to %(last)s") % {"first": assets[0], "last": assets[-1]}
                if len(assets) > 1
                else _("Label %s") % assets[0],
                "organisation": company.name,
                "labels": [(asset, code(asset)) for asset in assets],
            },
        )
    )


def code(asset: Asset) -> Any:
    """The QR code as markup: the address of the asset, error correction M."""
    written = BytesIO()
    segno.make(address(asset), error="m", micro=False).save(
        written, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2
    )
    return joined([written.getvalue().decode()])


def address(asset: Asset) -> str:
    """Where a phone goes that reads the code."""
    return settings.SITE_URL.rstrip("/") + reverse("assets:tag", args=[asset.number])
