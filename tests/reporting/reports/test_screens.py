"""The screen of a report: address, chips, drill-down, files, mailing."""

from datetime import date

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from backoffice.jobs.models import Job
from reporting.reports import making, screens
from reporting.reports.defining import reports
from reporting.reports.menu import find_reports
from reporting.reports.models import Pack, ReportRun, Schedule
from tests.fixtures_world import a_user, all_rights

PNL = "/reports/ledger.profit_and_loss/"


@pytest.fixture
def grace(client, people):
    client.force_login(people["grace"])
    return people["grace"]


@pytest.mark.parametrize("key", [key for key, _report in reports.items()])
def test_every_report_renders_full_and_empty(client, company, people, key):
    everything = all_rights(*(config.label for config in apps.get_app_configs()))
    client.force_login(a_user("Rhea Reader", *everything, company=company))
    assert client.get(f"/reports/{key}/").status_code == 200
    for given in ("period=2026-10", "period=2020-01", "on=2026-10-31", "on=2020-01-31"):
        answer = client.get(f"/reports/{key}/?{given}")
        assert answer.status_code == 200
        assert "<style" not in answer.text
        assert "style=" not in answer.text


def test_the_address_holds_the_view(client, grace):
    page = client.get(f"{PNL}?period=2026-10&against=prior_year").text

    assert "October 2026, against Oct 2025, whole company" in page
    assert 'data-act="fold"' in page
    assert "/reports/ledger.general_ledger/?period=2026-10&amp;heading=sales" in page
    assert f"{PNL}pdf/?period=2026-10&amp;against=prior_year" in page


def test_an_unreadable_parameter_says_so_and_keeps_the_others(client, grace):
    answer = client.get(f"{PNL}?period=nonsense&against=prior_year")

    assert answer.status_code == 422
    assert "is not a period" in answer.text


def test_reports_are_refused_with_their_reason(client, people):
    client.force_login(people["marcus"])
    assert client.get(PNL).status_code == 200
    assert client.get("/reports/ledger.balance_sheet/").status_code == 403
    assert client.get("/reports/ledger.balance_sheet/pdf/").status_code == 403
    assert client.get("/reports/nothing/").status_code == 404
    index = client.get("/reports/").text
    assert "Profit and loss" in index
    assert "Balance sheet" not in index

    client.force_login(people["tom"])
    assert client.get(PNL).status_code == 403
    client.logout()
    assert client.get(PNL).status_code == 302


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")])
def test_a_short_file_comes_at_once_and_is_kept(client, grace, kind, start):
    answer = client.get(f"{PNL}{kind}/?period=2026-10")

    assert answer.status_code == 200
    assert answer.content.startswith(start)
    run = ReportRun.objects.get()
    assert bytes(run.content) == answer.content
    assert f'filename="Profit and loss 2026-10.{kind}"' in answer["Content-Disposition"]
    assert client.get(f"/reports/runs/{run.pk}/file/").content == answer.content
    page = client.get(f"/reports/runs/{run.pk}/").text
    assert run.file_digest in page
    client.post(f"/reports/runs/{run.pk}/")
    assert "Same f" in client.get(f"/reports/runs/{run.pk}/").text


def test_a_long_file_becomes_a_job(client, grace, monkeypatch):
    monkeypatch.setattr(screens, "ROWS_AT_ONCE", {"pdf": 3, "csv": 3, "xlsx": 3})

    answer = client.get("/reports/ledger.general_ledger/csv/?period=2026")

    job = Job.objects.get()
    assert answer["Location"] == job.get_absolute_url()
    assert job.arguments["parameters"]["period"] == "2026"


MAIL = {
    "mail-when": "schedule", "mail-every": "month", "mail-working_day": "5", "mail-weekday": "0", "mail-at": "07:00",
    "mail-subject": "P&L, {month}", "mail-kinds": ["pdf"], "idempotency_key": "5b3a4c9e-5a7e-4f0e-9a1c-3f2d1e0c9b8a",
}  # fmt: skip


