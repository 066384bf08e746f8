"""The file for whoever takes it to the bank, by screen or by program; each download is written down."""

from typing import Any

from django.core.exceptions import PermissionDenied

from backoffice.audit.recording import acting
from backoffice.core.authority import authority, recorder
from finance.banking.models import PaymentFile
from finance.banking.proposing import sees_payments

RIGHT = "banking.download_paymentfile"


def take(run_id: int, *, by: Any) -> PaymentFile | None:
    """The file of a run, None where there is none for this person. Raises `PermissionDenied` without the right."""
    file = PaymentFile.objects.visible_to(by).select_related("run").filter(run=run_id).first()
    if file is None:
        return None
    if authority.only.refusal(by, RIGHT, file) or not sees_payments(file.run, by):
        raise PermissionDenied
    with acting(by):
        recorder.only(file.run, "download", by, {"digest": file.digest})
    return file
