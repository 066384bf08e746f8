"""The two kinds of page in the administration: masters that administrators keep, and what is only looked at."""

from typing import Any

from django.contrib import admin
from django.db import connection, transaction
from django.http import HttpRequest

from backoffice.core.authority import authority, recorder


def act_as(user: Any) -> None:
    """What the rest of this transaction writes is written down as this person's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('backoffice.actor', %s, true)", [str(user.pk or "")])


class Scoped(admin.ModelAdmin):
    """Shows the rows that this person may see, and asks the one authority for every right, with its scope."""

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = self.model._default_manager.visible_to(request.user)
        return rows.order_by(*ordering) if (ordering := self.get_ordering(request)) else rows

    def get_list_select_related(self, request: HttpRequest) -> Any:
        """The relations that stand in columns; Django's own answer joins all that can be reached, forty tables."""
        if self.list_select_related is not False:
            return self.list_select_related
        relations = {field.name for field in self.opts.concrete_fields if field.is_relation}
        return [name for name in self.get_list_display(request) if name in relations] or [None]

    def allows(self, request: HttpRequest, action: str, obj: Any = None) -> bool:
        """Whether the right to `action` is held, on this row when there is one."""
        right = f"{self.opts.app_label}.{action}_{self.opts.model_name}"
        return authority.only.refusal(request.user, right, obj) is None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows(request, "view", obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


class Master(Scoped):
    """Something that administrators keep; every save is written down as theirs, with values before and after."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.allows(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows(request, "delete", obj)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            act_as(request.user)
            return super().changeform_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            act_as(request.user)
            return super().changelist_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            act_as(request.user)
            return super().delete_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save where the right reaches: a row may not be moved into a company that is not one's own."""
        right = f"{self.opts.app_label}.{'change' if change else 'add'}_{self.opts.model_name}"
        if denied := authority.only.refusal(request.user, right, obj):
            raise denied
        super().save_model(request, obj, form, change)
        fields = {"fields": sorted(form.changed_data)} if change else {}
        if isinstance(obj.pk, int):
            recorder.only(obj, "change" if change else "enter", request.user, fields)


class ReadOnly(Scoped):
    """What happened is looked at, never edited, not even by a superuser."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyRows(admin.TabularInline):
    """Rows of something that is only looked at."""

    extra = 0
    can_delete = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields or ()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        opts = self.model._meta
        return authority.only.refusal(request.user, f"{opts.app_label}.view_{opts.model_name}", None) is None
