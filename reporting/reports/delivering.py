"""Delivering packs: each recipient gets a file made with their own rights, by mail, at most once for a due time.

Never the owner's view for others: what a recipient may not see is left out and named in the mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.access.models import User
from backoffice.core.authority import authority
from backoffice.jobs import running
from backoffice.jobs.models import Job
from backoffice.messaging import noticing, sending
from reporting.reports import making, scheduling
from reporting.reports.defining import Sheet, is_closed
from reporting.reports.drawing import figure
from reporting.reports.making import Answers, Question, Wanted
from reporting.reports.models import Delivery, FileKind, Pack, ReportRun, Schedule


@running.kind("reports.schedule", label=gettext_lazy("Send a report pack"), permission="reports.add_schedule")
def send_schedule(job: Job, *, schedule: int, due: str, **unknown: Any) -> None:
    """One job for each recipient, so that one failure does not hold up the others."""
    found = Schedule.objects.select_related("company", "pack").get(pk=schedule)
    for recipient in found.recipients.select_related("user"):
        key = f"{schedule}:{due}:{recipient.user_id}"
        running.enqueue(
            "reports.deliver",
            by=job.actor,
            company=found.company,
            key=key,
            title=_("Send %(pack)s to %(name)s") % {"pack": found.pack, "name": recipient.user},
            questions=[[part.report, part.parameters] for part in found.pack.parts.all()],
            title_words=found.pack.name,
            subject=scheduling.subject_words(found.subject, datetime.fromisoformat(due), found.company),
            kinds=found.kinds,
            to=recipient.user_id,
            due=due,
            delivery_key=key,
            schedule=found.pk,
            pack=found.pack_id,
        )


def send_now(
    company: Any,
    questions: Sequence[Question],
    recipients: Sequence[User],
    *,
    title: str,
    subject: str,
    kinds: Sequence[str],
    by: Any,
    at: datetime,
    pack: Pack | None = None,
    schedule: Schedule | None = None,
    key: str = "",
) -> list[Job]:
    """Mail reports once: to oneself with the right to make them, to others with the right to keep schedules.

    Raises `PermissionDenied`.
    """
    others = [person for person in recipients if person.pk != by.pk]
    if others:
        denied = authority.only.refusal(by, "reports.add_schedule", Schedule(company=company))
    else:
        denied = authority.only.refusal(by, "reports.add_reportrun", None)
    if denied:
        raise denied
    stamp = key or f"once:{by.pk}:{at.isoformat()}"
    return [
        running.enqueue(
            "reports.deliver",
            by=by,
            company=company,
            key=f"{stamp}:{person.pk}",
            title=_("Send %(what)s to %(name)s") % {"what": title, "name": person},
            questions=[[report, dict(texts)] for report, texts in questions],
            title_words=title,
            subject=scheduling.subject_words(subject, at, company),
            kinds=list(kinds),
            to=person.pk,
            due=at.isoformat(),
            delivery_key=f"{stamp}:{person.pk}",
            schedule=schedule.pk if schedule else None,
            pack=pack.pk if pack else None,
            is_once=True,
        )
        for person in recipients
    ]


@dataclass(frozen=True)
class Mailing:
    """What goes to one person."""

    wanted: Wanted
    subject: str
    kinds: Sequence[str]
    key: str
    due: datetime
    is_once: bool


@running.kind("reports.deliver", label=gettext_lazy("Mail a report"))
def deliver(
    job: Job,
    *,
    questions: list[Any],
    title_words: str,
    subject: str,
    kinds: list[str],
    to: int,
    due: str,
    delivery_key: str,
    schedule: int | None = None,
    pack: int | None = None,
    is_once: bool = False,
    **unknown: Any,
) -> None:
    """Make the files for one person with their rights and put the mail into the outbox."""
    assert job.company is not None
    if Delivery.objects.filter(key=delivery_key).exists():
        return
    due_at = datetime.fromisoformat(due)
    wanted = Wanted(
        company=job.company,
        questions=[(report, texts) for report, texts in questions],
        kind=kinds[0],
        for_user=User.objects.get(pk=to),
        by=job.actor,
        on=due_at.astimezone(job.company.zone).date(),
        at=timezone.now(),
        title=title_words,
        pack=Pack.objects.filter(pk=pack).first() if pack else None,
        schedule=Schedule.objects.select_related("owner", "company").filter(pk=schedule).first() if schedule else None,
    )
    job.progress(0, len(kinds) + 1, _("Asking for the figures"))
    _send(job, Mailing(wanted, subject, kinds, delivery_key, due_at, is_once))


def _send(job: Job, mailing: Mailing) -> None:
    wanted = mailing.wanted
    person = wanted.for_user
    if not person.is_active:
        raise PermissionDenied(_("%(name)s has no access any more.") % {"name": person})
    made = making.answers(wanted)
    delivery = Delivery(schedule=wanted.schedule, key=mailing.key, user=person, due_at=mailing.due)
    if not made.answered:
        delivery.state = Delivery.State.EMPTY
        delivery.save()
        _tell_owner(job, mailing, made)
        return
    runs = _files(job, mailing, made)
    delivery.state = Delivery.State.SENT
    delivery.save()
    delivery.runs.set(runs)
    context = mail_context(mailing, made, runs)
    sending.queue_mail(
        to=person,
        subject=mailing.subject,
        text=render_to_string("email/report.txt", context),
        html=render_to_string("email/report.html", context),
        attachments=[(run.file_name, run.media_type, bytes(run.content)) for run in runs],
        key=f"report:{mailing.key}",
        company=wanted.company,
    )
    noticing.notify(
        person, mailing.subject, _("Made and mailed to you."), runs[0].get_absolute_url(), key=f"report:{mailing.key}"
    )
    job.result_text, job.result_url = str(runs[0]), runs[0].get_absolute_url()


def _files(job: Job, mailing: Mailing, made: Answers) -> list[ReportRun]:
    """The files of a mailing; a CSV holds one report, so a pack has several."""
    runs = []
    for place, kind in enumerate(mailing.kinds, start=1):
        wanted = replace(mailing.wanted, kind=kind)
        if kind == FileKind.CSV and len(made.answered) > 1:
            runs += [making.keep(replace(wanted, title=one[1].title), Answers([one], [])) for one in made.answered]
        else:
            runs.append(making.keep(wanted, made))
        job.progress(place, len(mailing.kinds) + 1, _("%(kind)s made") % {"kind": kind.upper()})
    return runs


def _tell_owner(job: Job, mailing: Mailing, made: Answers) -> None:
    noticing.notify(
        job.actor,
        _("%(name)s was sent nothing of “%(title)s”")
        % {"name": mailing.wanted.for_user, "title": mailing.wanted.title},
        " ".join(part["reason"] for part in made.left_out),
        mailing.wanted.schedule.get_absolute_url() if mailing.wanted.schedule else "",
        key=f"report-empty:{mailing.key}",
    )


def mail_context(mailing: Mailing, made: Answers, runs: Sequence[ReportRun]) -> dict[str, Any]:
    """What the mail says: three key figures, what moved most, one button, what is attached, why it came."""
    wanted, first = mailing.wanted, _leading(made.sheets)
    month_end = scheduling.month_before(mailing.due, wanted.company)
    column = next((c.label for c in first.columns if c.kind == "figure"), "")
    return {
        "organisation": wanted.company.name,
        "rhythm": _("report") if mailing.is_once else _rhythm(wanted.schedule),
        "title": mailing.subject,
        "preview": " ".join(f"{kpi.label} {kpi.value}, {kpi.note}." for kpi in first.kpis[:2]),
        "kpis": first.kpis[:1] + first.kpis[1:3],
        "against": first.moved_against,
        "column": column,
        "moved": [
            (label, figure(value, first.digits), figure(by, first.digits), by > 0) for label, value, by in first.moved()
        ],
        "parts": [f"{sheet.title}, {sheet.subtitle}" for sheet in made.sheets],
        "attached": [f"{run.file_name} ({filesizeformat(run.size)})" for run in runs],
        "is_final": is_closed(wanted.company, month_end),
        "period": date_format(month_end, "F Y"),
        "left_out": made.left_out,
        "name": wanted.for_user.name,
        "rule": "" if mailing.is_once or not wanted.schedule else scheduling.rule_words(wanted.schedule),
        "owner": (wanted.schedule.owner if wanted.schedule and not mailing.is_once else wanted.by).name,
        "run_href": settings.SITE_URL + runs[0].get_absolute_url(),
        "schedule_href": settings.SITE_URL + wanted.schedule.get_absolute_url() if wanted.schedule else "",
    }


def _leading(sheets: Sequence[Sheet]) -> Sheet:
    """The sheet whose figures lead the mail: the first that has key figures."""
    return next((sheet for sheet in sheets if sheet.kpis), sheets[0])


def _rhythm(schedule: Schedule | None) -> str:
    words = {Schedule.Every.MONTH: _("monthly report"), Schedule.Every.WEEK: _("weekly report")}
    return words.get(Schedule.Every(schedule.every), _("daily report")) if schedule else _("report")


@running.kind("reports.make", label=gettext_lazy("Make a report"))
def make_file(job: Job, *, report: str, parameters: dict[str, str], kind: str, on: str, **unknown: Any) -> None:
    """Make a file that is too long to wait for, and tell who asked."""
    assert job.company is not None
    run = making.make(
        Wanted(
            company=job.company,
            questions=[(report, parameters)],
            kind=kind,
            for_user=job.actor,
            by=job.actor,
            on=date.fromisoformat(on),
            at=timezone.now(),
        )
    )
    job.result_text, job.result_url = run.file_name, run.get_absolute_url()
    noticing.notify(
        job.actor, _("%(file)s is ready") % {"file": run.file_name}, "", run.get_absolute_url(), key=f"run:{run.code}"
    )
