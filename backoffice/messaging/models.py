"""Notices and the outbox."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model
from backoffice.organisation.models import Company


class Notice(Model):
    """Something a colleague should know; shown in the product until it is read."""

    scope_company: ClassVar[str | None] = None
    scope_owner: ClassVar[str] = "to"
    audited: ClassVar[bool] = False

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("for"))
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text"), blank=True)
    url = models.CharField(_("where it leads"), max_length=300, blank=True)
    key = models.CharField(_("key"), max_length=120, blank=True)
    made_at = models.DateTimeField(_("at"), db_default=Now())
    read_at = models.DateTimeField(_("read at"), null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["to", "-id"], name="notice_by_person"),
            models.Index(fields=["to"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["to", "key"], name="notice_once_a_key", condition=~Q(key="")),
        ]

    def __str__(self) -> str:
        return self.title


class OutgoingMail(Model):
    """A mail that must leave the house: it exists if and only if its cause was committed.

    Sent at least once: a server that dies between the mail server's answer and our commit sends
    again under the same Message-ID, by which mail programs recognise the copy.
    """

    scope_owner: ClassVar[str] = "recipient"
    audited: ClassVar[bool] = False

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        KEPT = "kept", _("Kept here")
        FAILED = "failed", _("Failed")

    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("company")
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    address = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    headers = models.JSONField(_("further headers"), default=dict, blank=True)
    message_id = models.CharField(_("message id"), max_length=120, unique=True)
    key = models.CharField(_("key"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("last error"), blank=True)
    made_at = models.DateTimeField(_("written at"), db_default=Now())
    next_at = models.DateTimeField(_("not before"), db_default=Now())
    sent_at = models.DateTimeField(_("sent at"), null=True)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering = ["-id"]
        indexes = [models.Index(fields=["next_at"], name="mail_waiting", condition=Q(state="waiting"))]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="mail_once_a_key", condition=~Q(key="")),
            models.CheckConstraint(
                name="mail_state_is_known", condition=Q(state__in=["waiting", "sent", "kept", "failed"])
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("messaging:outgoingmail", args=[self.pk])


class MailAttachment(Model):
    """A file that goes with a mail."""

    scope_company: ClassVar[str | None] = "mail__company"
    audited: ClassVar[bool] = False

    mail = models.ForeignKey(OutgoingMail, models.CASCADE, related_name="attachments", verbose_name=_("mail"))
    name = models.CharField(_("file name"), max_length=160)
    media_type = models.CharField(_("type"), max_length=80)
    content = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("bytes"))

    class Meta:
        verbose_name = _("mail attachment")
        verbose_name_plural = _("mail attachments")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
