"""Acts and changes: append-only, the database refuses to alter them."""

from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Func
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model


class TransactionIdField(models.Field):
    """PostgreSQL's 64-bit transaction id (`xid8`): ties together what was written in one transaction."""

    def db_type(self, connection: object) -> str:
        return "xid8"


class CurrentTransaction(Func):
    function = "pg_current_xact_id"
    arity = 0


class Act(Model):
    """Somebody performed a verb on a document."""

    scope_company = None
    audited: ClassVar[bool] = False

    # A foreign key locks the row it points to, and all who act share one kind of document: the guards
    # (sql/guards.sql) refuse instead that a user or kind with acts is deleted.
    content_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("kind")
    )
    object_id = models.BigIntegerField(_("document id"))
    verb = models.CharField(_("verb"), max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, db_constraint=False, verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), db_default=Now())
    details = models.JSONField(_("details"), default=dict)
    transaction = TransactionIdField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["content_type", "object_id", "-id"]),
            models.Index(fields=["by", "-id"]),
            models.Index(fields=["-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.content_type_id}/{self.object_id}"


class Change(Model):
    """A row was written, with the values before and after; made by a trigger, so SQL by hand is seen too."""

    scope_company = None
    audited: ClassVar[bool] = False

    class Operation(models.TextChoices):
        INSERT = "insert", _("entered")
        UPDATE = "update", _("changed")
        DELETE = "delete", _("deleted")

    table = models.CharField(_("table"), max_length=63, db_column="table_name")
    row_id = models.CharField(_("row"), max_length=40)
    operation = models.CharField(_("operation"), max_length=6, choices=Operation.choices)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        related_name="+",
        null=True,
        db_constraint=False,
        verbose_name=_("by"),
    )
    database_user = models.CharField(_("database role"), max_length=63)
    at = models.DateTimeField(_("at"), db_default=Now())
    transaction = TransactionIdField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-id"]
        indexes = [models.Index(fields=["table", "row_id", "-id"]), models.Index(fields=["-at"])]

    def __str__(self) -> str:
        return f"{self.operation} {self.table}/{self.row_id}"
