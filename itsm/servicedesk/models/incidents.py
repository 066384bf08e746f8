"""The incident, what is said about it in public, and what the team notes for itself."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.core.flow import Flow, StateField, move
from backoffice.core.models import Model
from backoffice.documents.models import Document
from backoffice.organisation.models import Company
from itsm.assets.models import Asset
from itsm.servicedesk.models.teams import Service, Team


class Impact(models.TextChoices):
    """How much of the house is hit."""

    HIGH = "high", _("Site or key service")
    MEDIUM = "medium", _("Team, or degraded")
    LOW = "low", _("One person")


class Urgency(models.TextChoices):
    """How long it can wait."""

    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class Priority(models.IntegerChoices):
    """What is done first."""

    P1 = 1, _("P1 critical")
    P2 = 2, _("P2 high")
    P3 = 3, _("P3 medium")
    P4 = 4, _("P4 low")
    P5 = 5, _("P5 minor")


class Series(Model):
    """The last number that a company gave to an incident; its row is locked while a number is taken."""

    audited: ClassVar[bool] = False

    company = models.OneToOneField(Company, models.CASCADE, related_name="+", verbose_name=_("company"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("series of incidents")
        verbose_name_plural = _("series of incidents")
        ordering = ["company"]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.last}"


class Incident(Document):
    """Something does not work for somebody. The requester sees it and its messages; only the team sees its notes.

    `due_at` is the next moment that is promised. `follows` is the incident that came back too late to be reopened.
    """

    scope_owner: ClassVar[str] = "requester"
    audit_ignore: ClassVar[tuple[str, ...]] = ("due_at",)
    # what people say stands in messages and notes, which part what the requester may see
    takes_comments: ClassVar[bool] = False
    state_tones: ClassVar[dict[str, tuple[str, str]]] = {
        "new": ("wait", "circle-dashed"),
        "assigned": ("idle", "user-check"),
        "in_progress": ("busy", "play"),
        "waiting": ("wait", "pause"),
        "resolved": ("good", "circle-check"),
        "closed": ("", "lock"),
    }

    class State(models.TextChoices):
        NEW = "new", _("New")
        ASSIGNED = "assigned", _("Assigned")
        IN_PROGRESS = "in_progress", _("In hand")
        WAITING = "waiting", _("Waiting")
        RESOLVED = "resolved", _("Resolved")
        CLOSED = "closed", _("Closed")

    class Channel(models.TextChoices):
        PORTAL = "portal", _("portal")
        EMAIL = "email", _("e-mail")
        API = "api", _("API")
        PHONE = "phone", _("telephone")

    class Waits(models.TextChoices):
        USER = "user", _("the requester")
        SUPPLIER = "supplier", _("a supplier")
        CHANGE = "change", _("a change")

    class Cause(models.TextChoices):
        CHANGE = "change", _("A change")
        HARDWARE = "hardware", _("Hardware")
        SOFTWARE = "software", _("Software")
        ACCESS = "access", _("Access or password")
        USE = "use", _("How it was used")
        SUPPLIER = "supplier", _("A supplier")
        UNKNOWN = "unknown", _("Not found")

    OPEN = (State.NEW, State.ASSIGNED, State.IN_PROGRESS, State.WAITING)

    flow = Flow(
        State.NEW,
        assign=move(
            [State.NEW, State.ASSIGNED, State.IN_PROGRESS], State.ASSIGNED, label=_("Assign…"), icon="user-check",
            done=_("Assigned"),
        ),
        take=move(
            [State.NEW, State.ASSIGNED], State.IN_PROGRESS, label=_("Take in hand"), icon="play", key="a",
            primary=True, done=_("Taken in hand"),
        ),
        prioritise=move(OPEN, None, label=_("Set priority…"), icon="chevrons-up-down", done=_("Priority set")),
        wait=move(
            [State.ASSIGNED, State.IN_PROGRESS], State.WAITING, label=_("Wait for…"), icon="pause", key="w",
            done=_("Waiting"),
        ),
        resume=move(
            State.WAITING, State.IN_PROGRESS, label=_("Go on"), icon="play", done=_("Taken in hand again"),
        ),
        reply=move([*OPEN, State.RESOLVED], None, label=_("Reply"), icon="send", done=_("Answered")),
        hear=move([*OPEN, State.RESOLVED], None, system=True, done=_("Wrote")),
        resolve=move(OPEN, State.RESOLVED, label=_("Resolve"), icon="check", key="r", primary=True, done=_("Resolved")),
        reopen=move(
            [State.RESOLVED, State.CLOSED], State.IN_PROGRESS, label=_("Reopen"), icon="undo-2", done=_("Reopened")
        ),
        close=move(State.RESOLVED, State.CLOSED, label=_("Close"), icon="lock", done=_("Closed")),
        lapse=move(State.RESOLVED, State.CLOSED, system=True, done=_("Closed by itself")),
    )  # fmt: skip
    state = StateField(State)
    subject = models.CharField(_("what"), max_length=160)
    text = models.TextField(_("what happens"))
    channel = models.CharField(
        _("came by"), max_length=8, choices=Channel.choices, default=Channel.PORTAL, editable=False
    )
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )
    requester_name = models.CharField(_("name"), max_length=80, blank=True, editable=False)
    requester_email = models.EmailField(_("e-mail"), blank=True, editable=False)
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="incidents", verbose_name=_("service")
    )
    impact = models.CharField(_("impact"), max_length=6, choices=Impact.choices, default=Impact.LOW)
    urgency = models.CharField(_("urgency"), max_length=6, choices=Urgency.choices, default=Urgency.MEDIUM)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.P4, editable=False
    )
    priority_reason = models.CharField(_("why this priority"), max_length=200, blank=True, editable=False)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, related_name="incidents", editable=False, verbose_name=_("team")
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("with")
    )
    waits_for = models.CharField(_("waits for"), max_length=8, choices=Waits.choices, blank=True, editable=False)
    cause = models.CharField(_("cause"), max_length=8, choices=Cause.choices, blank=True, editable=False)
    solution = models.TextField(_("solution"), blank=True, editable=False)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("due"), null=True, editable=False)
    resolved_at = models.DateTimeField(_("resolved"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0, editable=False)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="followed_by", editable=False, verbose_name=_("follows")
    )
    assets = models.ManyToManyField(Asset, through="IncidentAsset", related_name="incidents", verbose_name=_("assets"))

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-opened_at", "-id"]
        indexes = [
            models.Index(fields=["company", "state", "-id"]),
            models.Index(fields=["company", "-opened_at", "-id"]),
            models.Index(fields=["requester", "-id"], name="incident_by_requester"),
            models.Index(
                fields=["agent", "due_at"], name="incident_of_agent", condition=~Q(state__in=["resolved", "closed"])
            ),
            models.Index(
                fields=["team", "due_at"], name="incident_of_team", condition=~Q(state__in=["resolved", "closed"])
            ),
            models.Index(fields=["resolved_at"], name="incident_to_close", condition=Q(state="resolved")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], condition=~Q(number=""), name="incident_number_once"),
            models.CheckConstraint(name="incident_priority_is_known", condition=Q(priority__range=(1, 5))),
            models.CheckConstraint(name="incident_waits_for_somebody", condition=Q(state="waiting") ^ Q(waits_for="")),
            models.CheckConstraint(
                name="incident_is_resolved_with_cause_and_solution",
                condition=~Q(state__in=["resolved", "closed"])
                | (~Q(cause="") & ~Q(solution="") & Q(resolved_at__isnull=False, service__isnull=False)),
            ),
            models.CheckConstraint(
                name="incident_state_is_known",
                condition=Q(state__in=["new", "assigned", "in_progress", "waiting", "resolved", "closed"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number or super().__str__()

    @property
    def title(self) -> str:
        """The heading of its screen."""
        return self.subject

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in self.OPEN

    @property
    def asked_by(self) -> str:
        """The requester's name, also without an account."""
        return self.requester.name if self.requester else self.requester_name or self.requester_email

    def get_absolute_url(self) -> str:
        return reverse("servicedesk:incident", args=[self.pk])

    def get_portal_url(self) -> str:
        """Where the requester reads it."""
        return reverse("servicedesk:own", args=[self.pk])


