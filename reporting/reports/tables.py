"""Lists of schedules, packs and kept files."""

from django.utils.translation import gettext_lazy as _

from backoffice.ui.columns import Choice, Figure, Link, Moment, Person, Text, YesNo
from backoffice.ui.tables import Table


class RunTable(Table):
    """Files that were made, newest first."""

    title = Link("title", _("Report"))
    subtitle = Text("subtitle", _("Of"), stack="l2", soft=True)
    kind = Choice("kind", _("File"), stack="r2")
    for_user = Text("for_user__name", _("With the rights of"), stack="l3")
    made_at = Moment("made_at", _("Made"), sort=True, stack="r1")
    entries = Figure("entries", _("Entries"), digits=0)
    code = Text("code", _("Id"), soft=True)


class ScheduleTable(Table):
    """Schedules by what they send."""

    order = ("pack__name", "pk")

    pack = Link("pack__name", _("Sends"))
    every = Choice("every", _("Every"), stack="l2")
    next_at = Moment("next_at", _("Next"), sort=True, stack="r1")
    owner = Person("owner__name", _("Set up by"))
    is_active = YesNo("is_active", _("Active"), stack="r2")


class PackTable(Table):
    """Packs by name."""

    order = ("name", "pk")

    name = Link("name", _("Pack"), sort=True)
