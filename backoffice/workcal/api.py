"""Calendars for programs."""

from backoffice.api.endpoints import MasterEndpoint
from backoffice.api.routes import route
from backoffice.api.serializers import RowSerializer
from backoffice.workcal.forms import CalendarFilters
from backoffice.workcal.models import Calendar, CalendarDay, Span


class CalendarSerializer(RowSerializer):
    class Meta:
        model = Calendar
        fields = ["id", "company", "name", "zone", "country", "is_default", "version"]
        read_only_fields = ["version"]


class SpanSerializer(RowSerializer):
    class Meta:
        model = Span
        fields = ["id", "calendar", "valid_from", "weekday", "starts", "ends"]


class CalendarDaySerializer(RowSerializer):
    class Meta:
        model = CalendarDay
        fields = ["id", "calendar", "on", "name", "starts", "ends", "is_public"]
        read_only_fields = ["is_public"]


@route("workcal/calendars")
class CalendarEndpoint(MasterEndpoint):
    """Calendars of working time."""

    model = Calendar
    serializer_class = CalendarSerializer
    filterset_class = CalendarFilters


@route("workcal/spans")
class SpanEndpoint(MasterEndpoint):
    """Opening hours of weekdays; the spans of the latest "valid from" are the week in force."""

    model = Span
    serializer_class = SpanSerializer


@route("workcal/days")
class CalendarDayEndpoint(MasterEndpoint):
    """Holidays and exceptions."""

    model = CalendarDay
    serializer_class = CalendarDaySerializer
