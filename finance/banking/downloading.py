"""The file for whoever takes it to the bank, by screen or by program; each download is written down."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from backoffice.audit.recording import acting
from backoffice.core.authority import authority, recorder
from finance.banking.models import PaymentFile
from finance.banking.panels import sees_payments

RIGHT = "banking.download_paymentfile"


def download(run_id: int, *, by: Any) -> HttpResponse:
    """The file of a run. Raises `Http404` where there is none for this person, `PermissionDenied` without the right."""
    file = PaymentFile.objects.visible_to(by).select_related("run").filter(run=run_id).first()
    if file is None:
        raise Http404
    if authority.only.refusal(by, RIGHT, file) or not sees_payments(file.run, by):
        raise PermissionDenied
    with acting(by):
        recorder.only(file.run, "download", by, {"digest": file.digest})
    response = HttpResponse(file.content.encode(), content_type="application/xml")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name)
    response["Cache-Control"] = "private, no-store"
    return response
