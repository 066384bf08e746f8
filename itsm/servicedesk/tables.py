"""The columns of the service desk."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backoffice.ui.html import badge_markup, text
from backoffice.ui.tables import Badge, Choice, Column, Link, Moment, Person, Table, Text, YesNo
from itsm.servicedesk.models import Priority, Target
from itsm.servicedesk.wording import PRIORITY_TONES, due_words


class PriorityMark(Column):
    """A priority as icon, word and colour."""

    def inner(self, values: Sequence[Any]) -> str:
        tone, icon = PRIORITY_TONES[values[0]]
        return badge_markup(str(Priority(values[0]).label), tone, icon)

    def file_values(self, values: Sequence[Any]) -> list[Any]:
        return [str(Priority(values[0]).label)]


class DueMoment(Moment):
    """The next promised moment: red when it is over, amber in the last hour."""

    def cell(self, values: Sequence[Any]) -> str:
        if values[0] is None:
            return f'<td class="{self.classes}"></td>'
        words, tone = due_words(values[0], timezone.now())
        return f'<td class="{self.classes} {tone}">{text(words)}</td>'


class IncidentTable(Table):
    """Incidents, what is due first at the top."""

    order = ("-opened_at", "-pk")

    number = Link("number", _("Incident"), sort=True)
    subject = Text("subject", _("What"), ell=True, stack="l2")
    requester = Text("requester_name", _("Asked by"), soft=True)
    service = Text("service__name", _("Service"), soft=True)
    priority = PriorityMark("priority", _("Priority"), sort="priority,due_at", stack="r1")
    state = Badge()
    agent = Person("agent__name", _("With"))
    due_at = DueMoment("due_at", _("Due"), sort=True, stack="r2")
    opened_at = Moment("opened_at", _("Opened"), sort="opened_at")


class OwnTable(Table):
    """The incidents of the person who looks."""

    order = ("-opened_at", "-pk")
    url = "servicedesk:own"
    one, many = _("report"), _("reports")  # type: ignore[assignment]

    number = Link("number", _("Report"))
    subject = Text("subject", _("What"), ell=True, stack="l2")
    state = Badge()
    agent = Text("agent__name", _("With"), soft=True)
    opened_at = Moment("opened_at", _("Opened"), sort=True, stack="r1")


class TeamTable(Table):
    """Teams by name."""

    order = ("name", "pk")

    name = Link("name", _("Team"), sort=True)
    lead = Text("lead__name", _("Lead"), stack="l2")
    is_first = YesNo("is_first", _("Gets what nobody else gets"))


class ServiceTable(Table):
    """Services by name."""

    order = ("name", "pk")

    name = Link("name", _("Service"), sort=True)
    team = Text("team__name", _("Team"), stack="l2")
    is_key = YesNo("is_key", _("Key service"))
    is_active = YesNo("is_active", _("Active"), stack="r1")


class ServiceLevelTable(Table):
    """Service levels by name."""

    order = ("name", "pk")

    name = Link("name", _("Service level"), sort=True)
    service = Text("service__name", _("For the service"), stack="l2")
    recounts = Choice("recounts", _("After a new priority, time counts"))


class PriorityRuleTable(Table):
    """The matrix as rows."""

    order = ("priority", "impact", "urgency", "pk")
    one, many = _("field"), _("fields")  # type: ignore[assignment]

    priority = Link("priority", _("Priority"))
    impact = Choice("impact", _("Impact"), stack="l2")
    urgency = Choice("urgency", _("Urgency"), stack="l3")


class Within(Column):
    """How much may pass: 15 minutes, 1 day."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__("amount", label, also=("unit",), **options)

    def inner(self, values: Sequence[Any]) -> str:
        n, unit = values
        words = {
            Target.Unit.MINUTES: ngettext("%(n)s minute", "%(n)s minutes", n),
            Target.Unit.HOURS: ngettext("%(n)s hour", "%(n)s hours", n),
            Target.Unit.DAYS: ngettext("%(n)s day", "%(n)s days", n),
        }
        return text(words[unit] % {"n": n})


class TargetTable(Table):
    """The promises of a level."""

    order = ("priority", "metric", "pk")

    priority = PriorityMark("priority", _("Priority"))
    metric = Choice("metric", _("What"), stack="l2")
    within = Within(_("Within"), stack="r1")
    calendar = Text("calendar__name", _("Calendar"), soft=True)


class MailboxTable(Table):
    """Mailboxes by address."""

    order = ("address", "pk")

    address = Link("address", _("Mailbox"))
    host = Text("host", _("IMAP server"), stack="l2")
    is_active = YesNo("is_active", _("Is read"))
    read_at = Moment("read_at", _("Read"), stack="r1")
    problem = Text("problem", _("Last problem"), ell=True, stack="full")


class ReceivedMailTable(Table):
    """What became of mails, the newest first."""

    order = ("-pk",)

    at = Moment("at", _("Read"))
    sender = Text("sender", _("From"), ell=True, stack="l2")
    subject = Text("subject", _("Subject"), ell=True)
    outcome = Badge("outcome", _("What became of it"))
    incident = Text("incident__number", _("Incident"), stack="r1")
    why = Text("why", _("Why"), soft=True, ell=True)
