"""Tokens of programs, and the answers kept so that a repeated request acts once."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model


class ApiToken(Model):
    """Lets a program act as its owner, within a scope and until a day; only its digest is kept."""

    scope_company = None
    scope_owner: ClassVar[str] = "user"
    audit_ignore: ClassVar[tuple[str, ...]] = ("digest", "last_used_at")

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Read and write")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", verbose_name=_("user")
    )
    name = models.CharField(_("used by"), max_length=60, help_text=_("The program or machine that will hold it"))
    prefix = models.CharField(_("begins with"), max_length=12, editable=False)
    digest = models.CharField(_("SHA-256"), max_length=64, unique=True, editable=False)
    scope = models.CharField(_("may"), max_length=8, choices=Scope.choices, default=Scope.READ)
    made_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("ends"))
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(name="api_token_scope_is_known", condition=Q(scope__in=["read", "write"])),
            models.CheckConstraint(name="api_token_digest_is_sha256", condition=Q(digest__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def is_alive(self, at: datetime) -> bool:
        """Whether it opens anything at this moment."""
        return self.revoked_at is None and at < self.expires_at


class AnswerKept(Model):
    """The first answer to a request with an Idempotency-Key; a repeat gets it instead of acting again."""

    scope_company = None
    scope_owner: ClassVar[str] = "user"
    audited: ClassVar[bool] = False

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"))
    operation = models.CharField(_("operation"), max_length=200)
    key = models.CharField(_("key"), max_length=100)
    request_digest = models.CharField(_("SHA-256 of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    body = models.JSONField(_("body"), null=True)
    etag = models.CharField(_("version"), max_length=20, blank=True)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("answer kept")
        verbose_name_plural = _("answers kept")
        ordering = ["-id"]
        indexes = [models.Index(fields=["at"])]
        constraints = [models.UniqueConstraint(fields=["user", "operation", "key"], name="request_answered_once")]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"
