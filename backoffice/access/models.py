"""Users, roles, their assignments and the overrides of duties kept apart."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Permission, PermissionsMixin
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.core.models import Model, Rows
from backoffice.organisation.models import Company, Department


class UserManager(BaseUserManager.from_queryset(Rows)):  # type: ignore[misc]
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in; the e-mail address is the login."""

    scope_company: ClassVar[str | None] = ""
    scope_department: ClassVar[str | None] = None
    audit_ignore: ClassVar[tuple[str, ...]] = ("password", "last_login")

    class Theme(models.TextChoices):
        SYSTEM = "", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Density(models.TextChoices):
        COMPACT = "compact", _("Small rows")
        NORMAL = "normal", _("Medium rows")
        ROOMY = "roomy", _("Large rows")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    job_title = models.CharField(_("job title"), max_length=80, blank=True)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    theme = models.CharField(_("theme"), max_length=8, choices=Theme.choices, blank=True, default=Theme.SYSTEM)
    density = models.CharField(_("row height"), max_length=8, choices=Density.choices, default=Density.NORMAL)
    single_keys = models.BooleanField(_("single-letter keys"), default=True)
    last_company = models.ForeignKey(Company, models.SET_NULL, null=True, blank=True, editable=False, related_name="+")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name else self.email

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def short(self) -> str:
        """First letter and surname, as lists show people: T. Ashworth."""
        words = self.name.split()
        return f"{words[0][0]}. {words[-1]}" if len(words) > 1 else self.name


class Role(Model):
    """A bundle of rights under a name that the business uses, e.g. accounts-payable clerk."""

    scope_company = ""

    name = models.CharField(_("name"), max_length=60, unique=True)
    key = models.SlugField(_("key"), max_length=40, unique=True)
    description = models.TextField(_("description"), blank=True)
    permissions = models.ManyToManyField(Permission, blank=True, related_name="roles", verbose_name=_("rights"))

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RoleAssignment(Model):
    """A user holds a role, in all companies or one, in all departments or one, for a time, up to an amount."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_assignments", verbose_name=_("user"))
    role = models.ForeignKey(Role, models.PROTECT, related_name="assignments", verbose_name=_("role"))
    company = models.ForeignKey(
        Company, models.CASCADE, null=True, blank=True, verbose_name=_("company"), help_text=_("Empty: all companies")
    )
    department = models.ForeignKey(
        Department, models.CASCADE, null=True, blank=True, verbose_name=_("department"), help_text=_("Empty: all")
    )
    approval_limit = models.DecimalField(
        _("approves up to"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Gross, in company currency; empty: no limit"),
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")
        ordering = ["user", "role", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "company", "department"],
                name="role_assigned_once_a_scope",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="role_assignment_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="approval_limit_is_not_negative",
                condition=Q(approval_limit__isnull=True) | Q(approval_limit__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class Override(Model):
    """A logged, time-limited permission with a reason to let two duties fall together on one document."""

    scope_company = ""

    user = models.ForeignKey(User, models.PROTECT, related_name="overrides", verbose_name=_("for whom"))
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="overrides_granted", verbose_name=_("granted by"))
    granted_at = models.DateTimeField(_("granted at"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("ends at"))
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of document"))
    object_id = models.BigIntegerField(_("document id"))
    document = GenericForeignKey("content_type", "object_id")
    verb = models.CharField(_("verb"), max_length=40)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        ordering = ["-granted_at", "-id"]
        indexes = [models.Index(fields=["user", "content_type", "object_id"])]
        constraints = [
            models.CheckConstraint(name="override_never_for_oneself", condition=~Q(user=F("granted_by"))),
            models.CheckConstraint(name="override_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="override_ends", condition=Q(expires_at__gt=F("granted_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.verb}"
