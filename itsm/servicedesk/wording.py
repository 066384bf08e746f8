"""How clocks and priorities are put into words: 1 h 37 min left, met at 08:53."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.ui.columns import day

PRIORITY_TONES = {
    1: ("bad", "triangle-alert"),
    2: ("bad", "arrow-up"),
    3: ("wait", "equal"),
    4: ("", "arrow-down"),
    5: ("", "arrow-down"),
}
SOON = timedelta(hours=1)


def length(span: timedelta) -> str:
    """12 min, 1 h 37 min, 26 h."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    hours, rest = divmod(minutes, 60)
    return _("%(h)s h %(n)s min") % {"h": hours, "n": rest} if rest else _("%(h)s h") % {"h": hours}


def promise(target: timedelta, day_length: timedelta) -> str:
    """within 30 min, within 4 hours, within 2 days."""
    days, rest = divmod(target, day_length) if day_length else (0, target)
    if days and not rest:
        return ngettext("within %(n)s working day", "within %(n)s working days", days) % {"n": days}
    minutes = int(target.total_seconds()) // 60
    if minutes % 60 or minutes < 60:
        return _("within %(length)s") % {"length": length(target)}
    return ngettext("within %(n)s hour", "within %(n)s hours", minutes // 60) % {"n": minutes // 60}


def moment(value: datetime, now: datetime) -> str:
    """12:52 today, else with its day."""
    local = timezone.localtime(value)
    clock = f"{local:%H:%M}"
    return clock if local.date() == timezone.localtime(now).date() else f"{day(local.date())}, {clock}"


def due_words(due: datetime, now: datetime) -> tuple[str, str]:
    """How a promised moment reads in a list, and its colour."""
    if due < now:
        return _("Over since %(at)s") % {"at": moment(due, now)}, "bad up"
    return moment(due, now), "wait up" if due - now < SOON else ""
