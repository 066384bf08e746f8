"""The list of jobs."""

from django.utils.translation import gettext_lazy as _

from backoffice.ui.columns import Badge, Link, Moment, Person, Text
from backoffice.ui.tables import Table


class JobTable(Table):
    """Jobs, newest first."""

    title = Link("title", _("Job"))
    state = Badge("state")
    actor = Person("actor__name", _("For"))
    queued_at = Moment("queued_at", _("Asked"), sort=True, stack="r1")
    finished_at = Moment("finished_at", _("Ended"), stack="r2")
    message = Text("message", _("Message"), soft=True, ell=True, stack="l2")
