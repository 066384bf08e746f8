"""Employments from the first day to the last, and the assignments within."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.core.flow import Flow, StateField, move
from backoffice.core.models import Model
from backoffice.documents.models import Document
from backoffice.organisation.models import CostCentre, Department
from hr.people.models.days import Dated, Days, Whole, working_in
from hr.people.models.persons import Person


class Employment(Document):
    """The contract of a person with the company, from its first day to its last; who comes back has another.

    `ends_on` is the last day that is still employed. `access_ends_at` is the moment from which the person
    can no longer sign in. `continuous_from` is the start of continuous service, which may lie before. Its papers
    are contracts and letters: whoever may not read private details may not read them either.
    """

    named_by: ClassVar[tuple[str, ...]] = ("person",)
    papers_right: ClassVar[str] = "people.view_privatedetails"
    audit_ignore: ClassVar[tuple[str, ...]] = ("notice_reason",)  # the act keeps it, for fewer readers

    state_tones: ClassVar[dict[str, tuple[str, str]]] = {
        "prehire": ("wait", "clock"),
        "active": ("good", "circle-check"),
        "notice": ("wait", "calendar"),
        "left": ("idle", "log-out"),
    }

    class State(models.TextChoices):
        PREHIRE = "prehire", _("Starting")
        ACTIVE = "active", _("Active")
        NOTICE = "notice", _("Leaving")
        LEFT = "left", _("Left")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    flow = Flow(
        State.PREHIRE,
        begin=move(State.PREHIRE, State.ACTIVE, system=True, done=_("Started")),
        withdraw=move(
            State.PREHIRE,
            State.WITHDRAWN,
            label=_("Withdraw"),
            icon="x",
            danger=True,
            done=_("Does not start"),
            confirm=_("The employment never begins. The person stays on record."),
        ),
        give_notice=move(
            [State.ACTIVE, State.NOTICE],
            State.NOTICE,
            label=_("Give notice"),
            icon="log-out",
            done=_("Entered the notice"),
        ),
        change_assignment=move(
            [State.PREHIRE, State.ACTIVE, State.NOTICE],
            None,
            label=_("Change assignment"),
            icon="pencil",
            done=_("Changed the assignment"),
        ),
        cancel_assignment=move(
            [State.PREHIRE, State.ACTIVE, State.NOTICE],
            None,
            label=_("Take back a change"),
            icon="undo-2",
            danger=True,
            done=_("Took back the change that lay ahead"),
        ),
        withdraw_notice=move(
            State.NOTICE, State.ACTIVE, label=_("Withdraw notice"), icon="undo-2", done=_("Stays employed")
        ),
        depart=move(State.NOTICE, State.LEFT, system=True, done=_("Left")),
        leave=move(
            State.NOTICE,
            State.LEFT,
            label=_("Leave now"),
            icon="log-out",
            danger=True,
            done=_("Left"),
            confirm=_("Ends the employment on its last day and tells IT to ask for equipment."),
        ),
    )
    state = StateField(State)
    person = models.ForeignKey(Person, models.PROTECT, related_name="employments", verbose_name=_("person"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    continuous_from = models.DateField(_("continuous service from"))
    access_ends_at = models.DateTimeField(_("access ends"), null=True, blank=True)
    access_ended_at = models.DateTimeField(_("access ended"), null=True, editable=False)
    notice_reason = models.CharField(_("reason for leaving"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("employment")
        verbose_name_plural = _("employees")
        ordering = ["number", "id"]
        indexes = [
            models.Index(fields=["company", "state", "number", "id"]),
            models.Index(fields=["company", "starts_on", "ends_on"]),
            models.Index(
                fields=["access_ends_at"], condition=Q(access_ended_at__isnull=True), name="employment_access_to_end"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="employment_number_once"),
            models.CheckConstraint(name="employment_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(
                name="employment_ends_after_it_starts", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="employment_service_starts_first", condition=Q(continuous_from__lte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="employment_state_is_known",
                condition=Q(state__in=["prehire", "active", "notice", "left", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="employment_that_ends_has_a_last_day",
                condition=~Q(state__in=["notice", "left"]) | Q(ends_on__isnull=False),
            ),
            ExclusionConstraint(
                name="employment_one_at_a_time",
                expressions=[
                    (Whole("person"), RangeOperators.OVERLAPS),
                    (Days("starts_on", "ends_on", "[]"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(state="withdrawn"),
                violation_error_message=_("This person is employed here in that time already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.person}" if self.person_id else super().__str__()

    @classmethod
    def in_departments(cls, departments: set[int]) -> Q:
        """Employments that are assigned to one of these departments today."""
        found = cls._base_manager.filter(working_in(departments, "assignments__", ""))
        return Q(pk__in=found.values("pk"))

    def runs(self, on: date) -> bool:
        """Whether the person is employed on this day."""
        is_over = self.ends_on is not None and self.ends_on < on
        return self.state != self.State.WITHDRAWN and self.starts_on <= on and not is_over


class Assignment(Dated, Model):
    """What somebody does in an employment from a day on: job, department, manager, hours."""

    scope_company = "employment__company"

    employment = models.ForeignKey(Employment, models.CASCADE, related_name="assignments", verbose_name=_("employment"))
    job_title = models.CharField(_("job title"), max_length=80)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    cost_centre = models.ForeignKey(CostCentre, models.PROTECT, related_name="+", verbose_name=_("cost centre"))
    manager = models.ForeignKey(
        Employment, models.PROTECT, null=True, blank=True, related_name="managed", verbose_name=_("manager")
    )
    grade = models.CharField(_("grade"), max_length=12, blank=True)
    weekly_hours = models.DecimalField(_("hours a week"), max_digits=5, decimal_places=2, default=Decimal("37.5"))
    fte = models.DecimalField(
        _("full-time equivalent"),
        max_digits=5,
        decimal_places=4,
        default=Decimal(1),
        help_text=_("1 is full time, 0.6 three days of five"),
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["employment", "valid_from"]
        indexes = [models.Index(fields=["employment", "valid_from"])]
        constraints = [
            models.CheckConstraint(
                name="assignment_ends_after_it_starts", condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from"))
            ),
            models.CheckConstraint(
                name="assignment_hours_are_possible", condition=Q(weekly_hours__gte=0, weekly_hours__lte=168)
            ),
            models.CheckConstraint(name="assignment_fte_is_possible", condition=Q(fte__gt=0, fte__lte=2)),
            models.CheckConstraint(
                name="assignment_not_managed_by_oneself", condition=Q(manager=None) | ~Q(manager=F("employment"))
            ),
            ExclusionConstraint(
                name="assignment_one_at_a_time",
                expressions=[
                    (Whole("employment"), RangeOperators.OVERLAPS),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another assignment holds in that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_title}, {self.department}"

    @classmethod
    def in_departments(cls, departments: set[int]) -> Q:
        """The assignments, earlier and later ones too, of those who are in one of these departments today."""
        found = cls._base_manager.filter(working_in(departments, "", "employment__"))
        return Q(employment__in=found.values("employment"))
