"""Each recipient gets what their own role may see, once, and it can be made again."""

from datetime import UTC, date, datetime, time
from email import message_from_bytes, policy
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pypdf import PdfReader

from backoffice.jobs import running
from backoffice.jobs.models import Job
from backoffice.messaging import sending
from backoffice.messaging.models import Notice, OutgoingMail
from reporting.reports import delivering, making, scheduling
from reporting.reports.making import Wanted
from reporting.reports.models import MEDIA_TYPES, Delivery, Pack, PackPart, ReportRun, Schedule
from tests.reporting.reports.world import book

PARTS = [
    ("ledger.profit_and_loss", {"period": "last_month", "unit": "exact"}),
    ("ledger.balance_sheet", {"on": "last_month_end"}),
    ("payables.aged_payables", {"on": "last_month_end"}),
    ("payables.largest_bills", {"period": "last_month"}),
    ("ledger.general_ledger", {"period": "last_month"}),
    ("reports.overrides", {"period": "last_month"}),
]
DUE = datetime(2026, 11, 6, 7, 0, tzinfo=UTC)


@pytest.fixture
def schedule(company, people):
    pack = Pack.objects.create(company=company, name="Month end")
    for place, (report, parameters) in enumerate(PARTS):
        PackPart.objects.create(pack=pack, place=place, report=report, parameters=parameters)
    made = Schedule(
        company=company, pack=pack, owner=people["grace"], at=time(7), subject="Month end, {month}", attach_xlsx=True
    )
    return scheduling.keep(
        made,
        [people["grace"], people["marcus"], people["tom"]],
        by=people["grace"],
        now=datetime(2026, 11, 1, tzinfo=UTC),
    )


def work_off():
    """Do all waiting jobs, and those that they ask for."""
    while waiting := list(Job.objects.filter(state="queued").values_list("pk", flat=True)):
        for pk in waiting:
            running.run(pk)