class IncidentAsset(Model):
    """An incident is about this piece of equipment."""

    scope_company: ClassVar[str | None] = "incident__company"

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="about", verbose_name=_("incident"))
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+", verbose_name=_("asset"))

    class Meta:
        verbose_name = _("asset of an incident")
        verbose_name_plural = _("assets of incidents")
        ordering = ["incident", "id"]
        constraints = [models.UniqueConstraint(fields=["incident", "asset"], name="incident_asset_once")]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.asset_id}"


class Message(Model):
    """What was said in public: by the requester, by the team, or by somebody who was drawn in. Never edited.

    `message_id` is the name of the mail that brought it, by which later mails find their thread.
    """

    scope_company: ClassVar[str | None] = "incident__company"
    scope_owner: ClassVar[str] = "incident__requester"

    class Side(models.TextChoices):
        REQUESTER = "requester", _("requester")
        TEAM = "team", _("team")
        OTHER = "other", _("somebody else")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="messages", verbose_name=_("incident"))
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    author_name = models.CharField(_("name"), max_length=80)
    author_email = models.EmailField(_("e-mail"), blank=True)
    text = models.TextField(_("text"))
    channel = models.CharField(_("came by"), max_length=8, choices=Incident.Channel.choices)
    message_id = models.CharField(_("message id"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["incident", "id"]
        indexes = [models.Index(fields=["message_id"], name="message_by_mail", condition=~Q(message_id=""))]
        constraints = [models.CheckConstraint(name="message_is_not_empty", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text[:60]


class InternalNote(Model):
    """What the team notes for itself; a table and a right of its own, so that no requester ever reads it."""

    scope_company: ClassVar[str | None] = "incident__company"
    guarded_history: ClassVar[bool] = True

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="notes", verbose_name=_("incident"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["incident", "id"]
        constraints = [models.CheckConstraint(name="note_is_not_empty", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text[:60]
