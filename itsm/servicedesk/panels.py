"""The parts of an incident's screen: clocks, conversation, details, equipment, what was seen before."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.ui.columns import day
from backoffice.ui.forms import new_key
from backoffice.ui.panels import Fact, FactsPanel, LinesPanel, Panel
from backoffice.workcal import calendars
from itsm.servicedesk import clocking, queries
from itsm.servicedesk.models import Clock, Incident, Metric, Segment
from itsm.servicedesk.tables import TargetTable
from itsm.servicedesk.wording import due_words, length, moment, promise

LAST_TENTH = 90


class ClocksPanel(Panel):
    """How much of what was promised is used."""

    title = gettext_lazy("Service level clocks")
    template = "itsm/servicedesk/clocks_panel.html"
    order = 5

    def context(self, document: Incident, user: Any) -> dict[str, Any] | None:
        now = timezone.now()
        rows = document.clocks.exclude(state=Clock.State.DETACHED).select_related("calendar").order_by("id")
        latest = {clock.metric: clock for clock in rows}
        if not latest:
            return None
        tiles = [_tile(latest[metric], now) for metric in Metric.values if metric in latest]
        main = latest.get(Metric.SOLUTION) or latest.get(Metric.FIRST_RESPONSE)
        return {"tiles": tiles, **(_course(main, document, now) if main else {})}


def _tile(clock: Clock, now: Any) -> dict[str, Any]:
    used, target = clocking.used(clock, now), timedelta(seconds=clock.target)
    working = calendars.working_time(clock.calendar)
    words = f"{clock.get_metric_display()}, {promise(target, working.day_length)}"
    if clock.state == Clock.State.STOPPED:
        late, at = clock.is_broken, moment(clock.stopped_at or now, now)
        note = _("Late, at %(at)s") % {"at": at} if late else _("Met at %(at)s") % {"at": at}
        return {"label": words, "value": length(used), "tone": "bad" if late else "good", "note": note, "icon": "circle-alert" if late else "circle-check"}  # fmt: skip
    left = target - used
    due = clocking.estimate(clock, now)
    if clock.is_broken or left <= timedelta(0):
        return {"label": words, "value": _("%(length)s over") % {"length": length(-left)}, "tone": "bad", "note": due_words(due, now)[0] if due else "", "icon": "circle-alert"}  # fmt: skip
    if clock.state == Clock.State.PAUSED:
        note = _("stands still; from now it would be due %(at)s") % {"at": moment(due, now)} if due else ""
        return {"label": words, "value": _("%(length)s left") % {"length": length(left)}, "tone": "", "note": note, "icon": "pause"}  # fmt: skip
    near = used * 100 >= target * 50
    note = _("By %(due)s · it is %(now)s") % {"due": moment(due, now), "now": moment(now, now)} if due else ""
    return {"label": words, "value": _("%(length)s left") % {"length": length(left)}, "tone": "wait" if near else "good", "note": note, "icon": ""}  # fmt: skip


def _course(clock: Clock, incident: Incident, now: Any) -> dict[str, Any]:
    """The clock as a whole: running or not, its stops, and the bar."""
    stops = list(clock.segments.filter(kind=Segment.Kind.PAUSED).order_by("id"))
    used = int(clocking.used(clock, now).total_seconds())
    if stops:
        last = stops[-1]
        # The day of the opening stands below the bar, so it is not said again: the tile is narrow.
        until = moment(last.ends_at, last.starts_at) if last.ends_at else _("now")
        words = _("Stopped once, %(a)s to %(b)s") if len(stops) == 1 else _("Stopped %(n)s times, last %(a)s to %(b)s")
        note = words % {"n": len(stops), "a": moment(last.starts_at, incident.opened_at), "b": until}
    else:
        note = _("Never stopped")
    running = clock.state == Clock.State.RUNNING
    ahead = []
    if running and clock.at_90 and clock.at_90 > now and incident.team and incident.team.lead_id:
        ahead.append(_("%(at)s tells %(lead)s") % {"at": moment(clock.at_90, now), "lead": incident.team.lead})
    if running and clock.due_at:
        ahead.append(_("%(at)s breach") % {"at": moment(clock.due_at, now)})
    tone = (
        "bad" if clock.is_broken or used >= clock.target else "wait" if running and used * 2 >= clock.target else "good"
    )
    return {
        "clock_words": clock.get_state_display(),
        "clock_note": note,
        "clock_icon": "pause" if stops else "",
        "bar": {
            "value": min(used, clock.target),
            "max": clock.target,
            "tone": tone,
            "percent": used * 100 // clock.target,
        },
        "opened": _("%(at)s opened") % {"at": moment(incident.opened_at, now)},
        "ahead": " · ".join(ahead),
    }


class ConversationPanel(Panel):
    """What was said and done, and the box to say more: to the requester, or to the team alone."""

    title = gettext_lazy("Conversation")
    template = "itsm/servicedesk/conversation_panel.html"
    order = 20
    plain = False

    def context(self, document: Incident, user: Any) -> dict[str, Any] | None:
        own = document.requester_id == user.pk
        may_note = not self.plain and not own and user.has_perm("servicedesk.add_internalnote", document)
        may_reply = Incident.flow.why_not(document, user, "reply") is None
        first = document.asked_by.split()[0] if document.asked_by else ""
        return {
            "said": queries.conversation(document, user, plain=self.plain),
            "plain": self.plain,
            "may_note": may_note,
            "may_reply": may_reply,
            "reply_words": _("Your answer") if own else _("Reply to %(name)s") % {"name": first},
            "say_href": reverse("servicedesk:say", args=[document.pk]),
            "idempotency_key": new_key(),
            "may_attach": user.has_perm("documents.add_attachment"),
        }


class OwnConversation(ConversationPanel):
    """The same as the requester reads it."""

    plain = True


class DetailsPanel(FactsPanel):
    """Whose it is, where it is, how it was judged."""

    title = gettext_lazy("Details")
    side = True
    order = 10

    def facts(self, document: Incident, user: Any) -> list[Fact]:
        waits = document.get_waits_for_display() if document.waits_for else ""
        return [
            Fact(_("Asked by"), document.asked_by, sub="" if document.requester else document.requester_email),
            Fact(_("With"), document.agent or ""),
            Fact(_("Team"), document.team),
            Fact(_("Service"), document.service or ""),
            Fact(_("Waits for"), waits),
            Fact(_("Priority"), document.get_priority_display(), sub=document.priority_reason),
            Fact(_("Impact"), document.get_impact_display()),
            Fact(_("Urgency"), document.get_urgency_display()),
            Fact(_("Opened"), f"{day(document.opened_at)}, {timezone.localtime(document.opened_at):%H:%M}"),
            Fact(_("Cause"), document.get_cause_display() if document.cause else ""),
            Fact(_("Reopened"), document.reopened or ""),
            Fact(
                _("Follows"),
                document.follows or "",
                href=document.follows.get_absolute_url() if document.follows else "",
            ),
        ]


class OwnDetails(DetailsPanel):
    """What the requester needs of it."""

    def facts(self, document: Incident, user: Any) -> list[Fact]:
        return [
            Fact(_("State"), document.get_state_display()),
            Fact(_("With"), document.agent or ""),
            Fact(_("Team"), document.team),
            Fact(_("Service"), document.service or ""),
            Fact(_("Opened"), f"{day(document.opened_at)}, {timezone.localtime(document.opened_at):%H:%M}"),
        ]


class AboutPanel(Panel):
    """The equipment that the incident is about."""

    title = gettext_lazy("Assets")
    template = "itsm/servicedesk/about_panel.html"
    permission = "servicedesk.view_incidentasset"
    side = True
    order = 30

    def context(self, document: Incident, user: Any) -> dict[str, Any] | None:
        linked = document.about.select_related("asset", "asset__holder__person").order_by("id")
        sees = user.has_perm("assets.view_asset", document)
        may_add = document.is_open and sees and user.has_perm("servicedesk.add_incidentasset", document)
        rows = [each.asset for each in linked]
        if not rows and not may_add:
            return None
        add = reverse("servicedesk:incidentasset_new", args=[document.pk]) if may_add else ""
        return {"assets": rows, "sees": sees, "add_href": add}


class SeenBeforePanel(Panel):
    """What helped when something like this happened before."""

    title = gettext_lazy("Seen before")
    template = "itsm/servicedesk/seen_before_panel.html"
    side = True
    order = 40

    def context(self, document: Incident, user: Any) -> dict[str, Any] | None:
        found = queries.seen_before(document, user)
        return {"found": found} if found else None


class TargetsPanel(LinesPanel):
    """The promises of a level."""

    title = gettext_lazy("Targets")
    relation = "targets"
    table = TargetTable


class MembersPanel(FactsPanel):
    """Who is in a team."""

    fields = ("name", "lead", "is_first")

    def facts(self, document: Any, user: Any) -> list[Fact]:
        return [
            *super().facts(document, user),
            Fact(
                _("Members"),
                ", ".join(m.name for m in document.members.order_by("name"))
                or _("Nobody yet: its incidents stand in the work of all agents"),
            ),
        ]


class ServiceFacts(FactsPanel):
    """A service."""

    fields = ("name", "team", "is_key", "is_active")


class LevelFacts(FactsPanel):
    """A service level."""

    fields = ("name", "service", "recounts", "pauses_for_user", "pauses_for_supplier", "pauses_for_change", "reopen_days", "close_days")  # fmt: skip


class RuleFacts(FactsPanel):
    """A field of the matrix."""

    fields = ("impact", "urgency", "priority")


class MailboxFacts(FactsPanel):
    """A mailbox, without its password."""

    fields = ("address", "host", "port", "security", "login", "folder", "team", "acts_as", "unknown", "hourly", "is_active", "problem")  # fmt: skip
