"""Taking files in: each becomes a document, a question or a refusal with its reason; the file is kept in any case."""

import hashlib
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from backoffice.audit.recording import acting
from backoffice.core.authority import authority, recorder
from backoffice.core.errors import Refused
from backoffice.exchange.models import Upload
from backoffice.exchange.slots import Outcome, Reader, readers
from backoffice.organisation.models import Company

LARGEST = 20 * 1024 * 1024
MOST = 100
State = Upload.State


def receive(company: Company, kind: str, files: Iterable[tuple[str, str, bytes]], *, by: Any) -> list[Upload]:
    """Take in several files (name, type, content); one that is refused does not stop the others.

    Raises `PermissionDenied` without the reader's right in this company, `ValidationError` for no, too many or too large files.
    """
    reader = reader_for(kind, company, by)
    given = list(files)
    if not 0 < len(given) <= MOST:
        raise ValidationError(_("Choose between 1 and %s files.") % MOST)
    if too_large := next((name for name, _type, content in given if len(content) > LARGEST), None):
        # not even kept: a file of any size in the database would let anybody fill it
        raise ValidationError(
            _("%(file)s is larger than %(size)s MB.") % {"file": too_large, "size": LARGEST // 1024 // 1024}
        )
    return [_receive(company, kind, reader, each, by) for each in given]


def again(upload: Upload, *, by: Any, confirmed: bool = False) -> Upload:
    """Read a kept file once more, after what stood in the way was put right, or because its proposal is confirmed.

    Raises `Refused` when it was captured already.
    """
    reader = reader_for(upload.kind, upload.company, by)
    with acting(by):
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        if upload.state == State.CAPTURED:
            raise Refused(_("%(file)s was captured already.") % {"file": upload.name}, code="state")
        _read(upload, reader, by, confirmed=confirmed)
        upload.save()
        recorder.only(upload, "read_again", by, {"confirmed": confirmed})
    return upload


def reader_for(kind: str, company: Company, by: Any) -> Reader:
    """The reader of a kind of file; raises `PermissionDenied` when the person may not bring in such files here."""
    reader = readers[kind]
    if denied := authority.only.refusal(by, "exchange.add_upload", Upload(company=company)):
        raise denied
    if not by.has_perm(reader.permission):
        raise PermissionDenied(_("Your roles do not include this right: %(right)s.") % {"right": reader.permission})
    return reader


def _receive(company: Company, kind: str, reader: Reader, file: tuple[str, str, bytes], by: Any) -> Upload:
    name, media_type, content = file
    upload = Upload(
        company=company,
        kind=kind,
        name=PurePath(name.replace("\\", "/")).name[:160] or "file",
        media_type=(media_type or "application/octet-stream")[:80],
        content=content,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        by=by,
    )
    with acting(by):
        _read(upload, reader, by, confirmed=False)
        upload.save()
        recorder.only(upload, "enter", by, {"state": upload.state})
    return upload


def _read(upload: Upload, reader: Reader, by: Any, *, confirmed: bool) -> None:
    """Let the reader work in a savepoint: a refusal leaves nothing behind but its reason."""
    try:
        with transaction.atomic():
            outcome = reader.read(upload, by=by, confirmed=confirmed)
    except (Refused, PermissionDenied) as reason:
        upload.state, upload.message, upload.warnings, upload.proposal = State.REFUSED, str(reason), [], {}
        return
    except ValidationError as error:
        upload.state, upload.message, upload.warnings, upload.proposal = State.REFUSED, " ".join(error.messages), [], {}
        return
    _take(upload, outcome)


def _take(upload: Upload, outcome: Outcome) -> None:
    upload.message, upload.warnings, upload.proposal = outcome.message, outcome.warnings, outcome.proposal
    upload.state = State.CAPTURED if outcome.result is not None else State.ASKING
    upload.result = outcome.result
