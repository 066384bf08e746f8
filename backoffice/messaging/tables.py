"""The outbox as a list."""

from django.utils.translation import gettext_lazy as _

from backoffice.ui.columns import Badge, Figure, Link, Moment, Text
from backoffice.ui.tables import Table


class OutboxTable(Table):
    """Mail that left or waits, newest first."""

    subject = Link("subject", _("Subject"))
    address = Text("address", _("To"), stack="l2")
    state = Badge("state")
    made_at = Moment("made_at", _("Written"), sort=True, stack="r1")
    sent_at = Moment("sent_at", _("Sent"), stack="r2")
    attempts = Figure("attempts", _("Attempts"), digits=0)
