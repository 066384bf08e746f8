"""Notices are a person's own; the outbox is for those who look after mail."""

from backoffice.messaging import noticing, sending, tasks
from tests.fixtures_world import a_user


def test_a_notice_is_read_by_opening_it_and_leads_to_its_subject(client, company):
    user, other = a_user("Tom Ashworth", company=company), a_user("Hannah Reid", company=company)
    mine, theirs = noticing.notify(user, "File ready", url="/jobs/"), noticing.notify(other, "Secret")
    client.force_login(user)

    assert "File ready" in client.get("/notices/").text
    assert "Secret" not in client.get("/notices/").text
    assert client.get(f"/notices/{mine.pk}/")["Location"] == "/jobs/"
    assert noticing.unread(user) == 0
    assert client.get(f"/notices/{theirs.pk}/").status_code == 404


def test_all_notices_are_marked_at_once(client, company):
    user = a_user("Tom Ashworth", company=company)
    noticing.notify(user, "One")
    noticing.notify(user, "Two")
    client.force_login(user)

    client.post("/notices/")

    assert noticing.unread(user) == 0


def test_a_notice_with_a_key_is_told_once(company):
    user = a_user("Tom Ashworth", company=company)

    assert noticing.notify(user, "One", key="a").pk == noticing.notify(user, "One", key="a").pk


def test_the_outbox_shows_text_html_in_a_sandbox_and_files(client, company):
    mail = sending.queue_mail(
        to="grace@calderwren.example",
        subject="Pack",
        text="Dear Grace",
        html="<p style='color:red'>Dear Grace</p><script>alert(1)</script>",
        attachments=[("a.pdf", "application/pdf", b"%PDF")],
        company=company,
    )
    client.force_login(a_user("Ada Quinn", "messaging.view_outgoingmail", company=company))

    assert "Pack" in client.get("/notices/outbox/").text
    page = client.get(f"/notices/outbox/{mail.pk}/")
    assert "Dear Grace" in page.text
    assert "a.pdf" in page.text
    body = client.get(f"/notices/outbox/{mail.pk}/body/")
    policy = body["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert b"Message-ID" in client.get(f"/notices/outbox/{mail.pk}/eml/").content
    attached = mail.attachments.get()
    assert client.get(f"/notices/outbox/{mail.pk}/files/{attached.pk}/").content == b"%PDF"


def test_the_outbox_is_closed_without_the_right(client, company):
    mail = sending.queue_mail(to="grace@calderwren.example", subject="Pack", text="x", company=company)
    client.force_login(a_user("Tom Ashworth", company=company))

    for address in ("", f"{mail.pk}/", f"{mail.pk}/body/", f"{mail.pk}/eml/"):
        assert client.get(f"/notices/outbox/{address}").status_code == 403


def test_tasks_accept_unknown_keywords(db):
    tasks.send_waiting(colour="blue")
