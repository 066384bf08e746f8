"""The service desk: calendars, promises by priority, and incidents moved by the product's own verbs at given moments."""

from datetime import UTC, date, datetime, time, timedelta

import time_machine

from backoffice.workcal import calendars
from backoffice.workcal.models import CalendarDay
from itsm.servicedesk import clocking, conversing, handling, opening, resolving
from itsm.servicedesk.models import (
    Incident,
    Metric,
    PriorityRule,
    Service,
    ServiceLevel,
    Target,
    Team,
)
from tests.conformance.cases import Unsupported
from tests.conformance.running import Adapter, called
from tests.fixtures_world import a_company, a_user, all_rights

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
METRICS = {"first_response": Metric.FIRST_RESPONSE, "update": Metric.UPDATE, "solution": Metric.SOLUTION}
AGENTS, CUSTOMERS = ("agent", "team", "support", "user"), ("customer", "requester", "client", "contact")
USUAL = "2"  # the priority of a ticket that names none


def moment(text):
    value = datetime.fromisoformat(str(text))
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def instant(value):
    return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def whole(span):
    """Minutes as a number, whole ones without decimals."""
    minutes = span.total_seconds() / 60
    return int(minutes) if minutes == int(minutes) else str(minutes)


class Desk(Adapter):
    given_keys = frozenset({"calendar", "sla", "slas"})

    def prepare(self):
        self.company = a_company()
        rights = all_rights("servicedesk")
        self.agent = a_user("Agnes Agent", *rights, company=self.company)
        self.customer = a_user(
            "Cuno Customer", "servicedesk.add_incident", "servicedesk.reply_incident", company=self.company
        )
        self.calendar = called(self._calendar, self.given.get("calendar") or {"hours": {}}, "given calendar")
        team = Team.objects.create(company=self.company, name="Desk", is_first=True)
        team.members.add(self.agent)
        self.service = Service.objects.create(company=self.company, name="Anything", team=team)
        self.level = ServiceLevel.objects.create(company=self.company, name="Standard")
        for sla in [*self.given.get("slas", []), *([self.given["sla"]] if "sla" in self.given else [])]:
            called(self._sla, sla, "given sla")
        self.last = datetime.now(UTC)

    def _calendar(self, *, hours, timezone="UTC", holidays=()):
        week = [
            (DAYS.index(day[:3].lower()), _time(starts), _time(ends))
            for day, spans in hours.items()
            for starts, ends in spans
        ]
        made = calendars.make(self.company, "Given", week, zone=timezone, is_default=True)
        for day in holidays:
            on = day if isinstance(day, str) else day.get("date", day.get("on"))
            CalendarDay.objects.get_or_create(calendar=made, on=date.fromisoformat(on), defaults={"name": "Holiday"})
        made.refresh_from_db()
        return made

    def _sla(self, *, for_priority=None, first_response=None, update=None, solution=None):
        given = {"first_response": first_response, "update": update, "solution": solution}
        for priority in for_priority or range(1, 6):
            for name, minutes in given.items():
                if minutes is not None:
                    Target.objects.create(
                        level=self.level, metric=METRICS[name], priority=int(priority), amount=int(minutes),
                        calendar=self.calendar,
                    )  # fmt: skip

    # --- Previews

    def sla_deadline(self, *, start, minutes=None, hours=None, seconds=None):
        length = timedelta(minutes=float(minutes or 0), hours=float(hours or 0), seconds=float(seconds or 0))
        due = calendars.working_time(self.calendar).add(moment(start), length)
        return {"due": instant(due), "deadline": instant(due)}

    def sla_elapsed(self, *, start, end):
        span = calendars.working_time(self.calendar).between(moment(start), moment(end))
        return {"seconds": int(span.total_seconds()), "minutes": whole(span)}

    def sla_add_business_days(self, *, days, start=None, date=None):
        text = str(start or date)
        working = calendars.working_time(self.calendar)
        if "T" not in text:
            on = working.day_after(_day(text), int(days)).isoformat()
            return {"date": on, "due": on}
        due = working.add_days(moment(text), int(days))
        return {"due": instant(due), "date": due.astimezone(working.zone).date().isoformat()}

    # --- Tickets

    def ticket_open(self, *, ref, at, priority=USUAL):
        PriorityRule.objects.update_or_create(
            company=self.company, impact="low", urgency="medium", defaults={"priority": int(priority)}
        )
        with self._at(at):
            incident = Incident(company=self.company, subject=ref, text=ref)
            self.refs[ref] = opening.enter(incident, by=self.customer).pk
        return {"id": ref}

    def ticket_message(self, *, ref, at=None, text="…", from_=None, by=None, sender=None, author=None):
        side = str(from_ or by or sender or author or "").lower()
        if side not in (*AGENTS, *CUSTOMERS):
            raise Unsupported("operation ticket.message: whose it is")
        with self._at(at):
            conversing.reply(self._found(ref), by=self.agent if side in AGENTS else self.customer, text=text)
        return {"id": ref}

    def ticket_first_response(self, *, ref, at=None):
        with self._at(at):
            conversing.reply(self._found(ref), by=self.agent, text="…")
        return {"id": ref}

    def ticket_set_priority(self, *, ref, priority, at=None):
        with self._at(at):
            handling.prioritise(self._found(ref), by=self.agent, priority=int(priority), reason="Given.")
        return {"id": ref}

    def ticket_close(self, *, ref, at=None):
        with self._at(at):
            resolving.resolve(self._found(ref), by=self.agent, service=self.service, cause="unknown", solution="Done.")
        return {"id": ref}

    def check_ticket_get(self, *, ref):
        incident, answer = self._found(ref), {}
        for name, metric in METRICS.items():
            answer |= self._clock(incident, name, metric)
        answer |= {key.replace("solution", "close"): value for key, value in answer.items() if "solution" in key}
        dues = [c.due_at for c in incident.clocks.filter(state="running") if c.due_at]
        answer["escalation"] = answer["escalation_at"] = answer["next_due"] = instant(min(dues, default=None))
        return answer | {"priority": str(incident.priority), "state": incident.state}

    def _clock(self, incident, name, metric):
        """The clock that counts; an update that was given is told by the clock that it ended."""
        clocks = list(incident.clocks.filter(metric=metric).exclude(state="detached").order_by("id"))
        due = clocks[-1].due_at if clocks else None
        ended = next((clock for clock in reversed(clocks) if clock.state == "stopped"), None)
        used = clocking.used(ended, ended.stopped_at) if ended else None
        margin = timedelta(seconds=ended.target) - used if ended else None
        found = {f"{name}_due": instant(due), f"{name}_at": instant(ended.stopped_at) if ended else None}
        for key in ("minutes", "used", "used_minutes", "minutes_used", "in_min", "in_minutes"):
            found[f"{name}_{key}"] = whole(used) if ended else None
        for key in ("margin", "margin_minutes", "diff", "diff_in_min", "minutes_left"):
            found[f"{name}_{key}"] = whole(margin) if ended else None
        return found | {f"{name}_breached": ended.is_broken if ended else None}

    def _found(self, ref):
        return Incident.objects.get(pk=self.refs[ref])

    def _at(self, at):
        """The verbs read the clock: it stands at the moment of the case."""
        self.last = moment(at) if at else self.last
        return time_machine.travel(self.last, tick=False)


def _day(text):
    return date.fromisoformat(text[:10])


def _time(text):
    return time(0) if text in ("24:00", "23:59", "23:59:59") else time.fromisoformat(text)
