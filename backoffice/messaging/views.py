"""A person's notices, and the outbox for those who look after mail."""

from typing import Any

from csp.constants import NONE
from csp.decorators import csp
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.text import slugify
from django.utils.translation import gettext as _

from backoffice.core.errors import Refused
from backoffice.messaging import noticing, sending
from backoffice.messaging.models import MailAttachment, Notice, OutgoingMail
from backoffice.ui.screen import Screen

# A mail has inline styles and nothing else that acts: shown in a sandbox, on a page of its own.
MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
    "sandbox": True,
}


class NoticesScreen(Screen):
    """A person's own notices; no right is needed to read what is addressed to oneself."""

    model = Notice

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated:
            return super().dispatch(request, *args, **kwargs)
        return super(Screen, self).dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        notices = list(Notice.objects.filter(to_id=request.user.pk)[:100])
        context = {
            "title": _("Notices"),
            "crumbs": [(_("Notices"), "")],
            "notices": notices,
            "unread": noticing.unread(request.user),
            "path": request.path,
        }
        return render(request, "backoffice/messaging/notices.html", context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        noticing.read(request.user)
        return self.go(request.path)


class NoticeScreen(NoticesScreen):
    """Read a notice: it is marked, and leads to what it is about."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        notice = Notice.objects.filter(to_id=request.user.pk, pk=kwargs["pk"]).first()
        if notice is None:
            raise Http404
        noticing.read(request.user, [notice.pk])
        return self.go(notice.url or reverse("messaging:notice_list"))


class MailScreen(Screen):
    """A mail of the outbox: its text, its files, what happened to it."""

    model = OutgoingMail

    def get(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.page(self.found(pk))

    def page(self, mail: OutgoingMail, *, refusal: str = "", status: int = 200) -> HttpResponse:
        context = {
            "title": mail.subject,
            "mail": mail,
            "attachments": mail.attachments.defer("content"),
            "crumbs": [(_("Outgoing mail"), reverse("messaging:outgoingmail_list")), (mail.subject, "")],
            "may_send": self.request.user.has_perm("messaging.change_outgoingmail")
            and mail.state in {OutgoingMail.State.FAILED, OutgoingMail.State.KEPT},
            "refusal": refusal,
            "path": self.request.path,
        }
        return render(self.request, "backoffice/messaging/mail.html", context, status=status)

    def post(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        mail = self.found(pk)
        try:
            sending.send_again(mail, by=request.user)
        except Refused as reason:
            return self.page(mail, refusal=str(reason), status=409)
        messages.success(request, _("It waits for sending again."))
        return self.go(mail.get_absolute_url())


class MailBodyScreen(Screen):
    """The mail as its reader sees it, in a sandbox."""

    model = OutgoingMail

    @method_decorator(csp(MAIL_POLICY))
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        mail = self.found(pk)
        if not mail.html:
            raise Http404
        return HttpResponse(mail.html)


class MailFileScreen(Screen):
    """The whole mail as .eml, or one attached file."""

    model = OutgoingMail

    def get(self, request: HttpRequest, pk: int, file: int = 0, *args: Any, **kwargs: Any) -> HttpResponse:
        mail = self.found(pk)
        if not file:
            content = sending.message_of(mail).message().as_bytes()
            return _download(content, "message/rfc822", f"{slugify(mail.subject) or 'mail'}.eml")
        attached = MailAttachment.objects.filter(mail=mail, pk=file).first()
        if attached is None:
            raise Http404
        return _download(bytes(attached.content), attached.media_type, attached.name)


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
