"""What the screens remember of a person: drafts, saved views, and which forms were sent."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from backoffice.core.encryption import EncryptedField
from backoffice.core.models import Model


class Draft(Model):
    """What a person typed into a form and has not saved yet; belongs to the person and the address."""

    scope_company = None
    scope_owner: ClassVar[str] = "user"
    audited: ClassVar[bool] = False

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts", verbose_name=_("user"))
    address = models.CharField(_("address"), max_length=200)
    values = EncryptedField(_("values"), default="{}")  # JSON; also of forms whose columns are encrypted
    kept_at = models.DateTimeField(_("kept at"), db_default=Now())

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-kept_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "address"], name="draft_once_an_address")]

    def __str__(self) -> str:
        return self.address


class SavedView(Model):
    """A filter and sort of a list under a name."""

    scope_company = None
    scope_owner: ClassVar[str] = "user"
    audited: ClassVar[bool] = False

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="views", verbose_name=_("user"))
    address = models.CharField(_("address"), max_length=200)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("query"), max_length=1000, blank=True)
    is_default = models.BooleanField(_("opens the list"), default=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "address", "name"], name="saved_view_named_once"),
            models.UniqueConstraint(
                fields=["user", "address"], condition=models.Q(is_default=True), name="one_default_view_a_list"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Sending(Model):
    """A form that was sent: a repeat with the same key gets the first result instead of acting twice."""

    scope_company = None
    scope_owner: ClassVar[str] = "user"
    audited: ClassVar[bool] = False

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"))
    key = models.UUIDField(_("key"))
    location = models.CharField(_("result"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("sending")
        verbose_name_plural = _("sendings")
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="form_sent_once")]

    def __str__(self) -> str:
        return str(self.key)
