"""What a person says of a new token."""

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.api.models import ApiToken


class TokenForm(forms.ModelForm):
    """Who will hold the token, what it may do, and for how long."""

    days = forms.IntegerField(label=_("Valid for days"), min_value=1, max_value=365, initial=90)

    class Meta:
        model = ApiToken
        fields = ["name", "scope"]
