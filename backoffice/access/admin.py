"""Users, roles and their assignments. Nobody widens their own rights, and nobody sets another's password."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import admin as django_auth_admin
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.access.events import UserInvited
from backoffice.access.models import Override, Role, RoleAssignment, User
from backoffice.core import events
from backoffice.core.admin import Master, ReadOnly

assert django_auth_admin  # registers groups, which we do without: rights come from roles
admin.site.unregister(Group)


class AssignmentForm(forms.ModelForm):
    """A department belongs to the company of the assignment; without the company it would reach too far."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        department, company = values.get("department"), values.get("company")
        if department is not None and company is None:
            values["company"] = department.company
        elif department is not None and department.company_id != company.pk:  # type: ignore[union-attr]
            self.add_error("department", _("This department belongs to another company."))
        return values


class AssignmentRows(admin.StackedInline):
    """The roles of a user; one's own are only looked at."""

    model = RoleAssignment
    form = AssignmentForm
    extra = 1
    fields = ["role", "company", "department", "approval_limit", "starts_on", "ends_on"]

    def _may(self, request: HttpRequest, action: str, obj: Any) -> bool:
        return bool(request.user.has_perm(f"access.{action}_roleassignment")) and (obj is None or obj != request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("access.view_roleassignment"))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "add", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj)


@admin.register(User)
class UserAdmin(Master):
    """People who sign in. A new one gets a mail with a link to set a password."""

    list_display = ["name", "email", "job_title", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["name", "email"]
    fields = ["email", "name", "job_title", "is_active", "is_staff"]
    inlines = [AssignmentRows]
    actions = ["send_invitation"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["is_active", "is_staff"] if obj == request.user else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.email = obj.email.lower()
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            self._invite(request, obj)

    @admin.action(description=gettext_lazy("Send an invitation with a link to set a password"), permissions=["change"])
    def send_invitation(self, request: HttpRequest, queryset: Any) -> None:
        """For those who have lost their link; a link lasts three days."""
        sent = sum(self._invite(request, user) for user in queryset.filter(is_active=True)[:50])
        self.message_user(request, _("%d invitations are in the outbox.") % sent)

    def _invite(self, request: HttpRequest, user: User) -> int:
        company = request.company  # type: ignore[attr-defined]
        if not company:
            self.message_user(request, _("No mail was sent: there is no company yet."), messages.WARNING)
            return 0
        events.publish(UserInvited(user_id=user.pk, company_id=company.pk, by_id=int(request.user.pk or 0)))
        return 1


def _holds(user: Any, role: Role) -> bool:
    return RoleAssignment.objects.filter(user_id=user.pk, role=role).exists()


@admin.register(Role)
class RoleAdmin(Master):
    """Bundles of rights. A standard role regains its own rights at each update; one's own role is only looked at."""

    list_display = ["name", "key", "description"]
    search_fields = ["name", "key"]
    filter_horizontal = ["permissions"]
    prepopulated_fields = {"key": ["name"]}

    class Media:
        js = ["js/admin.js"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not _holds(request.user, obj))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "permissions":
            kwargs["queryset"] = Permission.objects.select_related("content_type").order_by(
                "content_type__app_label", "content_type__model", "codename"
            )
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(Master):
    list_display = ["user", "role", "company", "department", "approval_limit", "starts_on", "ends_on"]
    list_filter = ["role", "company"]
    search_fields = ["user__name", "user__email"]
    autocomplete_fields = ["user", "role"]
    form = AssignmentForm

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.user_id != request.user.pk)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if obj.user_id == request.user.pk:
            raise PermissionDenied(_("Nobody may give roles to themselves."))
        super().save_model(request, obj, form, change)


@admin.register(Override)
class OverrideAdmin(ReadOnly):
    list_display = ["user", "verb", "reason", "granted_by", "granted_at", "expires_at"]
    search_fields = ["user__name", "reason"]
