"""A person sees their own jobs; the bar renews itself until the end."""

from backoffice.jobs.models import Job
from tests.fixtures_world import a_user


def a_job(user, **fields):
    return Job.objects.create(kind="note", title="Make a file", actor=user, **fields)


def test_a_running_job_asks_for_itself_every_second_and_a_finished_one_does_not(client, company):
    user = a_user("Tom Ashworth", company=company)
    client.force_login(user)
    job = a_job(user, state="running", done=3, total=10)
    address = f"/jobs/{job.pk}/progress/"

    running = client.get(address, headers={"HX-Request": "true"})
    Job.objects.update(state="done")
    ended = client.get(address, headers={"HX-Request": "true"})

    assert 'hx-trigger="every 1s"' in running.text
    assert "3 of 10" in running.text
    assert "hx-trigger" not in ended.text
    assert ended["HX-Refresh"] == "true"


def test_the_pages_of_jobs_render_and_are_not_for_others(client, company):
    user, other = a_user("Tom Ashworth", company=company), a_user("Hannah Reid", company=company)
    job = a_job(user, state="queued")
    client.force_login(user)
    assert client.get("/jobs/").status_code == 200
    assert client.get(f"/jobs/{job.pk}/").status_code == 200

    client.force_login(other)
    assert client.get(f"/jobs/{job.pk}/").status_code in {403, 404}
    assert client.post(f"/jobs/{job.pk}/cancel/").status_code in {403, 404}
    assert client.get("/jobs/all/").status_code == 403


def test_a_person_cancels_their_job(client, company):
    user = a_user("Tom Ashworth", company=company)
    job = a_job(user, state="queued")
    client.force_login(user)

    client.post(f"/jobs/{job.pk}/cancel/")

    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_strangers_are_sent_to_sign_in(client, db):
    assert client.get("/jobs/").status_code == 302