def test_a_schedule_is_set_up_from_the_report_once(client, grace, people):
    data = {**MAIL, "mail-recipients": [people["grace"].pk, people["marcus"].pk]}

    for _press in range(2):
        answer = client.post(f"{PNL}email/?period=last_month", data)
        assert answer.status_code == 302, answer.content[:2000]

    schedule = Schedule.objects.get()
    assert answer["Location"] == schedule.get_absolute_url()
    (part,) = schedule.pack.parts.all()
    assert part.parameters["period"] == "last_month"  # stays relative
    assert schedule.recipients.count() == 2
    page = client.get(schedule.get_absolute_url()).text
    assert "every month on working day 5 at 07:00" in page
    for act in ("test", "now", "stop", "start"):
        assert client.post(schedule.get_absolute_url(), {"act": act}).status_code == 302
    assert Job.objects.count() == 3


def test_a_test_goes_to_me_alone(client, grace, people):
    client.post(f"{PNL}email/", {**MAIL, "mail-recipients": [people["marcus"].pk], "then": "test"})

    job = Job.objects.get()
    assert job.arguments["to"] == people["grace"].pk
    assert job.arguments["subject"].startswith("Test: P&L")


def test_mailing_with_errors_keeps_what_was_typed(client, grace):
    answer = client.post(f"{PNL}email/", {**MAIL, "mail-at": "half past", "mail-recipients": []})

    assert answer.status_code == 422
    assert "half past" in answer.text


def test_the_next_time_is_told_while_the_rule_is_typed(client, grace):
    text = client.get("/reports/schedules/next/?mail-every=month&mail-working_day=5&mail-at=07:30").text

    assert "07:30" in text
    assert "cannot be read" in client.get("/reports/schedules/next/?mail-at=soon").text


def test_a_pack_is_put_together_ordered_and_scheduled(client, grace):
    made = client.post("/reports/packs/new/", {"name": "Board", "idempotency_key": "x"})
    pack = Pack.objects.get()
    assert made.status_code in {204, 302}
    address = pack.get_absolute_url()
    client.post(address, {"act": "add", "report": "ledger.balance_sheet"})
    client.post(f"{PNL}pack/?period=last_month", {"pack": pack.pk})
    second = pack.parts.last()
    client.post(address, {"act": "up", "part": second.pk})
    assert [part.report for part in pack.parts.all()] == ["ledger.profit_and_loss", "ledger.balance_sheet"]
    assert "Balance sheet" in client.get(address).text
    client.post(address, {"act": "remove", "part": second.pk})
    assert pack.parts.count() == 1

    page = client.get(f"/reports/schedules/new/?pack={pack.pk}")
    assert page.status_code == 200
    data = {"pack": pack.pk, "every": "month", "working_day": 5, "weekday": 0, "at": "07:00", "subject": "Board, {month}",
            "attach_pdf": "on", "recipients": [grace.pk], "idempotency_key": "y"}  # fmt: skip
    saved = client.post("/reports/schedules/new/", data)
    assert saved.status_code in {204, 302}, saved.text[:3000]
    schedule = Schedule.objects.get()
    assert schedule.next_at is not None
    assert client.get(reverse("reports:schedule_edit", args=[schedule.pk])).status_code == 200


@pytest.mark.parametrize(
    "name", ["report_list", "reportrun_list", "pack_list", "schedule_list", "schedule_new", "pack_new"]
)
def test_the_other_screens_render(client, grace, company, name):
    making.make(
        making.Wanted(
            company=company,
            questions=[("ledger.trial_balance", {})],
            kind="csv",
            for_user=grace,
            by=grace,
            on=date(2026, 11, 23),
            at=timezone.now(),
        )
    )

    assert client.get(reverse(f"reports:{name}")).status_code == 200


def test_the_palette_finds_reports(client, grace, company):
    assert "Aged payables" in [hit.label for hit in find_reports(grace, "aged")]
