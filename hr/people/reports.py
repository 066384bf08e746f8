"""The reports of people: how many work where on a day, who started and who left in a period."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hr.people import queries
from hr.people.models import Assignment, Employment
from reporting.reports.defining import Asked, Column, Report, Row, Sheet, offer
from reporting.reports.parameters import DayField, Parameters, PeriodField, day_words

SECTION = gettext_lazy("People")


BY = [
    ("department", gettext_lazy("Department")),
    ("cost_centre", gettext_lazy("Cost centre")),
    ("job", gettext_lazy("Job")),
]


class HeadcountParameters(Parameters):
    """The day, and by what people are counted."""

    on = DayField(label=gettext_lazy("As at"), initial="today")
    by = forms.ChoiceField(
        label=gettext_lazy("By"),
        required=False,
        initial="department",
        choices=BY,
    )


@offer
class Headcount(Report):
    """How many people work in each department on a day, and how many full-time posts that makes."""

    key = "people.headcount"
    title = gettext_lazy("Headcount")
    summary = gettext_lazy("How many people work where on a day, and the full-time posts that makes.")
    section = SECTION
    permission = "people.view_employment"
    parameters = HeadcountParameters
    in_menu = True
    order = 60

    def build(self, asked: Asked) -> Sheet:
        on: date = asked["on"]
        before = on.replace(year=on.year - 1) if (on.month, on.day) != (2, 29) else date(on.year - 1, 2, 28)
        now, then = self._counted(asked, on), self._counted(asked, before)
        rows = [
            Row((name, people, posts, then.get(name, (0, Decimal(0)))[0], people - then.get(name, (0, 0))[0]))
            for name, (people, posts) in sorted(now.items())
        ]
        rows += [
            Row((name, 0, Decimal(0), people, -people))
            for name, (people, _p) in sorted(then.items())
            if name not in now
        ]
        total = [sum(row.cells[at] for row in rows) for at in range(1, 5)]
        if rows:
            rows.append(Row((_("Total"), *total), "total"))
        columns = [
            Column("name", str(dict(BY)[asked["by"] or "department"]), "text"),
            Column("people", _("People"), "number"),
            Column("posts", _("Full-time posts")),
            Column("before", _("A year before"), "number", quiet=True),
            Column("change", _("Change"), "number"),
        ]  # fmt: skip
        sheet = Sheet(str(self.title), _("As at %(day)s") % {"day": day_words(on)}, columns, rows)
        sheet.period_words = str(on)
        return sheet

    def _counted(self, asked: Asked, on: date) -> dict[str, tuple[int, Decimal]]:
        """People and posts by name, of those assignments that the reader may see."""
        path = {"cost_centre": "cost_centre__name", "job": "job_title"}.get(asked["by"], "department__name")
        seen = Assignment.objects.visible_to(asked.user).values("pk")
        rows = queries.assignments(asked.company, on).filter(pk__in=seen).values_list(path, "fte")
        people: Counter[str] = Counter()
        posts: dict[str, Decimal] = {}
        for name, fte in rows:
            people[name] += 1
            posts[name] = posts.get(name, Decimal(0)) + fte
        return {name: (people[name], posts[name]) for name in people}


class MovesParameters(Parameters):
    """The period."""

    period = PeriodField(label=gettext_lazy("Period"), initial="this_year")


@offer
class StartersAndLeavers(Report):
    """Who started and who left in a period."""

    key = "people.moves"
    title = gettext_lazy("Starters and leavers")
    summary = gettext_lazy("Who started and who left in a period, with the day and the job.")
    section = SECTION
    permission = "people.view_employment"
    parameters = MovesParameters
    order = 61

    def build(self, asked: Asked) -> Sheet:
        span = asked["period"]
        seen = Employment.objects.visible_to(asked.user).filter(company=asked.company)
        seen = seen.exclude(state=Employment.State.WITHDRAWN).select_related("person")
        started = seen.filter(starts_on__range=(span.starts_on, span.ends_on)).order_by("starts_on", "number")
        left = seen.filter(ends_on__range=(span.starts_on, span.ends_on)).order_by("ends_on", "number")
        rows: list[Row] = []
        for words, found, field in ((_("Started"), started, "starts_on"), (_("Left"), left, "ends_on")):
            people = list(found.prefetch_related("assignments__department"))
            if people:
                rows.append(Row((words, None, None, None, len(people)), "group"))
                rows += [self._row(each, getattr(each, field)) for each in people]
        columns = [
            Column("name", _("Employee"), "text"),
            Column("job", _("Job"), "text"),
            Column("department", _("Department"), "text"),
            Column("on", _("Day"), "date"),
            Column("people", _("People"), "number"),
        ]
        sheet = Sheet(str(self.title), span.words, columns, rows)
        sheet.period_words = span.text
        return sheet

    def _row(self, employment: Employment, on: date) -> Row:
        held: Any = next((row for row in employment.assignments.all() if row.holds(on)), None)
        job, department = (held.job_title, str(held.department)) if held else ("", "")
        return Row((str(employment), job, department, on, None), level=1, links={"name": employment.get_absolute_url()})
