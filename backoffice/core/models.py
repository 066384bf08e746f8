"""What every model of the house shares: rows are only ever reached through rights."""

from typing import Any, ClassVar, Self

from django.db import models

from backoffice.core.authority import authority


class Rows(models.QuerySet):
    """A queryset that knows who may see which of its rows."""

    def visible_to(self, user: Any, action: str = "view") -> Self:
        """The rows on which `user` holds the right `action`, by role and scope.

        All surfaces (screens, API, exports, reports, search, attachments) start here.
        """
        return authority.only.restrict(self, user, action)


class Model(models.Model):
    """A fact in the database.

    `scope_company` and `scope_department` are look-up paths from the row to what role
    assignments are limited by; without a path a limited assignment gives no right (fail closed).
    An empty string means that the row belongs to no company and is common to all. Where no path can say which
    department a row is of, because that depends on the day, a class method `in_departments(ids)` gives the condition.
    `named_by` are the relations that the model's words (`str`) read, for those who read many of its rows.
    """

    scope_company: ClassVar[str | None] = "company"
    scope_department: ClassVar[str | None] = None
    named_by: ClassVar[tuple[str, ...]] = ()

    objects = Rows.as_manager()

    class Meta:
        abstract = True

    def clean_for(self, user: Any) -> None:
        """Checks that depend on who saves; raises `ValidationError`."""
