"""The columns of the rules of approval."""

from django.utils.translation import gettext_lazy as _

from backoffice.ui.tables import Figure, Link, Table, Text


class RuleTable(Table):
    """Rules by kind and amount."""

    order = ("kind", "from_amount", "pk")

    kind = Link("kind", _("Kind of document"))
    department = Text("department__name", _("Department"), stack="l2")
    from_amount = Figure("from_amount", _("Above"), stack="r1")
    approvers = Figure("approvers", _("Different persons"), digits=0, stack="l2")
