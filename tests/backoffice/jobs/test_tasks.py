"""Tasks accept what a newer release may send them."""

from backoffice.jobs import tasks


def test_tasks_accept_unknown_keywords(db):
    tasks.run(job_id=0, colour="blue")
    tasks.sweep(colour="blue")
