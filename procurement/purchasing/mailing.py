"""The mail with an order's paper: drawn by a worker from the revision that was sent, not from what the order is by then.

The job stands in the database if and only if the order was sent, and is found again whatever dies; the key of the
mail makes a revision go out once.
"""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.core import events
from backoffice.jobs import running
from backoffice.jobs.events import JobEnded
from backoffice.jobs.models import Job
from backoffice.messaging.noticing import notify
from backoffice.messaging.sending import queue_mail
from procurement.purchasing import amending, printing
from procurement.purchasing.models import PurchaseOrder

KIND = "purchasing.paper"


def ask(order: PurchaseOrder, *, by: Any) -> Job:
    """Have the paper of the revision that was just sent drawn and mailed after commit."""
    return running.enqueue(
        KIND,
        by=by,
        company=order.company,
        title=_("Mail order %s to its supplier") % order.number,
        order=order.pk,
        revision=order.revision,
    )


@running.kind(KIND, label=gettext_lazy("Mail an order to its supplier"))
def draw_and_mail(job: Job, *, order: int, revision: int, **unknown: Any) -> None:
    """Draw the paper of a revision and put it into the outbox, addressed to the supplier."""
    found = PurchaseOrder.objects.select_related("company", "supplier__party", "buyer", "warehouse").get(pk=order)
    sent, lines = amending.as_sent(found, revision)
    subject = _("Change of order %s") if revision > 1 else _("Order %s")
    words = {
        "number": sent.number,
        "company": sent.company.name,
        "day": date_format(sent.needed_on, "j F Y"),
        "buyer": sent.buyer.name,
    }
    text = _(
        "Good day,\n\nplease find attached our order %(number)s. We need it by %(day)s.\n"
        "Please confirm it and state the number on delivery note and invoice.\n\n%(buyer)s\n%(company)s\n"
    )
    queue_mail(
        to=sent.supplier.mail,
        subject=f"{subject % sent.number}, {sent.company.name}",
        text=text % words,
        attachments=[(f"{sent.number}.pdf", "application/pdf", printing.pdf(sent, lines))],
        key=f"purchase-order:{sent.pk}:{revision}",
        company=sent.company,
    )
    job.result_text, job.result_url = sent.number, sent.get_absolute_url()


@events.subscribe(JobEnded)
def tell_that_it_failed(event: JobEnded) -> None:
    """The buyer believes that the supplier has the order, so a mail that cannot be made is said at once."""
    if event.kind != KIND or event.state != Job.State.FAILED:
        return
    job = Job.objects.select_related("actor").get(pk=event.job_id)
    order = PurchaseOrder.objects.get(pk=job.arguments["order"])
    title = _("%s did not go to the supplier") % order.number
    notify(job.actor, title, job.message, order.get_absolute_url(), key=f"order-paper:{job.pk}")
