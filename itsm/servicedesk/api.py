"""The service desk for programs: incidents are opened by POST, every verb is `POST …/<verb>/`.

Colleagues reach their own incidents and messages; notes need their own right and are never told to the requester.
"""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backoffice.api.answering import once
from backoffice.api.endpoints import DocumentEndpoint, MasterEndpoint, RowsEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import DocumentSerializer, RowSerializer
from itsm.servicedesk import conversing, opening
from itsm.servicedesk.forms import IncidentFilters
from itsm.servicedesk.models import (
    Clock,
    Incident,
    InternalNote,
    Message,
    PriorityRule,
    Service,
    ServiceLevel,
    Target,
    Team,
)


class IncidentSerializer(DocumentSerializer):
    waits_for = serializers.CharField(read_only=True)
    cause = serializers.CharField(read_only=True)

    class Meta:
        model = Incident
        fields = [
            *DocumentSerializer.SHARED, "subject", "text", "channel", "requester", "requester_name", "requester_email",
            "service", "impact", "urgency", "priority", "priority_reason", "team", "agent", "waits_for", "cause",
            "solution", "opened_at", "due_at", "resolved_at", "closed_at", "reopened", "follows",
        ]  # fmt: skip
        read_only_fields = [
            "channel", "requester_name", "requester_email", "priority", "priority_reason", "team", "agent",
            "waits_for", "cause", "solution", "opened_at", "due_at", "resolved_at", "closed_at", "reopened", "follows",
        ]  # fmt: skip


@route("servicedesk/incidents")
class IncidentEndpoint(DocumentEndpoint):
    """What does not work for somebody."""

    model = Incident
    serializer_class = IncidentSerializer
    filterset_class = IncidentFilters
    http_method_names = ["get", "post", "head", "options"]
    enter = staticmethod(opening.enter)

    def complete(self, document: Any, lines: Any) -> None:
        """What comes by here came by the API; only the desk names another requester."""
        document.channel = Incident.Channel.API
        if not self.request.user.has_perm("servicedesk.take_incident"):
            document.requester = None


class MessageSerializer(RowSerializer):
    class Meta:
        model = Message
        fields = ["id", "incident", "side", "by", "author_name", "author_email", "text", "channel", "at"]


@route("servicedesk/messages")
class MessageEndpoint(RowsEndpoint):
    """What was said in public; new words come by the verb `reply` of the incident."""

    model = Message
    serializer_class = MessageSerializer
    filterset_fields: ClassVar = {"incident__ref": ["exact"]}


class NoteSerializer(RowSerializer):
    class Meta:
        model = InternalNote
        fields = ["id", "incident", "by", "text", "at"]
        read_only_fields = ["by", "at"]


@route("servicedesk/notes")
class NoteEndpoint(MasterEndpoint):
    """Notes of the team, never told to the requester of the incident."""

    model = InternalNote
    serializer_class = NoteSerializer
    filterset_fields: ClassVar = {"incident__ref": ["exact"]}
    http_method_names = ["get", "post", "head", "options"]
    writes = {"create": "add"}

    def get_queryset(self) -> Any:
        """Nobody reads notes on the own incident, whatever role that person holds."""
        rows = super().get_queryset()
        return (
            rows
            if getattr(self, "swagger_fake_view", False)
            else rows.exclude(incident__requester=self.request.user.pk)
        )

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Note something for the team."""
        return once(request, self.operation(), self._noted)

    def _noted(self) -> Response:
        given = self.get_serializer(data=self.request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        note = conversing.note(values["incident"], by=self.request.user, text=values["text"])
        return self.answer(note, 201)


class ClockSerializer(RowSerializer):
    is_broken = serializers.BooleanField(read_only=True)

    class Meta:
        model = Clock
        fields = [
            "id", "incident", "metric", "state", "priority", "target", "calendar", "counted", "started_at",
            "running_since", "stopped_at", "due_at", "breached_at", "is_broken",
        ]  # fmt: skip


@route("servicedesk/clocks")
class ClockEndpoint(RowsEndpoint):
    """What was promised and how much of it is used, in seconds of working time."""

    model = Clock
    serializer_class = ClockSerializer
    filterset_fields: ClassVar = {"incident__ref": ["exact"], "state": ["exact"]}


class TeamSerializer(RowSerializer):
    class Meta:
        model = Team
        fields = ["id", "company", "name", "lead", "is_first"]


@route("servicedesk/teams")
class TeamEndpoint(MasterEndpoint):
    """People who share a queue."""

    model = Team
    serializer_class = TeamSerializer


class ServiceSerializer(RowSerializer):
    class Meta:
        model = Service
        fields = ["id", "company", "name", "team", "is_key", "is_active"]


@route("servicedesk/services")
class ServiceEndpoint(MasterEndpoint):
    """What people use and what may fail."""

    model = Service
    serializer_class = ServiceSerializer


class PriorityRuleSerializer(RowSerializer):
    class Meta:
        model = PriorityRule
        fields = ["id", "company", "impact", "urgency", "priority"]


@route("servicedesk/priorities")
class PriorityRuleEndpoint(MasterEndpoint):
    """The priority matrix."""

    model = PriorityRule
    serializer_class = PriorityRuleSerializer


class ServiceLevelSerializer(RowSerializer):
    class Meta:
        model = ServiceLevel
        fields = [
            "id", "company", "name", "service", "recounts", "pauses_for_user", "pauses_for_supplier",
            "pauses_for_change", "reopen_days", "close_days",
        ]  # fmt: skip


@route("servicedesk/levels")
class ServiceLevelEndpoint(MasterEndpoint):
    """What is promised."""

    model = ServiceLevel
    serializer_class = ServiceLevelSerializer


class TargetSerializer(RowSerializer):
    class Meta:
        model = Target
        fields = ["id", "level", "metric", "priority", "amount", "unit", "calendar"]


@route("servicedesk/targets")
class TargetEndpoint(MasterEndpoint):
    """The promises by metric and priority."""

    model = Target
    serializer_class = TargetSerializer
