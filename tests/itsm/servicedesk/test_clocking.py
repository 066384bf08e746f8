"""Clocks are ledgers of segments: they survive pauses, new priorities and reopening."""

import itertools
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.workcal import calendars
from itsm.servicedesk import clocking, conversing, handling, resolving, sweeping
from itsm.servicedesk.models import Clock, ClockWarning, Metric, Segment, ServiceLevel
from tests.factories_desk import a_level, a_service, again, an_incident, at, clock, travel

FIRST, UPDATE, SOLUTION = Metric.FIRST_RESPONSE, Metric.UPDATE, Metric.SOLUTION
RESOLUTION = {"cause": "software", "solution": "Driver 8.1 again."}


def opened(company, by, *parts, **fields):
    with travel(*parts):
        return an_incident(company, by, **fields)


def test_an_incident_is_due_in_working_time(company, owen):
    a_level(company)

    incident = opened(company, owen, 23, 17)

    assert clock(incident, FIRST).due_at == at(23, 17, 30)
    assert clock(incident).due_at == at(24, 11)
    assert clock(incident).at_75 == at(24, 10)
    assert incident.due_at == at(23, 17, 30)


def test_one_day_is_the_day_of_the_calendar_and_a_pause_moves_what_is_due(company, owen, ben):
    level = a_level(company, {SOLUTION: 1})
    level.targets.update(unit="days")
    incident = opened(company, owen, 27, 12)
    with travel(27, 12):
        handling.take(incident, by=ben)

    with travel(27, 14):
        handling.wait(incident, by=ben, waits_for="user")
        assert clock(incident).due_at is None
        assert clocking.used(clock(incident), at(28, 12)) == timedelta(hours=2)
    with travel(30, 10):
        assert clocking.estimate(clock(incident), at(30, 10)) == at(30, 18)
        handling.resume(incident, by=ben)

    assert clock(incident).due_at == at(30, 18)
    assert [s.kind for s in clock(incident).segments.all()] == ["running", "paused", "running"]


def test_a_reason_that_the_level_does_not_list_stops_no_clock(company, owen, ben):
    a_level(company)
    incident = opened(company, owen, 23, 9)
    with travel(23, 9):
        handling.take(incident, by=ben)
        handling.wait(incident, by=ben, waits_for="supplier")

    assert incident.state == "waiting"
    assert clock(incident).state == "running"


def test_the_first_public_answer_ends_the_first_clock_and_taking_it_does_not(company, owen, ben):
    a_level(company)
    incident = opened(company, owen, 23, 9)
    with travel(23, 9, 5):
        handling.take(incident, by=ben)
        conversing.note(incident, by=ben, text="Looks like the driver.")
    assert clock(incident, FIRST).state == "running"

    with travel(23, 9, 12):
        conversing.reply(incident, by=ben, text="I am looking at it.")

    first = clock(incident, FIRST)
    assert (first.state, first.counted, first.stopped_at) == ("stopped", 12 * 60, at(23, 9, 12))
    assert not first.is_broken


def test_the_requesters_own_word_is_no_answer(company, owen, ben):
    a_level(company)
    incident = opened(company, owen, 23, 9)
    with travel(23, 9, 5):
        conversing.reply(incident, by=owen, text="It is urgent.")

    assert clock(incident, FIRST).state == "running"


def test_the_wait_for_the_next_word_begins_anew_with_every_word(company, owen, ben):
    a_level(company, {UPDATE: 120})
    incident = opened(company, owen, 23, 9)
    assert clock(incident, UPDATE).due_at == at(23, 11)

    with travel(23, 10):
        conversing.reply(incident, by=ben, text="One moment.")

    assert clock(incident, UPDATE).due_at == at(23, 12)
    assert incident.clocks.filter(metric=UPDATE).count() == 2


