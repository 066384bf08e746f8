"""The screen of a report: parameters in the address, comparison, tree, drill-down, files and mailing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from backoffice.jobs import running
from backoffice.ui.forms import new_key
from backoffice.ui.listing import without
from backoffice.ui.screen import Screen, said
from backoffice.ui.sending import once
from reporting.reports import delivering, making, packing, scheduling
from reporting.reports.defining import Report, reports
from reporting.reports.drawing import screen_table
from reporting.reports.forms import EmailForm
from reporting.reports.making import ROWS_AT_ONCE, Wanted
from reporting.reports.models import MEDIA_TYPES, FileKind, Pack, ReportRun, Schedule

ROWS_ON_SCREEN = 1_000


class ReportScreen(Screen):
    """Any report of the slot, by its key in the address."""

    model = ReportRun

    @cached_property
    def report(self) -> Report:
        report = reports.get(str(self.kwargs["key"]))
        if report is None:
            raise Http404
        return report

    def right(self) -> str:
        return self.report.permission

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.kwargs = kwargs
        if request.user.is_authenticated and not request.company:  # type: ignore[attr-defined]
            raise Http404
        if request.user.is_authenticated and (denied := self.report.refusal(request.user, request.company)):  # type: ignore[attr-defined]
            raise denied
        return super().dispatch(request, *args, **kwargs)

    def form(self, data: Any) -> Any:
        """The parameters, read from the address."""
        company = self.request.company  # type: ignore[attr-defined]
        today = timezone.localdate(timezone=company.zone)
        return self.report.parameters(data, company=company, user=self.request.user, today=today)

    def get(self, request: HttpRequest, key: str, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.GET)
        if not form.is_valid():
            return self.page(form, None, status=422)
        asked = making.ask(
            key, form.texts(), company=form.company, user=request.user, on=form.today, limit=ROWS_ON_SCREEN
        )
        with making.one_snapshot():
            sheet = making.answer(asked)
        return self.page(form, sheet)

    def page(self, form: Any, sheet: Any, *, status: int = 200, email: Any = None) -> HttpResponse:
        request = self.request
        query = without(request.GET).rstrip("&")
        report = self.report
        may_mail = request.user.has_perm("reports.add_reportrun")
        context = {
            "title": str(report.title),
            "subtitle": f"{sheet.subtitle}, {sheet.scope}" if sheet else "",
            "crumbs": [(str(report.title), "")],
            "report": report,
            "form": form,
            "chips": list(form.chips()),
            "sheet": sheet,
            "table": screen_table(sheet, str(report.title)) if sheet and sheet.rows else "",
            "has_tree": bool(sheet and any(row.is_open is not None for row in sheet.rows)),
            "files": [
                (
                    kind.label,
                    "file-text" if kind == FileKind.PDF else "file-spreadsheet",
                    self.href("report_file", kind) + query,
                )
                for kind in FileKind
            ],
            "email_href": self.href("report_email") + query,
            "email": email or (self.email_form(sheet) if may_mail and sheet else None),
            "email_open": email is not None,
            "idempotency_key": new_key(),
            "packs": self.packs() if sheet else [],
            "pack_href": self.href("report_pack") + query,
            "read_at": timezone.now(),
            "path": request.path,
        }
        return render(request, "reporting/report.html", context, status=status)

    def href(self, name: str, *more: Any) -> str:
        return reverse(f"reports:{name}", args=[self.report.key, *more])

    def packs(self) -> Any:
        """The packs to which this person may add the report."""
        if not self.request.user.has_perm("reports.change_pack"):
            return []
        packs = Pack.objects.visible_to(self.request.user, "change")
        return list(packs.filter(company=self.request.company, is_single=False))  # type: ignore[attr-defined]

    def email_form(self, sheet: Any, data: Any = None) -> EmailForm:
        user, company = self.request.user, self.request.company  # type: ignore[attr-defined]
        start = {"subject": f"{self.report.title}, {{month}}", "recipients": [user.pk]}
        form = EmailForm(data, initial=start, user=user, company=company, prefix="mail")
        if not user.has_perm("reports.add_schedule"):
            form.only_me(user)
        return form


class ReportFileScreen(ReportScreen):
    """A report as a file: at once when it is short, else by a job."""

    def get(self, request: HttpRequest, key: str, kind: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if kind not in MEDIA_TYPES:
            raise Http404
        form = self.form(request.GET)
        if not form.is_valid():
            return self.page(form, None, status=422)
        limit = ROWS_AT_ONCE[FileKind(kind)]
        wanted = Wanted(
            company=form.company,
            questions=[(key, form.texts())],
            kind=kind,
            for_user=request.user,
            by=request.user,
            on=form.today,
            at=timezone.now(),
            limit=limit,
        )
        made = making.answers(wanted)
        if made.answered and made.sheets[0].is_cut:
            job = running.enqueue(
                "reports.make",
                by=request.user,
                company=form.company,
                title=_("%(title)s as %(kind)s") % {"title": self.report.title, "kind": kind.upper()},
                report=key,
                parameters=form.texts(),
                kind=kind,
                on=str(form.today),
            )
            messages.info(request, _("This file is long: it is being made, and you get a notice when it is ready."))
            return self.go(job.get_absolute_url())
        return file_answer(making.keep(wanted, made))


def file_answer(run: ReportRun) -> HttpResponse:
    """A kept file as a download."""
    response = HttpResponse(bytes(run.content), content_type=run.media_type)
    response["Content-Disposition"] = f'attachment; filename="{run.file_name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


class ReportEmailScreen(ReportScreen):
    """Mail a report once, or set up a schedule; GET is the page for browsers without script."""

    def get(self, request: HttpRequest, key: str, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.GET)
        return self.mail_page(form, self.email_form(None))

    def post(self, request: HttpRequest, key: str, *args: Any, **kwargs: Any) -> HttpResponse:
        parameters = self.form(request.GET)
        email = self.email_form(None, request.POST)
        if not (parameters.is_valid() & email.is_valid()):
            return self.mail_page(parameters, email, status=422)

        def work() -> str:
            if request.POST.get("then") == "test":
                return self.send(parameters, email, [request.user], _("Test: "))
            if email.cleaned_data["when"] == EmailForm.ONCE:
                return self.send(parameters, email, list(email.cleaned_data["recipients"]), "")
            return self.schedule(parameters, email)

        try:
            return self.go(once(request.user, request.POST.get("idempotency_key", ""), work))
        except ValidationError as error:
            email.add_error(None, said(error))
        except PermissionDenied as reason:
            email.add_error(None, str(reason))
        return self.mail_page(parameters, email, status=422)

    def send(self, parameters: Any, email: Any, people: list[Any], before: str) -> str:
        data = email.cleaned_data
        jobs = delivering.send_now(
            parameters.company,
            [(self.report.key, parameters.texts())],
            people,
            title=str(self.report.title),
            subject=before + data["subject"],
            kinds=data["kinds"],
            by=self.request.user,
            at=timezone.now(),
        )
        messages.success(self.request, _("It is being made and mailed."))
        return jobs[0].get_absolute_url() if len(jobs) == 1 else reverse("jobs:job_list")

    def schedule(self, parameters: Any, email: Any) -> str:
        user, company = self.request.user, parameters.company
        if not user.has_perm("reports.add_schedule"):
            raise PermissionDenied(_("Your roles do not include setting up schedules."))
        pack = packing.of_one(company, self.report.key, parameters.texts(), str(self.report.title), by=user)
        schedule = email.schedule(company, user)
        schedule.pack = pack
        scheduling.keep(schedule, list(email.cleaned_data["recipients"]), by=user, now=timezone.now())
        messages.success(self.request, _("The schedule is saved."))
        return schedule.get_absolute_url()

    def mail_page(self, form: Any, email: Any, *, status: int = 200) -> HttpResponse:
        here = reverse("reports:report", args=[self.report.key])
        context = {
            "title": _("Email %(report)s") % {"report": self.report.title},
            "crumbs": [
                (str(self.report.title), here),
                (_("Email"), ""),
            ],
            "email": email,
            "email_href": self.request.get_full_path(),
            "idempotency_key": new_key(),
        }
        return render(self.request, "reporting/email.html", context, status=status)


class ReportPackScreen(ReportScreen):
    """Put a report with its parameters into a pack."""

    def post(self, request: HttpRequest, key: str, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.GET)
        pack = Pack.objects.visible_to(request.user, "change").filter(pk=_number(request.POST.get("pack"))).first()
        if pack is None or not form.is_valid():
            raise Http404
        packing.add(pack, key, form.texts(), by=request.user)
        messages.success(request, _("%(report)s is in “%(pack)s” now.") % {"report": self.report.title, "pack": pack})
        return self.go(pack.get_absolute_url())


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


class NextTimeScreen(Screen):
    """The words "Next: Monday 7 December 2026, 07:00, for November" for a rule that is being typed."""

    model = Schedule
    permission = "reports.add_reportrun"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        data = {key.removeprefix("mail-"): str(value) for key, value in request.GET.items()}
        company = request.company  # type: ignore[attr-defined]
        words = ""
        if company:
            words = scheduling.next_words(company, data, timezone.now())
        return render(request, "reporting/_next.html", {"words": words})
