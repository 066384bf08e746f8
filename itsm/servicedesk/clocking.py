"""Clocks: started, stopped for a while, held against another target, ended, and gone on with.

Called by the verbs of an incident, inside their transaction and under the lock of the incident. The moment is passed
in. Every call ends the open segment and foresees anew when shares of the target will be used up.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from backoffice.workcal import calendars
from itsm.servicedesk.models import Clock, ClockWarning, Incident, Metric, Segment, ServiceLevel, Target

SHARES = {50: "at_50", 75: "at_75", 90: "at_90", 100: "due_at"}
State, Kind = Clock.State, Segment.Kind


def level_of(incident: Incident) -> ServiceLevel | None:
    """The promises for an incident: those of its service, else the common ones."""
    levels = ServiceLevel.objects.filter(company=incident.company_id)
    found = levels.filter(service=incident.service_id).first() if incident.service_id else None
    return found or levels.filter(service=None).first()


def targets_of(incident: Incident) -> dict[str, Target]:
    """What is promised for this incident at its priority, by metric."""
    level = level_of(incident)
    if level is None:
        return {}
    found = level.targets.filter(priority=incident.priority).select_related("calendar", "level")
    return {target.metric: target for target in found}


def begin(incident: Incident, at: datetime, metrics: Iterable[str] = Metric.values) -> None:
    """Start the clocks of what is promised."""
    wanted = set(metrics)
    for metric, target in targets_of(incident).items():
        if metric in wanted:
            _start(incident, target, at)
    foresee(incident)


def answered(incident: Incident, at: datetime) -> None:
    """The team said something in public: the first answer is given, the wait for the next word begins anew."""
    _end(incident, at, [Metric.FIRST_RESPONSE])
    spoken(incident, at)


def spoken(incident: Incident, at: datetime) -> None:
    """Somebody said something in public: the wait for the next word begins anew, unless it stands still."""
    running = [clock for clock in _open(incident) if clock.metric == Metric.UPDATE and clock.state == State.RUNNING]
    if running:
        _end(incident, at, [Metric.UPDATE])
        begin(incident, at, [Metric.UPDATE])
    foresee(incident)


def pause(incident: Incident, at: datetime, reason: str) -> None:
    """Stop the clocks that run; what was used stays used."""
    for clock in _open(incident):
        if clock.state == State.RUNNING:
            _close_segment(clock, at)
            clock.state = State.PAUSED
            _open_segment(clock, at, Kind.PAUSED, reason)
    foresee(incident)


def resume(incident: Incident, at: datetime) -> None:
    """Let the clocks run on that stand still."""
    for clock in _open(incident):
        if clock.state == State.PAUSED:
            _close_segment(clock, at)
            clock.state = State.RUNNING
            _open_segment(clock, at, Kind.RUNNING)
    foresee(incident)


def retarget(incident: Incident, at: datetime) -> None:
    """Hold the clocks against what is promised now, after a new priority or service.

    All segments stay. Time counts from the opening or from the change, as the level says. What is no longer promised
    is detached; what is newly promised starts now with the time since the opening behind it where that counts.
    """
    targets, running = targets_of(incident), _open(incident)
    for clock in running:
        target = targets.pop(clock.metric, None)
        if target is None:
            _close_segment(clock, at)
            clock.state, clock.stopped_at = State.DETACHED, at
            clock.at_50 = clock.at_75 = clock.at_90 = clock.due_at = clock.next_event_at = None
            clock.save()
            continue
        paused = clock.state == State.PAUSED
        _close_segment(clock, at)
        if target.level.recounts == ServiceLevel.Recounts.CHANGE:
            clock.counted = 0
        clock.priority, clock.calendar = target.priority, target.calendar
        clock.target = int(target.length.total_seconds())
        _open_segment(clock, at, Kind.PAUSED if paused else Kind.RUNNING, "priority" if paused else "")
    ended = set(incident.clocks.filter(state=State.STOPPED).values_list("metric", flat=True))
    for metric, target in targets.items():
        if metric not in ended:
            _attach(incident, target, at, stands_still=any(clock.state == State.PAUSED for clock in running))
    foresee(incident)


def end(incident: Incident, at: datetime) -> None:
    """The incident is resolved: all clocks end."""
    _end(incident, at, Metric.values)
    foresee(incident)


def go_on(incident: Incident, at: datetime) -> None:
    """The incident is open again: the clock of the solution goes on, the time while it was resolved is not counted."""
    clock = incident.clocks.filter(metric=Metric.SOLUTION, state=State.STOPPED).order_by("-id").first()
    if clock is not None and clock.stopped_at is not None:
        Segment.objects.create(
            clock=clock, kind=Kind.PAUSED, starts_at=clock.stopped_at, ends_at=at, calendar_id=clock.calendar_id,
            target=clock.target, worked=0, reason="resolved",
        )  # fmt: skip
        clock.state, clock.stopped_at = State.RUNNING, None
        _open_segment(clock, at, Kind.RUNNING)
    begin(incident, at, [Metric.UPDATE])


def used(clock: Clock, at: datetime) -> timedelta:
    """The working time that counts, up to a moment."""
    counted = timedelta(seconds=clock.counted)
    if clock.running_since is None:
        return counted
    return counted + calendars.working_time(clock.calendar).between(clock.running_since, at)


def foresee(incident: Incident) -> None:
    """The next promised moment of an incident, for lists; a clock that stands still promises none."""
    due = incident.clocks.filter(state=State.RUNNING).order_by("due_at").values_list("due_at", flat=True).first()
    incident.due_at = due


def estimate(clock: Clock, at: datetime) -> datetime | None:
    """When it would be due if it ran on from now; the foreseen moment of one that runs."""
    if clock.state != State.PAUSED:
        return clock.due_at
    left = timedelta(seconds=clock.target) - used(clock, at)
    return calendars.working_time(clock.calendar).add(at, max(left, timedelta(0)))


def _open(incident: Incident) -> list[Clock]:
    found = incident.clocks.filter(state__in=[State.RUNNING, State.PAUSED]).select_related("calendar")
    return list(found.select_for_update(of=("self",)).order_by("id"))


def _start(incident: Incident, target: Target, at: datetime, counted: int = 0) -> Clock:
    clock = Clock(
        incident=incident,
        metric=target.metric,
        priority=target.priority,
        target=int(target.length.total_seconds()),
        calendar=target.calendar,
        started_at=at,
        running_since=at,
        counted=counted,
    )
    _open_segment(clock, at, Kind.RUNNING)
    return clock


def _attach(incident: Incident, target: Target, at: datetime, *, stands_still: bool) -> None:
    """A promise that is new to an incident: the former clock of its kind goes on, else one starts."""
    former = incident.clocks.filter(metric=target.metric, state=State.DETACHED).order_by("-id").first()
    counts = target.level.recounts == ServiceLevel.Recounts.CREATION
    clock = _start(incident, target, at, former.counted if former and counts else 0)
    if counts and former is None and target.metric != Metric.UPDATE:
        working = calendars.working_time(target.calendar)
        clock.counted = int(working.between(incident.opened_at, at).total_seconds())
        _foresee(clock)
        clock.save()
    if stands_still:
        _close_segment(clock, at)
        clock.state = State.PAUSED
        _open_segment(clock, at, Kind.PAUSED, "priority")


def _end(incident: Incident, at: datetime, metrics: Iterable[str]) -> None:
    wanted = set(metrics)
    for clock in _open(incident):
        if clock.metric in wanted:
            _close_segment(clock, at)
            clock.state, clock.stopped_at, clock.next_event_at = State.STOPPED, at, None
            clock.save()


def _close_segment(clock: Clock, at: datetime) -> None:
    """End the open segment; what was used up in it is told, also when the sweep has not come by yet."""
    segment = clock.segments.get(ends_at__isnull=True)
    segment.ends_at, segment.worked = at, 0
    if segment.kind == Kind.RUNNING:
        working = calendars.working_time(clock.calendar)
        segment.worked = int(working.between(segment.starts_at, at).total_seconds())
        clock.counted += segment.worked
        _tell(clock, at)
    segment.save()
    clock.running_since = None


def _open_segment(clock: Clock, at: datetime, kind: str, reason: str = "") -> None:
    clock.running_since = at if kind == Kind.RUNNING else None
    _foresee(clock)
    clock.save()
    Segment.objects.create(
        clock=clock, kind=kind, starts_at=at, calendar=clock.calendar, target=clock.target, reason=reason
    )


def _foresee(clock: Clock) -> None:
    """When shares of the target will be used up, from what is used now; nothing while it stands still."""
    if clock.running_since is None:
        clock.at_50 = clock.at_75 = clock.at_90 = clock.due_at = clock.next_event_at = None
        return
    working = calendars.working_time(clock.calendar)
    for percent, name in SHARES.items():
        left = timedelta(seconds=clock.target * percent) / 100 - timedelta(seconds=clock.counted)
        setattr(clock, name, working.add(clock.running_since, max(left, timedelta(0))))
    told = set(clock.warnings.values_list("percent", flat=True)) if clock.pk else set()
    ahead = [getattr(clock, name) for percent, name in SHARES.items() if percent not in told]
    clock.next_event_at = min(ahead, default=None)


def _tell(clock: Clock, at: datetime) -> None:
    """Write down the shares that were used up before a moment, and the breach."""
    reached = [(p, moment) for p, name in SHARES.items() if (moment := getattr(clock, name)) and moment < at]
    warnings = [ClockWarning(clock=clock, percent=percent, at=moment) for percent, moment in reached]
    ClockWarning.objects.bulk_create(warnings, ignore_conflicts=True)
    if clock.due_at is not None and clock.due_at < at and clock.breached_at is None:
        clock.breached_at = clock.due_at