def test_a_new_priority_keeps_what_was_used_since_the_opening(company, owen, ben):
    a_level(company, {SOLUTION: {4: 240, 1: 60}})
    incident = opened(company, owen, 23, 9)

    with travel(23, 9, 30):
        handling.prioritise(incident, by=ben, priority=1, reason="The carrier comes at one.")

    assert clock(incident).due_at == at(23, 10)
    assert clocking.used(clock(incident), at(23, 9, 45)) == timedelta(minutes=45)
    assert incident.clocks.count() == 1


def test_a_level_may_count_from_the_change(company, owen, ben):
    a_level(company, {SOLUTION: {4: 240, 1: 60}}, recounts=ServiceLevel.Recounts.CHANGE)
    incident = opened(company, owen, 23, 9)

    with travel(23, 9, 30):
        handling.prioritise(incident, by=ben, priority=1, reason="The carrier comes at one.")

    assert clock(incident).due_at == at(23, 10, 30)
    assert [s.worked for s in clock(incident).segments.all()] == [1800, None]


def test_pause_and_new_priority_together_lose_nothing(company, owen, ben):
    a_level(company, {SOLUTION: {4: 240, 3: 120}})
    incident = opened(company, owen, 23, 9)
    with travel(23, 9, 30):
        handling.take(incident, by=ben)
        handling.wait(incident, by=ben, waits_for="user")
    with travel(23, 11):
        handling.prioritise(incident, by=ben, urgency="high")
        assert clock(incident).state == "paused"
    with travel(23, 12):
        handling.resume(incident, by=ben)

    assert clock(incident).due_at == at(23, 13, 30)


def test_what_is_no_longer_promised_is_detached_and_kept(company, owen, ben):
    a_level(company, {FIRST: {4: 60}, SOLUTION: {4: 240}})
    incident = opened(company, owen, 23, 9)

    with travel(23, 10):
        handling.prioritise(incident, by=ben, priority=5, reason="It can wait.")
    assert {c.state for c in incident.clocks.all()} == {"detached"}
    assert clock(incident).due_at is None
    with travel(23, 11):
        handling.prioritise(incident, by=ben, priority=4, reason="It cannot.")

    assert incident.clocks.filter(metric=SOLUTION).count() == 2
    assert clocking.used(clock(incident), at(23, 11)) == timedelta(hours=1)


def test_time_while_it_was_resolved_is_not_counted(company, owen, ben):
    a_level(company)
    incident = opened(company, owen, 23, 9)
    with travel(23, 10):
        resolving.resolve(incident, by=ben, service=a_service(company), **RESOLUTION)
    assert clock(incident).counted == 3600
    with travel(24, 9):
        resolving.reopen(incident, by=owen, reason="Blank again.")

    assert incident.state == "in_progress"
    assert clocking.used(clock(incident), at(24, 9, 30)) == timedelta(hours=1.5)
    assert clock(incident).due_at == at(24, 12)


def test_shares_of_the_target_are_told_once_each(company, owen, ben):
    a_level(company, {SOLUTION: 100})
    opened(company, owen, 23, 9)

    told = [
        sweeping.sweep(at(23, *moment)) for moment in ((9, 49), (9, 51), (9, 52), (10, 16), (10, 31), (10, 41), (12, 0))
    ]

    assert told == [0, 1, 0, 1, 1, 1, 0]
    assert sorted(ClockWarning.objects.values_list("percent", flat=True)) == [50, 75, 90, 100]
    assert ben.notices.filter(key__startswith="clock-").count() == 4
    assert Clock.objects.get().breached_at == at(23, 10, 40)


def test_the_lead_is_told_when_it_is_nearly_over(company, owen, ben):
    from tests.factories_desk import a_team, an_agent

    lead = an_agent(company, "Lea Lead")
    team = a_team(company)
    team.members.remove(lead)
    team.lead = lead
    team.save()
    a_level(company, {SOLUTION: 100})
    opened(company, owen, 23, 9)

    sweeping.sweep(at(23, 9, 51))
    assert lead.notices.count() == 0
    sweeping.sweep(at(23, 10, 31))

    assert lead.notices.count() == 1


