"""Screens of packs, schedules and kept files, and the page of all reports."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.core.authority import authority
from backoffice.core.errors import Refused
from backoffice.ui.screen import Screen
from reporting.reports import delivering, making, packing, scheduling
from reporting.reports.defining import offered, reports
from reporting.reports.forms import PartForm
from reporting.reports.models import Delivery, Pack, PackPart, ReportRun, Schedule
from reporting.reports.screens import file_answer


class ReportsScreen(Screen):
    """All reports that this person may see, the packs and what was made lately."""

    model = ReportRun

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        company = request.company  # type: ignore[attr-defined]
        found = offered(request.user, company) if company else []
        runs = self.rows().select_related("for_user").defer("content")[:8]
        context = {
            "title": _("Reports"),
            "crumbs": [(_("All reports"), "")],
            "sections": [
                (section, list(group)) for section, group in groupby(found, key=lambda report: str(report.section))
            ],
            "packs": Pack.objects.visible_to(request.user)
            .filter(company=company, is_single=False)
            .prefetch_related("parts"),
            "runs": runs,
            "may_add_pack": request.user.has_perm("reports.add_pack"),
            "path": request.path,
        }
        return render(request, "reporting/reports.html", context)


class RunScreen(Screen):
    """A kept file: what it was made from, its checksums, and making it again."""

    model = ReportRun

    def get(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.found(pk)
        first = run.again_of or run
        context = {
            "title": run.title,
            "run": run,
            "crumbs": [
                (_("Made"), reverse("reports:reportrun_list")),
                (run.code, ""),
            ],
            "parts": [{**part, "words": _parameter_words(part)} for part in run.parts],
            "again": ReportRun.objects.filter(again_of=first)
            .select_related("made_by")
            .defer("content")
            .order_by("-id")[:10],
            "first": first,
            "path": request.path,
        }
        return render(request, "reporting/run.html", context)

    def post(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        run = self.found(pk)
        again = making.make_again(run, by=request.user)
        if again.file_digest == (again.again_of or again).file_digest:
            messages.success(request, _("Made again: the file is the same, byte for byte."))
        elif again.data_digest == (again.again_of or again).data_digest:
            messages.success(request, _("Made again: the figures are the same."))
        else:
            messages.warning(request, _("Made again: the figures differ. Compare the two files."))
        return self.go(run.get_absolute_url())


def _parameter_words(part: dict[str, Any]) -> str:
    report = reports.get(part["report"])
    labels = {n: str(f.label) for n, f in report.parameters.base_fields.items()} if report else {}
    return ", ".join(f"{labels.get(name, name)} {text}" for name, text in part["parameters"].items() if text)


class RunFileScreen(Screen):
    """The file itself."""

    model = ReportRun

    def get(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        return file_answer(self.found(pk))


class PackScreen(Screen):
    """A pack: its reports in order, and what sends it."""

    model = Pack

    def get(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        pack = self.found(pk)
        return self.page(pack, PartForm(user=request.user, company=pack.company))

    def page(self, pack: Pack, form: PartForm, *, status: int = 200) -> HttpResponse:
        user = self.request.user
        may_change = authority.only.refusal(user, "reports.change_pack", pack) is None and not pack.is_single
        parts = [
            {
                "part": part,
                "title": reports[part.report].title,
                "words": _parameter_words({"report": part.report, "parameters": part.parameters}),
                "href": _part_href(part),
            }
            for part in pack.parts.all()
            if reports.get(part.report)
        ]
        context = {
            "title": pack.name,
            "pack": pack,
            "crumbs": [(pack.name, "")],
            "parts": parts,
            "form": form if may_change else None,
            "may_change": may_change,
            "may_schedule": user.has_perm("reports.add_schedule"),
            "schedules": Schedule.objects.visible_to(user).filter(pack=pack).select_related("owner"),
            "path": self.request.path,
        }
        return render(self.request, "reporting/pack.html", context, status=status)

    def post(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        pack = self.found(pk)
        act = request.POST.get("act", "")
        if act == "add":
            form = PartForm(request.POST, user=request.user, company=pack.company)
            if not form.is_valid():
                return self.page(pack, form, status=422)
            packing.add(pack, form.cleaned_data["report"], {}, by=request.user)
        else:
            part = (
                PackPart.objects.filter(pack=pack, pk=_number(request.POST.get("part"))).select_related("pack").first()
            )
            if part is None or act not in {"up", "remove"}:
                raise Http404
            (packing.move_up if act == "up" else packing.remove)(part, by=request.user)
        return self.go(pack.get_absolute_url())


def _part_href(part: PackPart) -> str:
    from reporting.reports.defining import link

    return link(part.report, **part.parameters)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


class ScheduleScreen(Screen):
    """A schedule: rule, recipients, what was delivered; stop, start, send now, send me a test."""

    model = Schedule

    def get(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        schedule = self.found(pk)
        user = request.user
        deliveries = Delivery.objects.filter(schedule=schedule).select_related("user").prefetch_related("runs")
        context = {
            "title": schedule.pack.name,
            "schedule": schedule,
            "crumbs": [
                (_("Schedules"), reverse("reports:schedule_list")),
                (schedule.pack.name, ""),
            ],
            "rule": scheduling.rule_words(schedule),
            "next": scheduling.due_words(schedule.next_at, schedule.company) if schedule.next_at else "",
            "recipients": schedule.recipients.select_related("user"),
            "deliveries": [
                {"delivery": d, "runs": [r for r in d.runs.all() if r.for_user_id == user.pk]} for d in deliveries[:30]
            ],
            "may_change": authority.only.refusal(user, "reports.change_schedule", schedule) is None,
            "path": request.path,
        }
        return render(request, "reporting/schedule.html", context)

    def post(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        schedule = self.found(pk)
        now = timezone.now()
        match request.POST.get("act", ""):
            case "stop":
                scheduling.switch(schedule, active=False, by=request.user, now=now)
                messages.success(request, _("Stopped. Nothing is sent until you start it again."))
            case "start":
                scheduling.switch(schedule, active=True, by=request.user, now=now)
                messages.success(request, _("Started again."))
            case "test":
                return self.send(schedule, [request.user], _("Test: "))
            case "now":
                if denied := authority.only.refusal(request.user, "reports.change_schedule", schedule):
                    raise denied
                return self.send(schedule, [each.user for each in schedule.recipients.select_related("user")], "")
            case _act:
                raise Http404
        return self.go(schedule.get_absolute_url())

    def send(self, schedule: Schedule, people: list[Any], before: str) -> HttpResponse:
        if not people:
            raise Refused(_("There is nobody to send it to."))
        if not self.request.user.is_active:
            raise PermissionDenied
        delivering.send_now(
            schedule.company,
            [(part.report, part.parameters) for part in schedule.pack.parts.all()],
            people,
            title=schedule.pack.name,
            subject=before + schedule.subject,
            kinds=schedule.kinds,
            by=self.request.user,
            at=timezone.now(),
            pack=schedule.pack,
            schedule=schedule,
        )
        messages.success(self.request, _("It is being made and mailed; the jobs show how far it is."))
        return self.go(schedule.get_absolute_url())
