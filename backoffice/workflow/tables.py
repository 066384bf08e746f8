"""The columns of the rules of approval."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from backoffice.ui.tables import Figure, Link, Table, Text
from backoffice.workflow.models import kind_words


class Kind(Link):
    """A kind of document by its words, leading to its rule."""

    def words(self, values: Sequence[Any]) -> str:
        return kind_words(values[0])

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [kind_words(values[0])]


class RuleTable(Table):
    """Rules by kind and amount."""

    order = ("kind", "from_amount", "pk")

    kind = Kind("kind", _("Kind of document"))
    department = Text("department__name", _("Department"), stack="l2")
    from_amount = Figure("from_amount", _("Above"), stack="r1")
    approvers = Figure("approvers", _("Different persons"), digits=0, stack="l2")
