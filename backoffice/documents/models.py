"""The document: a numbered, versioned record of the business that moves by its flow."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from backoffice.core.flow import Flowing
from backoffice.core.models import Model
from backoffice.organisation.models import Company


class OrderedId(Func):
    """A UUID of version 7 (RFC 9562): ordered by time, so its index stays small."""

    function = "uuidv7"
    arity = 0


class Document(Flowing, Model):
    """What every document of a company carries.

    `number` is given when the document becomes real; `ref` is its name in API and files;
    `version` guards against lost updates; the people are asked by duties kept apart. `papers_right` is a further
    right that its files and comments ask for, where more people may see the document than may read those.
    """

    papers_right: ClassVar[str] = ""
    takes_comments: ClassVar[bool] = True  # a document with a conversation of its own takes none

    # each document has indexes of its own that start with the company
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False, verbose_name=_("company"))
    number = models.CharField(_("number"), max_length=32, blank=True, editable=False)
    ref = models.UUIDField(_("reference"), db_default=OrderedId(), unique=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        db_index=False,
        verbose_name=_("entered by"),
    )
    entered_at = models.DateTimeField(_("entered at"), db_default=Now(), editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        db_index=False,
        verbose_name=_("last changed by"),
    )
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        name = str(self._meta.verbose_name).capitalize()
        return f"{name} {self.number}" if self.number else f"{name} (draft {self.pk or 'new'})"

    @property
    def title(self) -> str:
        """The heading of its screen."""
        return str(self)

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse(f"{self._meta.app_label}:{self._meta.model_name}", args=[self.pk])


class Attachment(Model):
    """A file that belongs to a document; whoever may see the document may see it."""

    scope_company = None
    audit_ignore: ClassVar[tuple[str, ...]] = ("content",)

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", verbose_name=_("kind"))
    object_id = models.BigIntegerField(_("document id"))
    document = GenericForeignKey("content_type", "object_id")
    name = models.CharField(_("file name"), max_length=160)
    media_type = models.CharField(_("type"), max_length=80)
    content = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("bytes"))
    digest = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    is_original = models.BooleanField(_("is the original"), default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"), db_default=Now())

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]
        indexes = [models.Index(fields=["content_type", "object_id"])]
        constraints = [models.CheckConstraint(name="attachment_is_not_empty", condition=Q(size__gt=0))]

    def __str__(self) -> str:
        return self.name


class Comment(Model):
    """What somebody said about a document; never edited, never deleted."""

    scope_company = None

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", verbose_name=_("kind"))
    object_id = models.BigIntegerField(_("document id"))
    document = GenericForeignKey("content_type", "object_id")
    text = models.TextField(_("comment"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["id"]
        indexes = [models.Index(fields=["content_type", "object_id", "id"])]
        constraints = [models.CheckConstraint(name="comment_is_not_empty", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text[:60]


def of(document: models.Model) -> dict[str, Any]:
    """The look-up for rows that hang on a document by content type and id."""
    return {"content_type": ContentType.objects.get_for_model(document), "object_id": document.pk}
