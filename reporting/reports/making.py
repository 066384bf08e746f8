"""Making reports: with a person's rights, into a file that is kept with what is needed to make it again."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from backoffice.audit.recording import acting
from backoffice.core.errors import Refused
from reporting.reports.defining import Asked, Sheet, limited, reports
from reporting.reports.models import FileKind, ReportRun, new_code

ROWS_AT_ONCE = {FileKind.PDF: 400, FileKind.XLSX: 5_000, FileKind.CSV: 20_000}  # longer files become jobs
Question = tuple[str, Mapping[str, str]]  # a report's key and its parameters as texts


@dataclass(frozen=True)
class Wanted:
    """What is to be made: the questions, the title, for whom and by whom, the day and moment of making."""

    company: Any
    questions: Sequence[Question]
    kind: str
    for_user: Any
    by: Any
    on: date
    at: datetime
    title: str = ""
    subtitle: str = ""
    pack: Any = None
    schedule: Any = None
    as_of: datetime | None = None
    again_of: ReportRun | None = None
    limit: int | None = None


def ask(
    key: str,
    given: Mapping[str, str] | None,
    *,
    company: Any,
    user: Any,
    on: date,
    as_of: datetime | None = None,
    limit: int | None = None,
) -> Asked:
    """Read the parameters of a report for a person.

    Raises `LookupError` for an unknown report, `PermissionDenied` without the right, `ValidationError`
    for parameters that cannot be read.
    """
    if (report := reports.get(key)) is None:
        raise LookupError(f"There is no report named {key}.")
    if denied := report.refusal(user, company):
        raise denied
    form = report.parameters(given, company=company, user=user, today=on)
    if not form.is_valid():
        raise ValidationError(
            [f"{form.fields[n].label}: {' '.join(e)}" for n, e in form.errors.items() if n in form.fields]
        )
    return Asked(report, company, user, form.cleaned_data, form.settled(), on, as_of, limit)


def answer(asked: Asked) -> Sheet:
    """The sheet of a question, with the words of its scope. Raises `PermissionDenied` when rights were lost."""
    if denied := asked.report.refusal(asked.user, asked.company):
        raise denied
    sheet = asked.report.build(asked)
    sheet.scope = sheet.scope or asked.scope_words
    sheet.currency = sheet.currency or asked.company.currency
    return limited(sheet, asked.limit)


def make(wanted: Wanted) -> ReportRun:
    """Make a file and keep it. What `for_user` may not see is left out and named.

    Raises `PermissionDenied` when nothing is left, `ValidationError` for unreadable parameters,
    `Refused` when it is too long for its kind of file.
    """
    return keep(wanted, answers(wanted))


def keep(wanted: Wanted, made: "Answers") -> ReportRun:
    """Write sheets into a file and keep it. Raises as `make`."""
    if not made.answered:
        raise PermissionDenied(made.left_out[0]["reason"] if made.left_out else _("There is nothing to make."))
    code = wanted.again_of.code if wanted.again_of else new_code()
    sheets = made.sheets
    if wanted.again_of:
        _say_what_was_said(wanted.again_of, made)
    content = _write(wanted, made.answered, code)
    title = wanted.title or sheets[0].title
    subtitle = wanted.subtitle or sheets[0].subtitle
    run = ReportRun(
        company=wanted.company,
        code=new_code() if wanted.again_of else code,
        title=title[:160],
        subtitle=subtitle[:160],
        pack=wanted.pack,
        schedule=wanted.schedule,
        parts=[_part(asked, sheet) for asked, sheet in made.answered],
        left_out=made.left_out,
        rights=sorted({asked.report.permission for asked, _sheet in made.answered}),
        kind=wanted.kind,
        made_by=wanted.by,
        for_user=wanted.for_user,
        made_at=timezone.now() if wanted.again_of else wanted.at,
        as_of=wanted.as_of or wanted.at,
        entries=max(sheet.entries for sheet in sheets),
        file_name=f"{_file_stem(title, sheets[0].period_words or subtitle)}.{wanted.kind}",
        content=content,
        size=len(content),
        file_digest=hashlib.sha256(content).hexdigest(),
        data_digest=hashlib.sha256("".join(sheet.digest for sheet in sheets).encode()).hexdigest(),
        again_of=wanted.again_of,
    )
    with acting(wanted.by):
        run.save()
    return run


def make_again(run: ReportRun, *, by: Any) -> ReportRun:
    """Make a kept file again from its parameters, its moment and the rights of the person it was for.

    Compare `file_digest` and `data_digest` with the first run's. Raises `PermissionDenied` for a run
    that `by` may not see.
    """
    if denied := _refusal(run, by):
        raise denied
    if not run.for_user.is_active:
        raise Refused(
            _("%(name)s has no access any more, so it cannot be made with their rights.") % {"name": run.for_user}
        )
    first = run.again_of or run
    return make(
        Wanted(
            company=run.company,
            questions=first.questions(),
            kind=first.kind,
            for_user=first.for_user,
            by=by,
            on=timezone.localdate(first.made_at, first.company.zone),
            at=first.made_at,
            title=first.title,
            subtitle=first.subtitle,
            pack=first.pack,
            schedule=first.schedule,
            as_of=first.as_of,
            again_of=first,
        )
    )


def _refusal(run: ReportRun, user: Any) -> PermissionDenied | None:
    if ReportRun.objects.visible_to(user).filter(pk=run.pk).exists():
        return None
    return PermissionDenied(_("This file was made with rights that you do not have."))


@dataclass(frozen=True)
class Answers:
    """The sheets that a person may see, and what is left out with the reason."""

    answered: list[tuple[Asked, Sheet]]
    left_out: list[dict[str, str]]

    @property
    def sheets(self) -> list[Sheet]:
        return [sheet for _asked, sheet in self.answered]


def answers(wanted: Wanted) -> Answers:
    """Ask all questions with the rights of `for_user`. Raises `ValidationError` for unreadable parameters."""
    answered: list[tuple[Asked, Sheet]] = []
    left_out = []
    with one_snapshot():
        for key, given in wanted.questions:
            try:
                asked = ask(
                    key,
                    given,
                    company=wanted.company,
                    user=wanted.for_user,
                    on=wanted.on,
                    as_of=wanted.as_of,
                    limit=wanted.limit,
                )
                answered.append((asked, answer(asked)))
            except PermissionDenied as reason:
                left_out.append({"report": key, "title": str(reports[key].title), "reason": str(reason)})
    return Answers(answered, left_out)


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Let all queries see the same moment, so that the parts of a file agree; a no-op inside a transaction."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _say_what_was_said(first: ReportRun, made: "Answers") -> None:
    """Drafts and open periods of that day are gone: their words are taken from the first file."""
    said = {part["report"]: part.get("warnings", []) for part in first.parts}
    for asked, sheet in made.answered:
        sheet.warnings = [(words, "") for words in said.get(asked.report.key, [])]


def _part(asked: Asked, sheet: Sheet) -> dict[str, Any]:
    return {
        "report": asked.report.key,
        "title": sheet.title,
        "subtitle": sheet.subtitle,
        "parameters": dict(asked.texts),
        "entries": sheet.entries,
        "rows": len(sheet.rows),
        "digest": sheet.digest,
        "warnings": [words for words, _href in sheet.warnings],
    }


def _write(wanted: Wanted, answered: list[tuple[Asked, Sheet]], code: str) -> bytes:
    from reporting.reports.files import filing, printing  # heavy libraries: only who writes a file needs them

    sheets = [sheet for _asked, sheet in answered]
    match wanted.kind:
        case FileKind.CSV:
            if len(sheets) > 1:
                raise Refused(_("A CSV file holds one report only."), code="kind")
            return filing.csv_file(sheets[0])
        case FileKind.XLSX:
            return filing.xlsx_file(sheets, _about(wanted, answered, code), made_at=wanted.at)
        case FileKind.PDF:
            made = made_words(wanted.company, wanted.at, wanted.for_user)
            foot = _("%(made)s {source} · confidential · report %(code)s, can be made again exactly")
            provenance = printing.Provenance(
                wanted.company.name, wanted.company.initials, foot % {"made": made, "code": code}
            )
            return printing.pdf_file(sheets, provenance)
    raise LookupError(f"There is no kind of file named {wanted.kind}.")


def made_words(company: Any, at: datetime, user: Any) -> str:
    """Made 7 Dec 2026, 07:30 for Grace Okafor."""
    when = date_format(at.astimezone(company.zone), "j M Y, H:i")
    return _("Made %(when)s for %(name)s") % {"when": when, "name": user}


def _about(wanted: Wanted, answered: list[tuple[Asked, Sheet]], code: str) -> list[tuple[str, str]]:
    lines = [
        (_("Organisation"), str(wanted.company)),
        (_("Made"), made_words(wanted.company, wanted.at, wanted.for_user)),
        (_("Report id"), code),
    ]
    for asked, sheet in answered:
        lines.append((sheet.title, f"{sheet.subtitle}, {sheet.scope}"))
        lines += [
            (f"  {form_field.label}", asked.texts.get(name) or _("All"))
            for name, form_field in asked.report.parameters.base_fields.items()
        ]
        lines.append((_("  Entries"), f"{sheet.entries:,}"))
        lines.append((_("  SHA-256 of the figures"), sheet.digest))
    return lines


def _file_stem(title: str, period: str) -> str:
    """A file name that every system takes: Profit and loss 2026-10."""
    words = [slugify(part, allow_unicode=False).replace("-", " ") for part in (title,)]
    stem = words[0].capitalize() or "report"
    tail = slugify(period)
    return f"{stem} {tail}"[:120].strip() if tail else stem
