"""What people type into the service desk, and how its lists are narrowed."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.access.models import User
from backoffice.ui.filters import Filters, RecordFilter, Search
from backoffice.ui.forms import BaseForm, BaseModelForm, LineForm, LookupField, lines_of
from itsm.servicedesk.models import (
    Impact,
    Incident,
    IncidentAsset,
    Mailbox,
    Priority,
    PriorityRule,
    ReceivedMail,
    Service,
    ServiceLevel,
    Target,
    Team,
    Urgency,
)

# What a colleague says instead of a priority.
PLAIN_URGENCY = [
    (Urgency.HIGH, _("I cannot work at all")),
    (Urgency.MEDIUM, _("I can work, but it is hard")),
    (Urgency.LOW, _("It can wait")),
]
PLAIN_IMPACT = [
    (Impact.LOW, _("Only me")),
    (Impact.MEDIUM, _("My team")),
    (Impact.HIGH, _("The whole site")),
]


def _area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ReportForm(BaseModelForm):
    """What a colleague says: what happens, how bad it is in plain words."""

    class Meta:
        model = Incident
        fields = ["subject", "text", "service", "urgency", "impact"]
        labels = {"service": _("What is it about"), "urgency": _("How bad is it"), "impact": _("Who is hit")}
        widgets = {"text": _area(6)}
        widths = {"subject": "x6", "text": "x6"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["urgency"].choices = PLAIN_URGENCY  # type: ignore[attr-defined]
        self.fields["impact"].choices = PLAIN_IMPACT  # type: ignore[attr-defined]


class IncidentForm(BaseModelForm):
    """What the desk enters for somebody."""

    class Meta:
        model = Incident
        fields = ["requester", "subject", "text", "service", "impact", "urgency"]
        widgets = {"text": _area(6)}
        widths = {"subject": "x4", "text": "x6"}


class AssignForm(BaseForm):
    """To whom it goes."""

    team = LookupField(Team.objects.all(), label=_("Team"), required=False)
    agent = LookupField(User.objects.filter(is_active=True), label=_("Person"), required=False)


class PriorityForm(BaseForm):
    """How it is judged; a priority set by hand needs a reason."""

    impact = forms.ChoiceField(label=_("Impact"), choices=[("", _("as it is")), *Impact.choices], required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=[("", _("as it is")), *Urgency.choices], required=False)
    service = LookupField(Service.objects.filter(is_active=True), label=_("Service"), required=False)
    priority = forms.TypedChoiceField(
        label=_("Priority by hand"),
        choices=[("", _("as the matrix says")), *Priority.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class WaitForm(BaseForm):
    """What it waits for."""

    waits_for = forms.ChoiceField(label=_("Waits for"), choices=Incident.Waits.choices)
    reason = forms.CharField(label=_("What for"), max_length=200, required=False)


class ResolveForm(BaseForm):
    """What it was and what helped; the requester reads the solution."""

    service = LookupField(
        Service.objects.filter(is_active=True),
        label=_("Service"),
        required=False,
        help_text=_("Needed unless the incident names one"),
    )
    cause = forms.ChoiceField(label=_("Cause"), choices=Incident.Cause.choices)
    solution = forms.CharField(label=_("What helped"), widget=_area(), help_text=_("The requester reads this"))


class ReopenForm(BaseForm):
    """What still does not work."""

    reason = forms.CharField(label=_("What still does not work"), widget=_area(3), max_length=500)


class ReplyForm(BaseForm):
    """Words for everybody on the incident."""

    text = forms.CharField(label=_("Reply"), widget=_area())


class AboutForm(BaseModelForm):
    """The equipment that an incident is about."""

    class Meta:
        model = IncidentAsset
        fields = ["asset"]


class TeamForm(BaseModelForm):
    """A team."""

    once = ("name",)

    class Meta:
        model = Team
        fields = ["name", "lead", "members", "is_first"]


class ServiceForm(BaseModelForm):
    """A service."""

    once = ("name",)

    class Meta:
        model = Service
        fields = ["name", "team", "is_key", "is_active"]


class ServiceLevelForm(BaseModelForm):
    """A service level."""

    once = ("service",)

    class Meta:
        model = ServiceLevel
        fields = [
            "name", "service", "recounts", "pauses_for_user", "pauses_for_supplier", "pauses_for_change",
            "reopen_days", "close_days",
        ]  # fmt: skip


class TargetForm(LineForm):
    """A promise."""

    class Meta:
        model = Target
        fields = ["priority", "metric", "amount", "unit", "calendar"]


Targets = lines_of(ServiceLevel, Target, form=TargetForm, title=_("Targets"), extra=1, least=0)


class PriorityRuleForm(BaseModelForm):
    """A field of the matrix."""

    once = ("impact", "urgency")

    class Meta:
        model = PriorityRule
        fields = ["impact", "urgency", "priority"]


class MailboxForm(BaseModelForm):
    """A mailbox; the password is written, never shown."""

    class Meta:
        model = Mailbox
        fields = [
            "address", "host", "port", "security", "login", "secret", "folder", "team", "acts_as", "unknown", "hourly",
            "is_active",
        ]  # fmt: skip
        widgets = {"secret": forms.PasswordInput(attrs={"autocomplete": "new-password"})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kept = self.instance.secret
        if self.instance.pk:
            self.fields["secret"].required = False
            self.fields["secret"].help_text = _("Empty: stays as it is")

    def clean_secret(self) -> str:
        """An empty password leaves the old one."""
        return str(self.cleaned_data["secret"] or self.kept)


class IncidentFilters(Filters):
    """How incidents are narrowed."""

    q = Search("number", "subject", "requester_name", "requester_email", label=_("Number, words or person"))
    state = django_filters.ChoiceFilter(choices=Incident.State.choices, label=_("State"))
    priority = django_filters.ChoiceFilter(choices=Priority.choices, label=_("Priority"))
    service = RecordFilter(queryset=Service.objects.all(), label=_("Service"))
    team = RecordFilter(queryset=Team.objects.all(), label=_("Team"))

    class Meta:
        model = Incident
        fields: list[str] = []


class ReceivedMailFilters(Filters):
    """How received mail is narrowed."""

    q = Search("sender", "subject", label=_("Sender or subject"))
    outcome = django_filters.ChoiceFilter(choices=ReceivedMail.Outcome.choices, label=_("Outcome"))

    class Meta:
        model = ReceivedMail
        fields: list[str] = []
