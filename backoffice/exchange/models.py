"""Files that came in and what became of them."""

from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model
from backoffice.organisation.models import Company


class Upload(Model):
    """A file that somebody handed in, with its outcome; the content stays even when it is refused."""

    scope_owner: ClassVar[str] = "by"
    audit_ignore: ClassVar[tuple[str, ...]] = ("content",)
    state_tones: ClassVar[dict[str, tuple[str, str]]] = {
        "captured": ("good", "circle-check"),
        "asking": ("wait", "user-check"),
    }

    class State(models.TextChoices):
        CAPTURED = "captured", _("Captured")
        ASKING = "asking", _("Needs your answer")
        REFUSED = "refused", _("Refused")

    company = models.ForeignKey(Company, models.PROTECT, related_name="uploads", verbose_name=_("company"))
    kind = models.CharField(_("kind"), max_length=40)
    name = models.CharField(_("file name"), max_length=160)
    media_type = models.CharField(_("type"), max_length=80)
    content = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("bytes"))
    digest = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, editable=False)
    message = models.TextField(_("message"), blank=True)
    warnings = models.JSONField(_("warnings"), default=list)
    proposal = models.JSONField(_("proposal"), default=dict, help_text=_("What the reader would create when told so"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())
    result_type = models.ForeignKey(ContentType, models.PROTECT, null=True, editable=False, related_name="+")
    result_id = models.BigIntegerField(null=True, editable=False)
    result = GenericForeignKey("result_type", "result_id")

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-id"]
        indexes = [models.Index(fields=["company", "kind", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="upload_state_is_known", condition=Q(state__in=["captured", "asking", "refused"])
            ),
            models.CheckConstraint(name="upload_refused_with_a_reason", condition=~Q(state="refused") | ~Q(message="")),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("exchange:upload", args=[self.pk])