def text_of(content):
    """The words of a PDF, wherever its lines are broken."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def the_run(user, kind="pdf"):
    return ReportRun.objects.get(for_user=user, kind=kind)


def test_the_pack_goes_to_each_recipient_with_their_own_rows(schedule, people):
    assert scheduling.tick(DUE) == 1
    work_off()

    assert not Job.objects.exclude(state="done").exists(), list(Job.objects.values_list("kind", "message"))
    whole, narrow = text_of(bytes(the_run(people["grace"]).content)), text_of(bytes(the_run(people["marcus"]).content))
    for words in (
        "Profit and loss",
        "Balance sheet",
        "Aged payables",
        "Largest bills",
        "General ledger",
        "List of overrides",
    ):
        assert words in whole
    for others in ("Rent of the office", "Sales", "Balance sheet", "OF1", "10,000", "List of overrides"):
        assert others in whole, others
        assert others not in narrow, others
    for own in ("only Warehouse", "Diesel for the lorry", "WH1", "5,200.00", "for Marcus Bell"):
        assert own in narrow, own


def test_what_is_left_out_is_named_and_nothing_is_sent_where_nothing_is_left(schedule, people):
    scheduling.tick(DUE)
    work_off()

    mail = OutgoingMail.objects.get(recipient=people["marcus"])
    assert "Left out: Balance sheet." in mail.text
    assert "Left out: Balance sheet." in mail.html
    assert {part["title"] for part in the_run(people["marcus"]).left_out} == {"Balance sheet", "List of overrides"}
    delivery = Delivery.objects.get(user=people["tom"])
    run = the_run(people["tom"])  # Tom may see bills, and nothing of the books
    assert [part["report"] for part in run.parts] == ["payables.largest_bills"]
    assert delivery.state == "sent"


def test_a_due_time_is_delivered_once_even_when_jobs_run_twice(schedule, people):
    scheduling.tick(DUE)
    work_off()
    Job.objects.update(state="queued", attempt=0)
    work_off()

    assert Delivery.objects.count() == 3
    assert OutgoingMail.objects.count() == 3
    assert ReportRun.objects.count() == 6


def test_the_mail_leads_with_key_figures_and_says_why_it_came(schedule, people):
    scheduling.tick(DUE)
    work_off()

    mail = OutgoingMail.objects.get(recipient=people["grace"])
    assert mail.subject == "Month end, October 2026"
    assert "£10,000" in mail.html
    assert "What moved most against Sep 2026" in mail.html
    assert "Sent to Grace Okafor every month on working day 5 at 07:00, set up by Grace Okafor." in mail.html
    assert "October 2026 is still open" in mail.text
    assert len(mail.html) < 100_000
    assert "<script" not in mail.html
    names = [each.name for each in mail.attachments.all()]
    assert names == ["Month end 2026-10.pdf", "Month end 2026-10.xlsx"]
    whole = message_from_bytes(sending.message_of(mail).message().as_bytes(), policy=policy.default)
    assert [part.get_content_type() for part in whole.iter_attachments()] == [
        "application/pdf",
        MEDIA_TYPES["xlsx"],
    ]
    assert Notice.objects.filter(to=people["grace"], title="Month end, October 2026").exists()


def test_rights_lost_before_the_due_time_are_lost(schedule, people):
    people["marcus"].role_assignments.all().delete()
    scheduling.tick(DUE)
    work_off()

    assert not ReportRun.objects.filter(for_user=people["marcus"]).exists()
    assert Delivery.objects.get(user=people["marcus"]).state == "empty"
    assert Notice.objects.filter(to=people["grace"], title__startswith="Marcus Bell was sent nothing").exists()


def test_a_recipient_who_left_gets_nothing_and_the_owner_hears_of_it(schedule, people):
    type(people["marcus"]).objects.filter(pk=people["marcus"].pk).update(is_active=False)
    scheduling.tick(DUE)
    work_off()

    assert not OutgoingMail.objects.filter(recipient=people["marcus"]).exists()
    assert Notice.objects.filter(to=people["grace"], title__contains="failed").exists()
    assert OutgoingMail.objects.count() == 2


def wanted(company, user, kind="pdf", questions=PARTS[:2]):
    now = timezone.now()
    return Wanted(
        company=company, questions=questions, kind=kind, for_user=user, by=user, on=date(2026, 11, 23), at=now
    )


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_a_kept_file_is_made_again_exactly(company, people, kind):
    run = making.make(wanted(company, people["grace"], kind))

    again = making.make_again(run, by=people["grace"])

    assert again.file_digest == run.file_digest
    assert again.data_digest == run.data_digest
    assert again.again_of == run
    assert run.parts[0]["parameters"]["period"] == "2026-10"  # absolute, so that it is the same on any day
    assert run.entries > 0


def test_a_difference_is_seen_when_it_is_made_again_with_other_rights(company, people):
    run = making.make(wanted(company, people["grace"]))
    people["grace"].role_assignments.all().delete()
    people["grace"].__dict__.pop("_grants", None)
    run = ReportRun.objects.get(pk=run.pk)

    with pytest.raises(PermissionDenied):
        making.make_again(run, by=run.for_user)


def test_a_kept_file_is_as_secret_as_what_it_shows(company, people):
    whole = making.make(wanted(company, people["grace"]))
    own = making.make(wanted(company, people["marcus"]))
    bills = making.make(wanted(company, people["grace"], questions=[PARTS[3]]))

    def seen(user):
        return set(ReportRun.objects.visible_to(user).values_list("pk", flat=True))

    assert seen(people["grace"]) == {whole.pk, own.pk, bills.pk}
    assert seen(people["marcus"]) == {own.pk}
    assert seen(people["tom"]) == set()  # without the right to look at the files of others
    with pytest.raises(PermissionDenied):
        making.make_again(whole, by=people["marcus"])


def test_once_to_oneself_needs_no_right_over_schedules_but_to_others_it_does(company, people):
    def send(by, to):
        return delivering.send_now(
            company, PARTS[:1], to, title="P&L", subject="P&L, {month}", kinds=["pdf"], by=by, at=timezone.now()
        )

    send(people["marcus"], [people["marcus"]])
    work_off()
    assert OutgoingMail.objects.get().recipient == people["marcus"]
    with pytest.raises(PermissionDenied):
        send(people["marcus"], [people["grace"]])


def test_a_file_by_job_is_kept_and_told(company, people):
    job = running.enqueue(
        "reports.make", by=people["grace"], company=company, report="ledger.general_ledger",
        parameters={"period": "2026-10"}, kind="csv", on="2026-11-23",
    )  # fmt: skip

    done = running.run(job.pk)

    assert done.state == "done", done.message
    assert done.result_url == ReportRun.objects.get().get_absolute_url()
    assert Notice.objects.filter(to=people["grace"], title__contains="is ready").exists()


def test_figures_posted_later_are_not_in_a_file_made_again(company, people, clerk):
    run = making.make(wanted(company, people["grace"]))
    ReportRun.objects.filter(pk=run.pk).update(as_of=datetime(2026, 1, 1, tzinfo=UTC))
    book(company, clerk, date(2026, 10, 20), "Late sales", ("1210", "77"), ("4110", "-77"))

    again = making.make_again(ReportRun.objects.get(pk=run.pk), by=people["grace"])

    assert again.data_digest != run.data_digest  # as of a moment when nothing was posted yet
