"""What a person types in about schedules, packs and mailing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.access.models import User
from backoffice.access.rights import holders
from backoffice.ui.forms import BaseForm, BaseModelForm, Boxes
from reporting.reports import scheduling
from reporting.reports.defining import reports
from reporting.reports.models import FileKind, Pack, Schedule

SENDING = (
    "every",
    "working_day",
    "weekday",
    "at",
    "subject",
    "attach_pdf",
    "attach_xlsx",
    "attach_csv",
    "only_when_closed",
)


class Dots(forms.RadioSelect):
    """One of few, in one line."""

    template_name = "reporting/widgets/dots.html"


class People(forms.ModelMultipleChoiceField):
    """Colleagues who may be sent reports, as boxes to tick."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("queryset", User.objects.none())
        options.setdefault("widget", Boxes())
        super().__init__(**options)
        self.width = "x6"

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {obj.job_title}" if obj.job_title else obj.name


class ScheduleForm(BaseModelForm):
    """A schedule of a pack with its recipients."""

    recipients = People(label=_("To"), help_text=_("Each person gets only what their role may see."))

    class Meta:
        model = Schedule
        fields = ("pack", *SENDING)
        widths = {"pack": "x6", "every": "x3", "working_day": "x3", "weekday": "x3", "at": "x3", "subject": "x6"}
        widgets = {"at": forms.TimeInput(format="%H:%M", attrs={"inputmode": "numeric"})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        if self.company is not None and self.user is not None:
            fields["pack"].queryset = Pack.objects.visible_to(self.user).filter(company=self.company)
            fields["recipients"].queryset = holders("reports.view_reportrun", self.company.pk)
        if self.instance.pk:
            self.initial["recipients"] = list(self.instance.recipients.values_list("user_id", flat=True))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(name) for name in ("attach_pdf", "attach_xlsx", "attach_csv")):
            raise ValidationError(_("Choose at least one kind of file to attach."))
        return data

    def save(self, commit: bool = True) -> Any:
        schedule = super().save(commit=False)
        schedule.chosen = list(self.cleaned_data["recipients"])
        return schedule


def store_schedule(schedule: Schedule, lines: Any, removed: Any, *, by: Any) -> Schedule:
    """What the form screen calls to save a schedule."""
    if schedule._state.adding:
        schedule.owner = by
    return scheduling.save(schedule, schedule.chosen, now=timezone.now())  # type: ignore[attr-defined]


class EmailForm(BaseForm):
    """Mail a report: once now, or on a schedule."""

    ONCE, REPEAT = "once", "schedule"
    marks_required = False

    when = forms.ChoiceField(
        label=_("When"),
        choices=[(ONCE, _("Once, now")), (REPEAT, _("On a schedule"))],
        initial=REPEAT,
        widget=Dots,
    )
    every = forms.ChoiceField(label=_("Every"), choices=Schedule.Every.choices, initial=Schedule.Every.MONTH)
    working_day = forms.IntegerField(label=_("Working day"), initial=5, min_value=1, max_value=20, required=False)
    weekday = forms.TypedChoiceField(
        label=_("Weekday"), choices=Schedule.Weekday.choices, coerce=int, required=False, empty_value="0"
    )
    at = forms.TimeField(label=_("At"), initial="07:00", required=False, widget=forms.TimeInput(format="%H:%M"))
    recipients = People(label=_("To"), help_text=_("Each person gets only what their role may see."))
    subject = forms.CharField(label=_("Subject"), max_length=120)
    kinds = forms.MultipleChoiceField(
        label=_("Attach"),
        choices=FileKind.choices,
        initial=[FileKind.PDF],
        widget=Boxes(in_line=True),
    )
    only_when_closed = forms.BooleanField(
        label=_("Only if the period is closed (otherwise wait, and tell me)"), required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["recipients"].queryset = holders("reports.view_reportrun", self.company.pk)
        for name in ("every", "weekday", "at"):
            fields[name].width = "x3"
        for name, width in {
            "when": "x6",
            "working_day": "x3",
            "subject": "x6",
            "kinds": "x6",
            "only_when_closed": "x6",
        }.items():
            fields[name].width = width

    def only_me(self, user: Any) -> None:
        """For somebody who may not keep schedules: once, to oneself."""
        fields: dict[str, Any] = self.fields
        fields["recipients"].queryset = User.objects.filter(pk=user.pk)
        fields["when"].choices = [(self.ONCE, _("Once, now"))]
        self.initial["when"] = self.ONCE

    def schedule(self, company: Any, owner: Any) -> Schedule:
        """The schedule that the form describes, unsaved and without a pack."""
        data = self.cleaned_data
        return Schedule(
            company=company,
            owner=owner,
            every=data["every"],
            working_day=data.get("working_day") or 5,
            weekday=int(data.get("weekday") or 0),
            at=data["at"],
            subject=data["subject"],
            attach_pdf=FileKind.PDF in data["kinds"],
            attach_xlsx=FileKind.XLSX in data["kinds"],
            attach_csv=FileKind.CSV in data["kinds"],
            only_when_closed=data["only_when_closed"],
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("when") == self.REPEAT and not data.get("at"):
            self.add_error("at", _("Say at what time."))
        return data


class PackForm(BaseModelForm):
    """A pack's name; its reports are added on its page."""

    class Meta:
        model = Pack
        fields = ("name",)
        widths = {"name": "x6"}


class PartForm(BaseForm):
    """A report to add to a pack."""

    report = forms.ChoiceField(label=_("Report"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["report"].choices = [
            (report.key, str(report.title)) for report in reports if report.refusal(self.user, self.company) is None
        ]
