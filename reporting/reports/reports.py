"""The report that belongs to no domain: who was allowed to break duties apart, where, and why."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.access.models import Override
from reporting.reports.defining import Asked, Column, Report, Row, Sheet, offer
from reporting.reports.parameters import Parameters, PeriodField, Span


class OverrideParameters(Parameters):
    """Which period."""

    period = PeriodField(label=gettext_lazy("Period"), initial="last_month")


@offer
class Overrides(Report):
    """The overrides granted in a period on documents of the company, with reason, and whether they were used."""

    key = "reports.overrides"
    title = gettext_lazy("List of overrides")
    summary = gettext_lazy("Who was allowed to break duties apart, by whom, on what and why.")
    section = gettext_lazy("Control")
    icon = "shield-check"
    permission = "access.view_override"
    needs_whole_company = True
    parameters = OverrideParameters
    footer = gettext_lazy("An override lasts a day at most and is never granted to oneself. A document opens its page.")

    def build(self, asked: Asked) -> Sheet:
        span: Span = asked["period"]
        zone = asked.company.zone
        first = datetime.combine(span.starts_on, time.min, tzinfo=zone)
        last = datetime.combine(span.ends_on + timedelta(days=1), time.min, tzinfo=zone)
        granted = Override.objects.visible_to(asked.user).filter(granted_at__gte=first, granted_at__lt=last)
        if asked.as_of is not None:
            granted = granted.filter(granted_at__lte=asked.as_of)
        granted = granted.select_related("user", "granted_by", "content_type").order_by("granted_at", "pk")
        columns = [
            Column("when", _("Granted"), "text"),
            Column("document", _("On"), "text"),
            Column("verb", _("For"), "text"),
            Column("user", _("To"), "text"),
            Column("by", _("By"), "text"),
            Column("until", _("Until"), "text"),
            Column("reason", _("Reason"), "text"),
        ]
        rows = [
            self._row(each, zone)
            for each in granted.prefetch_related("document")
            if getattr(each.document, "company_id", None) == asked.company.pk
        ]
        sheet = Sheet(str(self.title), span.words, columns, rows)
        sheet.period_words = span.text
        sheet.entries_words = _("%(number)s overrides.") % {"number": len(rows)}
        if not rows:
            sheet.notes = [_("No override was granted in this period.")]
        return sheet

    def _row(self, each: Override, zone: Any) -> Row:
        document: Any = each.document
        url = document.get_absolute_url() if hasattr(document, "get_absolute_url") else ""
        flow = getattr(type(document), "flow", None)
        verb = flow.label(each.verb) if flow is not None and each.verb in flow.moves else each.verb
        cells = (
            date_format(each.granted_at.astimezone(zone), "j M Y, H:i"),
            str(document),
            verb,
            each.user.name,
            each.granted_by.name,
            date_format(each.expires_at.astimezone(zone), "j M Y, H:i"),
            each.reason,
        )
        return Row(cells, links={"document": url} if url else {})
