"""What people type into calendars."""

from django.utils.translation import gettext_lazy as _

from backoffice.ui.filters import Filters, Search
from backoffice.ui.forms import BaseModelForm, LineForm, lines_of
from backoffice.workcal.models import Calendar, CalendarDay, Span


class CalendarForm(BaseModelForm):
    """A calendar."""

    once = ("name",)

    class Meta:
        model = Calendar
        fields = ["name", "zone", "country", "is_default"]


class SpanForm(LineForm):
    """Opening hours of a weekday; a new week begins with a new day in "from"."""

    given = frozenset({"valid_from", "weekday"})

    class Meta:
        model = Span
        fields = ["valid_from", "weekday", "starts", "ends"]


Spans = lines_of(Calendar, Span, form=SpanForm, title=_("Opening hours"), extra=1, least=1)


class CalendarDayForm(BaseModelForm):
    """A day that differs."""

    class Meta:
        model = CalendarDay
        fields = ["on", "name", "starts", "ends"]
        help_texts = {"starts": _("Empty: closed all day")}


class CalendarFilters(Filters):
    """By name."""

    q = Search("name")

    class Meta:
        model = Calendar
        fields: list[str] = []
