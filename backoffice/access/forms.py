"""The first account, and colleagues who are invited."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.access.models import Role, User
from backoffice.access.roles import standard_roles


class FounderForm(forms.Form):
    """Name, address and password of whoever comes first."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=80)
    email = forms.EmailField(label=gettext_lazy("Work email"))
    password = forms.CharField(
        label=gettext_lazy("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least ten characters"),
    )
    again = forms.CharField(
        label=gettext_lazy("Password again"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        password = values.get("password")
        if password:
            try:
                known = User(email=values.get("email", ""), name=values.get("name", ""))
                password_validation.validate_password(password, known)
            except ValidationError as error:
                self.add_error("password", error)
        if password and values.get("again") and values["again"] != password:
            self.add_error("again", _("The two passwords differ."))
        return values


class ColleaguesForm(forms.Form):
    """Up to five colleagues with the role that they need; empty rows are nobody."""

    ROWS = 5

    def __init__(self, *args: Any, company: Any = None, user: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.company, self.user = company, user
        roles = Role.objects.filter(key__in=[role.key for role in standard_roles()]).order_by("name")
        for n in range(1, self.ROWS + 1):
            email, name, role = (f"{part}_{n}" for part in ("email", "name", "role"))
            self.fields[email] = forms.EmailField(label=_("Email of colleague %d") % n, required=False)
            self.fields[name] = forms.CharField(label=_("Name"), max_length=80, required=False)
            self.fields[role] = forms.ModelChoiceField(roles, label=_("Role"), required=False, empty_label="—")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for n in range(1, self.ROWS + 1):
            email = (values.get(f"email_{n}") or "").lower()
            if not email:
                continue
            for part in ("name", "role"):
                if not values.get(f"{part}_{n}"):
                    self.add_error(f"{part}_{n}", _("Needed for an invitation."))
            if email in seen or (self.user is not None and email == self.user.email.lower()):
                self.add_error(f"email_{n}", _("Each colleague once, and not yourself."))
            seen.add(email)
        return values
