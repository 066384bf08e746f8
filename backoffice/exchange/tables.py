"""The columns of uploads."""

from django.utils.translation import gettext_lazy as _

from backoffice.ui.tables import Badge, Link, Moment, Person, Table, Text


class UploadTable(Table):
    """Files that came in, the newest first."""

    order = ("-pk",)

    name = Link("name", _("File"))
    state = Badge(stack="r1")
    message = Text("message", _("Outcome"), ell=True, stack="full")
    by = Person("by__name", _("By"))
    at = Moment("at", _("At"), sort=True, stack="l2")
