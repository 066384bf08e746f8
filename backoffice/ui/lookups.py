"""How records are found by code or words in a form."""

from functools import reduce
from operator import and_, or_
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from backoffice.core.authority import authority
from backoffice.ui.slots import lookups

COMMON = ("code", "number", "short_name", "name", "title", "email")


class Lookup:
    """Search, words and closing reason for the records of a model; subclass and fill the slot to say more."""

    limit = 10
    always_search = False

    def __init__(self, model: type[models.Model], fields: tuple[str, ...] = ()) -> None:
        self.model = model
        self.fields = fields or tuple(name for name in COMMON if _has(model, name))

    def rows(self, user: Any, queryset: Any, hints: dict[str, str]) -> Any:
        """What this person may choose from, within the company of the form where the model has one."""
        rows = queryset
        if hasattr(rows, "visible_to") and user is not None:
            rows = rows.visible_to(user)
        if hints.get("company") and _has(self.model, "company"):
            rows = rows.filter(company_id=hints["company"])
        return rows

    def matching(self, rows: Any, words: str) -> list[Any]:
        """The first rows that hold every word, those whose code begins with the text first."""
        for word in words.split()[:6]:
            rows = rows.filter(reduce(or_, (Q(**{f"{name}__icontains": word}) for name in self.fields)))
        if not self.fields:
            return []
        first = self.fields[0]
        starts = models.Case(models.When(**{f"{first}__istartswith": words.strip()}, then=0), default=1)
        return list(rows.alias(_starts=starts).order_by("_starts", first)[: self.limit])

    def by_key(self, key: Any) -> Any | None:
        """The record of a key that was chosen before."""
        return self.model._default_manager.filter(pk=key).first() if str(key).isdigit() else None

    def text(self, row: Any) -> str:
        """What the field shows: code and name where there is a code."""
        code, words = self.code(row), str(row)
        return words if not code or code in words else f"{code} {words}"

    def code(self, row: Any) -> str:
        """The short code, e.g. 5120; empty without one."""
        return str(getattr(row, "code", "") or "")

    def sub(self, row: Any) -> str:
        """What stands at the right of a result."""
        return ""

    def why_not(self, row: Any) -> str:
        """Why this record can't be chosen, in words; empty when it can."""
        return "not active" if getattr(row, "is_active", True) is False else ""

    def url(self, hints: dict[str, str]) -> str:
        """Where the box searches."""
        query = f"?{urlencode(hints)}" if hints else ""
        return reverse("ui:lookup", args=[self.model._meta.label_lower]) + query


def new_href(model: type[models.Model], user: Any) -> str:
    """The form for a row that is missing, where there is one and the person may use it."""
    meta = model._meta
    if authority.only.refusal(user, f"{meta.app_label}.add_{meta.model_name}", None):
        return ""
    try:
        return reverse(f"{meta.app_label}:{meta.model_name}_new")
    except NoReverseMatch:
        return ""


def none_yet(model: type[models.Model], user: Any) -> str:
    """What a field says where one must be chosen and there is none: the way to the first one, or who can make it."""
    words = {"name": model._meta.verbose_name}
    if href := new_href(model, user):
        make = _("Enter the first one")
        return format_html('{} <a href="{}" target="_blank">{}</a>', _("There is no %(name)s yet.") % words, href, make)
    return _("There is no %(name)s yet: a colleague with the right to enter one must do so first.") % words


def lookup_for(model: type[models.Model]) -> Lookup:
    """The lookup of a model: one that an app put into the slot, else the common one."""
    return lookups.get(model._meta.label_lower) or Lookup(model)


def every_word(fields: tuple[str, ...], words: str) -> Q:
    """The condition that each word stands in one of the fields."""
    parts = [reduce(or_, (Q(**{f"{name}__icontains": word}) for name in fields)) for word in words.split()[:6]]
    return reduce(and_, parts) if parts else Q()


def _has(model: type[models.Model], name: str) -> bool:
    try:
        return bool(model._meta.get_field(name))
    except FieldDoesNotExist:
        return False