def test_a_breach_is_written_also_when_no_sweep_came_by(company, owen, ben):
    a_level(company)
    incident = opened(company, owen, 23, 9)
    with travel(23, 14):
        resolving.resolve(incident, by=ben, service=a_service(company), **RESOLUTION)

    assert clock(incident).breached_at == at(23, 13)
    assert set(clock(incident).warnings.values_list("percent", flat=True)) == {50, 75, 90, 100}


def test_a_breach_stays_whatever_is_promised_later(company, owen, ben):
    a_level(company, {SOLUTION: {4: 60, 5: 600}})
    incident = opened(company, owen, 23, 9)
    sweeping.sweep(at(23, 10, 1))
    with travel(23, 10, 30):
        handling.prioritise(again(incident), by=ben, priority=5, reason="It can wait.")

    assert clock(incident).breached_at == at(23, 10)
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.filter(pk=clock(incident).pk).update(breached_at=None)


def test_an_ended_segment_cannot_be_rewritten(company, owen, ben):
    a_level(company)
    incident = opened(company, owen, 23, 9)
    with travel(23, 10):
        resolving.resolve(incident, by=ben, service=a_service(company), **RESOLUTION)

    for wrong in (lambda rows: rows.update(worked=0), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong(Segment.objects.filter(clock__incident=incident))


ACTS = st.lists(
    st.tuples(st.sampled_from(["wait", "resume", "priority", "reply", "resolve", "reopen"]), st.integers(1, 2000)),
    max_size=8,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_happens_segments_explain_what_is_used(company, owen, ben, monkeypatch, acts):
    """Segments touch each other, their running parts are what is used, and what is due follows from it."""
    # the generator of examples makes random numbers repeat, and the clock stands still: names of mails would too
    monkeypatch.setattr("backoffice.messaging.sending.make_msgid", lambda domain: f"<{uuid4()}@{domain}>")
    with transaction.atomic():
        if not ServiceLevel.objects.filter(company=company).exists():
            a_level(company, {SOLUTION: {4: 240, 1: 60, 5: 900}, UPDATE: 120})
        incident, now, priority = opened(company, owen, 16, 9), at(16, 9), 4
        with travel(16, 9):
            handling.take(incident, by=ben)
        for act, minutes in acts:
            now += timedelta(minutes=minutes)
            with time_machine.travel(now, tick=False):
                if act == "wait" and incident.state == "in_progress":
                    handling.wait(incident, by=ben, waits_for="user")
                elif act == "resume" and incident.state == "waiting":
                    handling.resume(incident, by=ben)
                elif act == "priority" and incident.is_open:
                    priority = {4: 1, 1: 5, 5: 4}[priority]
                    handling.prioritise(incident, by=ben, priority=priority, reason="Judged anew.")
                elif act == "reply" and incident.is_open:
                    conversing.reply(incident, by=ben, text="Still on it.")
                elif act == "resolve" and incident.is_open:
                    resolving.resolve(incident, by=ben, service=a_service(company), **RESOLUTION)
                elif act == "reopen" and incident.state == "resolved":
                    resolving.reopen(incident, by=owen, reason="Again.")
        one = clock(incident)
        segments = list(one.segments.order_by("id"))
        working = calendars.working_time(one.calendar)
        ran = [s for s in segments if s.kind == "running"]
        measured = sum((working.between(s.starts_at, s.ends_at or now) for s in ran), timedelta(0))
        assert clocking.used(one, now) == measured
        assert all(a.ends_at == b.starts_at for a, b in itertools.pairwise(segments))
        if one.state == "running":
            left = timedelta(seconds=one.target) - clocking.used(one, one.running_since)
            assert working.between(one.running_since, one.due_at) == max(left, timedelta(0))
