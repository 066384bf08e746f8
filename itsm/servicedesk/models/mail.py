"""Mailboxes that are read, and what became of each mail."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.core.encryption import EncryptedField
from backoffice.core.models import Model
from backoffice.organisation.models import Company
from itsm.servicedesk.models.incidents import Incident
from itsm.servicedesk.models.teams import Team


class Mailbox(Model):
    """An IMAP mailbox whose mails open incidents; set up by administrators only, since the server calls its host.

    `acts_as` enters what comes from people without an account. The reader keeps its place by UID.
    """

    audit_ignore: ClassVar[tuple[str, ...]] = ("secret", "uid_validity", "last_uid", "read_at", "problem")

    class Security(models.TextChoices):
        TLS = "tls", _("TLS from the start")
        STARTTLS = "starttls", _("STARTTLS")
        PLAIN = "plain", _("none, only in a closed network")

    class Unknown(models.TextChoices):
        OPEN = "open", _("open an incident")
        REFUSE = "refuse", _("leave the mail alone")

    company = models.ForeignKey(Company, models.CASCADE, related_name="mailboxes", verbose_name=_("company"))
    address = models.EmailField(_("address"), unique=True, help_text=_("Replies go out with it"))
    host = models.CharField(_("IMAP server"), max_length=120)
    port = models.PositiveIntegerField(
        _("port"), default=993, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    security = models.CharField(_("encryption"), max_length=8, choices=Security.choices, default=Security.TLS)
    login = models.CharField(_("login"), max_length=120)
    secret = EncryptedField(_("password"))
    folder = models.CharField(_("folder"), max_length=80, default="INBOX")
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("goes to the team")
    )
    acts_as = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("enters as"),
        help_text=_("Whose rights count for mail of people without an account"),
    )
    unknown = models.CharField(_("mail of strangers"), max_length=8, choices=Unknown.choices, default=Unknown.REFUSE)
    hourly = models.PositiveSmallIntegerField(
        _("mails of one sender an hour"), default=10, help_text=_("What is beyond is taken for a loop")
    )
    is_active = models.BooleanField(_("is read"), default=True)
    uid_validity = models.BigIntegerField(_("validity of the UIDs"), null=True, editable=False)
    last_uid = models.BigIntegerField(_("last UID"), default=0, editable=False)
    read_at = models.DateTimeField(_("read"), null=True, editable=False)
    problem = models.CharField(_("last problem"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        ordering = ["company", "address"]
        constraints = [
            models.CheckConstraint(name="mailbox_policy_is_known", condition=Q(unknown__in=["open", "refuse"])),
            models.CheckConstraint(
                name="mailbox_security_is_known", condition=Q(security__in=["tls", "starttls", "plain"])
            ),
        ]

    def __str__(self) -> str:
        return self.address

    def get_absolute_url(self) -> str:
        return reverse("servicedesk:mailbox", args=[self.pk])


class ReceivedMail(Model):
    """What became of one mail of a mailbox; a mail that comes twice is known by its message id."""

    scope_company: ClassVar[str | None] = "mailbox__company"
    audited: ClassVar[bool] = False

    class Outcome(models.TextChoices):
        OPENED = "opened", _("Opened an incident")
        ADDED = "added", _("Added to an incident")
        AUTOMATIC = "automatic", _("Automatic answer, left alone")
        LOOP = "loop", _("Too many, taken for a loop")
        OWN = "own", _("Our own mail, left alone")
        STRANGER = "stranger", _("Sender unknown, left alone")
        REPEATED = "repeated", _("Came twice")
        UNREADABLE = "unreadable", _("Could not be read")

    state_tones: ClassVar[dict[str, tuple[str, str]]] = {
        "opened": ("good", "circle-check"),
        "added": ("good", "circle-check"),
        "automatic": ("", "x"),
        "loop": ("wait", "triangle-alert"),
        "own": ("", "x"),
        "stranger": ("", "x"),
        "repeated": ("", "x"),
        "unreadable": ("bad", "circle-alert"),
    }

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="received", verbose_name=_("mailbox"))
    uid_validity = models.BigIntegerField(_("validity of the UID"))
    uid = models.BigIntegerField(_("UID"))
    message_id = models.CharField(_("message id"), max_length=200, blank=True)
    sender = models.CharField(_("from"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    why = models.CharField(_("why"), max_length=300, blank=True)
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, related_name="received_mails", verbose_name=_("incident")
    )
    at = models.DateTimeField(_("read"))

    class Meta:
        verbose_name = _("received mail")
        verbose_name_plural = _("received mail")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["mailbox", "message_id"], condition=~Q(message_id=""), name="received_by_message"),
            models.Index(fields=["mailbox", "sender", "at"], name="received_by_sender"),
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="received_thread"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uid_validity", "uid"], name="received_mail_once"),
        ]

    def __str__(self) -> str:
        return self.subject or self.message_id or str(self.pk)
