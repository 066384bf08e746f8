"""What messaging puts into the side bar and into My work."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.messaging import noticing
from backoffice.messaging.models import Notice
from backoffice.ui.slots import MenuEntry, WorkList, WorkRow, menu, work

LOOKED_AT = 60  # My work shows the first few that do not repeat what waits there anyway


def unread_notices(user: Any) -> list[WorkRow]:
    """The latest notices that were not read."""
    return [
        WorkRow(
            "bell",
            notice.title,
            reverse("messaging:notice", args=[notice.pk]),
            sub=notice.text,
            since=notice.made_at,
            about=notice.url,
        )
        for notice in Notice.objects.filter(to=user, read_at__isnull=True)[:LOOKED_AT]
    ]


menu.fill(
    "messaging.notices", MenuEntry("", _("Notices"), "messaging:notice_list", "bell", count=noticing.unread, order=10)
)
menu.fill(
    "messaging.outbox",
    MenuEntry(
        "admin", _("Outgoing mail"), "messaging:outgoingmail_list", "mail", "messaging.view_outgoingmail", order=50
    ),
)
work.fill("messaging.notices", WorkList(_("Notices"), "alerts", unread_notices, order=80))
